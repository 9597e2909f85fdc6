"""Clients, which are customers: the read and the written one."""

from typing import Annotated, ClassVar

from pydantic import SerializeAsAny

from billingo_async.fields.both_ways import written
from billingo_async.fields.lenient import OpenText, Part, Raw, Text, Uid, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Filled, Number, NumberOrDigits, WrittenFlag, WrittenText, known
from billingo_async.fields.writing import Spelling, WrittenModel, edited
from billingo_async.v2.models.address import Address
from billingo_async.v2.models.bank import Bank
from billingo_async.v2.models.client_defaults import ClientDefaults
from billingo_async.v2.models.enums import TaxType


class Client(ReadModel):
    """A customer. Source: API docs, Clients / List of clients.

    The copy that an invoice or an expense carries has no id of its own on the wire (`id` is 0 there) and shows the
    client as it was: read the client by the `client_uid` beside it before you change it.
    """

    id: Uid = 0
    uid: Whole = None
    name: Text = None
    email: Text = None
    taxcode: Text = None
    phone: Text = None
    billing_address: Part[Address] = None
    bank: Part[Bank] = None
    tax_type: OpenText[TaxType] = None
    fokonyv_szam: Text = None
    """The client's number in the ledger."""

    type: Whole = None
    """A number whose meaning the API does not document."""

    internal_id: Raw = None
    defaults: Part[ClientDefaults] = None

    def edit(self, **changes: object) -> "NewClient":
        """Return what `clients.update` takes: this client with the changes, nothing else lost.

        Fields of `NewClient` may be changed; fields that nobody documented travel along unchanged.
        A value in a form that its field cannot hold (a `type` of ``"company"``) was read as None: it is left out of
        what is written, and a required one has to be given anew.
        Raises `TypeError` for a name that `NewClient` does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.clients.update(client.id, client.edit(phone="+36 99 123 456"))
            ```

        """
        return edited(self, NewClient, changes)


class NewClient(WrittenModel):
    """A customer to be made or changed. Source: API docs, Clients / Create a client.

    Without `force` the server answers with the client that it has already, if the name, the tax code and the split
    address are the same; with it, every call makes another one.
    """

    shown: ClassVar[tuple[str, ...]] = ("tax_type", "type", "force")
    spelling: ClassVar[Spelling] = {"type": str}

    name: Filled
    billing_address: Annotated[Address, written(Address)]
    email: WrittenText | None = None
    taxcode: WrittenText | None = None
    force: WrittenFlag = False
    phone: WrittenText | None = None
    bank: Annotated[Bank | None, written(Bank)] = None
    tax_type: SerializeAsAny[Annotated[TaxType | str, known(TaxType)]] | None = None
    fokonyv_szam: WrittenText | None = None
    """The client's number in the ledger."""

    type: NumberOrDigits | None = None
    """A number whose meaning the API does not document; it goes out as text, as documented."""

    internal_id: Number | WrittenText | None = None
    defaults: Annotated[ClientDefaults | None, written(ClientDefaults)] = None

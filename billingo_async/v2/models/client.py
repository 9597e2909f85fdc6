"""Clients, which are customers: what is read, what is written, and the parts of a client, which serve both ways."""

from typing import Annotated, ClassVar

from pydantic import Field, SerializeAsAny

from billingo_async.fields.both_ways import TwoWay, written
from billingo_async.fields.lenient import Flag, OpenText, Part, Raw, Text, Uid, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Filled, Number, NumberOrDigits, WrittenFlag, WrittenText, known
from billingo_async.fields.writing import Encoders, WrittenModel, edited
from billingo_async.v2.models.enums import Language, TaxType


class Address(TwoWay):
    """Where a client lives: read from an answer, or constructed by the caller.

    Constructing needs `street_name`, `city`, `postcode` and `country`, none of them empty, and raises
    `ValidationError` or `ValueError` naming the field otherwise. Read from an answer, any field may be None.

    The server finds an existing client only if the street is split into `street_name`, `street_type`, `house_nr`.
    Source: API docs, Clients / Create a client.

    Example:
        ```python
        Address(street_name="Deák", street_type="tér", house_nr="6", city="Sopron", postcode="9400", country="Hungary")
        ```

    """

    required: ClassVar[tuple[str, ...]] = ("street_name", "city", "postcode", "country")

    # The default stands within the annotation: absent from an answer it is None, yet a caller has to give it.
    street_name: Annotated[Text, Field(default=None)]
    city: Annotated[Text, Field(default=None)]
    postcode: Annotated[Text, Field(default=None)]
    country: Annotated[Text, Field(default=None)]
    street_type: Text = None
    house_nr: Text = None
    block: Text = None
    entrance: Text = None
    floor: Text = None
    door: Text = None
    district: Text = None


class Bank(TwoWay):
    """A client's bank account: read from an answer, or constructed by the caller, who must give `account_no`.

    The account that the money of an invoice goes to is a `BankAccount`. Source: API docs, Clients / Create a client.
    """

    required: ClassVar[tuple[str, ...]] = ("account_no",)

    account_no: Annotated[Text, Field(default=None)]
    iban: Text = None
    swift: Text = None


def _digit(flag: bool) -> str:  # noqa: FBT001 - a spelling takes the value and nothing else
    return "1" if flag else "0"


class ClientDefaults(TwoWay):
    """What Billingo suggests when an invoice is made for the client by hand.

    The API documents every value as text (``"electronic_invoice": "0"``), both ways; here they have their own types.
    Source: API docs, Clients / Create a client.
    """

    shown: ClassVar[tuple[str, ...]] = ("payment_method", "invoice_currency", "invoice_template_lang_code")
    encoders: ClassVar[Encoders] = {"payment_method": str, "electronic_invoice": _digit, "invoice_due_days": str}

    payment_method: Whole = None
    """The id of the payment method."""

    electronic_invoice: Flag = None
    """Whether the client gets electronic invoices."""

    invoice_due_days: Whole = None
    """Days from the invoice's date to its due date."""

    invoice_currency: Text = None
    """ISO 4217."""

    invoice_template_lang_code: OpenText[Language] = None
    """The language of the client's invoices."""


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

        Fields of `NewClient` may be changed; undocumented fields travel along unchanged.
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
    encoders: ClassVar[Encoders] = {"type": str}

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

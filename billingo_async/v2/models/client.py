"""Clients, which are customers: what is read, what is written, and the parts of a client, which serve both ways.

Never enters here: how a client is found or sent.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, SerializeAsAny

from billingo_async.fields.both_ways import Part, TwoWay
from billingo_async.fields.lenient import Flag, Nested, OpenText, Raw, Text, Whole
from billingo_async.fields.strict import Filled, Number, NumberOrDigits, WrittenFlag, WrittenText, known
from billingo_async.fields.writing import Encoders, WrittenModel, edited
from billingo_async.v2.models.country import country_name
from billingo_async.v2.models.entry import EntryModel
from billingo_async.v2.models.enums import Language, TaxType


def _checked_country(text: str) -> str:
    return country_name(text) if text.strip() else text


class Address(TwoWay):
    """Where a client lives: read from an answer, or constructed by the caller.

    Constructing needs `street_name`, `city`, `postcode` and `country`, none of them empty, and raises
    `ValidationError` or `ValueError` naming the field otherwise. Read from an answer, any field may be None.

    `country` may be a `Country`, an ISO 3166 code, or a Hungarian or English name, and becomes the Hungarian name, as
    the server itself answers; any other text is refused. What the server sent is written back as it is.
    The server finds an existing client only if the street is split into `street_name`, `street_type`, `house_nr`.
    Source: API docs, Clients / Create a client.

    Example:
        ```python
        Address(street_name="Deák", street_type="tér", house_nr="6", city="Sopron", postcode="9400", country="Hungary")
        ```

    """

    required: ClassVar[tuple[str, ...]] = ("street_name", "city", "postcode", "country")
    written_as: ClassVar[Mapping[str, Any]] = {"country": Annotated[WrittenText, AfterValidator(_checked_country)]}

    # The default stands within the annotation: absent from an answer it is None, yet a caller has to give it.
    street_name: Annotated[Text, Field(default=None)]
    """The street, without `street_type` where that is given."""

    city: Annotated[Text, Field(default=None)]
    """The town."""

    postcode: Annotated[Text, Field(default=None)]
    """The postcode."""

    country: Annotated[Text, Field(default=None)]
    """The country, under its Hungarian name."""

    street_type: Text = None
    """Such as ``utca`` or ``tér``."""

    house_nr: Text = None
    """The house."""

    block: Text = None
    """The block of flats."""

    entrance: Text = None
    """The entrance."""

    floor: Text = None
    """The floor."""

    door: Text = None
    """The door."""

    district: Text = None
    """The district."""


class Bank(TwoWay):
    """A client's bank account: read from an answer, or constructed by the caller, with `account_no` at least.

    The account that the money of an invoice goes to is a `BankAccount`. Source: API docs, Clients / Create a client.
    """

    required: ClassVar[tuple[str, ...]] = ("account_no",)

    account_no: Annotated[Text, Field(default=None)]
    """The account's number."""

    iban: Text = None
    """IBAN."""

    swift: Text = None
    """SWIFT code."""


def _digit(flag: bool) -> str:  # noqa: FBT001 - an encoder takes the value and nothing else
    return "1" if flag else "0"


class ClientDefaults(TwoWay):
    """What Billingo suggests when an invoice is made for the client by hand.

    The API documents every value as text (``"electronic_invoice": "0"``), both ways; here they have their own types.
    Source: API docs, Clients / Create a client.
    """

    shown: ClassVar[tuple[str, ...]] = ("payment_method", "invoice_currency", "invoice_template_lang_code")
    encoders: ClassVar[Encoders] = {"payment_method": str, "electronic_invoice": _digit, "invoice_due_days": str}
    # As in `NewInvoice`: the warning about an unknown value is for what a specification lists, and v2 has none.
    written_as: ClassVar[Mapping[str, Any]] = {"invoice_template_lang_code": Annotated[Language | str, known(Language)]}

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


class Client(EntryModel):
    """A customer. Source: API docs, Clients / List of clients.

    The copy that an invoice or an expense carries has no id of its own on the wire (`id` is 0 there) and shows the
    client as it was: read the client by the `client_uid` beside it before you change it.
    """

    name: Text = None
    """The name."""

    email: Text = None
    """The e-mail address."""

    taxcode: Text = None
    """The tax number."""

    phone: Text = None
    """The telephone number."""

    billing_address: Nested[Address] = None
    """The address that stands on invoices."""

    bank: Nested[Bank] = None
    """The client's bank account."""

    tax_type: OpenText[TaxType] = None
    """How the client is taxed."""

    fokonyv_szam: Text = None
    """The client's number in the ledger."""

    type: Whole = None
    """A number whose meaning the API does not document."""

    internal_id: Raw = None
    """The account's own number for it."""

    defaults: Nested[ClientDefaults] = None
    """What is suggested when an invoice is made for it."""

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
    nullable: ClassVar[frozenset[str]] = frozenset(
        {"email", "taxcode", "phone", "bank", "tax_type", "fokonyv_szam", "type", "internal_id", "defaults"}
    )
    encoders: ClassVar[Encoders] = {"type": str}

    name: Filled
    """The name."""

    billing_address: Part[Address]
    """The address that stands on invoices."""

    email: WrittenText | None = None
    """The e-mail address."""

    taxcode: WrittenText | None = None
    """The tax number."""

    force: WrittenFlag = False
    """Whether to make another client where an equal one is there; only written."""

    phone: WrittenText | None = None
    """The telephone number."""

    bank: Part[Bank] | None = None
    """The client's bank account."""

    tax_type: SerializeAsAny[Annotated[TaxType | str, known(TaxType)]] | None = None
    """How the client is taxed."""

    fokonyv_szam: WrittenText | None = None
    """The client's number in the ledger."""

    type: NumberOrDigits | None = None
    """A number whose meaning the API does not document; it goes out as text, as documented."""

    internal_id: Number | WrittenText | None = None
    """The account's own number for it."""

    defaults: Part[ClientDefaults] | None = None
    """What is suggested when an invoice is made for it."""

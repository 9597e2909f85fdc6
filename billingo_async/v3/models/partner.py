"""Partners, which are customers and suppliers: what is read, what is written, and the parts that serve both ways.

Never enters here: how a partner is found or sent.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from billingo_async.fields.both_ways import Part, TwoWay
from billingo_async.fields.lenient import Flag, Listed, Money, Nested, OpenText, Text, Whole
from billingo_async.fields.reading import IdentifiedModel
from billingo_async.fields.strict import Amount, Choice, Filled, Number, WrittenText
from billingo_async.fields.writing import WrittenModel, edited
from billingo_async.v3.models import enums


class PartnerAddress(TwoWay):
    """Where a partner is: read from an answer, or constructed by the caller, who gives all four fields.

    The country is a code; the tax office refuses an invoice whose country is none. Source: specification, Address;
    answers seen that ask for each of the fields.

    Example:
        ```python
        PartnerAddress(country_code="HU", post_code="9400", city="Sopron", address="Deák tér 6.")
        ```

    """

    required: ClassVar[tuple[str, ...]] = ("country_code", "post_code", "city", "address")

    country_code: Annotated[OpenText[enums.Country], Field(default=None)]
    """ISO 3166, two letters."""

    post_code: Annotated[Text, Field(default=None)]
    """The postcode."""

    city: Annotated[Text, Field(default=None)]
    """The town."""

    address: Annotated[Text, Field(default=None)]
    """Street and number, in one line."""


class Discount(TwoWay):
    """A discount, in percent. Source: specification, Discount."""

    shown: ClassVar[tuple[str, ...]] = ("type", "value")
    required: ClassVar[tuple[str, ...]] = ("value",)
    written_as: ClassVar[Mapping[str, Any]] = {"value": Amount}

    type: OpenText[enums.DiscountType] = enums.DiscountType.PERCENT
    """How it is given; percent is the only way."""

    value: Annotated[Money, Field(default=None)]
    """How much, in percent."""

    if TYPE_CHECKING:  # what a caller may give is wider than what is read

        def __init__(self, *, value: Decimal | int, type: enums.DiscountType | str = ...) -> None: ...  # noqa: A002 - the API's word


class CustomLabel(TwoWay):
    """A label of a partner's own on its documents. Source: specification, CustomLabel."""

    label: Text = None
    """The text."""

    is_visible: Flag = None
    """Whether it is shown."""


class PartnerCustomBillingSettings(TwoWay):
    """What Billingo suggests when a document is made for the partner by hand.

    Source: specification, PartnerCustomBillingSettings.
    """

    shown: ClassVar[tuple[str, ...]] = ("payment_method", "document_currency")
    written_as: ClassVar[Mapping[str, Any]] = {"due_days": Number}

    payment_method: OpenText[enums.PaymentMethod] = None
    """How it is to be paid, or was."""

    document_form: OpenText[enums.DocumentForm] = None
    """How it wants documents."""

    due_days: Whole = None
    """Days from issue to `due_date`."""

    document_currency: OpenText[enums.Currency] = None
    """The currency of its documents."""

    template_language_code: OpenText[enums.DocumentLanguage] = None
    """The language of its documents."""

    discount: Nested[Discount] = None
    """A discount on the whole."""

    custom_label: Nested[CustomLabel] = None
    """A line that its documents show."""


class PartnerGiroSettings(TwoWay):
    """Whether a partner is asked for instant payments. Source: specification, PartnerGiroSettings."""

    giro_default_settings: Flag = None
    """Whether the account's own settings apply."""

    giro_payment_request_enabled: Flag = None
    """Whether requests to pay are sent."""

    giro_different_amount_allowed: Flag = None
    """Whether another amount may be paid."""


class PartnerShipping(TwoWay):
    """How, and where, goods are sent to a partner. Source: specification, PartnerShipping."""

    shown: ClassVar[tuple[str, ...]] = ("match", "mode")

    match: Flag = None
    """Whether they go where the invoice goes."""

    name: Text = None
    """The name."""

    mode: OpenText[enums.ShippingMode] = None
    """How goods are shipped."""

    address: Nested[PartnerAddress] = None
    """Where it is."""


class _Company(IdentifiedModel):
    """What a document and a cost show alike of the other side."""

    name: Text = None
    """The name."""

    address: Nested[PartnerAddress] = None
    """Where it is."""

    iban: Text = None
    """IBAN."""

    swift: Text = None
    """SWIFT code."""

    account_number: Text = None
    """The account's number; ``--`` is the server's word for none."""

    phone: Text = None
    """The telephone number."""


class DocumentPartner(_Company):
    """The buyer, as the document shows it: a copy of the partner as it was. Source: specification, DocumentPartner."""

    emails: Listed[Text] = None
    """E-mail addresses."""

    taxcode: Text = None
    """The tax number."""

    tax_type: OpenText[enums.PartnerTaxType] = None
    """How it is taxed."""

    partner_shipping: Nested[PartnerShipping] = None
    """Where goods go."""


class SpendingPartner(_Company):
    """The seller of a cost. Source: specification, SpendingPartner."""

    tax_code: Text = None
    """The tax number."""

    internal_comment: Text = None
    """A note that no document shows."""

    group_member_tax_number: Text = None
    """The tax number of the group member; empty text deletes it."""


class Partner(DocumentPartner):
    """A customer or a supplier: what documents show of it, and the rest. Source: specification, Partner."""

    general_ledger_number: Text = None
    """The number in the ledger."""

    custom_billing_settings: Nested[PartnerCustomBillingSettings] = None
    """What is suggested on documents for it."""

    group_member_tax_number: Text = None
    """The tax number of the group member; empty text deletes it."""

    giro_settings: Nested[PartnerGiroSettings] = None
    """How requests to pay are sent."""

    internal_comment: Text = None
    """A note that no document shows."""

    partner_show_type: OpenText[enums.PartnerShowType] = None
    """Where it is shown."""

    def edit(self, **changes: object) -> "NewPartner":
        """Return what `partners.update` takes: this partner with the changes, nothing else lost.

        Updating replaces the whole partner. Fields of `NewPartner` may be changed; undocumented fields travel along.
        Raises `TypeError` for a name that `NewPartner` does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.partners.update(partner.id, partner.edit(phone="+36 99 123 456"))
            ```

        """
        return edited(self, NewPartner, changes)


class NewPartner(WrittenModel):
    """A partner to be made, or to replace another whole. Source: specification, Partner; answers seen."""

    shown: ClassVar[tuple[str, ...]] = ("tax_type",)
    nullable: ClassVar[frozenset[str]] = frozenset(
        {"group_member_tax_number", "giro_settings", "partner_shipping", "internal_comment", "partner_show_type"}
    )
    instead: ClassVar[Mapping[str, str]] = {
        "billing_address": "write address, in one line: PartnerAddress(country_code=, post_code=, city=, address=)",
        "email": "write emails, a list",
        "bank": "write account_number, iban and swift",
    }

    name: Filled
    """The name."""

    address: Part[PartnerAddress]
    """Where it is."""

    emails: Annotated[Sequence[WrittenText], AfterValidator(tuple)] | None = None
    """E-mail addresses."""

    taxcode: WrittenText | None = None
    """The tax number."""

    iban: WrittenText | None = None
    """IBAN."""

    swift: WrittenText | None = None
    """SWIFT code."""

    account_number: WrittenText | None = None
    """The account's number; ``--`` is the server's word for none."""

    phone: WrittenText | None = None
    """The telephone number."""

    general_ledger_number: WrittenText | None = None
    """The number in the ledger."""

    tax_type: Choice[enums.PartnerTaxType] | None = None
    """How it is taxed."""

    custom_billing_settings: Part[PartnerCustomBillingSettings] | None = None
    """What is suggested on documents for it."""

    group_member_tax_number: WrittenText | None = None
    """Empty text takes it away."""

    giro_settings: Part[PartnerGiroSettings] | None = None
    """How requests to pay are sent."""

    partner_shipping: Part[PartnerShipping] | None = None
    """Where goods go."""

    internal_comment: WrittenText | None = None
    """A note that no document shows."""

    partner_show_type: Choice[enums.PartnerShowType] | None = None
    """Where it is shown."""

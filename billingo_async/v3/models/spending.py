"""Spendings, which are other people's invoices to us: the read and the written one."""

from collections.abc import Mapping
from typing import ClassVar

from billingo_async.fields.lenient import Day, Flag, Money, Nested, NestedRows, OpenText, Text, Uid, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Amount, Choice, Id, WrittenDay, WrittenText
from billingo_async.fields.writing import edited
from billingo_async.v3.models.codes import Category, Currency
from billingo_async.v3.models.conversion import InCurrency
from billingo_async.v3.models.enums import PaymentMethod
from billingo_async.v3.models.partner import PartnerAddress

SpendingPaymentMethod = PaymentMethod
"""How a cost is paid: the same values as a document's. Source: specification, SpendingPaymentMethod."""


class SpendingPartner(ReadModel):
    """The seller of a cost. Source: specification, SpendingPartner."""

    id: Uid = 0
    """The id."""

    name: Text = None
    """The name."""

    tax_code: Text = None
    """The tax number."""

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

    internal_comment: Text = None
    """A note that no document shows."""

    group_member_tax_number: Text = None
    """The tax number of the group member; empty text deletes it."""


class SpendingItem(ReadModel):
    """A line of a cost; it is read, and cannot be written. Source: specification, SpendingItem."""

    shown: ClassVar[tuple[str, ...]] = ("quantity", "gross_price", "vat")

    name: Text = None
    """What it is of."""

    quantity: Money = None
    """How many; up to three decimals are usual."""

    unit: Text = None
    """Such as ``db`` or ``óra``."""

    comment: Text = None
    """Text under the line."""

    vat: Text = None
    """The VAT rate, such as ``27%`` or ``AAM``."""

    net_unit_price: Money = None
    """Net, for one `unit`."""

    net_unit_price_local: Money = None
    """Net, for one `unit`, in forints."""

    net_price: Money = None
    """Net, of the whole line."""

    net_price_local: Money = None
    """Net, of the whole line, in forints."""

    vat_amount: Money = None
    """The VAT of the whole line."""

    vat_amount_local: Money = None
    """The VAT, in forints."""

    gross_price: Money = None
    """Gross, of the whole line."""

    gross_price_local: Money = None
    """Gross, of the whole line, in forints."""


class Spending(ReadModel):
    """A cost; `local` is in forints. Source: specification, Spending and SpendingListItem.

    A list tells no `items`, and alone tells `is_created_by_nav`.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "total_gross", "currency", "category")

    id: Uid = 0
    """The id."""

    organization_id: Whole = None
    """The id of the account's company."""

    category: OpenText[Category] = None
    """What it was for."""

    paid_at: Day = None
    """The day on which it was paid."""

    fulfillment_date: Day = None
    """The day of fulfillment; Budapest's calendar."""

    partner: Nested[SpendingPartner] = None
    """The seller."""

    invoice_number: Text = None
    """The number that the seller gave."""

    currency: OpenText[Currency] = None
    """ISO 4217."""

    conversion_rate: Money = None
    """Forints for one unit of `currency`."""

    total_gross: Money = None
    """Gross, in `currency`."""

    total_gross_local: Money = None
    """Gross, in forints."""

    total_vat_amount: Money = None
    """The VAT, in `currency`."""

    total_vat_amount_local: Money = None
    """The VAT, in forints."""

    invoice_date: Day = None
    """The day of issue, as the server set it."""

    due_date: Day = None
    """The day by which it is to be paid."""

    payment_method: OpenText[SpendingPaymentMethod] = None
    """How it is to be paid, or was."""

    comment: Text = None
    """A note on it."""

    items: NestedRows[SpendingItem] = None
    """Its lines."""

    is_created_by_nav: Flag = None
    """Whether it came from the tax office's data."""

    def edit(self, **changes: object) -> "NewSpending":
        """Return what `spendings.update` takes: this cost with the changes, nothing lost that can be written.

        What is read as `…_local` is written as `…_huf`, the seller by its id. The API takes no items.
        Raises `TypeError` for a name that `NewSpending` does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.spendings.update(spending.id, spending.edit(category=Category.SOFTWARE))
            ```

        """
        renamed = {
            "total_gross_huf": self.total_gross_local,
            "total_vat_amount_huf": self.total_vat_amount_local,
            "partner_id": (self.partner.id or None) if self.partner else None,
        }
        return edited(self, NewSpending, changes, renamed)


class NewSpending(InCurrency):
    """A cost to be recorded, or to replace another whole. Source: specification, SpendingSave."""

    shown: ClassVar[tuple[str, ...]] = ("total_gross", "currency", "category")
    always: ClassVar[frozenset[str]] = frozenset({"currency"})
    instead: ClassVar[Mapping[str, str]] = {
        "total_gross_local": "write total_gross_huf",
        "total_vat_amount_local": "write total_vat_amount_huf",
        "partner": "write partner_id",
        "items": "the API takes none",
    }

    total_gross: Amount
    """Gross, in `currency`."""

    total_gross_huf: Amount
    """Gross, in forints."""

    total_vat_amount: Amount
    """The VAT, in `currency`."""

    total_vat_amount_huf: Amount
    """The VAT, in forints."""

    fulfillment_date: WrittenDay
    """The day of fulfillment; Budapest's calendar."""

    category: Choice[Category]
    """What it was for."""

    payment_method: Choice[SpendingPaymentMethod]
    """How it is to be paid, or was."""

    paid_at: WrittenDay | None = None
    """The day on which it was paid."""

    comment: WrittenText | None = None
    """A note on it."""

    invoice_number: WrittenText | None = None
    """The number that the seller gave."""

    invoice_date: WrittenDay | None = None
    """The day of issue, as the server set it."""

    due_date: WrittenDay | None = None
    """The day by which it is to be paid."""

    partner_id: Id | None = None
    """The id of the seller, a partner."""

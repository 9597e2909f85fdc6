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
    name: Text = None
    tax_code: Text = None
    address: Nested[PartnerAddress] = None
    iban: Text = None
    swift: Text = None
    account_number: Text = None
    phone: Text = None
    internal_comment: Text = None
    group_member_tax_number: Text = None


class SpendingItem(ReadModel):
    """A line of a cost; it is read, and cannot be written. Source: specification, SpendingItem."""

    shown: ClassVar[tuple[str, ...]] = ("quantity", "gross_price", "vat")

    name: Text = None
    quantity: Money = None
    unit: Text = None
    comment: Text = None
    vat: Text = None
    net_unit_price: Money = None
    net_unit_price_local: Money = None
    net_price: Money = None
    net_price_local: Money = None
    vat_amount: Money = None
    vat_amount_local: Money = None
    gross_price: Money = None
    gross_price_local: Money = None


class Spending(ReadModel):
    """A cost; `local` is in forints. Source: specification, Spending and SpendingListItem.

    A list tells no `items`, and alone tells `is_created_by_nav`.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "total_gross", "currency", "category")

    id: Uid = 0
    organization_id: Whole = None
    category: OpenText[Category] = None
    paid_at: Day = None
    fulfillment_date: Day = None
    partner: Nested[SpendingPartner] = None
    invoice_number: Text = None
    currency: OpenText[Currency] = None
    conversion_rate: Money = None
    total_gross: Money = None
    total_gross_local: Money = None
    total_vat_amount: Money = None
    total_vat_amount_local: Money = None
    invoice_date: Day = None
    due_date: Day = None
    payment_method: OpenText[SpendingPaymentMethod] = None
    comment: Text = None
    items: NestedRows[SpendingItem] = None
    is_created_by_nav: Flag = None

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
    total_gross_huf: Amount
    total_vat_amount: Amount
    total_vat_amount_huf: Amount
    fulfillment_date: WrittenDay
    category: Choice[Category]
    payment_method: Choice[SpendingPaymentMethod]
    paid_at: WrittenDay | None = None
    comment: WrittenText | None = None
    invoice_number: WrittenText | None = None
    invoice_date: WrittenDay | None = None
    due_date: WrittenDay | None = None
    partner_id: Id | None = None

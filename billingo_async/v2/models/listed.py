"""What else stands in the account's lists: products, expenses, bank accounts and recurring profiles, read and written.

Expenses are other people's invoices to us. Recurring profiles, by which the server repeated an invoice, the vendor has
withdrawn.

Never enters here: how any of them is found or sent.
"""

from typing import Annotated, ClassVar

from pydantic import SerializeAsAny

from billingo_async.fields import strict
from billingo_async.fields.lenient import Day, Flag, Moment, Money, Nested, NestedRows, OpenText, Raw, Text, Whole
from billingo_async.fields.reading import IdentifiedModel
from billingo_async.fields.writing import WrittenModel, edited
from billingo_async.v2.models.client import Client
from billingo_async.v2.models.entry import EntryModel
from billingo_async.v2.models.enums import Entitlement
from billingo_async.v2.models.invoice import Invoice, Vat


class Product(EntryModel):
    """A stored product. Prices are in `currency_code`. Source: API docs, Products / List of products.

    What `NewProduct` has no field for is the server's own and cannot be changed through the API.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "price", "currency_code", "vat_id")

    name: Text = None
    """The name."""

    price: Money = None
    """Net, for one `unit`."""

    unit: Text = None
    """Such as ``pc`` or ``db``."""

    currency_code: Text = None
    """ISO 4217."""

    vat_id: Whole = None
    """The id of the VAT rate."""

    vat: Nested[Vat] = None
    """The VAT rate as it is stored."""

    entitlement: OpenText[Entitlement] = None
    """Why there is no VAT, or which margin scheme applies."""

    fokonyv_arbev: Raw = None
    """The ledger number of the revenue."""

    fokonyv_afa: Raw = None
    """The ledger number of the VAT."""

    comment: Text = None
    """A note on it."""

    description: Text = None
    """What it is, in words."""

    barcode: Text = None
    """The bar code."""

    product_code: Text = None
    """The seller's code."""

    item_nr: Text = None
    """The article's number."""

    categories_id: Whole = None
    """The id of its category."""

    parent_product_id: Whole = None
    """The id of the product that it is a part of."""

    master_variation_id: Whole = None
    """The id of the product that it is a variation of."""

    is_service: Flag = None
    """Whether it is a service."""

    min_qty: Money = None
    """The least that should be in stock."""

    max_qty: Money = None
    """The most that should be in stock."""

    opt_qty: Money = None
    """What should be in stock."""

    sales_price: Money = None
    """What it is sold for."""

    purchase_price: Money = None
    """What it is bought for."""

    width: Money = None
    """The width; the API tells no unit."""

    height: Money = None
    """The height; the API tells no unit."""

    depth: Money = None
    """The depth; the API tells no unit."""

    weight: Money = None
    """The weight; the API tells no unit."""

    deleted: Flag = None
    """Whether it is deleted."""

    deleted_at: Moment = None
    """When it was deleted."""

    archived_at: Moment = None
    """When it was archived."""

    created_at: Moment = None
    """When it was made."""

    updated_at: Moment = None
    """When it was changed."""

    def edit(self, **changes: object) -> "NewProduct":
        """Return what `products.update` takes: this product with the changes, nothing else lost.

        Fields of `NewProduct` may be changed; undocumented fields travel along unchanged.
        A value in a form that its field cannot hold (a list for the `entitlement`) was read as None: it is left out of
        what is written, and a required one has to be given anew.
        Raises `TypeError` for a name that `NewProduct` does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.products.update(product.id, product.edit(price=Decimal("5400.50")))
            ```

        """
        return edited(self, NewProduct, changes)


class NewProduct(WrittenModel):
    """A product to be stored or changed. Source: API docs, Products / Create a product."""

    shown: ClassVar[tuple[str, ...]] = ("price", "currency_code", "vat_id")
    nullable: ClassVar[frozenset[str]] = frozenset({"fokonyv_arbev", "fokonyv_afa", "entitlement"})
    absent_if_empty: ClassVar[frozenset[str]] = frozenset({"fokonyv_arbev", "fokonyv_afa"})

    name: strict.Filled
    """The name."""

    price: strict.Amount
    """Net, for one `unit`."""

    unit: strict.Filled
    """Such as ``pc`` or ``db``."""

    currency_code: strict.Currency
    """ISO 4217."""

    vat_id: strict.Id
    """The id of the VAT rate."""

    fokonyv_arbev: strict.Number | strict.WrittenText | None = None
    """The ledger number of the revenue."""

    fokonyv_afa: strict.Number | strict.WrittenText | None = None
    """The ledger number of the VAT."""

    entitlement: SerializeAsAny[Annotated[Entitlement | str, strict.known(Entitlement)]] | None = None
    """Why there is no VAT, or which margin scheme applies."""


class Expense(EntryModel):
    """An expense. Source: API docs, Expenses / List of expenses."""

    shown: ClassVar[tuple[str, ...]] = ("id", "gross_price", "currency", "categories_id")

    categories_id: Whole = None
    """The id of the category."""

    name: Text = None
    """The name."""

    invoice_no: Text = None
    """The number that the seller gave."""

    gross_price: Money = None
    """Gross, in `currency`."""

    vat: Whole = None
    """The id of the VAT rate."""

    currency: Text = None
    """ISO 4217."""

    due_date: Day = None
    """The day by which it is to be paid."""

    client_uid: Whole = None
    """The seller."""

    client: Nested[Client] = None
    """The seller as it was then; it has no id of its own here, see `client_uid`."""

    def edit(self, **changes: object) -> "NewExpense":
        """Return what `expenses.update` takes: this expense with the changes, nothing else lost.

        Fields of `NewExpense` may be changed; undocumented fields travel along unchanged. The API's answers
        tell neither `currency` nor `due_date`: they are left out, and so left alone, unless they are changed.
        A value in a form that its field cannot hold (a `vat` of ``"none"``) was read as None: it is left out of
        what is written, and a required one has to be given anew.
        Raises `TypeError` for a name that `NewExpense` does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.expenses.update(expense.id, expense.edit(categories_id=4))
            ```

        """
        return edited(self, NewExpense, changes)


class NewExpense(WrittenModel):
    """An expense to be recorded or changed. Source: API docs, Expenses / Create an expense."""

    shown: ClassVar[tuple[str, ...]] = ("categories_id", "gross_price", "currency")
    nullable: ClassVar[frozenset[str]] = frozenset({"client_uid"})

    categories_id: strict.Id
    """The id of an `ExpenseCategory`."""

    name: strict.Filled
    """The name."""

    gross_price: strict.Amount
    """Gross, in `currency`."""

    vat: strict.Id
    """The id of the VAT rate."""

    invoice_no: strict.WrittenText | None = None
    """The number that the seller gave."""

    client_uid: strict.Id | None = None
    """The seller."""

    currency: strict.Currency | None = None
    """ISO 4217."""

    due_date: strict.WrittenDay | None = None
    """The day by which it is to be paid."""


class ExpenseCategory(IdentifiedModel):
    """What an expense was for. Source: API docs, Expenses / Categories."""

    shown: ClassVar[tuple[str, ...]] = ("id", "lang_code", "name")

    lang_code: Text = None
    """The language of `name`."""

    name: Text = None
    """The category."""


class BankAccount(EntryModel):
    """One of our own bank accounts; a client's is a `Bank`. Source: API docs, Bank accounts / List."""

    shown: ClassVar[tuple[str, ...]] = ("id", "currency")

    bank_name: Text = None
    """The bank."""

    account_no: Text = None
    """The account's number."""

    account_no_iban: Text = None
    """IBAN."""

    account_swift: Text = None
    """SWIFT code."""

    currency: Text = None
    """ISO 4217."""

    def edit(self, **changes: object) -> "NewBankAccount":
        """Return what `bank_accounts.update` takes: this account with the changes, nothing else lost.

        Fields of `NewBankAccount` may be changed; undocumented fields travel along unchanged.
        Raises `TypeError` for a name that it does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.bank_accounts.update(account.id, account.edit(currency="EUR"))
            ```

        """
        return edited(self, NewBankAccount, changes)


class NewBankAccount(WrittenModel):
    """A bank account of ours to be recorded or changed. Source: API docs, Bank accounts / Create."""

    shown: ClassVar[tuple[str, ...]] = ("currency",)
    nullable: ClassVar[frozenset[str]] = frozenset({"account_no_iban", "account_swift"})

    bank_name: strict.Filled
    """The bank."""

    account_no: strict.Filled
    """The account's number."""

    currency: strict.Currency
    """ISO 4217."""

    account_no_iban: strict.WrittenText | None = None
    """IBAN."""

    account_swift: strict.WrittenText | None = None
    """SWIFT code."""


class RecurringProfile(EntryModel):
    """A schedule by which an invoice is repeated.

    Withdrawn by the vendor: it works where the server still answers. Source: API docs of October 2017, Recurring.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "frequency", "start_date", "stopped")

    base_invoice_uid: Whole = None
    """The invoice that is repeated."""

    frequency: Text = None
    """Such as ``2M``: every two months."""

    due_days: Whole = None
    """Days from the invoice's date to its due date."""

    fulfillment_shift: Whole = None
    """Days from the invoice's date to its day of fulfillment."""

    send_invoice: Flag = None
    """Whether each invoice is mailed to the client."""

    max_qty: Whole = None
    """After how many invoices it ends."""

    used_qty: Whole = None
    """How many there have been."""

    comment: Text = None
    """Text on its invoices."""

    stopped: Flag = None
    """Whether it is stopped."""

    start_date: Day = None
    """The first day."""

    last_recurring_date: Day = None
    """The day on which it last made one."""

    created_at: Moment = None
    """When it was made."""

    updated_at: Moment = None
    """When it was changed."""

    invoice: Nested[Invoice] = None
    """The invoice that is repeated."""

    invoices: NestedRows[Invoice] = None
    """The invoices that it has made."""

    def edit(self, **changes: object) -> "NewRecurringProfile":
        """Return what `recurring.update` takes: this profile with the changes, nothing else lost.

        Fields of `NewRecurringProfile` may be changed; undocumented fields travel along unchanged.
        A value in a form that its field cannot hold (a `due_days` of ``"soon"``) was read as None: it is left out of
        what is written, and a required one has to be given anew.
        Raises `TypeError` for a name that it does not have, `ValidationError` for a value that it refuses.
        """
        return edited(self, NewRecurringProfile, changes)


class NewRecurringProfile(WrittenModel):
    """A schedule to be made or changed.

    Withdrawn by the vendor: it works where the server still answers. Source: API docs of October 2017, Recurring.
    """

    shown: ClassVar[tuple[str, ...]] = ("base_invoice_uid", "frequency", "start_date")
    nullable: ClassVar[frozenset[str]] = frozenset({"max_qty", "comment"})

    base_invoice_uid: strict.Id
    """The invoice that is repeated."""

    frequency: strict.Filled
    """Such as ``2M``: every two months."""

    start_date: strict.WrittenDay
    """The first day."""

    due_days: strict.Number | None = None
    """Days from the invoice's date to its due date."""

    fulfillment_shift: strict.Number | None = None
    """Days from the invoice's date to its day of fulfillment."""

    send_invoice: strict.WrittenFlag | None = None
    """Whether each invoice is mailed to the client."""

    max_qty: strict.Number | None = None
    """After how many invoices it ends."""

    comment: strict.WrittenText | None = None
    """Text on its invoices."""

    stopped: strict.WrittenFlag | None = None
    """Whether it is stopped."""

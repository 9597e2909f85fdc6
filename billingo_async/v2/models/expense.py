"""Expenses, which are other people's invoices to us, and their categories."""

from typing import ClassVar

from billingo_async.fields.lenient import Day, Money, Nested, Text, Uid, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Amount, Currency, Filled, Id, WrittenDay, WrittenText
from billingo_async.fields.writing import WrittenModel, edited
from billingo_async.v2.models.client import Client


class Expense(ReadModel):
    """An expense. Source: API docs, Expenses / List of expenses."""

    shown: ClassVar[tuple[str, ...]] = ("id", "gross_price", "currency", "categories_id")

    id: Uid = 0
    """The id."""

    uid: Whole = None
    """The id again, as the API repeats it among the attributes."""

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

    categories_id: Id
    """The id of an `ExpenseCategory`."""

    name: Filled
    """The name."""

    gross_price: Amount
    """Gross, in `currency`."""

    vat: Id
    """The id of the VAT rate."""

    invoice_no: WrittenText | None = None
    """The number that the seller gave."""

    client_uid: Id | None = None
    """The seller."""

    currency: Currency | None = None
    """ISO 4217."""

    due_date: WrittenDay | None = None
    """The day by which it is to be paid."""


class ExpenseCategory(ReadModel):
    """What an expense was for. Source: API docs, Expenses / Categories."""

    shown: ClassVar[tuple[str, ...]] = ("id", "lang_code", "name")

    id: Uid = 0
    """The id."""

    lang_code: Text = None
    """The language of `name`."""

    name: Text = None
    """The category."""

"""The bank accounts that the money of our invoices goes to: the read and the written one."""

from typing import ClassVar

from billingo_async.fields.lenient import Text, Uid, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Currency, Filled, WrittenText
from billingo_async.fields.writing import WrittenModel, edited


class BankAccount(ReadModel):
    """One of our own bank accounts; a client's is a `Bank`. Source: API docs, Bank accounts / List."""

    shown: ClassVar[tuple[str, ...]] = ("id", "currency")

    id: Uid = 0
    """The id."""

    uid: Whole = None
    """The id again, as the API repeats it among the attributes."""

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

    bank_name: Filled
    """The bank."""

    account_no: Filled
    """The account's number."""

    currency: Currency
    """ISO 4217."""

    account_no_iban: WrittenText | None = None
    """IBAN."""

    account_swift: WrittenText | None = None
    """SWIFT code."""

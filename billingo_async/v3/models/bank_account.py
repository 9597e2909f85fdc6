"""The bank accounts that the money of our documents goes to: the read and the written one."""

from collections.abc import Mapping
from typing import ClassVar

from billingo_async.fields.lenient import Flag, OpenText, Text, Uid
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Choice, Filled, WrittenFlag, WrittenText
from billingo_async.fields.writing import WrittenModel, edited
from billingo_async.v3.models.codes import Currency


class BankAccount(ReadModel):
    """One of our own bank accounts. Source: specification, BankAccount."""

    shown: ClassVar[tuple[str, ...]] = ("id", "currency")

    id: Uid = 0
    """The id."""

    name: Text = None
    """The name."""

    account_number: Text = None
    """The account's number; ``--`` is the server's word for none."""

    account_number_iban: Text = None
    """IBAN."""

    swift: Text = None
    """SWIFT code."""

    currency: OpenText[Currency] = None
    """ISO 4217."""

    need_qr: Flag = None
    """Deprecated by the vendor."""

    def edit(self, **changes: object) -> "NewBankAccount":
        """Return what `bank_accounts.update` takes: this account with the changes, nothing else lost.

        Raises `TypeError` for a name that `NewBankAccount` does not have, `ValidationError` for a value it refuses.

        Example:
            ```python
            await billingo.bank_accounts.update(account.id, account.edit(currency="EUR"))
            ```

        """
        return edited(self, NewBankAccount, changes)


class NewBankAccount(WrittenModel):
    """A bank account of ours to be recorded, or to replace another whole. Source: specification, BankAccount."""

    shown: ClassVar[tuple[str, ...]] = ("currency",)
    instead: ClassVar[Mapping[str, str]] = {
        "bank_name": "write name",
        "account_no": "write account_number",
        "account_no_iban": "write account_number_iban",
        "account_swift": "write swift",
    }

    name: Filled
    """The name."""

    account_number: Filled
    """The account's number; ``--`` is the server's word for none."""

    currency: Choice[Currency]
    """ISO 4217."""

    account_number_iban: WrittenText | None = None
    """IBAN."""

    swift: WrittenText | None = None
    """SWIFT code."""

    need_qr: WrittenFlag | None = None
    """Deprecated by the vendor."""

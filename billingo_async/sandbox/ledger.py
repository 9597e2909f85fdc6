"""What was committed, in the order in which it was: the judge of whether something happened, and how often.

Refused requests and reads never enter; nothing is ever taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed change.

    Attributes:
        operation: the operation's name, such as `invoices.cancel`.
        id: what was made or changed, by the id that the API in question gives it; for a cancellation or a generated
            invoice, the new invoice.
        of: what the request named; the cancelled invoice, the proforma, else the same as `id`.
        at: unix time of the commit on the sandbox's clock, in seconds.
        api: `v2` or `v3`, by which of the two it was asked for.
    """

    operation: str
    id: int
    of: int
    at: float
    api: str = "v2"


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail that would have been sent; the address is not shown when printed.

    Attributes:
        invoice_id: the invoice that was mailed.
        to: the address.
        invoice_no: the number in the subject.
        at: unix time on the sandbox's clock, in seconds.
        api: `v2` or `v3`, whose id and number these are.
    """

    invoice_id: int
    to: str = field(repr=False)
    invoice_no: str
    at: float
    api: str = "v2"


class Ledger(list[Entry]):
    """All committed changes, oldest first.

    A name that both APIs have, such as `products.create`, means the operation of either; `api="v3"` narrows it.
    """

    def __init__(self, checked_name: Callable[[str], str]) -> None:
        super().__init__()
        self._checked_name = checked_name

    def __repr__(self) -> str:
        return f"Ledger({len(self)} entries)"

    def count(self, value: object, *, api: str | None = None) -> int:
        """How often an operation was committed, or how often exactly this entry stands here.

        Raises:
            ValueError: no operation has that name.

        Example:
            `assert sandbox.ledger.count("invoices.create") == 1`
        """
        if isinstance(value, str):
            return len(self.of(value, api=api))
        return sum(entry == value for entry in self)

    def of(self, operation: str, of: int | None = None, *, api: str | None = None) -> list[Entry]:
        """The entries of one operation, all of them or those whose request named the id `of`.

        Raises:
            ValueError: no operation has that name.
        """
        name = self._checked_name(operation)
        return [
            entry for entry in self if entry.operation == name and of in {None, entry.of} and api in {None, entry.api}
        ]

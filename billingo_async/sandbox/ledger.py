"""What was committed, in the order in which it was: the judge of whether something happened, and how often.

Refused requests and reads never enter; nothing is ever taken out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import overload


@dataclass(frozen=True, slots=True)
class Entry:
    """One committed change.

    Attributes:
        operation: the operation's name, such as `invoices.cancel`.
        id: what was made or changed; for a cancellation or a generated invoice, the new invoice.
        of: what the request named; the cancelled invoice, the proforma, else the same as `id`.
        at: unix time of the commit on the sandbox's clock, in seconds.
    """

    operation: str
    id: int
    of: int
    at: float


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail that `send` would have sent; the address is not shown when printed.

    Attributes:
        invoice_id: the invoice that was mailed.
        to: the client's address as it stood on the invoice.
        invoice_no: the number in the subject.
        at: unix time on the sandbox's clock, in seconds.
    """

    invoice_id: int
    to: str = field(repr=False)
    invoice_no: str
    at: float


class Ledger(Sequence[Entry]):
    """All committed changes, oldest first."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._counts: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        return self._entries[index]

    def __repr__(self) -> str:
        return f"Ledger({len(self._entries)} entries)"

    def write(self, entry: Entry) -> None:
        """Note a change; called by the sandbox alone, in the moment of the commit."""
        self._entries.append(entry)
        self._counts[entry.operation] += 1

    def count(self, value: object) -> int:
        """How often an operation was committed, or how often exactly this entry stands here.

        Raises:
            ValueError: no operation has that name.

        Example:
            `assert sandbox.ledger.count("invoices.create") == 1`
        """
        if isinstance(value, str):
            return self._counts[_known(value)]
        return sum(entry == value for entry in self._entries)

    def of(self, operation: str, of: int | None = None) -> list[Entry]:
        """The entries of one operation, all of them or those whose request named the id `of`.

        Raises:
            ValueError: no operation has that name.
        """
        wanted = _known(operation)
        return [e for e in self._entries if e.operation == wanted and (of is None or e.of == of)]


def _known(operation: str) -> str:
    """The name, if there is such an operation: a slip would count nothing, and a test of nothing would pass."""
    from billingo_async.sandbox.routes import OPERATIONS, no_such_operation  # noqa: PLC0415 - what is routed leads here

    if operation not in OPERATIONS:
        raise no_such_operation(operation)
    return operation

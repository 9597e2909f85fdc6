"""Group commit: the claims and outcomes of many invoices, several in one transaction, one statement each time.

What costs is the disk's confirmation and the way to the thread that waits for it; shared, it costs each invoice little.
Whatever is not so simple as a new key, or the outcome of one's own, is left to the long way (see `book`); so is every
error, which is met there again and told there.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from billingo_async.journal.book import Claim, Claimed, Note, Verdict, intent_row, note_row
from billingo_async.journal.statements import AT_ONCE, packed
from billingo_async.journal.tables import UNSETTLED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from billingo_async.journal.lines import Line

FEWEST: Final = 6
"""As many as one transaction takes if they wait: all of them together cost little more than one alone."""
MINE: Final = Claimed(Verdict.MINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim or an outcome to be written, and what the one who waits for it waits on."""

    what: Claim | Note
    future: asyncio.Future[Any]

    @property
    def key(self) -> str:
        """The key that it is about."""
        return self.what.intent.key if isinstance(self.what, Claim) else self.what.key

    @property
    def is_wanted(self) -> bool:
        """False for a claim that nobody waits for any more; what became of a key is always written."""
        return isinstance(self.what, Note) or not self.future.done()

    @property
    def is_unheard(self) -> bool:
        """True for a claim whose caller has gone, or was told of an error: if it is written, nobody knows."""
        gone = self.future.done() and (self.future.cancelled() or self.future.exception() is not None)
        return gone and isinstance(self.what, Claim)

    @property
    def is_claimed(self) -> bool:
        """True for a claim that has been told to send."""
        is_told = self.future.done() and not self.future.cancelled() and self.future.exception() is None
        return is_told and isinstance(self.what, Claim) and self.future.result().verdict is Verdict.MINE

    def tell(self, answer: Claimed | None) -> None:
        """Give the answer to who still waits."""
        if not self.future.done():
            self.future.set_result(answer)


class GroupCommit:
    """One transaction after another on a line, each with some of those that wait; none while it is held."""

    def __init__(self, line: Line, owner: str, leave: Callable[[Entry, bool], None]) -> None:
        """Take the line, the worker's name, and who sees to an entry the long way: told whether it may be written."""
        self._line = line
        self._owner = owner
        self._leave = leave
        self._waiting: list[Entry] = []
        self._under_way: list[Entry] = []
        self._held = False
        self._over = asyncio.Event()
        """Set while nothing is under way."""
        self._over.set()

    def put(self, entry: Entry) -> None:
        """Write an entry with the next transaction, which begins now if none is under way."""
        if isinstance(entry.what, Note) and entry.what.state in UNSETTLED:
            return self._leave(entry, False)
        self._waiting.append(entry)
        return self._begin()

    async def hold(self) -> None:
        """Begin nothing until `release`; what is under way is over when this returns."""
        self._held = True
        await self._over.wait()

    def release(self) -> None:
        """Go on."""
        self._held = False
        self._begin()

    def stop(self) -> None:
        """Begin nothing more: who waits goes the long way."""
        self._held = True
        waiting, self._waiting = self._waiting, []
        for entry in waiting:
            self._leave(entry, False)

    def _begin(self) -> None:
        if self._held or self._under_way:
            return
        self._under_way, self._waiting = _next(self._waiting)
        if self._under_way:
            self._over.clear()
            self._line.begin(AT_ONCE, {"rows": _rows(self._under_way, self._owner), "my_name": self._owner}, self._end)

    def _end(self, written: int | Exception) -> None:
        """Tell everybody; where a claim may be written that nobody heard of, hold until it has been seen to."""
        group, self._under_way = self._under_way, []
        self._over.set()
        for entry in group:
            if written == len(group) and entry.is_wanted:
                entry.tell(MINE if isinstance(entry.what, Claim) else None)
            else:
                self._held = self._held or written != 0
                self._leave(entry, written != 0)
        self._begin()


def _next(waiting: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return whom the next transaction takes, no key twice, and who waits on.

    Half of them, not all: whose claims are told together send together, are answered together, and would from then on
    march in step, each waiting for all the others at every stage.
    """
    wanted = [entry for entry in waiting if entry.is_wanted]
    most = max(FEWEST, (len(wanted) + 1) // 2)
    group: dict[str, Entry] = {}
    rest: list[Entry] = []
    for entry in wanted:
        if len(group) < most and entry.key not in group:
            group[entry.key] = entry
        else:
            rest.append(entry)
    return list(group.values()), rest


def _rows(group: Sequence[Entry], owner: str) -> str:
    return packed(
        intent_row(entry.what, owner) if isinstance(entry.what, Claim) else note_row(entry.what) for entry in group
    )


def fail(future: asyncio.Future[Any], error: Exception) -> None:
    """Tell who still waits what went wrong."""
    if not future.done():
        future.set_exception(error)

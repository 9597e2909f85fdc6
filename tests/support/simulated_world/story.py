"""A story: who asks for what and when, and what goes wrong. Drawn from a seed, read by people, shrunk by leaving out.

Only values stand here. What a story leaves open, such as how long each way takes, is drawn from its seed in the world.
"""

from __future__ import annotations

import unicodedata
from dataclasses import MISSING, dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingo_async.sandbox.alterations import cut_comment, lose_accents, move_due_date, round_prices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from billingo_async.sandbox.alterations import Alteration
    from simulated_world.world import Stop

STAMPS: Final = ("Ref. {key}", "{key}")
FILES, SERVER = "files", "database server"
"""What a journal is kept in."""
DAY: Final = 86_400.0
ALTERATIONS: Final[Mapping[str, Alteration]] = {
    "comment cut at the first emoji": cut_comment(None),
    "comment cut to 24 characters": cut_comment(24),
    "line appended to comment": cut_comment(-1, "\nPaid by card"),
    "accents lost": lose_accents,
    "prices rounded": round_prices(0),
    "due date moved": move_due_date(1),
}
KEYS: Final = ("12", "2", "order-ő-1")
"""Each ends another's, or is spelled in two ways."""
SPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "decomposed": lambda key: unicodedata.normalize("NFD", key),
    "with a space at its end": lambda key: f"{key} ",
    "with a zero-width space": lambda key: f"{key}\u200b",
}
"""How a caller may write a key; a spreadsheet and a database do not agree."""
COMMENTS: Final = (
    "",
    "Köszönjük: 2026 12",
    "Köszönjük!",
    "Köszönjük 🎉 a vásárlást",
    "Árvíztűrő tükörfúrógép, 3 db, futárral küldve",
)


class Wing(NamedTuple):
    """One of the two APIs, as a story uses it."""

    operations: Mapping[str, str]
    """What an act asks the server for, once."""
    reads: tuple[str, ...]
    """What the journal asks the server for, to see what it has."""

    @property
    def acts(self) -> tuple[str, ...]:
        """What a caller may ask for.

        `create many` makes all orders; the others but `create` ask for the order's document by its key before; with
        `resolve` a person says that another order's document is this one's.
        """
        return (*self.operations, "create many", "resolve")


WINGS: Final = {
    "v2": Wing(
        {
            "create": "invoices.create",
            "send": "invoices.send",
            "pay": "invoices.pay",
            "pay more": "invoices.pay",
            "undo": "invoices.undo_payment",
            "cancel": "invoices.cancel",
        },
        ("invoices.query", "invoices.get"),
    ),
    "v3": Wing(
        {
            "create": "documents.create",
            "send": "documents.send",
            "cancel": "documents.cancel",
            "modify": "documents.create_modification",
            "copy": "documents.copy",
        },
        ("documents.by_vendor_id", "documents.get"),
    ),
}
ONCE: Final = frozenset(operation for wing in WINGS.values() for operation in wing.operations.values())
MAKING: Final = ONCE - {"invoices.send", "invoices.pay", "invoices.undo_payment", "documents.send"}
"""Of these, what makes a document."""
DISK_FAULTS: Final = (
    "frozen",
    "write-protected",
    "workers' folder deleted",
    "copied",
    "deleted",
    "replaced",
    "restored",
)
LOSSES: Final = frozenset({"deleted", "replaced", "restored"})
"""After one of these keys may be gone that were in the journal."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order: its key, and what of its invoice differs from others'."""

    key: str
    client: int
    price: str
    comment: str


@dataclass(frozen=True, slots=True)
class Act:
    """A caller asks a worker for something about an order; `patience` seconds later the caller is gone."""

    worker: int
    what: str
    order: str
    at: float = 0.0
    patience: float | None = None
    spelling: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process: its API and clock, how it reaches the journal, when it stands still or dies and is started again."""

    wing: str = "v2"
    clock_offset: float = 0.0
    clock_steps: tuple[tuple[float, float], ...] = ()
    has_link: bool = False
    stops: tuple[Stop, ...] = ()
    restarts_after: float = 3.0


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that is said beforehand."""

    seed: int
    epoch: float
    server_offset: float = 0.0
    store: str = FILES
    stamp: str | None = None
    second_look: float = 3.0
    timeout: float = 5.0
    max_wait: float = 60.0
    trust_refusals: bool = True
    vendor_id_lag: float = 0.0
    favourite: str = ""
    """What its callers ask for most; it says what is drawn, and changes nothing."""
    alterations: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    workers: tuple[Worker, ...] = (Worker(),)
    acts: tuple[Act, ...] = ()
    request_faults: tuple[tuple[str, int, str], ...] = ()
    disk_faults: tuple[tuple[float, str, float], ...] = ()
    transaction_faults: tuple[tuple[int, str], ...] = ()
    unreachable: tuple[tuple[float, float], ...] = ()

    @property
    def loses_keys(self) -> bool:
        """True where the journal may forget keys. Stamps bring back what was created; nothing brings back the rest."""
        return any(what in LOSSES for _, what, _ in self.disk_faults)

    @property
    def promised(self) -> frozenset[str]:
        """What happens once in this story, whatever befalls."""
        if self.loses_keys:
            return frozenset({"create", "cancel"})
        return frozenset(act for wing in WINGS.values() for act in wing.acts)

    def describe(self) -> str:
        """Return the story as a person reads it: what is not as usual, and what happens, in the order of time."""
        lines = [f"seed {self.seed}, begins {datetime.fromtimestamp(self.epoch, UTC):%d %b %H:%M:%S}"]
        lines += [each for each in _odd(self) if each.partition(" ")[0] not in {*PARTS, "workers"}]
        lines += [f"the server does: {name}" for name in self.alterations]
        lines += [f"worker {number}: {', '.join(_odd(each)) or 'as usual'}" for number, each in enumerate(self.workers)]
        lines += [f"{each.key}: client {each.client}, {each.price}, {each.comment!r}" for each in self.orders]
        lines += [f"at {each.at:g} s worker {each.worker} {each.what} {each.order}{_for(each)}" for each in self.acts]
        lines += [f"{operation} number {number} meets: {name}" for operation, number, name in self.request_faults]
        lines += [f"at {at:g} s the journal is {what} ({seconds:g} s)" for at, what, seconds in self.disk_faults]
        lines += [f"transaction {number}: {name}" for number, name in self.transaction_faults]
        lines += [f"at {at:g} s the server is unreachable for {seconds:g} s" for at, seconds in self.unreachable]
        return "\n".join(lines)

    def shorter(self) -> Iterator[Story]:
        """Yield the stories that leave one thing out."""
        for name in PARTS:
            parts: tuple[Any, ...] = getattr(self, name)
            half = len(parts) // 2
            cuts = [parts[half:], parts[:half]] if half else []
            cuts += [parts[:index] + parts[index + 1 :] for index in range(len(parts))]
            yield from (_with(self, name, cut) for cut in cuts)
        if len(self.workers) > 1:
            acts = tuple(replace(act, worker=min(act.worker, len(self.workers) - 2)) for act in self.acts)
            yield replace(self, workers=self.workers[:-1], acts=acts)
        for name in ("workers", "acts"):
            parts = getattr(self, name)
            for index, part in enumerate(parts):
                for plainer in _plainer(part):
                    yield _with(self, name, (*parts[:index], plainer, *parts[index + 1 :]))
        yield from _plainer(self)


PARTS: Final = ("acts", "orders", "request_faults", "disk_faults", "transaction_faults", "unreachable", "alterations")
"""What of a story is one thing after another."""


def _with(part: Any, name: str, value: object) -> Any:
    return replace(part, **{name: value})


def _plainer(part: Any) -> Iterator[Any]:
    """Yield what has one field less that is not as usual."""
    for each in fields(part):
        if (
            each.default is not MISSING
            and each.name not in {*PARTS, "workers"}
            and getattr(part, each.name) != each.default
        ):
            yield _with(part, each.name, each.default)


def _odd(part: Any) -> list[str]:
    """Return the fields that are not as usual."""
    return [
        f"{each.name} {value!r}"
        for each in fields(part)
        if each.default is not MISSING and (value := getattr(part, each.name)) != each.default
    ]


def _for(act: Act) -> str:
    spelled = act.spelling and f", {act.spelling}"
    return spelled if act.patience is None else f"{spelled}, and is gone {act.patience:g} s later"


def shrink(story: Story, fails: Callable[[Story], bool], tries: int = 400) -> Story:
    """Return the shortest story that still fails, as far as leaving one thing out at a time leads."""
    while True:
        for shorter in story.shorter():
            tries -= 1
            if tries < 0:
                return story
            if fails(shorter):
                story = shorter
                break
        else:
            return story

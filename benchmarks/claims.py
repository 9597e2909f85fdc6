"""What is claimed, as ratios with their bounds: the table at the head of `docs/performance.md`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import listing as listing_benchmark
from benchmarks.contenders import FLOOR, HTTPX, OURS
from benchmarks.footprint import FACE, LISTING, STREAMING
from benchmarks.keyed import DRAFTS, PLAIN, SQLITE
from benchmarks.listing import AHEAD, READ, SEQUENTIAL, WORK_ALONE, WORKING

if TYPE_CHECKING:
    from benchmarks.rounds import Figure


@dataclass(frozen=True, slots=True)
class Results:
    """All that one run has measured."""

    throughput: dict[tuple[float, int], dict[str, Figure]]
    cost_of_one: dict[str, Figure]
    overlapping: dict[str, Figure]
    decoding: dict[str, Figure]
    import_time: dict[str, Figure]
    memory: dict[str, Figure]
    keyed: dict[str, Figure]
    wing: tuple[dict[str, Figure], dict[str, Figure]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One ratio (or megabytes), what it must be, and what it was."""

    key: str
    what: str
    measured: float
    bound: float
    at_least: bool = False
    unit: str = "times"

    @property
    def met(self) -> bool:
        """True if the figure keeps its bound."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    @property
    def why_missed(self) -> str:
        """The reason, where the figure misses its bound."""
        return "" if self.met else WHY_MISSED[self.key]


WHY_MISSED = {
    "of the floor": "httpcore, under httpx, reads and writes HTTP in Python, which takes most of a request's CPU time; "
    "where one core cannot do that fast enough, the core and not the wire is the limit.",
    "of httpx": "one plain client's pool costs time in the square of its connections, and how much that is depends on "
    "the machine; see both figures below.",
    "one call": "beside httpx's own work a call waits for its turn, is signed, checked before it is written and read "
    "into a model after, and its exchange runs in a task of its own, so that to cancel it loses no connection.",
    "keyed": "each key is durable in the database before its request leaves and once more after its answer. Both waits "
    "come on top of the 50 ms, and the thread that writes shares one interpreter with the requests.",
    "drafts": "what is on its way and what the database keeps in memory is counted, too.",
    "a page": "each row becomes six models with 73 fields between them. pydantic alone, with the same models and "
    "fields that take whatever comes, needs nearly as long: making the models, not parsing, takes the greater part.",
    "work per item": "reading and decoding a page takes CPU time of the same core that the work runs on.",
    "read ahead": "eight pages at a time are decoded by one core, one after another.",
    "pdf": "the buffers of the connection and of the file are counted, too.",
    "listing": "the ids of all rows are remembered, so that none comes twice.",
    "import": "the models of an account and the tables of its operations are built by the import; "
    "the figure is of a fresh interpreter and of milliseconds, and so the most sensitive one to what else runs.",
}
"""What is said of a claim that is missed; shown only then."""


def claims(results: Results) -> list[Claim]:
    """Return every claim with the figure of this run."""
    wide = results.throughput[0.05, 100]
    listing, decoding = results.overlapping, results.decoding
    sequential = listing[SEQUENTIAL].median
    alone = max(sequential, listing[WORK_ALONE].median)
    working, ahead = listing[WORKING].median / alone, listing[AHEAD].median / sequential
    one, page = _ratio(results.cost_of_one, OURS, HTTPX), _ratio(decoding, READ, "json.loads")
    floor = _ratio(decoding, READ, listing_benchmark.FLOOR)
    imported = _ratio(results.import_time, f"`{FACE}`", "its dependencies")
    pdf, rows = results.memory[STREAMING].median, results.memory[LISTING].median
    keyed, drafts = _ratio(results.keyed, SQLITE, PLAIN), results.memory[DRAFTS].median
    many = "invoices made at 50 ms of latency, 100 at a time"
    return [
        Claim("of the floor", f"{many}, of the raw floor's", _ratio(wide, OURS, FLOOR), 0.80, at_least=True),
        Claim("of httpx", f"{many}, of one plain httpx client's", _ratio(wide, OURS, HTTPX), 8, at_least=True),
        Claim("one call", "CPU time of one call, of bare httpx and `json.loads`", one, 1.35),
        Claim("keyed", "invoices made under keys at 50 ms, 50 at a time, of those without", keyed, 0.85, at_least=True),
        Claim("a page", "CPU time of reading a page of 50, of `json.loads`", page, 1.8),
        Claim("page floor", "CPU time of reading a page of 50, of pydantic alone", floor, 1.15),
        Claim("work per item", "listing with 1 ms of work an item, of the longer of the two alone", working, 1.05),
        Claim("read ahead", "listing with `read_ahead=8`, of page after page", ahead, 1 / 6),
        Claim("pdf", "growth of memory while a PDF of 100 MB is saved", pdf, 5, unit="MB"),
        Claim("drafts", "growth of memory while 100,000 drafts are made under keys", drafts, 30, unit="MB"),
        Claim("listing", "growth of memory while 100,000 invoices are listed", rows, 20, unit="MB"),
        Claim("import", "importing the package with `Billingo` in hand, of its dependencies", imported, 1.15),
    ]


def _ratio(figures: dict[str, Figure], name: str, other: str) -> float:
    return figures[name].median / figures[other].median

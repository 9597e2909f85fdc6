"""What is claimed, as ratios with their bounds: the table at the head of `docs/performance.md`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.contenders import AIOHTTP, FLOOR, HTTPX, OURS
from benchmarks.footprint import FACE, LISTING, STREAMING
from benchmarks.keyed import DRAFTS, PLAIN, POSTGRESQL, SQLITE
from benchmarks.listing import AHEAD, JSON, READ, SEQUENTIAL, WORK_ALONE, WORKING
from benchmarks.listing import FLOOR as PYDANTIC
from benchmarks.wing import OURS as V3

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.keyed import Cost
    from benchmarks.rounds import Figure
    from benchmarks.wing import Compared

KEYED_BOUNDS = {SQLITE: 0.85, POSTGRESQL: 0.80}


@dataclass(frozen=True, slots=True)
class Results:
    """All that one run has measured."""

    throughput: dict[tuple[float, int], dict[str, Figure]]
    cost_of_one: dict[str, Figure]
    instructions: float | None
    overlapping: dict[str, Figure]
    decoding: dict[str, Figure]
    import_time: dict[str, Figure]
    memory: dict[str, Figure]
    keyed: dict[int, dict[str, Cost]]
    wing: Compared


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
    "of the floor": "h11 frames HTTP in Python, and each call is signed, checked and read into a model; where one core "
    "cannot do that fast enough, the core and not the wire is the limit.",
    "of httpx": "one plain client's pool costs time in the square of its connections, and how much that is depends on "
    "the machine; see both figures below.",
    "of aiohttp": "aiohttp frames HTTP in C and hands out a dict; here h11 does it in Python, and each call waits for "
    "its turn, is checked before it is written and read into a model after.",
    "one call": "beside what bare httpx does a call waits for its turn, is signed, checked before it is written and "
    "read into a model after.",
    "keyed": "each key is durable in the database before its request leaves and once more after its answer. Both waits "
    "come on top of the 50 ms, and the thread that writes shares one interpreter with the requests.",
    "keyed CPU": "two transactions an invoice, the comparison of the answer with what was asked for, and the rows that "
    "say so, stand beside a call that has become cheap itself.",
    "drafts": "what is on its way and what the database keeps in memory is counted, too.",
    "a page": "each row becomes six models with 73 fields between them. pydantic alone, with the same models and "
    "fields that take whatever comes, needs nearly as long: making the models, not parsing, takes the greater part.",
    "page floor": "beside making the models, fields are read that may come as text or number, and each number is kept "
    "to its last digit.",
    "work per item": "reading and decoding a page takes CPU time of the same core that the work runs on.",
    "read ahead": "eight pages at a time are decoded by one core, one after another.",
    "memory": "buffers of connections and files, and the ids of all rows that came, are counted, too.",
    "import": "the models of an account and the tables of its operations are built by the import; "
    "the figure is of a fresh interpreter and of milliseconds, and so the most sensitive one to what else runs.",
}
"""What is said of a claim that is missed; shown only then."""


def claims(results: Results) -> list[Claim]:
    """Return every claim with the figure of this run."""
    return [*_of_calls(results), *_of_keys(results), *_of_pages(results), *_of_weight(results)]


def _of_calls(results: Results) -> list[Claim]:
    near, far = results.throughput[0.0, 100], results.throughput[0.05, 100]
    many = "invoices made at 50 ms of latency, 100 at a time"
    cost = results.cost_of_one
    return [
        Claim("of the floor", f"{many}, of the raw floor's", _ratio(far, OURS, FLOOR), 0.80, at_least=True),
        Claim("of aiohttp", f"{many}, of aiohttp's", _ratio(far, OURS, AIOHTTP), 0.90, at_least=True),
        Claim("of httpx", f"{many}, of one plain httpx client's", _ratio(far, OURS, HTTPX), 8, at_least=True),
        Claim("of aiohttp", "the same without latency, of aiohttp's", _ratio(near, OURS, AIOHTTP), 0.30, at_least=True),
        Claim("one call", "CPU time of one call, of bare httpx and `json.loads`", _ratio(cost, OURS, HTTPX), 0.70),
        Claim("of aiohttp", "CPU time of one call, of aiohttp's, signed by hand", _ratio(cost, OURS, AIOHTTP), 2.0),
    ]


def _of_keys(results: Results) -> Iterator[Claim]:
    for width, costs in results.keyed.items():
        for name, bound in KEYED_BOUNDS.items():
            if name in costs:
                rate = costs[name].rate.median / costs[PLAIN].rate.median
                cpu = costs[name].cpu.median / costs[PLAIN].cpu.median
                what = f"{width} at a time under keys at 50 ms, {name}, of those without"
                yield Claim("keyed", f"invoices made {what}", rate, bound, at_least=True)
                yield Claim("keyed CPU", f"CPU time of invoices made {what}", cpu, 1.6)


def _of_pages(results: Results) -> list[Claim]:
    listing, decoding, of_v3 = results.overlapping, results.decoding, results.wing.decoding
    sequential = listing[SEQUENTIAL].median
    alone = max(sequential, listing[WORK_ALONE].median)
    working, ahead = listing[WORKING].median / alone, listing[AHEAD].median / sequential
    return [
        Claim("a page", "CPU time of decoding a page of 50, of `json.loads`", _ratio(decoding, READ, JSON), 1.8),
        Claim("page floor", "the same, of pydantic alone", _ratio(decoding, READ, PYDANTIC), 1.15),
        Claim(
            "page floor",
            "CPU time of decoding a page of 100 of API v3, of pydantic alone",
            _ratio(of_v3, V3, PYDANTIC),
            1.15,
        ),
        Claim("work per item", "listing with 1 ms of work an item, of the longer of the two alone", working, 1.05),
        Claim("read ahead", "listing with `read_ahead=8`, of page after page", ahead, 1 / 6),
    ]


def _of_weight(results: Results) -> list[Claim]:
    imported = _ratio(results.import_time, f"`{FACE}`", "its dependencies")
    bounds = {STREAMING: 5, DRAFTS: 30, LISTING: 20}
    grown = [
        Claim("memory", f"growth of memory while {what}", results.memory[what].median, bound, unit="MB")
        for what, bound in bounds.items()
    ]
    return [
        *grown,
        Claim("import", "importing the package with `Billingo` in hand, of its dependencies", imported, 1.15),
    ]


def _ratio(figures: dict[str, Figure], name: str, other: str) -> float:
    return figures[name].median / figures[other].median

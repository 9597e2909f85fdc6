"""What is claimed, as ratios with their bounds: the table at the head of `docs/performance.md`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.footprint import FACE
from benchmarks.keyed import DRAFTS, PLAIN, SQLITE

if TYPE_CHECKING:
    from benchmarks.rounds import Figure

FLOOR, HTTPX, OURS = "raw asyncio streams (floor)", "httpx", "billingo_async"


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


@dataclass(frozen=True, slots=True)
class Claim:
    """One ratio (or megabytes), what it must be, and what it was."""

    what: str
    measured: float
    bound: float
    at_least: bool = False
    unit: str = "times"

    @property
    def met(self) -> bool:
        """True if the figure keeps its bound."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound


def claims(results: Results) -> list[Claim]:
    """Return every claim with the figure of this run."""
    wide = results.throughput[0.05, 100]
    listing, decoding = results.overlapping, results.decoding
    sequential = listing["page after page, no work"].median
    alone = max(sequential, listing["the work alone, 1 ms an item"].median)
    imports = results.import_time
    return [
        Claim("creates at 50 ms, 100 at a time, of the floor's", _ratio(wide, OURS, FLOOR), 0.80, at_least=True),
        Claim("the same, of one plain httpx.AsyncClient's", _ratio(wide, OURS, HTTPX), 8, at_least=True),
        Claim(
            "CPU of one call, of httpx and json.loads",
            _ratio(results.cost_of_one, OURS, "httpx and json.loads"),
            1.35,
        ),
        Claim(
            "creates under keys at 50 ms, 50 at a time, of those without a journal",
            _ratio(results.keyed, SQLITE, PLAIN),
            0.85,
            at_least=True,
        ),
        Claim("a page of 50 read, of json.loads", _ratio(decoding, "billingo_async: 50 Invoice", "json.loads"), 1.8),
        Claim(
            "listing 10,000 with 1 ms of work an item, of the larger of the two alone",
            listing["read_ahead=1, 1 ms of work an item"].median / alone,
            1.05,
        ),
        Claim(
            "listing with read_ahead=8 and no work, of page after page",
            listing["read_ahead=8, no work"].median / sequential,
            1 / 6,
        ),
        Claim("streaming a PDF of 100 MB", results.memory["streaming a PDF of 100 MB to disk"].median, 5, unit="MB"),
        Claim("making 100,000 drafts under keys", results.memory[DRAFTS].median, 30, unit="MB"),
        Claim("listing 100,000 invoices", results.memory["listing 100,000 invoices"].median, 20, unit="MB"),
        Claim(
            "import with `Billingo` in hand, of its dependencies'",
            _ratio(imports, f"`{FACE}`", "its dependencies"),
            1.15,
        ),
    ]


def _ratio(figures: dict[str, Figure], name: str, other: str) -> float:
    return figures[name].median / figures[other].median

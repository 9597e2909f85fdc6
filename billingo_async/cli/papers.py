"""What a line tells of an invoice of API v2 or a document of API v3, and what commands over both share.

Never enters here: how either is asked.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, Self

from billingo_async import ConfigurationError, RateLimit
from billingo_async.cli.running import USAGE, end

DRAFT: Final = "(draft)"
"""What stands in the place of a number."""


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """What a line tells of an invoice or a document."""

    id: int
    number: str
    """Empty for a draft, which has none yet."""
    day: date | None
    total: Decimal | None
    paid: Decimal | None
    currency: str
    status: str
    customer: str
    customer_id: int | None = None


@dataclass(slots=True)
class AccountWords:
    """The ids of an account by the words that people call them."""

    rates: dict[int, Decimal] = field(default_factory=dict[int, "Decimal"])
    only_block: int | None = 0
    """The block of those that name none; None where the API has no such block."""
    names: dict[str, dict[int, str]] = field(default_factory=dict[str, dict[int, str]])
    """By column and id, what it is called first."""
    words: dict[str, dict[str, list[int]]] = field(default_factory=dict[str, dict[str, list[int]]])
    """By column and word, ids among them, the ids that it may mean."""

    def add(self, column: str, id: int, *names: object) -> None:
        """Know an id of the account by its names; an id among them is a name that a file may write, too."""
        words = self.words.setdefault(column, {})
        for name in [name for name in names if name is not None and name != ""]:
            if not isinstance(name, int):
                self.names.setdefault(column, {}).setdefault(id, str(name))
            if id not in words.setdefault(plain(name), []):
                words[plain(name)].append(id)

    def add_rate(self, id: int, value: Decimal | None, *names: object) -> None:
        """Know a rate of VAT, by its value as well: 5% is found where no rate is called so."""
        self.add("vat_id", id, *names)
        if value is not None:
            self.rates[id] = value
            self.add("by_value", id, f"{format((value * 100).normalize(), 'f')}%")

    def name_of(self, column: str, id: int) -> str | None:
        """Return what an id is called first; None where nothing was loaded."""
        return self.names.get(column, {}).get(id)


class OpenAccount:
    """A `Billingo` of either API, while it is open."""

    noun: ClassVar[str]
    customers_noun: ClassVar[str]

    def __init__(self, billingo: Any) -> None:
        """Take it; leaving a `with` closes it."""
        self.billingo = billingo
        self.papers_noun: str = f"{self.noun}s"
        self.papers: Any = getattr(billingo, self.papers_noun)
        self.customers: Any = getattr(billingo, self.customers_noun)

    async def __aenter__(self) -> Self:
        """Return it; connections are made when they are needed."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.billingo.aclose()


def shared_limit(limit: RateLimit, address: str | None) -> RateLimit:
    """Return a limit as the programs of this user share it in their cache folder, or as `--limits` says."""
    if address == "none":
        return limit
    if address is None:
        from platformdirs import user_cache_path  # noqa: PLC0415 - loaded where it is needed

        folder = user_cache_path("billingo-async", appauthor=False)
        with suppress(OSError):  # without the folder, this program counts by itself and says so
            folder.mkdir(parents=True, exist_ok=True)
        address = f"sqlite:///{folder / 'limits.db'}"
    try:
        return RateLimit(limit.count, per=limit.per, shared=address)
    except ConfigurationError as error:
        end(USAGE, f"--limits: {error}; or none")


def plain(value: object) -> str:
    """Return a name without what people write now so, now so: case, and space that is doubled or stands before a %."""
    return " ".join(str(value).split()).casefold().replace(" %", "%")

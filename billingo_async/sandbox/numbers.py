"""Invoice numbers: one sequence per block, year and series, without a gap; nothing else enters here.

A number is taken in the moment of the commit, after everything that could refuse has been asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Series(StrEnum):
    """Which sequence a number belongs to; proformas are no invoices and must leave no gap among them."""

    INVOICE = ""
    PROFORMA = "D-"


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """The number of one document: `str()` gives `2015-000008`, or `D-2015-000008` for a proforma."""

    year: int
    serial: int
    series: Series = Series.INVOICE

    def __str__(self) -> str:
        return f"{self.series.value}{self.year}-{self.serial:06d}"


class Numbers:
    """The counters of all blocks."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, int, Series], int] = {}

    def take(self, block_uid: int, year: int, series: Series) -> Number:
        """The next number of that sequence, the first being 1."""
        key = (block_uid, year, series)
        serial = self._last.get(key, 0) + 1
        self._last[key] = serial
        return Number(year, serial, series)

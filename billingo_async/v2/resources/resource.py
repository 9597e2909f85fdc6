"""What all nouns of API v2 have in common beside what `noun` gives them: how long a page may be."""

from __future__ import annotations

from typing import ClassVar, Final

from billingo_async.noun import Noun

MAX_PER_PAGE: Final = 50
"""The API's absolute maximum. Source: API docs, Invoices / Show the invoices."""


class Resource(Noun):
    """One noun of API v2."""

    size_param: ClassVar[str] = "max_per_page"
    max_per_page: ClassVar[int] = MAX_PER_PAGE

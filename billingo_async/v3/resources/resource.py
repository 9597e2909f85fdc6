"""What all nouns of API v3 have in common beside what `noun` gives them: how long a page may be."""

from __future__ import annotations

from typing import ClassVar, Final

from billingo_async.noun import Noun

MAX_PER_PAGE: Final = 100
"""Source: specification, per_page."""


class Resource(Noun):
    """One noun of API v3."""

    size_param: ClassVar[str] = "per_page"
    max_per_page: ClassVar[int] = MAX_PER_PAGE

"""Pages of a list: what `page` and `max_per_page` mean; nothing of what is listed enters here.

There is no total and no next link: a page shorter than asked for is the last, and one after the last is empty.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from billingo_async.sandbox.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")
DEFAULT = 20
MOST = 50
_WHOLE = re.compile(r"[0-9]{1,18}")


def page_of(rows: Iterable[T], query: Mapping[str, str]) -> list[T]:
    """The rows of the page that the query asks for.

    Raises:
        Refusal: 400, where a value is no positive whole number or a page would be over 50 rows.
    """
    page = whole(query, "page", 1) or 0
    size = whole(query, "max_per_page", DEFAULT) or 0
    if page < 1:
        raise Refusal(400, "page must be 1 or more")
    if not 1 <= size <= MOST:
        raise Refusal(400, f"max_per_page must be between 1 and {MOST}: the absolute maximum is {MOST}")
    start = (page - 1) * size
    return list(islice(rows, start, start + size))


def whole(query: Mapping[str, str], name: str, default: int | None = None) -> int | None:
    """A whole number among the parameters, or the default where it is absent or blank."""
    text = query.get(name, "")
    if not text:
        return default
    if not _WHOLE.fullmatch(text):
        raise Refusal(400, f"{name} must be a whole number")
    return int(text)

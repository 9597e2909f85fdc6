"""How the real v3 talks: bare objects, a paginator, refusals, and what it takes for a query.

No record enters here. Source: the v3 reference, sections 3.3 and 3.9.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from billingo_async.sandbox.http import JSON, Response, write_json
from billingo_async.sandbox.routing import NoRoute
from billingo_async.sandbox.v3.schemas import invalid, label_of, selected_invalid, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from billingo_async.sandbox.http import JsonObject, Params, Refusal

T = TypeVar("T")
BASE_URL = "https://api.billingo.hu/v3"
_DEFAULT_PAGE_SIZE = 25
_MAX_PAGE_SIZE = 100
_WHOLE = re.compile(r"[0-9]{1,18}")


def answer(value: object, status: int = 200) -> Response:
    """Any value as it stands."""
    return Response(status, write_json(value), (("Content-Type", JSON),))


def no_content() -> Response:
    """204, without a body."""
    return Response(204)


def refused(refusal: Refusal) -> Response:
    """A refusal: `error.message`, a list of fields for 422, a bare message for an unknown path."""
    body: JsonObject = {"error": {"message": refusal.error}}
    if isinstance(refusal.errors, dict):
        body = {
            "message": refusal.error,
            "errors": [{"field": field, "message": message} for field, message in refusal.errors.items()],
        }
    elif isinstance(refusal, NoRoute):
        body = {"message": refusal.error}
    return Response(refusal.status, write_json(body), (("Content-Type", JSON), *refusal.headers))


def page_of(rows: Iterable[T], params: Params, path: str, spell: Callable[[T], JsonObject]) -> Response:
    """The page that the query names, in the paginator; URLs are null at the ends, and name the page alone."""
    page = int_of(params.query, "page", 1, low=1) or 1
    size = int_of(params.query, "per_page", _DEFAULT_PAGE_SIZE, low=1, high=_MAX_PAGE_SIZE) or 1
    every = list(rows)
    last = max(1, -(-len(every) // size))

    def url_of(number: int) -> str | None:
        return f"{BASE_URL}{path}?page={number}" if 1 <= number <= last else None

    return answer(
        {
            "data": [spell(row) for row in every[(page - 1) * size : page * size]],
            "total": len(every),
            "per_page": size,
            "current_page": page,
            "last_page": last,
            "prev_page_url": url_of(page - 1),
            "next_page_url": url_of(page + 1),
        }
    )


def int_of(
    query: Mapping[str, str], name: str, default: int | None = None, *, low: int = 0, high: int | None = None
) -> int | None:
    """A whole number among the parameters, or the default where it is absent or blank."""
    text = query.get(name, "")
    if not text:
        return default
    if not _WHOLE.fullmatch(text):
        raise invalid({name: f"The {label_of(name)} must be an integer."})
    if int(text) < low:
        raise invalid({name: f"The {label_of(name)} must be at least {low}."})
    if high is not None and int(text) > high:
        raise invalid({name: f"The {label_of(name)} may not be greater than {high}."})
    return int(text)


def date_of(query: Mapping[str, str], name: str) -> date | None:
    """A day among the parameters, or None where it is absent or blank."""
    text = query.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise invalid({name: f"The {label_of(name)} is not a valid date."}) from None


def choice_of(query: Mapping[str, str], name: str, enum: str) -> str | None:
    """A value of an enum among the parameters, or None where it is absent or blank."""
    text = query.get(name, "")
    if text and text not in values_of(enum):
        raise selected_invalid(name)
    return text or None

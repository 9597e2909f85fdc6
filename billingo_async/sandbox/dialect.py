"""How the real one talks: its envelopes, its strings for numbers, its flags; the only room that knows the sloppiness.

No state and no decision enters here: values in, spelling out. Sources: API docs (Successful responses, Errors) and the
samples of each operation.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from billingo_async.sandbox.http import JSON, Response, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.refusal import Refusal

THREE_DECIMALS = 3
_JSON_HEADERS = (("Content-Type", JSON),)


def entry(uid: int | str, attributes: JsonObject) -> JsonObject:
    """One entry of `data`: the id outside, everything else under `attributes`."""
    return {"id": uid, "attributes": attributes}


def listed(kind: str, entries: Iterable[JsonObject]) -> Response:
    """A success whose `data` is a list: lists, and `GET /x/{id}` too."""
    return answer({"success": True, "type": kind, "data": list(entries)})


def single(kind: str, one: JsonObject) -> Response:
    """A success whose `data` is one object: POST, PUT and cancel."""
    return answer({"success": True, "type": kind, "data": one})


def plain(data: JsonObject) -> Response:
    """A success whose `data` holds bare values and which names no type."""
    return answer({"success": True, "data": data})


def done(**more: Any) -> Response:
    """A success with nothing to tell, or with values beside `success`."""
    return answer({"success": True, **more})


def answer(envelope: JsonObject, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """Any envelope as a response."""
    return Response(status, write_json(envelope), (*_JSON_HEADERS, *headers))


def refused(refusal: Refusal) -> Response:
    """A failure: `success` is false, `error` says why, `errors` is there for bodies that were refused."""
    envelope: JsonObject = {"success": False, "error": refusal.error}
    if refusal.errors is not None:
        envelope["errors"] = refusal.errors
    return answer(envelope, refusal.status, refusal.headers)


def text_of(value: Decimal, decimals: int = THREE_DECIMALS) -> str:
    """Money and quantities as lists answer them: a string with three decimals, or as many as it takes."""
    whole, _, fraction = f"{value:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(decimals, '0')}"


def number_of(value: Decimal) -> int | Decimal:
    """Money as create, cancel and pay answer it: a JSON number, whole where it is whole."""
    whole = value.to_integral_value()
    return int(whole) if whole == value else Decimal(f"{value:f}".rstrip("0"))


def flag_of(value: object) -> str:
    """A flag as most reads answer it."""
    return "1" if value else "0"

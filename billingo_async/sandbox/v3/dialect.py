"""How the real v3 talks: bare objects, a paginator, refusals, and what it takes for a query and for a body.

No noun is told apart here. Source: the v3 reference, sections 3.3 and 3.9, and the vendor's OpenAPI 3.0.15.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from billingo_async.sandbox.http import JSON, JsonObject, Params, Refusal, Response, read_json, write_json
from billingo_async.sandbox.records import Table
from billingo_async.sandbox.routing import NoRoute
from billingo_async.sandbox.validation import V3_BODIES, beyond, enum_of, failures

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

T = TypeVar("T")
BASE_URL = "https://api.billingo.hu/v3"
_DEFAULT_PAGE_SIZE = 25
_MAX_PAGE_SIZE = 100
_WHOLE = re.compile(r"[0-9]{1,18}")


def answer(value: object, status: int = 200) -> Response:
    """Any value as it stands."""
    return Response(status, write_json(value), (("Content-Type", JSON),))


def not_ready(*, wrapped: bool) -> Response:
    """202 in place of a PDF."""
    message: JsonObject = {"message": "Document PDF has not generated yet."}
    return answer({"error": message} if wrapped else message, 202)


NOT_READY = not_ready(wrapped=True)


def refused(refusal: Refusal) -> Response:
    """A refusal: `error.message`, a list of fields for 422, a bare message for an unknown path."""
    body: JsonObject = {"error": {"message": refusal.error}}
    if isinstance(refusal.errors, dict):
        errors = [{"field": field, "message": message} for field, message in refusal.errors.items()]
        body = {"message": refusal.error, "errors": errors}
    elif isinstance(refusal, NoRoute):
        body = {"message": refusal.error}
    return Response(refusal.status, write_json(body), (("Content-Type", JSON), *refusal.headers))


def page_of(rows: Iterable[T], params: Params, path: str, encode: Callable[[T], JsonObject]) -> Response:
    """The page that the query names, in the paginator; URLs are null at the ends, and name the page alone."""
    page = int_of(params.query, "page", 1, low=1) or 1
    size = int_of(params.query, "per_page", _DEFAULT_PAGE_SIZE, low=1, high=_MAX_PAGE_SIZE) or 1
    every = list(rows)
    last = max(1, -(-len(every) // size))

    def url_of(number: int) -> str | None:
        return f"{BASE_URL}{path}?page={number}" if 1 <= number <= last else None

    return answer(
        {
            "data": [encode(row) for row in every[(page - 1) * size : page * size]],
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
    if text and text not in enum_of(enum):
        raise selected_invalid(name)
    return text or None


def named(table: Table[T], id: int, field: str) -> T:
    """The record that a member of a body names by its id of v3.

    Raises:
        Refusal: 422 where there is none, 403 or 404 where it is another profile's.
    """
    if not table.has_id(id):
        raise selected_invalid(field)
    return table.by_id(id)


def checked(schema: str, body: bytes) -> JsonObject:
    """Decode a body and check it against the definition of that name; a bare array comes back as `rows`.

    The texts are Laravel's, as they were seen: a field with dots, and in the message blanks for its underscores.

    Raises:
        Refusal: 400 for what is no JSON, 422 with all failures by field for what does not fit.
    """
    try:
        document: Any = read_json(body) if body else dict[str, Any]()
    except ValueError:
        raise Refusal(400, "Bad request.") from None
    if isinstance(document, dict):
        document = _with_defaults(schema, cast("JsonObject", document))
    texts = {path: _TYPES["number"] for path, _ in beyond(document)}
    texts = texts or {path: _text_of(error) for path, error in failures(f"{V3_BODIES}#{schema}", document)}
    fields = {".".join(map(str, path)): text for path, text in texts.items()}
    if fields:
        raise invalid({field: text.format(label_of(field)) for field, text in fields.items()})
    return {"rows": document} if isinstance(document, list) else cast("JsonObject", document)


def _with_defaults(schema: str, body: JsonObject) -> JsonObject:
    """Forints need no rate, and the parts of an address are missed one by one, even if all of it is missing."""
    if body.get("currency") == "HUF" and "conversion_rate" not in body:
        body["conversion_rate"] = 1
    if schema == "Partner" and body.get("address") is None:
        body["address"] = {}
    return body


def invalid(errors: dict[str, str]) -> Refusal:
    """The refusal of a body or a query: 422, each field with its text."""
    return Refusal(422, "Validation Failed", errors=errors)


def selected_invalid(*fields: str) -> Refusal:
    """The refusal of fields that name something that is not there, or not of the right kind."""
    return invalid({field: f"The selected {label_of(field)} is invalid." for field in fields})


def label_of(field: str) -> str:
    """A field as the messages name it."""
    return field.replace("_", " ")


_REQUIRED = "The {} field is required."
_TYPES = {
    "string": "The {} must be a string.",
    "number": "The {} must be a number.",
    "integer": "The {} must be an integer.",
    "boolean": "The {} field must be true or false.",
    "array": "The {} must be an array.",
    "object": "The {} must be an array.",
}
_TEXTS = {
    "required": _REQUIRED,
    "enum": "The selected {} is invalid.",
    "minLength": _REQUIRED,
    "minItems": _REQUIRED,
    "format": "The {} is not a valid date.",
}


def _text_of(error: ValidationError) -> str:
    value: Any = error.validator_value
    if error.validator == "type":
        return _REQUIRED if error.instance is None else _TYPES[value if isinstance(value, str) else value[0]]
    if error.validator == "maxLength":
        return f"The {{}} may not be greater than {value} characters."
    return _TEXTS.get(str(error.validator), "The {} is invalid.")

"""Checks written bodies against the specification's schemas and words the failures as the real v3 does.

Source: the vendor's OpenAPI 3.0.15; the texts are Laravel's, as they were seen: a field with dots, blanks in the
message where the field has underscores.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from billingo_async.sandbox.http import Refusal, read_json
from billingo_async.sandbox.validation import beyond, errors_of, fits, missing_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jsonschema.exceptions import ValidationError

    from billingo_async.sandbox.http import JsonObject

_REQUIRED = "The {} field is required."
_TYPES = {
    "string": "The {} must be a string.",
    "number": "The {} must be a number.",
    "integer": "The {} must be an integer.",
    "boolean": "The {} field must be true or false.",
    "array": "The {} must be an array.",
    "object": "The {} must be an array.",
}


def checked(schema: str, body: bytes) -> JsonObject:
    """Decode a body and check it against the definition of that name; a bare array comes back as `rows`.

    Raises:
        Refusal: 400 for what is no JSON, 422 with all failures by field for what does not fit.
    """
    try:
        document: Any = read_json(body) if body else dict[str, Any]()
    except ValueError:
        raise Refusal(400, "Bad request.") from None
    if isinstance(document, dict):
        document = _with_defaults(schema, cast("JsonObject", document))
    errors = {_path_text(path): _TYPES["number"].format(label_of(_path_text(path))) for path, _ in beyond(document)}
    definition = f"bodies#{schema}"
    if not errors and not fits(__name__, definition, document):
        errors = dict(worded for error in errors_of(__name__, definition)(document) for worded in _worded(error))
    if errors:
        raise invalid(errors)
    return {"rows": document} if isinstance(document, list) else cast("JsonObject", document)


def invalid(errors: dict[str, str]) -> Refusal:
    """The refusal of a body or a query: 422, each field with its text."""
    return Refusal(422, "Validation Failed", errors=errors)


def selected_invalid(*fields: str) -> Refusal:
    """The refusal of fields that name something that is not there, or not of the right kind."""
    return invalid({field: f"The selected {label_of(field)} is invalid." for field in fields})


def label_of(field: str) -> str:
    """A field as the messages name it."""
    return field.replace("_", " ")


def values_of(enum: str) -> frozenset[str]:
    """The values of one of the specification's enums."""
    return frozenset(_definitions()[enum]["enum"])


@cache
def _definitions() -> dict[str, JsonObject]:
    document: JsonObject = read_json((files(__name__) / "bodies.json").read_bytes())
    return cast("dict[str, JsonObject]", document["definitions"])


def _with_defaults(schema: str, body: JsonObject) -> JsonObject:
    """Forints need no rate, and the parts of an address are missed one by one, even if all of it is missing."""
    if body.get("currency") == "HUF" and "conversion_rate" not in body:
        body["conversion_rate"] = 1
    if schema == "Partner" and body.get("address") is None:
        body["address"] = {}
    return body


def _worded(error: ValidationError, base: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    path = (*base, *error.relative_path)
    if error.validator == "anyOf" and error.context:
        for inner in _nearest(error):
            yield from _worded(inner, path)
        return
    names = missing_names(error) if error.validator == "required" else [None]
    for name in names:
        field = _path_text(path if name is None else (*path, name))
        yield field, _text_of(error).format(label_of(field))


def _text_of(error: ValidationError) -> str:
    if error.validator == "type":
        types: Any = error.validator_value
        return _REQUIRED if error.instance is None else _TYPES[types if isinstance(types, str) else types[0]]
    wording = _WORDINGS.get(str(error.validator))
    return wording(error) if wording else "The {} is invalid."


def _nearest(error: ValidationError) -> Iterable[ValidationError]:
    """Of several shapes that do not fit, the errors of the one whose required fields are there most."""
    branches = cast("list[JsonObject]", error.validator_value)
    instance: Any = error.instance
    members = cast("JsonObject", instance) if isinstance(instance, dict) else {}
    required = [
        _definitions().get(branch.get("$ref", "").rpartition("/")[2], {}).get("required", ()) for branch in branches
    ]
    present = [sum(name in members for name in names) for names in required]
    best = present.index(max(present))
    return [inner for inner in error.context or () if inner.relative_schema_path[0] == best]


def _path_text(path: Iterable[str | int]) -> str:
    return ".".join(map(str, path))


_WORDINGS: dict[str, Callable[[ValidationError], str]] = {
    "required": lambda _: _REQUIRED,
    "enum": lambda _: "The selected {} is invalid.",
    "minLength": lambda _: _REQUIRED,
    "minItems": lambda _: _REQUIRED,
    "maxLength": lambda error: f"The {{}} may not be greater than {error.validator_value} characters.",
    "pattern": lambda _: "The {} is not a valid date.",
    "format": lambda _: "The {} is not a valid date.",
}

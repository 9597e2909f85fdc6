"""Checks written bodies against our own draft-04 schemas and words the failures as the real v2 does.

The texts follow the validator of the real server (a PHP one), as it was seen: `errors` is an object keyed by path like
`items[0].net_unit_price`, the text for example "String value found, but a number is required".
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from billingo_async.sandbox.http import Refusal, read_json
from billingo_async.sandbox.validation import beyond, errors_of, fits, missing_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jsonschema.exceptions import ValidationError

    from billingo_async.sandbox.http import JsonObject

_TYPE_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "Boolean"), (str, "String"), (int, "Integer"), (Decimal, "Double"), (list, "Array"), (dict, "Object"),
)  # fmt: skip
_ALTERNATIVES = ("oneOf", "anyOf")


def checked(schema: str, body: bytes) -> JsonObject:
    """Decode a body and check it against the schema of that name.

    Raises:
        Refusal: 400; with `errors` keyed by path where the body is JSON and does not fit the schema.
    """
    try:
        document = read_json(body)
    except ValueError:
        raise Refusal(400, "The body is not valid JSON") from None
    if not isinstance(document, dict):
        raise Refusal(400, f"{_type_of(document)} value found, but an object is required")
    decoded = cast("JsonObject", document)
    errors = {_path_text(path): text for path, text in beyond(decoded)}
    if not errors and not fits(__name__, schema, decoded):
        errors = dict(worded for error in errors_of(__name__, schema)(decoded) for worded in _worded(error))
    if errors:
        raise Refusal(400, "JSON schema validation failed", errors=errors)
    return decoded


def _worded(error: ValidationError, base: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    path = (*base, *error.relative_path)
    if error.validator in _ALTERNATIVES and error.context:
        for inner in _nearest(error):
            yield from _worded(inner, path)
        return
    if error.validator == "required":
        for name in missing_names(error):
            yield _path_text((*path, name)), f"The property {name} is required"
        return
    wording = _WORDINGS.get(str(error.validator))
    yield _path_text(path), wording(error) if wording else error.message


def _nearest(error: ValidationError) -> Iterable[ValidationError]:
    """Of several shapes that do not fit, the errors of the one whose required fields are there most."""
    branches = cast("list[JsonObject]", error.validator_value)
    instance = cast("JsonObject", error.instance)
    present = [sum(name in instance for name in branch.get("required", ())) for branch in branches]
    best = present.index(max(present))
    return [inner for inner in error.context or () if inner.relative_schema_path[0] == best]


def _path_text(path: Iterable[str | int]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _type_of(value: object) -> str:
    return next((name for type_, name in _TYPE_NAMES if isinstance(value, type_)), "NULL")


def _wrong_type(error: ValidationError) -> str:
    types = cast("str | list[str]", error.validator_value)
    names = [types] if isinstance(types, str) else types
    with_article = [f"{'an' if name[0] in 'aeio' else 'a'} {name}" for name in names]
    return f"{_type_of(error.instance)} value found, but {' or '.join(with_article)} is required"


_WORDINGS: dict[str, Callable[[ValidationError], str]] = {
    "type": _wrong_type,
    "enum": lambda error: f"Does not have a value in the enumeration {error.validator_value}",
    "minLength": lambda error: f"Must be at least {error.validator_value} characters long",
    "maxLength": lambda error: f"Must be at most {error.validator_value} characters long",
    "minimum": lambda error: f"Must have a minimum value of {error.validator_value}",
    "minItems": lambda error: f"There must be a minimum of {error.validator_value} items in the array",
    "maxItems": lambda error: f"There must be a maximum of {error.validator_value} items in the array",
    "pattern": lambda error: f"Does not match the regex pattern {error.validator_value}",
    "format": lambda error: f"Invalid {error.validator_value}, expected format YYYY-MM-DD",
    "oneOf": lambda _: "Failed to match exactly one schema",
    "anyOf": lambda _: "Failed to match at least one schema",
}

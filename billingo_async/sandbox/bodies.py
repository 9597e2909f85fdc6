"""Checks written bodies against our own draft-04 schemas and words the failures as the real one does.

It changes no body. A fast validator (compiled code, first failure only) lets good bodies in; the thorough one is
asked only about bodies that it refused, and finds the words. The texts follow the validator of the real server (a PHP
one), as it was seen: `errors` is an object keyed by path like `items[0].net_unit_price`, the text for example "String
value found, but a number is required".
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from billingo_async.sandbox.arithmetic import LONGEST, too_long
from billingo_async.sandbox.http import read_json
from billingo_async.sandbox.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jsonschema.exceptions import ValidationError

    from billingo_async.sandbox.http import JsonObject

DEEPEST = 20
_TYPE_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "Boolean"), (str, "String"), (int, "Integer"), (Decimal, "Double"), (list, "Array"), (dict, "Object"),
)  # fmt: skip
_ALTERNATIVES = ("oneOf", "anyOf")
_FORMATS = ("date",)


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
    known = cast("JsonObject", document)
    errors = dict(_beyond(known))
    if not errors and not fits(schema, known):
        errors = dict(worded for error in errors_of(schema)(known) for worded in _worded(error))
    if errors:
        raise Refusal(400, "JSON schema validation failed", errors=errors)
    return known


def fits(schema: str, document: JsonObject) -> bool:
    """Whether the fast validator has nothing against a document."""
    import fastjsonschema  # noqa: PLC0415 - belongs to the extra `sandbox`, like the thorough one below

    try:
        _compiled(schema)(document)
    except fastjsonschema.JsonSchemaException:
        return False
    return True


@cache
def _schema(name: str) -> Any:
    return read_json((files("billingo_async.sandbox") / "schemas" / f"{name}.json").read_bytes())


@cache
def _compiled(schema: str) -> Callable[[Any], Any]:
    import fastjsonschema  # noqa: PLC0415 - see above

    return fastjsonschema.compile(_schema(schema), formats={"date": _is_date})


@cache
def errors_of(schema: str) -> Callable[[Any], Iterator[ValidationError]]:
    """The thorough validator of a schema: a function from a document to its errors."""
    from jsonschema import Draft4Validator, FormatChecker  # noqa: PLC0415 - a third of this package's import time

    Draft4Validator.check_schema(_schema(schema))
    checker = FormatChecker(formats=())
    checker.checks("date")(_is_date)
    validator: Any = Draft4Validator(_schema(schema), format_checker=checker)
    return cast("Callable[[Any], Iterator[ValidationError]]", validator.iter_errors)


def _is_date(value: object) -> bool:
    """Whether a value that is a text names a day of the calendar; what is no text is none of a format's business."""
    if not isinstance(value, str):
        return True
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _beyond(value: object, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """What a schema cannot say: numbers longer than the books reckon with, and nesting without end."""
    if isinstance(value, (str, bool)) or value is None:
        return
    if depth > DEEPEST:
        yield path, f"Nested deeper than {DEEPEST} levels"
    elif isinstance(value, dict):
        for name, inner in cast("JsonObject", value).items():
            yield from _beyond(inner, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(cast("list[object]", value)):
            yield from _beyond(inner, f"{path}[{index}]", depth + 1)
    elif isinstance(value, (int, Decimal)) and too_long(Decimal(value)):
        yield path, f"More than {LONGEST} digits before or after the point"


def _worded(error: ValidationError, base: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    path = (*base, *error.relative_path)
    if error.validator in _ALTERNATIVES and error.context:
        for inner in _nearest(error):
            yield from _worded(inner, path)
        return
    if error.validator == "required":
        for name in _missing(error):
            yield _spelled((*path, name)), f"The property {name} is required"
        return
    wording = _WORDINGS.get(str(error.validator))
    yield _spelled(path), wording(error) if wording else error.message


def _nearest(error: ValidationError) -> Iterable[ValidationError]:
    """Of several shapes that do not fit, the errors of the one whose required fields are there most."""
    branches = cast("list[JsonObject]", error.validator_value)
    instance = cast("JsonObject", error.instance)
    present = [sum(name in instance for name in branch.get("required", ())) for branch in branches]
    best = present.index(max(present))
    return [inner for inner in error.context or () if inner.relative_schema_path[0] == best]


def _missing(error: ValidationError) -> list[str]:
    # The validator reports one missing name at a time, in its message alone.
    return [name for name in cast("list[str]", error.validator_value) if error.message.startswith(f"{name!r} ")]


def _spelled(path: Iterable[str | int]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _type_of(value: object) -> str:
    return next((name for type_, name in _TYPE_NAMES if isinstance(value, type_)), "NULL")


def _wrong_type(error: ValidationError) -> str:
    wanted = cast("str | list[str]", error.validator_value)
    names = [wanted] if isinstance(wanted, str) else wanted
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

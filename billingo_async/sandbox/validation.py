"""Checks decoded bodies against JSON schemas; the words for what does not fit are each API's own.

No body is changed. A fast validator (compiled code, first failure only) lets good bodies in; the thorough one sees only
bodies that it refused, and finds all failures.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from billingo_async.sandbox.arithmetic import MAX_DIGITS, too_long
from billingo_async.sandbox.http import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema.exceptions import ValidationError

    from billingo_async.sandbox.http import JsonObject

MAX_DEPTH = 20


def fits(package: str, schema: str, document: object) -> bool:
    """Whether the fast validator has nothing against a document."""
    import fastjsonschema  # noqa: PLC0415 - belongs to the extra `sandbox`, like the thorough one below

    try:
        _compiled(package, schema)(document)
    except fastjsonschema.JsonSchemaException:
        return False
    return True


def errors_of(package: str, schema: str) -> Callable[[Any], Iterator[ValidationError]]:
    """The thorough validator of a schema: a function from a document to its errors."""
    return cast("Callable[[Any], Iterator[ValidationError]]", _thorough(package, schema).iter_errors)


def missing_names(error: ValidationError) -> list[str]:
    """Which name an error of the kind `required` is about: the validator says so in its message alone."""
    return [name for name in cast("list[str]", error.validator_value) if error.message.startswith(f"{name!r} ")]


def beyond(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What a schema cannot say: numbers longer than the books reckon with, and nesting without end."""
    if isinstance(value, (str, bool)) or value is None:
        return
    if len(path) > MAX_DEPTH:
        yield path, f"Nested deeper than {MAX_DEPTH} levels"
    elif isinstance(value, dict):
        for name, inner in cast("JsonObject", value).items():
            yield from beyond(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(cast("list[object]", value)):
            yield from beyond(inner, (*path, index))
    elif isinstance(value, (int, Decimal)) and too_long(Decimal(value)):
        yield path, f"More than {MAX_DIGITS} digits before or after the point"


@cache
def _schema(package: str, schema: str) -> Any:
    """A file's schema, or the definition `name` of `file#name`, beside all definitions of the file."""
    file, _, name = schema.partition("#")
    document: JsonObject = read_json((files(package) / f"{file}.json").read_bytes())
    return {**document, "$ref": f"#/definitions/{name}"} if name else document


@cache
def _compiled(package: str, schema: str) -> Callable[[Any], Any]:
    import fastjsonschema  # noqa: PLC0415 - see above

    return fastjsonschema.compile(_schema(package, schema), formats={"date": _is_date})


@cache
def _thorough(package: str, schema: str) -> Any:
    from jsonschema import Draft4Validator, FormatChecker  # noqa: PLC0415 - a third of this package's import time

    Draft4Validator.check_schema(_schema(package, schema))
    checker = FormatChecker(formats=())
    checker.checks("date")(_is_date)
    return Draft4Validator(_schema(package, schema), format_checker=checker)


def _is_date(value: object) -> bool:
    """Whether a value that is a text names a day of the calendar; a format concerns no other value."""
    if not isinstance(value, str):
        return True
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True

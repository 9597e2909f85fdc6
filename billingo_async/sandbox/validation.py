"""Checks decoded bodies against JSON schemas; the words for what does not fit are each API's own.

No body is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from billingo_async.sandbox.arithmetic import MAX_DIGITS, too_long
from billingo_async.sandbox.http import JsonObject, read_json

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Path = tuple[str | int, ...]

MAX_DEPTH = 20
V3_BODIES = "v3/schemas/bodies"


def beyond(value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
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


def failures(schema: str, document: object) -> Iterator[tuple[Path, ValidationError]]:
    """All that does not fit, by path; of what is missing each member, as often as there are some.

    Args:
        schema: the name of a file, such as `v2/schemas/client`, or of a definition in one, `file#name`.
        document: a decoded body.
    """
    for error in _validator(schema).iter_errors(document):
        path: Path = (*error.absolute_path,)
        if error.validator == "required":  # one error a name, in whose message alone it stands
            yield from (((*path, name), error) for name in error.validator_value if name not in error.instance)
        else:
            yield path, error


@cache
def _schema(schema: str) -> JsonObject:
    """A file's schema, or the definition `name` of `file#name`, beside all definitions of the file."""
    file, _, name = schema.partition("#")
    document: JsonObject = read_json((files("billingo_async.sandbox") / f"{file}.json").read_bytes())
    return {**document, "$ref": f"#/definitions/{name}"} if name else document


@cache
def _validator(schema: str) -> Any:
    from jsonschema import Draft7Validator, FormatChecker  # noqa: PLC0415 - half of this package's import time

    Draft7Validator.check_schema(_schema(schema))
    return Draft7Validator(_schema(schema), format_checker=FormatChecker(["date"]))


def enum_of(name: str) -> list[str]:
    """The values of one of v3's enums, as the specification lists them."""
    values: list[str] = _schema(f"{V3_BODIES}#{name}")["definitions"][name]["enum"]
    return values

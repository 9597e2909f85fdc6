"""JSON without losing a digit, both ways: numbers with a point are `Decimal` in Python and JSON numbers in the text.

Never enters here: a model, a field's type, and what an API wraps around its answers.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn, TypeAlias, TypeGuard

import simplejson

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"
"""Decoded JSON, numbers exact: what `Billingo.request` returns."""

MAX_NUMBER_DIGITS = 400
"""No number has more digits before its point, or more zeros after it: a huge exponent would fill the memory."""

PLAIN_TYPES: frozenset[type] = frozenset({str, int, bool, type(None)})
"""What JSON has of its own; what is derived of them, such as an enum's member, is not meant."""


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether a decoded value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Tell whether a decoded value is a JSON array."""
    return isinstance(value, list)


def exact_json(body: bytes) -> Any:
    """Decode JSON with Decimals for floats.

    Raises `ValueError` for what is no JSON, is nested too deeply, or holds a number beyond all bounds.
    """
    try:
        return json.loads(body, parse_float=_bounded, parse_constant=_no_number)
    except (RecursionError, ArithmeticError) as error:
        raise ValueError("nested too deeply, or a number beyond all bounds") from error


def _bounded(text: str) -> Decimal:
    """Return the number; to make a whole one of 1e999999999 would take all memory and for ever."""
    number = Decimal(text)
    if abs(number.adjusted()) > MAX_NUMBER_DIGITS:
        raise ValueError("a number beyond all bounds")
    return number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def without_floats(value: Any) -> Any:
    """Return decoded JSON as it is to be written: floats as the Decimals that they were written as."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if _is_mapping(value):
        return {key: without_floats(each) for key, each in value.items()}
    if _is_sequence(value):
        return [without_floats(each) for each in value]
    return value


def to_json(data: object) -> bytes:
    """Return JSON as the API takes it: compact, UTF-8, every Decimal an exact number without an exponent.

    Raises `TypeError` naming the place of a float or of anything else that is no JSON, `ValueError` for a number that
    is not finite, for text that is no Unicode, and for what is nested too deeply or holds itself.
    """
    try:
        text = simplejson.dumps(_writable(data, "$"), use_decimal=True, ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError:
        problem = "a text holds half a character (a lone surrogate), which UTF-8 cannot write"
    except RecursionError:
        problem = "the JSON is nested too deeply, or a part of it holds itself"
    raise ValueError(problem)


def _writable(value: Any, path: str) -> object:
    if type(value) in PLAIN_TYPES or isinstance(value, (str, int)):
        return value
    if isinstance(value, Decimal):
        return _number(value, path)
    if _is_mapping(value):
        return {_key(key, path): _writable(each, f"{path}.{key}") for key, each in value.items()}
    if _is_sequence(value):
        return [_writable(each, f"{path}[{index}]") for index, each in enumerate(value)]
    if isinstance(value, float):
        raise TypeError(f"{path} is a float, which has lost digits already; use a Decimal or an int")
    raise TypeError(f"{path} is a {type(value).__name__}, which JSON cannot hold")


def _number(value: Decimal, path: str) -> object:
    if not value.is_finite():
        raise ValueError(f"{path} is no finite number")
    if abs(value.adjusted()) > MAX_NUMBER_DIGITS:
        raise ValueError(f"{path} has more than {MAX_NUMBER_DIGITS} digits")
    return value if "E" not in str(value) else simplejson.RawJSON(format(value, "f"))


def _is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, (dict, Mapping))  # asking for a Mapping alone is slow


def _is_sequence(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{path} has a key that is a {type(key).__name__}, not text")
    return key

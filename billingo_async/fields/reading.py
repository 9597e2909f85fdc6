"""Reading: the model that forgives, and the one way from an answer's bytes into models without losing a digit.

A model that was read can be written down, in short and to the last digit, and read again.

Unknown fields stay (`model_extra`), absent ones are None, and neither `repr` nor `str` shows anything but what is
harmless in a log. What each kind of field forgives is written in `lenient`.

Never enters here: the envelope around an answer, and what a caller writes.
"""

import json
import re
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from billingo_async.fields.described import DescribedModel
from billingo_async.fields.exact import exact_json, is_array, is_object, to_json
from billingo_async.fields.lenient import Uid

T = TypeVar("T")
M = TypeVar("M", bound="ReadModel")

MIN_LONG_NUMBER_CHARS = 17
"""A binary float keeps 15 digits; the shortest number with 16 and a point or an exponent has 17 characters."""

_DIGIT_MARKS = bytes(ord("0") if chr(code) in "0123456789.eE" else ord(" ") for code in range(256))
_LONG_RUN = b"0" * MIN_LONG_NUMBER_CHARS
_BEFORE_NUMBER = frozenset({b"", b" ", b"\t", b"\r", b"\n", b":", b",", b"["})
_TINY_NUMBER = re.compile(rb"-(?<=[eE]-)0*[1-9][0-9]{2}")
"""An exponent of three digits below zero; to search for one character first is five times as quick."""


class ReadModel(DescribedModel):
    """What the server tells: frozen, forgiving, and silent about personal data when printed."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")


class IdentifiedModel(ReadModel):
    """What the server tells of a thing that has an id."""

    shown: ClassVar[tuple[str, ...]] = ("id",)

    id: Uid = 0
    """The id; 0 on a copy that has none of its own."""


def read_json(adapter: TypeAdapter[T], body: bytes) -> T:
    """Read an answer's bytes into what the adapter makes of them, every amount exact.

    The fast way is pydantic's own, from bytes into models; it takes a JSON number with a point or an exponent for a
    binary float, whose shortest spelling has all the digits that were sent, up to fifteen. An answer that may hold a
    longer one, and one that does not fit, is read by way of `Decimal`.
    Raises `ValueError` (pydantic's `ValidationError` is one) for whatever cannot be read, and nothing else; the error
    holds nothing of what was sent.
    """
    if not _may_lose_digits(body):
        with suppress(ValidationError):
            return adapter.validate_json(body)
    try:
        return adapter.validate_python(exact_json(body))
    except ValidationError as error:
        raise without_input(error) from None


def _may_lose_digits(body: bytes) -> bool:
    """Tell whether a number in the body may have more digits, or be nearer to zero, than a binary float can keep.

    It may say yes without need, never no. Digits in a text, such as an IBAN, are excluded by a second look.
    """
    marks = body.translate(_DIGIT_MARKS)
    run = marks.find(_LONG_RUN)
    while run >= 0:
        if body[max(0, run - 2) : run].removesuffix(b"-")[-1:] in _BEFORE_NUMBER:
            return True
        end = marks.find(b" ", run)
        run = marks.find(_LONG_RUN, end) if end >= 0 else -1
    return _TINY_NUMBER.search(body) is not None


def without_input(error: ValidationError) -> ValidationError:
    """Return the same error without the values that it is about: they may be personal data."""
    lines = [
        InitErrorDetails(
            type=PydanticCustomError("unreadable", "{why}", {"why": line["msg"]}), loc=line["loc"], input=None
        )
        for line in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return ValidationError.from_exception_data(error.title, lines, hide_input=True)


def dump_model(model: ReadModel, left_out: frozenset[str] = frozenset()) -> str:
    """Return a model as JSON: half a character becomes a question mark, and what is too deep is left out."""
    others = model.model_extra or {}
    with suppress(ValueError, TypeError, RecursionError):
        if not any(map(_holds_amount, others.values())):
            return model.model_dump_json(exclude=set(left_out), exclude_none=True)
        shown = model.model_dump(mode="json", exclude={*left_out, *others}, exclude_none=True)
        return to_json(shown | others).decode()
    documented = model.model_dump(mode="json", exclude={*left_out, *others}, exclude_none=True)
    return json.dumps(documented, ensure_ascii=False).encode(errors="replace").decode()


def load_model(kind: type[M], text: str) -> M:
    """Return the model that was kept."""
    model: M = read_json(_adapter(kind), text.encode())
    return model


@cache
def _adapter(kind: type[ReadModel]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _holds_amount(value: Any) -> bool:
    """Tell whether something undocumented holds an exact number, which pydantic would write as text."""
    if is_object(value):
        return any(map(_holds_amount, value.values()))
    return any(map(_holds_amount, value)) if is_array(value) else isinstance(value, Decimal)

"""Reading: the model that forgives, and the one road from an answer's bytes into models without losing a digit.

Unknown fields stay (`model_extra`), absent ones are None, and neither `repr` nor `str` shows anything but what is
harmless in a log. What each kind of field forgives is written in `fields`.

Never enters here: the envelope around an answer, and what a caller writes.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from billingo_async.fields.lenient import Floats, Undocumented

T = TypeVar("T")

LONG_RUN = 17
"""A binary float keeps 15 digits; the shortest number with 16 and a point or an exponent has 17 characters."""

WIDEST = 400
"""No number in an answer has more digits before its point, or more zeros after it."""

_MARKS = bytes(ord("0") if chr(code) in "0123456789.eE" else ord(" ") for code in range(256))
_RUN = b"0" * LONG_RUN
_LONG_NUMBER = re.compile(rb"[\s:,\[]-?(?=[0-9.eE]{%d})[0-9]" % LONG_RUN)
_TINY = re.compile(rb"[eE]-0*[1-9][0-9]{2}")


class ReadModel(BaseModel):
    """What the server tells: frozen, forgiving, and silent about personal data when printed."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="allow", hide_input_in_errors=True, defer_build=True, protected_namespaces=()
    )

    if not TYPE_CHECKING:  # type checkers have it from the parent; pydantic asks for the plain dict
        __pydantic_extra__: dict[str, Undocumented]

    shown: ClassVar[tuple[str, ...]] = ("id",)
    """The fields that `repr` and `str` show, where they are told."""

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Name what may be seen in a log, and nothing else."""
        for name in self.shown:
            value = getattr(self, name)
            if value is not None:
                yield name, value

    def __str__(self) -> str:
        """Read like `repr`: it may end in a log as easily."""
        return repr(self)


M = TypeVar("M", bound=ReadModel)


def with_id(model: M, identity: int) -> M:
    """Return the model with the id that stands beside its attributes on the wire.

    The model is fresh and nobody else's yet, so it is completed in place: a copy would cost more than reading it.
    """
    vars(model)["id"] = identity
    model.__pydantic_fields_set__.add("id")
    return model


def read_json(adapter: TypeAdapter[T], body: bytes) -> T:
    """Read an answer's bytes into what the adapter makes of them, every amount exact.

    The straight road is pydantic's own, from bytes into models; it takes a JSON number with a point or an exponent for
    a binary float. Only where an amount was spelled so, and too long for one, is the answer read again, exactly.
    Raises `ValueError` (pydantic's `ValidationError` is one) for whatever cannot be read, and nothing else; the error
    holds nothing of what was sent.
    """
    floats = Floats()
    try:
        read = adapter.validate_json(body, context=floats)
        if not (floats.met and holds_long_number(body)):
            return read
    except ValidationError as error:
        if not floats.met:
            raise without_input(error) from None
    try:
        return adapter.validate_python(exact_json(body))
    except ValidationError as error:
        raise without_input(error) from None


def without_input(error: ValidationError) -> ValidationError:
    """Return the same error without the values that it is about: they may be somebody's data."""
    lines = [
        InitErrorDetails(
            type=PydanticCustomError("unreadable", "{why}", {"why": line["msg"]}), loc=line["loc"], input=None
        )
        for line in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return ValidationError.from_exception_data(error.title, lines, hide_input=True)


def holds_long_number(body: bytes) -> bool:
    """Tell whether a number in the body may have more digits, or be nearer to zero, than a binary float can keep.

    It may say yes without need, never no. Digits in a text, such as an IBAN, are told apart by a second look.
    """
    long = _RUN in body.translate(_MARKS) and _LONG_NUMBER.search(body) is not None
    return long or _TINY.search(body) is not None


def exact_json(body: bytes) -> Any:
    """Decode JSON with Decimals for floats; slower than the straight road.

    Raises `ValueError` for what is no JSON, is nested too deeply, or holds a number beyond all bounds.
    """
    try:
        return json.loads(body, parse_float=_bounded, parse_constant=_no_number)
    except (RecursionError, ArithmeticError) as error:
        raise ValueError("nested too deeply, or a number beyond all bounds") from error


def _bounded(text: str) -> Decimal:
    """Return the number; to make a whole one of 1e999999999 would take all memory and for ever."""
    number = Decimal(text)
    if abs(number.adjusted()) > WIDEST:
        raise ValueError("a number beyond all bounds")
    return number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")

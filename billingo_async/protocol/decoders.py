"""How answers are read that both APIs have alike: any JSON, a PDF, a Unix time; and the rows of one page of a list.

Numbers are exact (`int`, `Decimal`). Never enters here: what one API alone wraps around its answers, and models.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cached_property
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from billingo_async.fields.exact import Json, exact_json, is_array, is_object
from billingo_async.fields.reading import ReadModel, read_json
from billingo_async.protocol.call import Call, Decoder, RawResponse, Reply
from billingo_async.protocol.refusals import malformed, not_ready, of_another_call
from billingo_async.protocol.retry import http_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


MAX_TIME_DIGITS: Final = 10
"""Digits of a Unix time in seconds, until the year 2286."""
MAX_TIME_LEVELS: Final = 8
"""Levels of JSON in which a time is looked for."""
MAX_PDF_PREFIX_BYTES: Final = 1_024
"""Bytes that may stand before a PDF's mark, as readers allow it. Source: PDF Reference 1.7, implementation note 13."""
PDF_MARK: Final = b"%PDF-"
HIDDEN: Final = b"[hidden]"
_UTF8: Final = frozenset({"utf-8", "utf-8-sig"})
_ESCAPED: Final = re.compile(rb"\\(?:([\"\\/])|u00([2-7][0-9A-Fa-f]))")
"""An ASCII character as JSON may write it otherwise; PHP writes every slash so. Source: RFC 8259, 7."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
M = TypeVar("M", bound=ReadModel)

_FIELD_NAME = re.compile(r"(?!decimal$)\w+")  # pydantic ends a place with the kind that it tried there


class Rows(NamedTuple, Generic[T_co]):
    """What one answer tells of a list that comes in pages."""

    rows: Sequence[T_co]
    has_next: bool
    """False only where nothing can follow; where rows end on a page's edge, an empty page may."""
    total: int | None = None
    """How many rows the whole list has; None where the API does not tell."""


def object_in(reply: Reply) -> dict[str, Any] | None:
    """Return the JSON object that is the body of an answer; None if it is anything else."""
    try:
        value = exact_json(reply.body)
    except ValueError:
        return None
    return value if is_object(value) else None


def json_of(call: Call[Any], reply: Reply) -> Json:
    """Return the JSON of a whole answer; raise `MalformedResponseError` where there is none."""
    check_whole(call, reply)
    try:
        value: Json = exact_json(reply.body)
    except ValueError:
        pass
    else:
        return value
    raise malformed(call, reply, "the answer is no JSON")


def check_whole(call: Call[Any], reply: Reply, thing: str = "the answer") -> None:
    """Raise `MalformedResponseError` for an answer of which only the beginning was kept."""
    if reply.cut:
        raise malformed(call, reply, f"{thing} is longer than max_response_size")


class Adapted(Decoder[T_co]):
    """Reads with an adapter that is built once, before the first call of its row leaves."""

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        raise NotImplementedError


class OfModel(Generic[M]):
    """Reads into a model, which is found when the adapter is built."""

    def __init__(
        self, find: Callable[[], type[M]], check: Callable[[Call[Any], Any], str | None] | None = None
    ) -> None:
        """Take what finds the model, and what names the thing that it tells otherwise than it was asked for."""
        self._find = find
        self._check = check

    @cached_property
    def model(self) -> type[M]:
        """The model."""
        return self._find()

    def _checked(self, model: M, call: Call[Any], reply: Reply) -> M:
        if self._check is not None and (other := self._check(call, model)):
            raise of_another_call(call, reply, other)
        return model


class Named(Adapted[T]):
    """Reads one value, which an object holds under its name."""

    def __init__(self, name: str, kind: type[T]) -> None:
        """Take the value's name and its type."""
        self._name = name
        self._kind = kind

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._kind, config=ConfigDict(coerce_numbers_to_str=True))

    def _value_in(self, holder: object, call: Call[Any], reply: Reply, place: str) -> T:
        if not is_object(holder) or holder.get(self._name) is None:
            raise malformed(call, reply, f"no `{self._name}` in {place}")
        return validated(self._adapter, holder[self._name], call, reply)


def read_whole(adapter: TypeAdapter[T], call: Call[Any], reply: Reply) -> T:
    """Return what an adapter makes of a whole answer; raise `MalformedResponseError` for what it cannot read."""
    check_whole(call, reply)
    try:
        return read_json(adapter, reply.body)
    except ValueError:
        pass
    return validated(adapter, json_of(call, reply), call, reply)


def validated(adapter: TypeAdapter[T], plain: Any, call: Call[Any], reply: Reply) -> T:
    """Return the typed value, or raise `MalformedResponseError` that names the places which do not fit."""
    try:
        return adapter.validate_python(plain)
    except ValidationError as error:
        places = _places(error)
    raise malformed(call, reply, f"not what the API promises: {places}")


def _places(error: ValidationError) -> str:
    """Name the first three places that do not fit, without what pydantic adds about the kinds that it tried there."""
    paths = (takewhile(_FIELD_NAME.fullmatch, map(str, fault["loc"])) for fault in error.errors(include_input=False))
    return ", ".join(islice(dict.fromkeys(".".join(path) or "data" for path in paths), 3))


class Pdf(Decoder[bytes]):
    """A PDF; never half of one, and never an error in its place."""

    def read(self, call: Call[Any], reply: Reply) -> bytes:
        """Return the bytes of the PDF; only its beginning where it was streamed elsewhere.

        Raises `DocumentNotReadyError` where JSON came in its place. Source: seen.
        """
        check_whole(call, reply, "the PDF")
        if not is_pdf(reply.body):
            value = object_in(reply)
            raise (
                malformed(call, reply, "the answer is no PDF")
                if value is None
                else not_ready(call, reply, value.get("error"))
            )
        tail = reply.body if reply.tail is None else reply.tail
        if b"%%EOF" not in tail[-1024:]:
            raise malformed(call, reply, "the PDF breaks off before its end")
        return reply.body


def is_pdf(head: bytes | bytearray) -> bool:
    """Tell whether these first bytes are those of a PDF: a line or a byte order mark may stand before its mark."""
    return PDF_MARK in head[: MAX_PDF_PREFIX_BYTES + len(PDF_MARK)]


class AnyJson(Decoder["Json"]):
    """Decoded JSON of any shape."""

    def read(self, call: Call[Any], reply: Reply) -> Json:
        """Return the JSON."""
        return json_of(call, reply)


class Raw(Decoder[RawResponse]):
    """Whatever came, as it came."""

    def read(self, call: Call[Any], reply: Reply) -> RawResponse:
        """Return the answer."""
        check_whole(call, reply)
        return RawResponse(reply.status, reply.headers, reply.body)


class UnixTime(Decoder[float]):
    """The server's time. Its JSON is not documented, so the first thing in it that is a time is taken."""

    def read(self, call: Call[Any], reply: Reply) -> float:
        """Return the Unix time in seconds."""
        check_whole(call, reply)
        try:
            value: Json = exact_json(reply.body)
        except ValueError:
            value = reply.body.decode("ascii", "replace")
        seconds = _first_time(value)
        if seconds is None or not 0 <= seconds < 10**MAX_TIME_DIGITS:
            raise malformed(call, reply, "no time in the answer")
        return seconds


def _first_time(value: object, levels: int = MAX_TIME_LEVELS) -> float | None:
    if is_object(value) or is_array(value):
        parts = value.values() if is_object(value) else value
        times = (_first_time(part, levels - 1) for part in (parts if levels else ()))
        return next((seconds for seconds in times if seconds is not None), None)
    text = str(value).strip()
    if number := re.fullmatch(r"(\d{10})(\d{3})?(\.\d+)?", text, re.ASCII):
        return float(text) / (1_000 if number[2] else 1)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return http_date(text)
    return moment.timestamp() if moment.tzinfo else None


def redacted(body: bytes, secrets: Iterable[bytes]) -> bytes:
    """Return an answer without these secrets, in every spelling that JSON has for them.

    An answer in UTF-16 or UTF-32 becomes UTF-8.
    """
    if (encoding := json.detect_encoding(body)) not in _UTF8:
        body = body.decode(encoding, "replace").encode()
    for secret in secrets:
        body = body.replace(secret, HIDDEN)
    if _ESCAPED.search(body):
        plain = _ESCAPED.sub(_character, body)
        for secret in secrets:
            if secret in plain:
                body = _any_encoding(secret).sub(HIDDEN, body)
    return body


def _character(escaped: re.Match[bytes]) -> bytes:
    return escaped[1] or bytes.fromhex(escaped[2].decode())


def _any_encoding(secret: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a secret with each of its characters plain or escaped."""
    return re.compile(b"".join(rb"(?:\\?%b|\\u(?i:00%02x))" % (re.escape(bytes([char])), char) for char in secret))

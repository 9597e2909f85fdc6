"""A request, what a handler reads of it, the response or the refusal, and JSON that loses no digit.

No socket, no clock and no rule of an API enters here. No value shows headers, query or body when printed: a key, a
customer or an e-mail address must not end up in a log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import simplejson

JsonObject = dict[str, Any]
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as it arrived.

    `path` is the raw path, percent-encoding untouched, so that an encoded slash never becomes a real one. `headers` has
    its names in lower case. `ip` is the caller's address, which the PDF limit counts by.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    ip: str = "127.0.0.1"

    def __repr__(self) -> str:
        return f"Request({self.method} {self.path})"

    def parameters(self) -> dict[str, str]:
        """The query's parameters; of one given twice the last counts, as in PHP."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Response:
    """One answer: status, body and headers in the order in which they leave."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.body)} bytes)"

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, repr=False)
class Params:
    """What a handler reads of a request whose caller and body are checked.

    `uid` is 0 and `text` empty where the path has none; `body` is empty where the operation takes none.
    """

    uid: int
    text: str
    query: Mapping[str, str]
    body: JsonObject


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - an answer of the API on its way out, no error of the sandbox
    """A request is refused: nothing of it was done. Each counter words it in its own dialect.

    `errors` maps fields to texts, or lists texts.
    """

    status: int
    error: str
    errors: Mapping[str, str] | Sequence[str] | None = field(default=None, kw_only=True)
    headers: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)


def read_json(body: bytes, make_object: Callable[[list[tuple[str, Any]]], JsonObject] = dict) -> Any:
    """Decode a body; fractions become Decimal, exactly as written; `make_object` makes each object, inner ones first.

    Raises:
        ValueError: the body is not JSON, is nested too deeply, or holds NaN or an infinity, which JSON does not know.
    """
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=make_object)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def write_json(value: object) -> bytes:
    """Encode a value as UTF-8 JSON; a Decimal becomes a number with all its digits."""
    text: str = simplejson.dumps(value, use_decimal=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")

"""How answers read that come without the envelope: a PDF, the server's time, and JSON that nobody described.

The counterpart of `shapes`, which reads what comes in the envelope.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from billingo_async.fields.reading import exact_json
from billingo_async.protocol.call import Shape
from billingo_async.protocol.decoded import is_array, is_object, object_in
from billingo_async.protocol.refusals import malformed, not_ready
from billingo_async.protocol.retry import http_date
from billingo_async.v2 import envelope

if TYPE_CHECKING:
    from billingo_async.protocol.call import Call, Reply
    from billingo_async.protocol.decoded import Json

_DIGITS: Final = 10
"""Digits of a Unix time in seconds, until the year 2286."""
_DEEPEST: Final = 8
"""Levels of JSON in which the time is looked for."""


class Pdf(Shape[bytes]):
    """A PDF; never half of one, and never an error in its place."""

    def read(self, call: Call[Any], reply: Reply) -> bytes:
        """Return the bytes of the PDF; only its beginning where it was streamed elsewhere.

        Raises `DocumentNotReadyError` where JSON came in its place. Source: seen.
        """
        if reply.cut:
            raise malformed(call, reply, "the PDF is longer than max_response_size")
        if not reply.body.startswith(b"%PDF-"):
            said = object_in(reply)
            raise malformed(call, reply, "the answer is no PDF") if said is None else not_ready(call, reply, said)
        tail = reply.body if reply.tail is None else reply.tail
        if b"%%EOF" not in tail[-1024:]:
            raise malformed(call, reply, "the PDF breaks off before its end")
        return reply.body


class Anything(Shape["Json"]):
    """Decoded JSON of any shape, numbers exact, unless it says that it is a failure."""

    def read(self, call: Call[Any], reply: Reply) -> Json:
        """Return the JSON."""
        if reply.cut:
            raise malformed(call, reply, "the answer is longer than max_response_size")
        try:
            said: Json = exact_json(reply.body)
        except ValueError:
            pass
        else:
            enveloped = is_object(said) and ("success" in said or envelope.complains(said))
            return envelope.answered(call, reply) if enveloped else said
        raise malformed(call, reply, "the answer is no JSON")


class UnixTime(Shape[float]):
    """The server's time. The JSON's shape is not documented, so the first thing in it that is a time is taken."""

    def read(self, call: Call[Any], reply: Reply) -> float:
        """Return the Unix time in seconds; whatever times a refusal names, it tells none."""
        if reply.cut:
            raise malformed(call, reply, "the answer is longer than max_response_size")
        try:
            said: Json = exact_json(reply.body)
        except ValueError:
            told = http_date(reply.body.decode("ascii", "replace"))
        else:
            if is_object(said) and (envelope.complains(said) or envelope.says_success(said) is False):
                envelope.answered(call, reply)  # raises, unless it says success all the same
            told = _first_time(said)
        if told is None or not 0 <= told < 10**_DIGITS:
            raise malformed(call, reply, "no time in the answer")
        return told


def _first_time(said: object, levels: int = _DEEPEST) -> float | None:
    if is_object(said) or is_array(said):
        parts = said.values() if is_object(said) else said
        times = (_first_time(part, levels - 1) for part in (parts if levels else ()))
        return next((told for told in times if told is not None), None)
    text = str(said).strip()
    if number := re.fullmatch(r"(\d{10})(\d{3})?(\.\d+)?", text, re.ASCII):
        return float(text) / (1_000 if number[2] else 1)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return http_date(text)
    return moment.timestamp() if moment.tzinfo else None

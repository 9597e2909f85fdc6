"""How answers read that come without the envelope: a PDF, the server's time, and JSON that nobody described.

The counterpart of `shapes`, which reads what comes in the envelope.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import DocumentNotReadyError
from billingo_async.models.reading import exact_json
from billingo_async.protocol import envelope
from billingo_async.protocol.refusals import malformed, one_line
from billingo_async.protocol.retry import http_date

if TYPE_CHECKING:
    from billingo_async.protocol.call import Call, Reply

_MILLISECONDS: Final = 13
"""Digits of a Unix time in milliseconds, in this century and the next ones."""


class Pdf:
    """A PDF; never half of one, and never an error in its place."""

    streamed = True

    def read(self, call: Call[Any], reply: Reply) -> bytes:
        """Return the bytes of the PDF; only its beginning where it was streamed elsewhere.

        Raises `DocumentNotReadyError` where JSON came in its place. Source: seen.
        """
        if reply.cut:
            raise malformed(call, reply, "the PDF is longer than max_response_size")
        if not reply.body.startswith(b"%PDF-"):
            raise self._in_its_place(call, reply)
        tail = reply.body if reply.tail is None else reply.tail
        if b"%%EOF" not in tail[-1024:]:
            raise malformed(call, reply, "the PDF breaks off before its end")
        return reply.body

    def _in_its_place(self, call: Call[Any], reply: Reply) -> Exception:
        try:
            said = exact_json(reply.body)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            return malformed(call, reply, "the answer is no PDF")
        message = one_line(said.get("error"))
        return DocumentNotReadyError(
            f"{call.label}: the PDF is not made yet{f': {message}' if message else ''}; ask again a little later",
            operation=call.operation.name,
            status_code=reply.status,
            message=message,
            method=call.operation.method,
            path=call.path,
        )


class Anything:
    """Decoded JSON of any shape, numbers exact, unless it says that it is a failure."""

    streamed = False

    def read(self, call: Call[Any], reply: Reply) -> Any:
        """Return the JSON."""
        try:
            said = exact_json(reply.body)
        except ValueError:
            said = reply
        if said is reply or reply.cut:
            raise malformed(call, reply, "the answer is no JSON")
        return envelope.answered(call, reply) if isinstance(said, dict) and "success" in said else said


class UnixTime:
    """The server's time. The JSON's shape is not documented, so the first thing in it that is a time is taken."""

    streamed = False

    def read(self, call: Call[Any], reply: Reply) -> float:
        """Return the Unix time in seconds."""
        try:
            told = _first_time(exact_json(reply.body))
        except ValueError:
            told = http_date(reply.body.decode("ascii", "replace"))
        if told is None:
            raise malformed(call, reply, "no time in the answer")
        return told


def _first_time(said: Any) -> float | None:
    if isinstance(said, dict | list):
        parts = said.values() if isinstance(said, dict) else said
        return next((told for part in parts if (told := _first_time(part)) is not None), None)
    text = str(said).strip()
    if re.fullmatch(r"\d{10}(\.\d+)?|\d{13}", text, re.ASCII):
        return float(text) / (1_000 if len(text) == _MILLISECONDS else 1)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return http_date(text)
    return moment.timestamp() if moment.tzinfo else None

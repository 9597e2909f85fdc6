"""The last requests and the answer to each, for the sandbox's page: so many, each cut, and never a key.

Headers never enter, so no token does; a key or a token in a path or a body is blotted out first.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, quote_plus

from billingo_async.sandbox.faults import NO_FAULT, Fault, NetworkFault
from billingo_async.sandbox.http import Request, Response
from billingo_async.sandbox.routing import Directory

DEFAULT_SIZE: Final = 50
BODY_BYTES: Final = 4_000
"""How much of a body is kept; its whole length is known all the same."""
PATH_CHARACTERS: Final = 300
BLOT: Final = "…"
_TOKEN: Final = rb"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}"  # a cut one, too
_BEYOND: Final = 2_000  # a secret that begins before the cut is known by what follows it
_TEXTUAL: Final = re.compile(r"application/json|text/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LoggedBody:
    """The beginning of a body, or nothing of it where it is no text; `size` is the whole in bytes."""

    kind: str
    size: int
    text: str | None = field(repr=False)
    cut: bool


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request and what became of it; paths and bodies are not shown when printed.

    Attributes:
        number: 1 for the first request of the sandbox's life, and so on.
        at: unix time on the sandbox's clock, in seconds, when the answer was ready.
        method: the HTTP method.
        path: path and query, keys and tokens blotted out.
        operation: the operation's name, blank for an unknown endpoint.
        status: the answer's status, None where none was made.
        milliseconds: how long the sandbox took, the waits of a fault included.
        fault: the name of the fault that it met, blank where none was.
        network: what the network did to the answer, blank where it arrived.
        sent: the request's body.
        answer: the answer's body, also of one that was lost on the way; None where none was made.
    """

    number: int
    at: float
    method: str
    path: str = field(repr=False)
    operation: str
    status: int | None
    milliseconds: float
    fault: str
    network: str
    sent: LoggedBody
    answer: LoggedBody | None


class RequestLog:
    """The last `size` requests, newest first; none with 0."""

    def __init__(self, directory: Directory, now: Callable[[], float], size: int, secrets: tuple[str, ...]) -> None:
        self._directory = directory
        self._now = now
        self._requests: deque[LoggedRequest] = deque(maxlen=size)
        self._count = 0
        spellings = {word.encode() for secret in secrets for word in _spellings(secret)}
        self._secret = re.compile(b"|".join([_TOKEN, *map(re.escape, sorted(spellings))]))
        self._veiled_bytes = BODY_BYTES + max([_BEYOND, *map(len, spellings)])

    def __repr__(self) -> str:
        return f"RequestLog({len(self._requests)} of at most {self._requests.maxlen})"

    def newest_first(self) -> tuple[LoggedRequest, ...]:
        """What is kept now."""
        return tuple(reversed(self._requests))

    def add(self, request: Request, fault: Fault, response: Response | None, seconds: float) -> None:
        """Add a request; called by the doors. `response` is None where there is no answer."""
        if self._requests.maxlen:
            self._count += 1
            self._requests.append(self._logged(request, fault, response, seconds))

    def _logged(self, request: Request, fault: Fault, response: Response | None, seconds: float) -> LoggedRequest:
        query = f"?{request.query}" if request.query else ""
        path = self._veiled(f"{request.path}{query}".encode()).decode("utf-8", "replace")
        return LoggedRequest(
            number=self._count,
            at=self._now(),
            method=request.method,
            path=path if len(path) <= PATH_CHARACTERS else f"{path[:PATH_CHARACTERS]}{BLOT}",
            operation=self._directory.table_of(request.path).operation_of(request.method, request.path),
            status=None if response is None else response.status,
            milliseconds=seconds * 1000,
            fault="" if fault == NO_FAULT else fault.name,
            network="" if fault.network is NetworkFault.ANSWERS else str(fault.network),
            sent=self._body(request.headers.get("content-type", ""), request.body),
            answer=None if response is None else self._body(response.header("Content-Type") or "", response.body),
        )

    def _body(self, kind: str, content: bytes) -> LoggedBody:
        if content and not _TEXTUAL.match(kind):
            return LoggedBody(kind, len(content), None, cut=False)
        veiled = self._veiled(content[: self._veiled_bytes])
        cut = len(veiled) > BODY_BYTES or len(content) > self._veiled_bytes
        text = veiled[:BODY_BYTES].decode("utf-8", "ignore" if cut else "replace")  # a cut may part a character
        return LoggedBody(kind, len(content), text, cut)

    def _veiled(self, text: bytes) -> bytes:
        return self._secret.sub(BLOT.encode(), text)


def _spellings(secret: str) -> set[str]:
    """A key as it stands in plain text, in an address, in its query, and in JSON of either taste."""
    in_json = {json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    return {secret, quote(secret, safe=""), quote_plus(secret), *in_json}

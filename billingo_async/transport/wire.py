"""What all calls of a `Billingo` object and its copies share: connections, clock, signature, limits, pause.

Brings one call onto the wire: waits for its turn, then signs it, then sends it. Decides nothing about what comes back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from billingo_async.errors import BillingoError
from billingo_async.protocol.call import Limit, Reply
from billingo_async.protocol.operations import SERVER_TIME
from billingo_async.protocol.refusals import held_back
from billingo_async.protocol.retry import http_date
from billingo_async.protocol.token import is_stale
from billingo_async.transport.clock import ServerClock
from billingo_async.transport.http import Http
from billingo_async.transport.signer import Signer
from billingo_async.transport.throttle import Allowance, Pause

if TYPE_CHECKING:
    from billingo_async.protocol.call import Answer, Call
    from billingo_async.settings import Settings
    from billingo_async.transport.http import HttpClient, Sink


@dataclass(frozen=True, slots=True)
class Sent:
    """One call that was on the wire: what came back, when its token was issued, how long it took."""

    answer: Answer
    issued: int | None
    seconds: float


class Wire:
    """The way to one server with one account's keys."""

    def __init__(self, settings: Settings, http_client: HttpClient | None = None) -> None:
        """Prepare; nothing is opened before the first call."""
        self.clock: Final = ServerClock()
        self.pause: Final = Pause()
        self._http = Http(settings, http_client)
        self._signer = Signer(settings.keys)
        self._timeout = settings.timeout
        self._pdf_limit = settings.pdf_limit
        self._pdfs = Allowance.shared(settings.origin, settings.pdf_limit)
        self._asking_time: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def queue(self, call: Call[Any]) -> None:
        """Wait for the call's turn under the limit that its row names.

        Raises `RateLimitedError` if `max_queue` of the limit is over before.
        """
        if call.operation.limit is Limit.NONE:
            return
        patience = self._pdf_limit.max_queue
        try:
            async with asyncio.timeout(patience):
                await self._pdfs.turn()
                return
        except TimeoutError:
            pass
        raise held_back(call, patience or 0.0, "the queue for its turn was longer than")

    async def send(self, call: Call[Any], *, seconds: float, sink: Sink | None = None) -> Sent | None:
        """Sign the call as the last thing before it leaves, and send it; None if a pause began while it queued."""
        limited = call.operation.limit is Limit.PDF
        while True:
            async with await self._http.place() as place:
                if self.pause.left() and not call.operation.public:
                    return None
                wait = self._pdfs.leave() if limited else 0.0
                if not wait:
                    issued = None if call.operation.public else self.clock.issue_time()
                    token = None if issued is None else self._signer.token(issued)
                    started = perf_counter()
                    answer = await self._http.send(place, call, token, seconds=seconds, sink=sink)
                    return Sent(self._heard(answer), issued, perf_counter() - started)
            await asyncio.sleep(wait)

    async def explains_refusal(self, sent: Sent) -> bool:
        """Tell whether a 401 came from the token's times, and so is worth another try with the clock set right."""
        answer, issued = sent.answer, sent.issued
        if not isinstance(answer, Reply) or answer.status != HTTPStatus.UNAUTHORIZED or issued is None:
            return False
        if is_stale(issued, self.clock.now()):
            return True
        async with self._asking_time.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            if not is_stale(issued, self.clock.now()):
                await self._ask_time(http_date(answer.headers.get("date", "")))
            return is_stale(issued, self.clock.now())

    async def aclose(self) -> None:
        """Wait for what is on the wire, then close all connections."""
        await self._http.aclose()

    async def _ask_time(self, date: float | None) -> None:
        """Set the clock by the server's `/time`; without an answer it stays as it is."""
        call = SERVER_TIME.call(query={"type": "json"})
        sent = await self.send(call, seconds=self._timeout)
        if sent is None or not isinstance(sent.answer, Reply) or not sent.answer.is_success:
            return
        try:
            told = SERVER_TIME.shape.read(call, sent.answer)
        except BillingoError:
            return
        self.clock.hear_time(told, date)

    def _heard(self, answer: Answer) -> Answer:
        """Learn the time from an answer, and take out what must not be shown."""
        if not isinstance(answer, Reply):
            return answer
        self.clock.hear_date(http_date(answer.headers.get("date", "")))
        return replace(answer, body=self._signer.without_secrets(answer.body))

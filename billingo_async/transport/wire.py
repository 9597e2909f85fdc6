"""What all calls of a `Billingo` object and its copies share: connections, clock, signature, limits, pause.

Brings one call onto the wire: waits for its turn, then signs it, then sends it. Decides nothing about what comes back.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingo_async.errors import BillingoError
from billingo_async.protocol.call import Limit, Reply
from billingo_async.protocol.refusals import throttled
from billingo_async.protocol.retry import http_date
from billingo_async.transport.clock import ServerClock
from billingo_async.transport.http import Http
from billingo_async.transport.loops import PerLoop
from billingo_async.transport.signer import Signer
from billingo_async.transport.throttle import Allowance, Pause
from billingo_async.v2.operations import SERVER_TIME
from billingo_async.v2.token import is_stale

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.protocol.call import Answer, Call
    from billingo_async.settings import Settings
    from billingo_async.transport.body import Sink
    from billingo_async.transport.http import HttpClient
    from billingo_async.transport.pool import Place


class Sent(NamedTuple):
    """One call that was on the wire: what came back, when its token was issued, how long it took."""

    answer: Answer
    issued: int | None
    seconds: float
    asked: int
    """How often the server had been asked for its time when this call left."""


class Wire:
    """The way to one server with one account's keys."""

    def __init__(self, settings: Settings, http_client: HttpClient | None = None) -> None:
        """Prepare; nothing is opened before the first call."""
        self.clock: Final = ServerClock()
        self.pause: Final = Pause()
        self._http = Http(settings, http_client)
        self._signer = Signer(settings.keys)
        self._timeout = settings.timeout
        self._pdfs = Allowance.shared(settings.origin, settings.pdf_limit)
        self._asking_time = PerLoop(asyncio.Lock)
        self._asked = 0

    def check_open(self) -> None:
        """Raise `ConfigurationError` where nothing can be sent any more."""
        self._http.check_open()

    async def queue(self, call: Call[Any], patience: float | None = None) -> float:
        """Wait for the call's turn under the limit that its row names; return the loop's time until which it may queue.

        Raises `ThrottledError` if so many seconds are over before; None waits as long as it takes.
        """
        self._http.check_open()
        if call.operation.limit is Limit.NONE or patience is None:
            if call.operation.limit is Limit.PDF:
                await self._pdfs.turn()
            return math.inf
        until = asyncio.get_running_loop().time() + patience
        try:
            async with asyncio.timeout(patience):
                await self._pdfs.turn()
                return until
        except TimeoutError:
            pass
        raise throttled(call, patience, "the queue for its turn was longer than")

    async def send(
        self,
        call: Call[Any],
        *,
        seconds: float,
        until: float = math.inf,
        sink: Sink | None = None,
        departing: Callable[[], object] | None = None,
    ) -> Sent | None:
        """Sign the call as the last thing before it leaves, and send it; None if a pause began while it queued.

        Raises `ThrottledError` if its turn would come later than `until`, where another loop was quicker. `departing`
        has the last word: what it raises keeps the call back.
        """
        limited = call.operation.limit is Limit.PDF
        while True:
            async with self._http.place() as place:
                if self.pause.left() and not call.operation.public:
                    return None
                wait = self._pdfs.leave() if limited else 0.0
                if not wait:
                    if departing is not None:
                        departing()
                    return await self._sent(place, call, seconds, sink)
            if asyncio.get_running_loop().time() + wait > until:
                raise throttled(call, wait, "the queue for its turn is longer than")
            await asyncio.sleep(wait)

    async def _sent(self, place: Place, call: Call[Any], seconds: float, sink: Sink | None) -> Sent:
        asked, departed, started = self._asked, self.clock.local(), perf_counter()
        issued = None if call.operation.public else self.clock.issue_time()
        token = None if issued is None else self._signer.token(issued)
        answer = await self._http.send(place, call, token, seconds=seconds, sink=sink)
        if isinstance(answer, Reply):
            self.clock.hear_date(_date(answer), departed)
            answer = replace(answer, body=self._signer.without_secrets(answer.body, token))
        return Sent(answer, issued, perf_counter() - started, asked)

    async def explains_refusal(self, sent: Sent) -> bool:
        """Tell whether a 401 came from the token's times, and so is worth another try with the clock set right.

        If the `Date` of the answer does not explain it, the server is asked for its time: once for all the calls that
        are refused together.
        """
        issued, refused = sent.issued, self.clock.local()
        if not isinstance(sent.answer, Reply) or sent.answer.status != HTTPStatus.UNAUTHORIZED or issued is None:
            return False
        if is_stale(issued, self.clock.at(refused)):
            return True
        async with self._asking_time.here():
            if self._asked == sent.asked and not is_stale(issued, self.clock.at(refused)):
                await self._ask_time()
        return is_stale(issued, self.clock.at(refused))

    async def aclose(self) -> None:
        """Wait for what is on the wire, then close all connections."""
        await self._http.aclose()

    async def _ask_time(self) -> None:
        """Set the clock by the server's `/time`; without an answer it stays as it is."""
        self._asked += 1
        call = SERVER_TIME.call(query={"type": "json"})
        sent = await self.send(call, seconds=self._timeout)
        if sent is None or not isinstance(sent.answer, Reply) or not sent.answer.is_success:
            return
        try:
            told = SERVER_TIME.decoder.read(call, sent.answer)
        except BillingoError:
            return
        self.clock.hear_time(told, _date(sent.answer))


def _date(reply: Reply) -> float | None:
    return http_date(reply.headers.get("date", ""))

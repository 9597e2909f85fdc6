"""`Sender`: brings one call onto the wire. All waiting before a request leaves happens here, in one loop.

The order is fixed: limits, a slot, a connection, any pause, the credential, `before_send`, and the request leaves.
Shared by all copies of a `Billingo` object, with its clock, limits and connections. Decides nothing about what comes
back.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingo_async.errors import BillingoError, ConfigurationError
from billingo_async.protocol.call import Fault, Reply
from billingo_async.protocol.refusals import throttled
from billingo_async.protocol.retry import http_date
from billingo_async.transport.clock import ServerClock
from billingo_async.transport.connections.pool import Connections, slots_for
from billingo_async.transport.connections.request import Request, standing_headers
from billingo_async.transport.limits import Limits
from billingo_async.transport.loops import PerLoop, closed_error
from billingo_async.transport.observe import MIN_LOGGED_WAIT, log_wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.protocol.api import Api
    from billingo_async.protocol.call import Answer, Call
    from billingo_async.settings import Settings
    from billingo_async.transport.auth import Auth, Credential
    from billingo_async.transport.connections.body import SinkSource
    from billingo_async.transport.connections.borrowed import HttpClient
    from billingo_async.transport.windows import Queue


MAX_TARGET_BYTES: Final = 65_536
"""Bytes of path and query that a request may have; servers stop far below."""
EXPECT_BODY: Final = frozenset({"PATCH", "POST", "PUT"})
"""Methods with which a server wants to be told that there is no body. Source: RFC 9110, 8.6."""


class Exchange(NamedTuple):
    """One call that was on the wire: what came back, how it was authenticated, how long it took."""

    answer: Answer
    credential: Credential | None
    seconds: float
    time_syncs: int
    """How often the server had been asked for its time when this call left."""


class RetryState:
    """What one call has been through so far; times are seconds of the loop's clock."""

    __slots__ = ("attempts", "backoff", "may_have_happened", "on_wire", "paused", "queued")

    def __init__(self) -> None:
        """Nothing yet."""
        self.attempts: int = 0
        self.may_have_happened: bool = False
        self.queued: float = 0.0
        self.paused: float = 0.0
        self.backoff: float = 0.0
        self.on_wire: float = 0.0

    @property
    def patience_used(self) -> float:
        """The seconds that count against `max_wait`."""
        return self.paused + self.backoff


class Sender:
    """The way to one server with one account's credentials."""

    def __init__(self, settings: Settings, api: Api, auth: Auth, http_client: HttpClient | None = None) -> None:
        """Prepare; nothing is opened before the first call."""
        self.api: Final = api
        self.auth: Final = auth
        self.clock: Final = ServerClock()
        self.limits: Final = Limits(settings, auth.account, api.limits)
        self._settings = settings
        self._client = http_client
        self._loops = PerLoop(self._open)
        self._is_client_in_use = False
        self._is_closed = False
        self._time_syncs = 0
        self._origin = settings.origin
        self._prefix = settings.base_url.removeprefix(settings.origin)
        self._headers = standing_headers(settings)
        slots_for(settings, http_client)  # refuses what is no client

    def _open(self) -> Connections:
        if self._client is not None and self._is_client_in_use:
            msg = "the http_client of this Billingo object belongs to another event loop: make one for each loop"
            raise ConfigurationError(msg)
        self._is_client_in_use = True
        return Connections(self._settings, self._client, self.limits.aclose)

    def check_open(self) -> None:
        """Raise `ConfigurationError` where nothing can be sent any more."""
        if self._is_closed:
            raise closed_error()
        if self._client is not None and self._client.is_closed:
            msg = "the http_client of this Billingo object was closed by its owner: keep it open around all calls"
            raise ConfigurationError(msg)

    async def send(
        self,
        call: Call[Any],
        state: RetryState,
        settings: Settings,
        *,
        sink: SinkSource | None = None,
        before_send: Callable[[], object] | None = None,
    ) -> Exchange:
        """Wait for the call's turn, authenticate it as the last thing before it leaves, and send it.

        Raises `ThrottledError` if its turn, or the end of a pause, comes later than the caller waits; whatever
        `before_send` raises; OSError if the sink fails.
        """
        here = self._here()
        loop = asyncio.get_running_loop()
        connection, seconds = await self._admit(here, call, state, settings)
        if isinstance(connection, Fault):
            return Exchange(connection, None, settings.timeout - seconds, self._time_syncs)
        began, syncs = loop.time(), self._time_syncs
        try:
            part = sink.new_part() if sink is not None else None
            departed, server_now = self.clock.read()
            credential = None if call.operation.public else self.auth.issue(server_now)
            request = self._request(call, credential)
            if before_send is not None:
                before_send()
            answer = await connection.exchange(request, seconds, part)
        finally:
            took = loop.time() - began
            state.on_wire += took
            here.release(connection)
        if isinstance(answer, Reply):
            if "date" in answer.headers and answer.is_from_api:
                self.clock.learn_from_date(http_date(answer.headers["date"]), departed)
            body = self.auth.redact(answer.body, credential)
            if body is not answer.body:
                answer = replace(answer, body=body)
        return Exchange(answer, credential, settings.timeout - seconds + took, syncs)

    async def explains_refusal(self, exchange: Exchange) -> bool:
        """Tell whether a 401 came from the credential's times, and so is worth another try with the clock set right.

        If the `Date` of the answer does not explain it, the server is asked for its time: once for all the calls that
        are refused together.
        """
        credential, refused = exchange.credential, self.clock.local()
        if credential is None:
            return False
        if self.auth.is_stale(credential, self.clock.at(refused)):
            return True
        async with self._here().time_lock:
            if self._time_syncs == exchange.time_syncs and not self.auth.is_stale(credential, self.clock.at(refused)):
                await self._sync_clock()
        return self.auth.is_stale(credential, self.clock.at(refused))

    async def sleep(self, seconds: float) -> None:
        """Wait between two attempts; closing ends it with a `ConfigurationError`."""
        await self._here().wait(asyncio.sleep(seconds))

    async def aclose(self) -> None:
        """Let go of what has not left, wait for what is on the wire, at most `timeout` seconds, close all connections.

        Of this event loop; a second time does nothing.
        """
        self._is_closed = True
        here = self._loops.taken()
        if here is not None:
            await here.aclose(self._settings.timeout)

    def stop_waiting(self) -> None:
        """Have a closing that is under way wait no longer."""
        for here in self._loops.values():
            here.stop_waiting()

    def _here(self) -> Connections:
        self.check_open()
        try:
            here = self._loops.known.get(asyncio.get_running_loop())
        except RuntimeError:  # asyncio has no running loop
            msg = "there is no running asyncio loop here: Billingo works under asyncio alone, not trio"
            raise ConfigurationError(msg) from None
        return here or self._loops.here()

    def _request(self, call: Call[Any], credential: Credential | None) -> Request:
        """Return the request of a call; raise ValueError if its address is longer than any server takes."""
        target = call.path if call.operation.public else f"{self._prefix}{call.path}"
        if call.query:
            target = f"{target}?{call.query}"
        if len(target) > MAX_TARGET_BYTES:
            msg = f"no address can be made of {call.path:.200} and a query of {len(call.query)} characters"
            raise ValueError(msg)
        headers = self._headers if credential is None else {**self._headers, **credential.headers}
        if call.body is not None:
            headers = {**headers, "Content-Type": "application/json", "Content-Length": str(len(call.body))}
        elif call.operation.method in EXPECT_BODY:
            headers = {**headers, "Content-Length": "0"}
        return Request(call.operation.method, self._origin, target, headers, call.body)

    async def _admit(
        self, here: Connections, call: Call[Any], state: RetryState, settings: Settings
    ) -> tuple[Any, float]:
        """Wait until the call may leave; return its connection, or why there is none, and the seconds left for it."""
        while True:
            if (self.limits.is_active or call.operation.limit) and (pause := self._pause_left(call)):
                await self._sit_out(here, call, pause, state, settings)
                continue
            turns: list[Queue] = []
            departs, wait = False, 0.0
            try:
                connection, seconds = await self._connect(here, call, state, settings, turns)
                if isinstance(connection, Fault):
                    return connection, seconds
                try:
                    departs, wait = await self._acquire(call, turns)
                finally:
                    if not departs:
                        here.release(connection)
            finally:
                if not departs:
                    for window in turns:
                        window.leave()
            if departs:
                return connection, seconds
            if wait:
                await self._wait_for_place(here, call, wait, state, settings)

    async def _connect(
        self, here: Connections, call: Call[Any], state: RetryState, settings: Settings, turns: list[Queue]
    ) -> tuple[Any, float]:
        """Wait for the turn under each limit, a slot and a connection; `turns` holds the windows that it passed."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            if self.limits.is_active or call.operation.limit:
                for window in self.limits.queues(call):
                    await self._queue(here, call, window, state, settings)
                    turns.append(window)
            await here.enter()
        finally:
            entered = loop.time()
            state.queued += entered - began
        if not turns and entered - began > MIN_LOGGED_WAIT:
            log_wait(call, entered - began, "all connections were in use")
        connection = await here.connect(settings.timeout)
        took = loop.time() - entered
        state.on_wire += took
        return connection, settings.timeout - took

    async def _acquire(self, call: Call[Any], turns: list[Queue]) -> tuple[bool, float]:
        """Take a slot of each window whose turn has come; tell whether the call may leave, else how long to wait."""
        for window in turns:
            if wait := await window.renew():
                return False, wait
        if self.limits.is_active and self._pause_left(call):
            return False, 0.0
        wait = next((seconds for window in turns if (seconds := window.try_acquire())), 0.0)
        return not wait, wait

    def _pause_left(self, call: Call[Any]) -> float:
        return 0.0 if call.operation.public else self.limits.pause_left(call)

    async def _sit_out(
        self, here: Connections, call: Call[Any], pause: float, state: RetryState, settings: Settings
    ) -> None:
        if state.patience_used + pause > settings.max_wait:
            raise throttled(call, pause, "the server has asked to wait, for another")
        log_wait(call, pause, "the server has asked to wait")
        await here.wait(asyncio.sleep(pause))
        state.paused += pause

    async def _queue(
        self, here: Connections, call: Call[Any], window: Queue, state: RetryState, settings: Settings
    ) -> None:
        """Wait for the turn under a limit; raise `ThrottledError` if it comes later than the caller waits."""
        first = settings.priority == "interactive"
        left = math.inf if settings.max_queue is None else max(0.0, settings.max_queue - state.queued)
        notify = partial(log_wait, call, reason="its turn under the limit has not come")
        turn = window.wait_turn(first=first, patience=left, notify=notify)
        try:
            late = await here.wait(turn, None if settings.max_queue is None else left)
        except TimeoutError:
            late = window.seconds_to_turn(first=first)
            raise throttled(call, late, "its turn under the limit comes in") from None
        if late:
            raise throttled(call, late, "its turn under the limit comes in")

    async def _wait_for_place(
        self, here: Connections, call: Call[Any], wait: float, state: RetryState, settings: Settings
    ) -> None:
        """Wait for a place that another loop has taken meanwhile."""
        if settings.max_queue is not None and state.queued + wait > settings.max_queue:
            raise throttled(call, wait, "its turn under the limit comes in")
        log_wait(call, wait, "its turn under the limit was taken")
        await here.wait(asyncio.sleep(wait))
        state.queued += wait

    async def _sync_clock(self) -> None:
        """Set the clock by the server's own; without an answer it stays as it is."""
        self._time_syncs += 1
        call = self.api.time
        if call is None:
            return
        answer = (await self.send(call, RetryState(), self._settings)).answer
        if not isinstance(answer, Reply) or not answer.is_success:
            return
        try:
            seconds = call.operation.decoder.read(call, answer)
        except BillingoError:
            return
        self.clock.sync(seconds, http_date(answer.headers.get("date", "")))

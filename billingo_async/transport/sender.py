"""`Sender`: brings one call onto the wire. All waiting before a request leaves happens here, in one loop.

The order is fixed: limits, a slot, a connection, any pause, the credential, `before_send`, and the request leaves.
Shared by all copies of a `Billingo` object, with its clock, limits and connections. Decides nothing about what comes
back.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from billingo_async.errors import BillingoError, ConfigurationError
from billingo_async.protocol.call import Answer, BeforeSend, Call, Fault, Reply
from billingo_async.protocol.refusals import throttled
from billingo_async.protocol.retry import http_date
from billingo_async.settings import Settings, package_version
from billingo_async.transport.clock import ServerClock
from billingo_async.transport.connections.borrowed import BorrowedConnection, HttpClient, library_of
from billingo_async.transport.connections.dial import Origin
from billingo_async.transport.connections.http1 import Connection, Request
from billingo_async.transport.connections.pool import Connections
from billingo_async.transport.limits import Limits
from billingo_async.transport.loops import PerLoop, closed_error
from billingo_async.transport.observe import MIN_LOGGED_WAIT, log_wait
from billingo_async.transport.windows import RIDE_OUT_SECONDS, Queue

if TYPE_CHECKING:
    from billingo_async.protocol.api import Api, Auth, Credential
    from billingo_async.transport.connections.body import SinkSource

T = TypeVar("T")

MAX_TARGET_BYTES: Final = 65_536
"""Bytes of path and query that a request may have; servers stop far below."""
EXPECT_BODY: Final = frozenset({"PATCH", "POST", "PUT"})
"""Methods with which a server wants to be told that there is no body. Source: RFC 9110, 8.6."""


class RetryState(Generic[T]):
    """One call with the caller's patience, and what it has been through so far; times are seconds of the loop's clock.

    The last four are of the last attempt: how it was authenticated, how long it took, how often the server had been
    asked for its time when it left, and after how many seconds the next one follows.
    """

    attempts: int = 0
    error: BillingoError | None = None
    may_have_happened: bool = False
    queued: float = 0.0
    paused: float = 0.0
    backoff: float = 0.0
    on_wire: float = 0.0
    credential: Credential | None = None
    seconds: float = 0.0
    time_syncs: int = 0
    again_in: float = 0.0

    def __init__(
        self, call: Call[T], settings: Settings, sink: SinkSource | None = None, before_send: BeforeSend | None = None
    ) -> None:
        """Begin with a call that was not tried yet."""
        self.call = call
        self.settings = settings
        self.sink = sink
        self.before_send = before_send

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
        agent = f"billingo-async/{package_version()}"
        self._headers = {
            "Host": Origin.of(settings.base_url).authority,
            "Accept": "application/json, application/pdf",
            "Accept-Encoding": "gzip",
            "User-Agent": f"{settings.user_agent} {agent}" if settings.user_agent else agent,
        }
        if http_client is not None:
            library_of(http_client)  # refuses what is no client

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

    async def send(self, state: RetryState[Any]) -> Answer:
        """Wait for the call's turn, authenticate it as the last thing before it leaves, and send it.

        Raises `ThrottledError` if its turn, or the end of a pause, comes later than the caller waits; whatever
        `before_send` raises; OSError if the sink fails.
        """
        here = self._here()
        loop = asyncio.get_running_loop()
        call, state.credential = state.call, None
        connection = await self._admit(here, state)
        if isinstance(connection, Fault):
            return connection
        began, state.time_syncs = loop.time(), self._time_syncs
        try:
            part = state.sink.new_part() if state.sink is not None else None
            departed = self.clock.local()
            credential = None if call.operation.public else self.auth.issue(self.clock.at(departed))
            request = self._request(call, credential)
            if state.before_send is not None:
                state.before_send(state.error)
            state.credential = credential
            answer = await connection.exchange(request, state.settings.timeout - state.seconds, part)
        finally:
            took = loop.time() - began
            state.on_wire += took
            state.seconds += took
            here.release(connection)
        if isinstance(answer, Reply):
            if "date" in answer.headers and answer.is_from_api:
                self.clock.learn_from_date(http_date(answer.headers["date"]), departed)
            body = self.auth.redact(answer.body, credential)
            if body is not answer.body:
                answer = replace(answer, body=body)
        return answer

    async def explains_refusal(self, state: RetryState[Any]) -> bool:
        """Tell whether a 401 came from the credential's times, and so is worth another try with the clock set right.

        If the `Date` of the answer does not explain it, the server is asked for its time: once for all the calls that
        are refused together.
        """
        credential, refused = state.credential, self.clock.local()
        if credential is None:
            return False
        if self.auth.is_stale(credential, self.clock.at(refused)):
            return True
        async with self._here().time_lock:
            if self._time_syncs == state.time_syncs and not self.auth.is_stale(credential, self.clock.at(refused)):
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
        here = self._loops.known.get(asyncio.get_running_loop())
        if here is not None:  # known until it is closed: `stop_waiting` finds it here
            await here.aclose(self._settings.timeout)
            self._loops.taken()

    def stop_waiting(self) -> None:
        """Have a closing that is under way wait no longer."""
        for here in list(self._loops.known.values()):
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
            raise ValueError(f"no address can be made of {call.path:.200} and a query of {len(call.query)} characters")
        headers = self._headers if credential is None else {**self._headers, **credential.headers}
        if call.body is not None:
            headers = {**headers, "Content-Type": "application/json", "Content-Length": str(len(call.body))}
        elif call.operation.method in EXPECT_BODY:
            headers = {**headers, "Content-Length": "0"}
        return Request(call.operation.method, self._origin, target, headers, call.body)

    async def _admit(self, here: Connections, state: RetryState[Any]) -> Connection | BorrowedConnection | Fault:
        """Wait until the call may leave; return its connection, or why there is none."""
        loop = asyncio.get_running_loop()
        while True:
            if self.limits.is_active:
                await self._sit_out_pause(here, state)
            turns: list[Queue] = []
            departs = False
            try:
                await self._line_up(here, state, turns)
                began = loop.time()
                connection = await here.connect(state.settings.timeout)
                state.seconds = loop.time() - began
                state.on_wire += state.seconds
                if isinstance(connection, Fault):
                    return connection
                try:
                    departs = not (turns or self.limits.is_active) or await self._acquire(state.call, turns)
                finally:
                    if not departs:
                        here.release(connection)
            finally:
                if not departs:
                    for queue in turns:
                        queue.leave()
            if departs:
                return connection

    async def _line_up(self, here: Connections, state: RetryState[Any], turns: list[Queue]) -> None:
        """Wait for the turn under each limit and for a slot; `turns` takes the queues that were passed."""
        began = asyncio.get_running_loop().time()
        try:
            if self.limits.is_active or state.call.operation.limit:
                for queue in self.limits.queues(state.call):
                    await self._queue(here, queue, state)
                    turns.append(queue)
            await here.enter()
        finally:
            waited = asyncio.get_running_loop().time() - began
            state.queued += waited
        if not turns and waited > MIN_LOGGED_WAIT:
            log_wait(state.call, waited, "all connections were in use")

    async def _acquire(self, call: Call[Any], turns: list[Queue]) -> bool:
        """Take a slot of each limit whose turn has come; False if one is gone again, or a pause was asked for."""
        for queue in turns:
            if await queue.renew():
                return False
        return not self.limits.pause_left(call) and not any(queue.try_acquire() for queue in turns)

    async def _sit_out_pause(self, here: Connections, state: RetryState[Any]) -> None:
        while pause := self.limits.pause_left(state.call):
            if state.patience_used + pause > state.settings.max_wait:
                raise throttled(state.call, pause, "the server has asked to wait, for another")
            log_wait(state.call, pause, "the server has asked to wait")
            await here.wait(asyncio.sleep(pause))
            state.paused += pause

    async def _queue(self, here: Connections, queue: Queue, state: RetryState[Any]) -> None:
        """Wait for the turn under a limit; raise `ThrottledError` if it comes later than the caller waits."""
        first, bound = state.settings.priority == "interactive", state.settings.max_queue
        left = math.inf if bound is None else max(0.0, bound - state.queued)
        notify = partial(log_wait, state.call, reason="its turn under the limit has not come")
        turn = queue.wait_turn(first=first, patience=left, notify=notify)
        try:
            late = await here.wait(turn, None if bound is None else max(left, queue.answer_seconds))
        except TimeoutError:
            late = queue.seconds_to_turn(first=first) or RIDE_OUT_SECONDS
        if late:
            raise throttled(state.call, late, "its turn under the limit comes in")

    async def _sync_clock(self) -> None:
        """Set the clock by the server's own; without an answer it stays as it is."""
        self._time_syncs += 1
        call = self.api.time
        if call is None:
            return
        answer = await self.send(RetryState(call, self._settings))
        with suppress(BillingoError):  # what cannot be read tells no time
            if isinstance(answer, Reply) and answer.is_success:
                self.clock.sync(call.operation.decoder.read(call, answer), http_date(answer.headers.get("date")))

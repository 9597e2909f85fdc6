"""`Dispatch`: the loop of attempts and what is decided after each. The home of tenacity, which carries the loop.

The first attempt stands before the loop, since tenacity costs 32 µs, a tenth of a call, and most calls need no second.

Every rule it follows stands elsewhere: what is repeated in `protocol.retry`, how an answer reads in the row's decoder.
Knows no HTTP library and no endpoint.
"""

from __future__ import annotations

import asyncio
import logging
import random
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar, cast

from tenacity import AsyncRetrying, retry_if_result, stop_never

from billingo_async.errors import BillingoError, MalformedResponseError
from billingo_async.protocol.call import Attempt, CallReport, Effect, Fate, Fault, Reply
from billingo_async.protocol.refusals import in_doubt, malformed, no_answer, redirected
from billingo_async.protocol.retry import (
    ACTIONS,
    Action,
    Patience,
    dated,
    fate_of,
    may_try_again,
    retry_after,
    wait_before_next,
)
from billingo_async.transport.observe import LOGGER, call_hook, log_attempt, log_retry
from billingo_async.transport.sender import RetryState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import RetryCallState

    from billingo_async.protocol.call import Answer, Call
    from billingo_async.settings import Settings
    from billingo_async.transport.auth import Auth
    from billingo_async.transport.clock import ServerClock
    from billingo_async.transport.connections.body import SinkSource
    from billingo_async.transport.sender import Exchange, Sender

T = TypeVar("T")


class Decision(NamedTuple, Generic[T]):
    """What follows from one attempt: a value, an error, or another attempt after `again_in` seconds."""

    value: T | None = None
    error: BillingoError | None = None
    again_in: float | None = None


class Dispatch:
    """Carries out calls for one `Billingo` object, with its patience, over its sender."""

    def __init__(
        self,
        settings: Settings,
        sender: Sender,
        on_attempt: Callable[[Attempt], object] | None = None,
        on_call: Callable[[CallReport], object] | None = None,
    ) -> None:
        """Take the options, the hooks, and the sender, which several objects may share."""
        self.settings: Final = settings
        self.sender: Final = sender
        self._on_attempt = on_attempt
        self._on_call = on_call
        self._patience = Patience(settings.max_retries, settings.max_wait)

    @property
    def auth(self) -> Auth:
        """How requests are authenticated: whose account it is, and for how long a request is accepted."""
        return self.sender.auth

    @property
    def server_clock(self) -> ServerClock:
        """The server's clock, as far as it is known."""
        return self.sender.clock

    def check_open(self) -> None:
        """Raise `ConfigurationError` where nothing can be sent any more."""
        self.sender.check_open()

    def replace(self, **options: Any) -> Dispatch:
        """Return one with other options over the same sender; None leaves an option as it is."""
        return Dispatch(self.settings.replace(**options), self.sender, self._on_attempt, self._on_call)

    def with_attempt_hook(self, hook: Callable[[Attempt], object]) -> Dispatch:
        """Return one over the same sender that reports every attempt to `hook` as well."""
        original_hook = self._on_attempt

        def both(attempt: Attempt) -> None:
            hook(attempt)
            if original_hook is not None:
                original_hook(attempt)

        return Dispatch(self.settings, self.sender, both, self._on_call)

    async def run(
        self,
        call: Call[T],
        *,
        sink: SinkSource | None = None,
        before_send: Callable[[], object] | None = None,
        key: str | None = None,
    ) -> T:
        """Carry out a call: return what the answer says, or raise what went wrong, as an error of `errors`.

        `before_send` runs before each attempt, after all waiting. If it raises, nothing is sent. `key` is the
        journal's, for the report alone.
        """
        state = RetryState()
        began = asyncio.get_running_loop().time() if self._on_call is not None else 0.0
        error: BaseException | None = None
        try:
            decision = await self._attempt(call, state, sink, before_send)
            if decision.again_in is not None:  # few calls come here: tenacity costs a tenth of the others
                await self.sender.sleep(decision.again_in)
                attempts = AsyncRetrying(
                    retry=retry_if_result(_is_again), wait=_as_decided, stop=stop_never, sleep=self.sender.sleep
                )
                decision = cast("Decision[T]", await attempts(self._attempt, call, state, sink, before_send))
            error = decision.error
        except BaseException as failure:
            error = failure
            raise
        finally:
            if self._on_call is not None:
                seconds = asyncio.get_running_loop().time() - began
                call_hook("on_call", self._on_call, _report(call, key, state, seconds, error))
            error = None  # its frames would hold this one
        if decision.error is not None:
            raise decision.error
        return cast("T", decision.value)

    async def _attempt(
        self, call: Call[T], state: RetryState, sink: SinkSource | None, before_send: Callable[[], object] | None
    ) -> Decision[T]:
        """Make one attempt and decide what follows from it."""
        exchange = await self.sender.send(call, state, self.settings, sink=sink, before_send=before_send)
        state.attempts += 1
        answer = exchange.answer
        is_stale = (
            isinstance(answer, Reply)
            and answer.status == HTTPStatus.UNAUTHORIZED
            and await self.sender.explains_refusal(exchange)
        )
        decision = self._decide(call, state, answer, is_stale=is_stale)
        wait = decision.again_in
        if wait is None and self._on_attempt is None and not LOGGER.isEnabledFor(logging.DEBUG):
            return decision
        attempt = _attempt_of(call, state.attempts, exchange, decision.error)
        log_attempt(attempt)
        call_hook("on_attempt", self._on_attempt, attempt)
        if wait is None:
            return decision
        if not may_try_again(self._patience, state.attempts, state.patience_used, wait):
            return decision._replace(again_in=None)
        log_retry(attempt, wait)
        if getattr(decision.error, "retry_after", None) is None:
            state.backoff += wait
        else:
            state.paused += wait
        return decision

    def _decide(self, call: Call[T], state: RetryState, answer: Answer, *, is_stale: bool) -> Decision[T]:
        """Ask the table what follows from an answer; whether patience is left for it is asked later."""
        if isinstance(answer, Reply) and not answer.is_success:
            answer = dated(answer, self.sender.clock.now())
        read = self._read(call, answer, state)
        if read.error is None:
            return read
        effect = call.operation.effect
        is_trusted = self.settings.trust_refusals or effect is not Effect.ONCE
        fate = fate_of(answer, is_stale=is_stale, is_trusted=is_trusted)
        if isinstance(read.error, MalformedResponseError) and fate is Fate.ANSWERED and effect is Effect.ONCE:
            fate = Fate.UNKNOWN  # it says success, but not what was done; or it points elsewhere
        match ACTIONS[effect][fate]:
            case Action.DONE:
                return read
            case Action.DOUBT:
                raw = answer.body if isinstance(answer, Reply) else None
                return Decision(error=in_doubt(call, read.error, raw))
            case Action.AGAIN:
                state.may_have_happened |= fate is Fate.UNKNOWN
                return read._replace(again_in=0.0 if is_stale else self._wait(call, state, answer))

    def _wait(self, call: Call[Any], state: RetryState, answer: Answer) -> float:
        """Return the seconds to wait before the next attempt; a 429 holds back all that it concerns for as long."""
        seconds = retry_after(answer) if isinstance(answer, Reply) else None
        wait = wait_before_next(state.attempts, seconds, random.random())  # noqa: S311 - spreads load, guards no secret
        if isinstance(answer, Reply) and answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.sender.limits.pause(call, wait)
        return wait

    def _read(self, call: Call[T], answer: Answer, state: RetryState) -> Decision[T]:
        """Return what an answer says, as a value or as an error; nothing is raised, so that no error holds another."""
        if isinstance(answer, Fault):
            return Decision(error=no_answer(call, answer))
        if answer.status == HTTPStatus.NOT_FOUND and call.operation.gone_is_done and state.may_have_happened:
            return Decision()  # an earlier attempt has done it
        try:
            if answer.is_success:
                return Decision(value=call.operation.decoder.read(call, answer))
            redirect = redirected(call, answer)
            return Decision(error=redirect or self.sender.api.error_from(call, answer))
        except BillingoError as error:
            return Decision(error=error.with_traceback(None))
        except Exception as error:  # noqa: BLE001 - law 1: what was answered may have been done, whatever breaks here
            return Decision(error=malformed(call, answer, f"it could not be read ({type(error).__name__})"))


def _attempt_of(call: Call[Any], number: int, exchange: Exchange, error: BillingoError | None) -> Attempt:
    answer, row = exchange.answer, call.operation
    if isinstance(answer, Fault):
        return Attempt(row.name, row.method, call.path, number, None, exchange.seconds, answer.reason)
    reason = type(error).__name__ if error else None
    return Attempt(
        row.name, row.method, call.path, number, answer.status, exchange.seconds, reason, headers=answer.headers
    )


def _report(
    call: Call[Any], key: str | None, state: RetryState, seconds: float, error: BaseException | None
) -> CallReport:
    row = call.operation
    return CallReport(
        operation=row.name,
        method=row.method,
        path=call.path,
        key=key,
        attempts=state.attempts,
        seconds=seconds,
        queued=state.queued,
        paused=state.paused,
        backoff=state.backoff,
        on_wire=state.on_wire,
        error=None if error is None else type(error).__name__,
    )


def _is_again(decision: Decision[Any]) -> bool:
    return decision.again_in is not None


def _as_decided(state: RetryCallState) -> float:
    decision = state.outcome.result() if state.outcome else None
    return decision.again_in or 0.0 if decision else 0.0

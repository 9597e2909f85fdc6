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

from tenacity import AsyncRetrying, retry_if_result

from billingo_async.errors import BillingoError, ConfigurationError, MalformedResponseError
from billingo_async.protocol.call import Answer, Attempt, BeforeSend, Call, CallReport, Effect, Fate, Fault, Reply
from billingo_async.protocol.refusals import in_doubt, malformed, missing_part, no_answer, of_another_call, redirected
from billingo_async.protocol.retry import ACTIONS, Action, dated, fate_of, retry_after, wait_before_next
from billingo_async.transport.observe import LOGGER, Hook, call_hook, log_attempt
from billingo_async.transport.sender import RetryState, Sender

if TYPE_CHECKING:
    from billingo_async.settings import Settings
    from billingo_async.transport.connections.body import SinkSource

T = TypeVar("T")


class Decision(NamedTuple, Generic[T]):
    """What follows from one attempt: a value, an error, or another attempt after `again_in` seconds."""

    value: T | None = None
    error: BillingoError | None = None
    again_in: float | None = None


class Dispatch:
    """Carries out calls for one `Billingo` object, with its patience, over its sender."""

    def __init__(
        self, settings: Settings, sender: Sender, on_attempt: Hook[Attempt] | None, on_call: Hook[CallReport] | None
    ) -> None:
        """Take the options, the hooks, and the sender, which several objects may share."""
        self.settings: Final = settings
        self.sender: Final = sender
        self.auth: Final = sender.auth
        self.server_clock: Final = sender.clock
        self._on_attempt = on_attempt
        self._on_call = on_call

    def replace(self, **options: Any) -> Dispatch:
        """Return one with other options over the same sender; None leaves an option as it is."""
        return Dispatch(self.settings.replace(**options), self.sender, self._on_attempt, self._on_call)

    async def run(
        self,
        call: Call[T],
        *,
        sink: SinkSource | None = None,
        before_send: BeforeSend | None = None,
        key: str | None = None,
    ) -> T:
        """Carry out a call: return what the answer says, or raise what went wrong, as an error of `errors`.

        `before_send` runs before each attempt, after all waiting, and is told what went wrong with the last one that
        left. If it raises, nothing is sent. `key` is the journal's, for the report alone.
        """
        state = RetryState(call, self.settings, sink, before_send)
        began = asyncio.get_running_loop().time() if self._on_call is not None else 0.0
        error: BaseException | None = None
        try:
            decision = await self._attempt(state)
            if decision.again_in is not None:  # few calls come here: tenacity costs a tenth of the others
                await self.sender.sleep(decision.again_in)
                attempts = AsyncRetrying(
                    retry=retry_if_result(lambda decision: decision.again_in is not None),
                    wait=lambda _: state.again_in,
                    sleep=self.sender.sleep,
                )
                decision = cast("Decision[T]", await attempts(self._attempt, state))
            error = decision.error
        except BaseException as failure:
            error = failure
            raise
        finally:
            if self._on_call is not None:
                seconds = asyncio.get_running_loop().time() - began
                call_hook("on_call", self._on_call, _report(state, key, seconds, error))
            error = None  # its frames would hold this one
        if decision.error is not None:
            raise decision.error
        return cast("T", decision.value)

    async def _attempt(self, state: RetryState[T]) -> Decision[T]:
        """Make one attempt and decide what follows from it."""
        answer = await self.sender.send(state)
        state.attempts += 1
        decision = await self._decide(state, answer)
        never_left = isinstance(answer, Fault) and answer.fate is Fate.NEVER_SENT
        state.error = (state.error if never_left else None) or decision.error
        wait = decision.again_in
        if wait is None and self._on_attempt is None and not LOGGER.isEnabledFor(logging.DEBUG):
            return decision
        attempt = _attempt_of(state, answer, decision.error)
        log_attempt(attempt)
        call_hook("on_attempt", self._on_attempt, attempt)
        if wait is None:
            return decision
        patience = state.settings
        if state.attempts > patience.max_retries or state.patience_used + wait > patience.max_wait:
            return decision._replace(again_in=None)
        log_attempt(attempt, wait)
        state.again_in = wait
        if getattr(decision.error, "retry_after", None) is None:
            state.backoff += wait
        else:
            state.paused += wait
        return decision

    async def _decide(self, state: RetryState[T], answer: Answer) -> Decision[T]:
        """Ask the table what follows from an answer; whether patience is left for it is asked later."""
        is_stale, effect = False, state.call.operation.effect
        if isinstance(answer, Reply) and not answer.is_success:
            if answer.status == HTTPStatus.UNAUTHORIZED:
                is_stale = await self.sender.explains_refusal(state)
            answer = dated(answer, self.server_clock.now())
        read = self._read(state, answer)
        if read.error is None:
            return read
        is_trusted = state.settings.trust_refusals or effect is not Effect.ONCE
        fate = fate_of(answer, is_stale=is_stale, is_trusted=is_trusted)
        if isinstance(read.error, MalformedResponseError) and fate is Fate.ANSWERED and effect is Effect.ONCE:
            fate = Fate.UNKNOWN  # it says success, but not what was done; or it points elsewhere
        action = ACTIONS[effect][fate]
        if action is Action.AGAIN and isinstance(read.error, ConfigurationError):
            action = Action.DONE  # no other attempt finds what this program lacks
        match action:
            case Action.DONE:
                return read
            case Action.DOUBT:
                raw = answer.body if isinstance(answer, Reply) else None
                return Decision(error=in_doubt(state.call, read.error, raw))
            case Action.AGAIN:
                state.may_have_happened |= fate is Fate.UNKNOWN
                return read._replace(again_in=0.0 if is_stale else self._wait(state, answer))

    def _wait(self, state: RetryState[Any], answer: Answer) -> float:
        """Return the seconds to wait before the next attempt; a 429 holds back all that it concerns for as long."""
        seconds = retry_after(answer) if isinstance(answer, Reply) else None
        wait = wait_before_next(state.attempts, seconds, random.random())  # noqa: S311 - spreads load, guards no secret
        if isinstance(answer, Reply) and answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.sender.limits.pause(state.call, wait)
        return wait

    def _read(self, state: RetryState[T], answer: Answer) -> Decision[T]:
        """Return what an answer says, as a value or as an error; nothing is raised, so that no error holds another."""
        call = state.call
        if isinstance(answer, Fault):
            return Decision(error=no_answer(call, answer))
        if answer.status == HTTPStatus.NOT_FOUND and call.operation.gone_is_done and state.may_have_happened:
            return Decision()  # an earlier attempt has done it
        try:
            if answer.is_success:
                value = call.operation.decoder.read(call, answer)
                other = next(filter(None, (check(value) for check in call.checks)), None)
                return Decision(value) if other is None else Decision(error=of_another_call(call, answer, other))
            return Decision(error=redirected(call, answer) or self.sender.api.error_from(call, answer))
        except BillingoError as error:
            return Decision(error=error.with_traceback(None))
        except Exception as error:  # noqa: BLE001 - law 1: what was answered may have been done, whatever breaks here
            why = missing_part(error) or type(error).__name__
            return Decision(error=malformed(call, answer, f"it could not be read ({why})"))


def _attempt_of(state: RetryState[Any], answer: Answer, error: BillingoError | None) -> Attempt:
    row, path = state.call.operation, state.call.path
    if isinstance(answer, Fault):
        return Attempt(row.name, row.method, path, state.attempts, None, state.seconds, answer.reason)
    reason = type(error).__name__ if error else None
    return Attempt(row.name, row.method, path, state.attempts, answer.status, state.seconds, reason, answer.headers)


def _report(state: RetryState[Any], key: str | None, seconds: float, error: BaseException | None) -> CallReport:
    row = state.call.operation
    return CallReport(
        operation=row.name,
        method=row.method,
        path=state.call.path,
        key=key,
        attempts=state.attempts,
        seconds=seconds,
        queued=state.queued,
        paused=state.paused,
        backoff=state.backoff,
        on_wire=state.on_wire,
        error=None if error is None else type(error).__name__,
    )

"""The loop: throttle → sign → send → decide → decode. The home of tenacity.

Every rule it follows stands elsewhere: what is repeated in `protocol.retry`, how an answer reads in the row's shape.
Knows no HTTP library and no endpoint.
"""

from __future__ import annotations

import asyncio
import random
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar, cast

from tenacity import AsyncRetrying, retry_if_result, stop_never

from billingo_async.errors import BillingoError, MalformedResponseError
from billingo_async.protocol.call import Attempt, Effect, Fate, Fault, Reply
from billingo_async.protocol.refusals import in_doubt, malformed, no_answer, throttled
from billingo_async.protocol.retry import (
    VERDICTS,
    Patience,
    Verdict,
    dated,
    fate_of,
    may_try_again,
    retry_after,
    wait_before_next,
)
from billingo_async.transport.record import tell, tell_retry
from billingo_async.v2 import envelope

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import RetryCallState

    from billingo_async.protocol.call import Answer, Call
    from billingo_async.settings import Settings
    from billingo_async.transport.body import SinkSource
    from billingo_async.transport.wire import Sent, Wire

T = TypeVar("T")


class Trial:
    """What one call has been through so far."""

    __slots__ = ("may_have_happened", "tries", "waited")

    def __init__(self) -> None:
        """Nothing yet."""
        self.tries: int = 0
        self.waited: float = 0.0
        self.may_have_happened: bool = False


class Step(NamedTuple, Generic[T]):
    """What follows from one try: a value, an error, or another try after `again_in` seconds."""

    value: T | None = None
    error: BillingoError | None = None
    again_in: float | None = None


class Dispatch:
    """Carries out calls for one `Billingo` object, with its patience, on its wire."""

    def __init__(self, settings: Settings, wire: Wire, on_attempt: Callable[[Attempt], object] | None = None) -> None:
        """Take the options and the wire, which several objects may share."""
        self.settings: Final = settings
        self.wire: Final = wire
        self._on_attempt = on_attempt
        self._patience = Patience(settings.max_retries, settings.max_wait)

    def but(self, settings: Settings) -> Dispatch:
        """Return one with other patience on the same wire."""
        return Dispatch(settings, self.wire, self._on_attempt)

    def overheard(self, hear: Callable[[Attempt], object]) -> Dispatch:
        """Return one on the same wire that tells every attempt to `hear` as well."""
        told = self._on_attempt

        def both(attempt: Attempt) -> None:
            hear(attempt)
            if told is not None:
                told(attempt)

        return Dispatch(self.settings, self.wire, both)

    async def run(
        self, call: Call[T], *, sink: SinkSource | None = None, departing: Callable[[], object] | None = None
    ) -> T:
        """Carry out a call: return what the answer says, or raise what went wrong, as an error of `errors`.

        `departing` is called before each try, when nothing is left to wait for; what it raises keeps the call back.
        """
        trial = Trial()
        step = await self._step(call, trial, sink, departing)
        if step.again_in is not None:  # most calls are over with their first try, and pay for no loop
            await asyncio.sleep(step.again_in)
            loop = AsyncRetrying(
                retry=retry_if_result(_wants_more), wait=_as_decided, stop=stop_never, sleep=asyncio.sleep
            )
            step = cast("Step[T]", await loop(self._step, call, trial, sink, departing))
        if step.error is not None:
            raise step.error
        return cast("T", step.value)

    async def _step(
        self, call: Call[T], trial: Trial, sink: SinkSource | None, departing: Callable[[], object] | None
    ) -> Step[T]:
        """Make one try and decide what follows from it."""
        sent = await self._send(call, trial, sink, departing)
        trial.tries += 1
        stale = await self.wire.explains_refusal(sent)
        answer = dated(sent.answer, self.wire.clock.now())
        step = self._decided(call, trial, answer, stale_token=stale)
        attempt = _attempt(call, trial.tries, sent, step.error)
        tell(attempt, self._on_attempt)
        if step.again_in is None:
            return step
        if not may_try_again(self._patience, trial.tries, trial.waited, step.again_in):
            return step._replace(again_in=None)
        tell_retry(attempt, step.again_in)
        trial.waited += step.again_in
        return step

    async def _send(
        self, call: Call[T], trial: Trial, sink: SinkSource | None, departing: Callable[[], object] | None
    ) -> Sent:
        """Wait for the call's turn and send it, as late as any pause asks for."""
        until = await self.wire.queue(call, self.settings.max_queue)
        while True:
            await self._wait_out_pause(call, trial)
            part = sink.new_part() if sink else None
            sent = await self.wire.send(
                call, seconds=self.settings.timeout, until=until, sink=part, departing=departing
            )
            if sent is not None:
                return sent

    async def _wait_out_pause(self, call: Call[T], trial: Trial) -> None:
        while left := self.wire.pause.left():
            if trial.waited + left > self._patience.max_wait:
                raise throttled(call, left, "the server asked all calls to wait")
            trial.waited += left
            await asyncio.sleep(left)

    def _decided(self, call: Call[T], trial: Trial, answer: Answer, *, stale_token: bool) -> Step[T]:
        """Ask the table what follows from an answer; whether patience is left for it is asked later."""
        read = _read(call, answer, trial)
        fate = fate_of(answer, stale_token=stale_token)
        if (
            isinstance(read.error, MalformedResponseError)
            and fate is Fate.ANSWERED
            and call.operation.effect is Effect.ONCE
        ):
            fate = Fate.UNKNOWN  # it says success, but not what was done
        if read.error is None:
            return read
        match VERDICTS[call.operation.effect][fate]:
            case Verdict.DONE:
                return read
            case Verdict.DOUBT:
                raw = answer.body if isinstance(answer, Reply) else None
                return Step(error=in_doubt(call, read.error, raw))
            case Verdict.AGAIN:
                trial.may_have_happened |= fate is Fate.UNKNOWN
                return read._replace(again_in=0.0 if stale_token else self._wait(trial, answer))

    def _wait(self, trial: Trial, answer: Answer) -> float:
        """Return the seconds to wait before the next try; a 429 holds back all other calls for as long."""
        if not isinstance(answer, Reply):
            return wait_before_next(trial.tries, None, random.random())  # noqa: S311 - spreads load, guards no secret
        wait = wait_before_next(trial.tries, retry_after(answer), random.random())  # noqa: S311 - likewise
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self.wire.pause.ask(wait)
        return wait


def _read(call: Call[T], answer: Answer, trial: Trial) -> Step[T]:
    """Return what an answer says, as a value or as an error; nothing is raised, so that no error holds another."""
    if isinstance(answer, Fault):
        return Step(error=no_answer(call, answer))
    if answer.status == HTTPStatus.NOT_FOUND and call.operation.gone_is_done and trial.may_have_happened:
        return Step()  # an earlier try has done it
    if not answer.is_success:
        return Step(error=envelope.error_from(call, answer))
    try:
        return Step(value=call.operation.decoder.read(call, answer))
    except BillingoError as error:
        return Step(error=error.with_traceback(None))
    except Exception as error:  # noqa: BLE001 - law 1: what was answered may have been done, whatever breaks here
        return Step(error=malformed(call, answer, f"it could not be read ({type(error).__name__})"))


def _attempt(call: Call[Any], number: int, sent: Sent, error: BillingoError | None) -> Attempt:
    answer = sent.answer
    status = answer.status if isinstance(answer, Reply) else None
    reason = answer.reason if isinstance(answer, Fault) else type(error).__name__ if error else None
    row = call.operation
    return Attempt(row.name, row.method, call.path, number, status, sent.seconds, reason)


def _wants_more(step: Step[Any]) -> bool:
    return step.again_in is not None


def _as_decided(state: RetryCallState) -> float:
    step = state.outcome.result() if state.outcome else None
    return step.again_in or 0.0 if step else 0.0

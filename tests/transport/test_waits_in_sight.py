"""Every wait is seen: in reports, in the log, in errors; and what else a call tells of itself."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest
from harness import harness
from limited import LimitedLine, asks

from billingo_async import Billingo, BillingoError, ConfigurationError, RateLimit, RawResponse, ThrottledError
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from jumping_clock import JumpingClock

    from billingo_async import Attempt, CallReport

ROUNDING = 1e-3
DOWNLOAD, TAX_CODE = "invoices.download", "user.tax_code"
NO = {"success": False, "error": "not now"}


async def test_a_report_tells_where_the_time_went(jumping_clock: JumpingClock) -> None:
    """Queue, pause, backoff and the wire add up to what the clock shows, for one report a call."""
    reports: list[CallReport] = []
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    line.sandbox.faults.next(DOWNLOAD, Fault.nothing(), asks(7, 503), Fault.answer(500, NO), Fault.delay(2.0))
    async with line.billingo(pdf_limit=RateLimit(1, per=61.0), on_call=reports.append) as billingo:
        for _ in range(2):
            await billingo.invoices.download(line.id)
    first, second = reports
    assert (first.operation, first.method, first.path) == (DOWNLOAD, "GET", f"/invoices/{line.id}/download")
    assert (first.key, first.attempts, first.error) == (None, 1, None)
    assert first.seconds == pytest.approx(0, abs=ROUNDING)
    assert (second.attempts, second.error) == (3, None)
    assert second.paused == pytest.approx(7, abs=ROUNDING)
    assert second.on_wire == pytest.approx(2, abs=ROUNDING)
    assert 0 < second.backoff <= 1
    assert second.queued > 61
    parts = second.queued + second.paused + second.backoff + second.on_wire
    assert second.seconds == pytest.approx(parts, abs=ROUNDING)
    assert jumping_clock.seconds == pytest.approx(first.seconds + second.seconds, abs=ROUNDING)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.nothing(), None),
        (Fault.answer(422, NO), "InvalidRequestError"),
        (Fault.refuse_connection(), "ConnectionFailedError"),
    ],
    ids=["done", "refused", "never sent"],
)
async def test_every_call_is_reported_once_whatever_its_end(
    fault: Fault, error: str | None, jumping_clock: JumpingClock
) -> None:
    """Success, refusal, failure; a hook that fails costs no answer."""
    reports: list[CallReport] = []

    def hook(report: CallReport) -> None:
        reports.append(report)
        raise ValueError

    async with harness(jumping_clock, on_call=hook, max_retries=0) as lab:
        lab.sandbox.faults.next(TAX_CODE, fault)
        done = await asyncio.gather(lab.billingo.user.tax_code(), return_exceptions=True)
        assert isinstance(done[0], str if error is None else BillingoError)
    assert [(report.operation, report.error) for report in reports] == [(TAX_CODE, error)]


async def test_a_cancelled_call_and_a_throttled_one_are_reported_too(jumping_clock: JumpingClock) -> None:
    """A minute in a queue shows, though nothing was sent."""
    reports: list[CallReport] = []
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    async with line.billingo(pdf_limit=RateLimit(1, per=61.0), on_call=reports.append) as billingo:
        await billingo.invoices.download(line.id)
        task = asyncio.create_task(billingo.invoices.download(line.id))
        await asyncio.sleep(30)
        task.cancel()
        await asyncio.wait([task])
        with pytest.raises(ThrottledError):
            await billingo.with_options(max_queue=1).invoices.download(line.id)
    assert [report.error for report in reports] == [None, "CancelledError", "ThrottledError"]
    assert [report.attempts for report in reports] == [1, 0, 0]
    assert [reports[1].seconds, reports[1].queued] == pytest.approx([30, 30])


@pytest.mark.parametrize("hook", ["on_call", "on_attempt"])
async def test_a_hook_must_be_a_plain_function(hook: str) -> None:
    """One that would have to be awaited never would be."""

    async def awaited(_: object) -> None: ...

    for wrong in (awaited, "print"):
        options: dict[str, Any] = {hook: wrong}
        with pytest.raises(ConfigurationError, match=f"^{hook} must be a plain function of one"):
            Billingo("public", "private key of 32 bytes or more..", **options)


async def test_an_attempt_shows_the_headers_of_its_answer(jumping_clock: JumpingClock) -> None:
    """By lower-case names; none where no answer came."""
    attempts: list[Attempt] = []
    async with harness(jumping_clock, on_attempt=attempts.append) as lab:
        lab.sandbox.faults.next(
            TAX_CODE, Fault.refuse_connection(), Fault.answer(503, NO, {"X-Request-Id": "r-1", "Retry-After": "1"})
        )
        await lab.billingo.user.tax_code()
    assert [attempt.headers.get("x-request-id") for attempt in attempts] == [None, "r-1", None]
    assert [(attempt.number, attempt.status) for attempt in attempts] == [(1, None), (2, 503), (3, 200)]
    assert dict(attempts[0].headers) == {}
    assert "r-1" not in repr(attempts[1])


async def test_long_waits_are_told_with_their_reason(
    jumping_clock: JumpingClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A turn under a limit and a pause, each before it begins; a wait of less than a second is not worth a line."""
    caplog.set_level(logging.WARNING, "billingo_async")
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    async with line.billingo(pdf_limit=RateLimit(1, per=61.0)) as billingo:
        await asyncio.gather(*(billingo.invoices.download(line.id) for _ in range(2)))
        line.sandbox.faults.next(TAX_CODE, asks(5))
        first = asyncio.create_task(billingo.user.tax_code())
        await asyncio.sleep(0.1)
        await billingo.user.is_sandbox()
        await first
    lines = [record.getMessage() for record in caplog.records]
    path = f"/invoices/{line.id}/download"
    assert f"invoices.download (GET {path}) waits 61.00 s: its turn under the limit has not come" in lines
    assert "user.is_sandbox (GET /user/is-sandbox) waits 4.90 s: the server has asked to wait" in lines
    assert len([line for line in lines if " waits " in line]) == 2


async def test_records_carry_their_values_as_fields(
    jumping_clock: JumpingClock, caplog: pytest.LogCaptureFixture
) -> None:
    """What a log store searches by stands beside the words, in every record."""
    caplog.set_level(logging.DEBUG, "billingo_async")
    async with harness(jumping_clock) as lab:
        lab.sandbox.faults.next(TAX_CODE, asks(5), Fault.refuse_connection())
        await lab.billingo.user.tax_code()
    records: list[Any] = [record for record in caplog.records if record.name == "billingo_async"]
    named = {(record.operation, record.method, record.path) for record in records}
    assert named == {(TAX_CODE, "GET", "/user/tax-code")}
    tries = [record for record in records if record.levelno == logging.DEBUG]
    assert [getattr(record, "status", None) for record in tries] == [429, None, 200]
    assert all(isinstance(record.seconds, float) for record in records)


async def test_a_raw_request_returns_the_answer_as_it_came(jumping_clock: JumpingClock) -> None:
    """Status, headers, bytes; its repr shows no customer. A refusal is an error here, too."""
    async with harness(jumping_clock) as lab:
        answer = await lab.billingo.raw_request("GET", "/user/tax-code", effect="read")
        assert isinstance(answer, RawResponse)
        assert (answer.status, answer.content[:1]) == (200, b"{")
        assert answer.headers["content-type"].startswith("application/json")
        assert repr(answer) == "RawResponse(status=200)"
        with pytest.raises(BillingoError) as caught:
            await lab.billingo.raw_request("GET", "/invoices/999", effect="read")
        assert type(caught.value).__name__ == "NotFoundError"


async def test_the_clock_is_learnt_from_the_apis_own_answers_alone(jumping_clock: JumpingClock) -> None:
    """A gateway's page and a cached answer bear a date of their own; both are left alone, and nothing is refused."""
    gateway = {"Date": "Tue, 14 Nov 2023 23:13:20 GMT", "Content-Type": "text/html", "Retry-After": "1"}
    async with harness(jumping_clock) as lab:
        clock = lab.billingo._dispatch.server_clock
        lab.sandbox.faults.next(TAX_CODE, Fault.answer(503, "<html>busy</html>", gateway))
        await lab.billingo.user.tax_code()
        assert abs(clock.now() - jumping_clock.unix()) < 2
        cached = {"Date": "Tue, 14 Nov 2023 23:13:20 GMT", "Age": "3600"}
        good = {"success": True, "type": "user", "data": {"tax_code": "1"}}
        lab.sandbox.faults.next(TAX_CODE, Fault.answer(200, good, cached))
        await lab.billingo.user.tax_code()
        assert abs(clock.now() - jumping_clock.unix()) < 2
        assert clock.is_known


@pytest.mark.parametrize("agent", [None, "shop/2.1 (+https://shop.example)"])
async def test_the_caller_is_named_before_the_library(agent: str | None, jumping_clock: JumpingClock) -> None:
    """And the library with its version."""
    from importlib.metadata import version  # noqa: PLC0415 - one test needs it

    async with harness(jumping_clock, user_agent=agent) as lab:
        assert lab.billingo._dispatch.sender._headers["User-Agent"] == " ".join(
            filter(None, (agent, f"billingo-async/{version('billingo-async')}"))
        )


@pytest.mark.parametrize("agent", ["", "two\nlines", "ő", 5])
def test_a_user_agent_must_be_a_line_of_ascii(agent: Any) -> None:
    """Anything else could not be sent, or would be a header of its own."""
    with pytest.raises(ConfigurationError, match=r"^user_agent must be a line of ASCII text"):
        Billingo("public", "private key of 32 bytes or more..", user_agent=agent)


def test_a_key_of_api_v3_names_the_import() -> None:
    """The error says where it belongs, and shows nothing of it."""
    key: Any = "the-secret-key-of-v3"
    with pytest.raises(ConfigurationError, match=r"from billingo_async\.v3 import Billingo") as caught:
        Billingo(api_key=key)
    assert "secret" not in str(caught.value)

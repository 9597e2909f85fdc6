"""One request out, one answer or fault in: what httpx's troubles mean, what is bounded, what is never followed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from loopback import KEYS, answer_all, serving
from ready_answers import GOOD, Answers, Pieces, ask, on_line

import billingo_async as sdk
from billingo_async.transport.connections.http1 import Connection
from billingo_async.v2.operations import USER_TAX_CODE

if TYPE_CHECKING:
    from collections.abc import Callable

    from jumping_clock import JumpingClock


def raising(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    """Return what raises the error in the place of an answer."""

    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def check_nothing_lives_on(error: Exception) -> None:
    """Check that no exception of the HTTP library is a cause or a context: a `Request` with its token hangs on it."""
    assert (error.__cause__, error.__context__) == (None, None)
    assert "x" not in str(error).split()


NEVER = [
    httpx.ConnectTimeout("x"), httpx.PoolTimeout("x"), httpx.ConnectError("x"), httpx.ProxyError("x"),
    httpx.UnsupportedProtocol("x"),
]  # fmt: skip
UNKNOWN = [
    httpx.ReadTimeout("x"), httpx.WriteTimeout("x"), httpx.WriteError("x"), httpx.ReadError("x"),
    httpx.CloseError("x"), httpx.RemoteProtocolError("x"), httpx.LocalProtocolError("x"), httpx.DecodingError("x"),
    httpx.TransportError("x"), RuntimeError("a bug somewhere"), OSError("x"), TimeoutError("x"),
]  # fmt: skip


@pytest.mark.parametrize("trouble", NEVER, ids=lambda trouble: type(trouble).__name__)
async def test_what_was_never_sent_is_safe_to_repeat_whatever_it_does(
    trouble: Exception, jumping_clock: JumpingClock
) -> None:
    """No connection, no request: even a call that does harm twice is reported as failed, not as in doubt."""
    with pytest.raises(sdk.ConnectionFailedError) as caught:
        await ask(raising(trouble), effect="once")
    assert caught.value.safe_to_retry
    assert isinstance(caught.value, sdk.TimedOutError) == isinstance(trouble, httpx.TimeoutException)
    check_nothing_lives_on(caught.value)


async def test_the_word_of_an_unknown_transport_is_not_believed(jumping_clock: JumpingClock) -> None:
    """A bridge may call a kept line that dropped one that was never there, as httpx-aiohttp does: that is doubt."""
    dropped = httpx.ConnectError("x")
    dropped.__cause__ = RuntimeError("the server has left")
    with pytest.raises(sdk.OutcomeUnknownError) as caught:
        await ask(raising(dropped), effect="once")
    check_nothing_lives_on(caught.value)


@pytest.mark.parametrize("trouble", UNKNOWN, ids=lambda trouble: type(trouble).__name__)
async def test_everything_else_leaves_doubt(trouble: Exception, jumping_clock: JumpingClock) -> None:
    """Whatever happened after a connection was there, and whatever nobody thought of, is unknown."""
    with pytest.raises(sdk.OutcomeUnknownError) as caught:
        await ask(raising(trouble), effect="once")
    check_nothing_lives_on(caught.value)
    with pytest.raises(sdk.ConnectionFailedError):
        await ask(raising(trouble), effect="same")


@pytest.mark.parametrize("trouble", NEVER, ids=lambda trouble: type(trouble).__name__)
async def test_a_hook_that_reaches_nobody_is_no_proof_that_nothing_left(trouble: Exception) -> None:
    """A hook on answers talks to a server of its own; when that is down, ours has done its work all the same."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, content=GOOD)

    async def report(_: httpx.Response) -> None:
        raise trouble

    async with on_line(Answers(answer), client={"event_hooks": {"response": [report]}}) as billingo:
        with pytest.raises(sdk.OutcomeUnknownError, match="a hook of the http_client failed"):
            await billingo.invoices.cancel(7)
    assert asked == ["/api/invoices/7/cancel"]


async def test_a_header_of_the_callers_own_goes_out() -> None:
    """What a hook on requests adds goes out beside the library's own, and so do the client's `headers=`."""
    heard: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append(request.headers)
        return httpx.Response(200, content=GOOD)

    async def name_the_shop(request: httpx.Request) -> None:
        request.headers["X-Shop"] = "north"

    client = {"headers": {"X-Client": "1"}, "event_hooks": {"request": [name_the_shop]}}
    async with on_line(Answers(answer), client=client) as billingo:
        assert await billingo.user.tax_code() == "1"
    assert heard[0]["X-Shop"] == "north"
    assert heard[0]["Authorization"].startswith("Bearer ")
    assert heard[0]["X-Client"] == "1"
    assert heard[0]["Accept"] == "application/json, application/pdf"


async def test_max_connections_says_how_many_calls_are_on_the_own_client_together() -> None:
    """Sixty calls are answered only when all sixty are there; fifty, where nothing is said, would wait for ever."""
    all_there = asyncio.Barrier(60)

    async def answer(_: httpx.Request) -> httpx.Response:
        await all_there.wait()
        return httpx.Response(200, content=GOOD)

    async with on_line(httpx.MockTransport(answer), max_connections=60) as billingo, asyncio.timeout(20):
        assert await asyncio.gather(*(billingo.user.tax_code() for _ in range(60))) == ["1"] * 60


async def test_an_answer_that_is_whole_counts_though_the_line_fails_to_close(jumping_clock: JumpingClock) -> None:
    """The server has done it and said so: that closing the line goes wrong afterwards is nobody's doubt."""
    body = Pieces(GOOD, closing=httpx.ReadError("broken"))
    assert await ask(lambda _: httpx.Response(200, stream=body), effect="once")


async def test_an_answer_that_breaks_off_is_unknown(jumping_clock: JumpingClock) -> None:
    """Half an answer is no answer, though what came of it was good JSON."""
    body = Pieces(GOOD, breaks=httpx.RemoteProtocolError("incomplete"))
    with pytest.raises(sdk.OutcomeUnknownError):
        await ask(lambda _: httpx.Response(200, stream=body), effect="once")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_never_followed(status: int, jumping_clock: JumpingClock) -> None:
    """The token goes nowhere else, even if the caller's own client follows redirects by itself."""
    transport = Answers(lambda _: httpx.Response(status, headers={"Location": "https://elsewhere.invalid/"}))
    async with on_line(transport, client={"follow_redirects": True}, max_retries=0) as billingo:
        with pytest.raises(sdk.MalformedResponseError, match="redirect"):
            await billingo.user.tax_code()
        with pytest.raises(sdk.OutcomeUnknownError, match="redirect"):
            await billingo.invoices.cancel(7)
    assert {request.url.host for request in transport.requests} == {"stand-in.invalid"}
    assert len(transport.requests) == 2


async def test_the_own_clients_login_is_not_mixed_with_the_token(jumping_clock: JumpingClock) -> None:
    """The caller's client may have a login and cookies for other hosts; the request carries the token alone."""
    transport = Answers(lambda _: httpx.Response(200, content=GOOD, headers={"Set-Cookie": "a=b"}))
    async with on_line(transport, client={"auth": ("user", "pass"), "cookies": {"c": "d"}}) as billingo:
        for _ in range(2):
            await billingo.user.tax_code()
    for request in transport.requests:
        assert request.headers["Authorization"].startswith("Bearer ")
        assert "Cookie" not in request.headers


async def test_what_may_forbid_sending_is_asked_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant of issue is fixed before, so that a process that is stopped in between wakes up to a stale token.

    Between the question and the write nothing else runs.
    """
    told: list[str] = []

    def noting(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            told.append(name)
            return act(*given)

        return noted

    def before_send(_: object) -> None:
        told.append("before_send")
        asyncio.get_running_loop().call_soon(told.append, "another task")

    async with serving(answer_all) as url, sdk.Billingo(*KEYS, base_url=url) as billingo:
        sender = billingo._dispatch.sender
        for where, name in ((sender.clock, "local"), (sender.auth, "issue"), (Connection, "_write")):
            monkeypatch.setattr(where, name, noting(name, getattr(where, name)))
        await billingo._dispatch.run(USER_TAX_CODE.call(), before_send=before_send)
    assert told[:5] == ["local", "issue", "before_send", "_write", "another task"]


async def test_a_query_that_fits_no_address_is_refused_before_sending(jumping_clock: JumpingClock) -> None:
    """The error is a ValueError that shows nothing of the query, and no exception of the HTTP library."""
    transport = Answers(lambda _: httpx.Response(200, content=GOOD))
    async with on_line(transport) as billingo:
        with pytest.raises(ValueError, match="70002 characters") as caught:
            await billingo.request("GET", "/clients", effect=sdk.Effect.READ, params={"q": "x" * 70_000})
        assert "xxx" not in str(caught.value)
        assert await billingo.user.tax_code() == "1"
    assert len(transport.requests) == 1


async def test_each_attempt_tells_httpx_its_seconds(jumping_clock: JumpingClock) -> None:
    """A third for the connection, so that one that was never made is known as such; all of it for the answer."""
    transport = Answers(lambda _: httpx.Response(200, content=GOOD))
    async with on_line(transport, client={"timeout": 1000}, timeout=9) as billingo:
        await billingo.user.tax_code()
        await billingo.with_options(timeout=90).user.tax_code()
    told = [request.extensions["timeout"] for request in transport.requests]
    assert told[0] == {"connect": 3, "pool": 3, "read": 9, "write": None}
    assert told[1] == {"connect": 30, "pool": 30, "read": 90, "write": None}

"""The tools of callers go on working over connections of our own: instruments see each request, mocks answer it."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from billingo_async import Billingo, ConfigurationError, ConnectionFailedError, OutcomeUnknownError
from billingo_async.sandbox import Sandbox
from billingo_async.transport.connections.pool import httpx_is_watched

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = "the-public-key-of-a-test", "the-private-key-of-a-test-of-32"
BASE = "https://mocked.invalid/api"
GOOD: dict[str, Any] = {"success": True, "type": "user", "data": {"tax_code": "1"}}


async def test_opentelemetry_sees_each_request_and_takes_no_part_in_it() -> None:
    """While httpx is instrumented there is a span for each request; before and after it there is none."""
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    sandbox = Sandbox()
    async with sandbox.serve() as url, Billingo(sandbox.public_key, sandbox.private_key, base_url=url) as billingo:
        await billingo.user.tax_code()
        HTTPXClientInstrumentor().instrument(tracer_provider=provider)
        try:
            assert httpx_is_watched()
            await asyncio.gather(billingo.user.tax_code(), billingo.server_time())
        finally:
            HTTPXClientInstrumentor().uninstrument()
        assert not httpx_is_watched()
        await billingo.user.tax_code()
    urls = [str((span.attributes or {})["http.url"]) for span in spans.get_finished_spans()]
    assert sorted(url.rpartition("/")[2] for url in urls) == ["tax-code", "time?type=json"]


@pytest.mark.parametrize("own", [True, False], ids=["own connections", "http_client"])
async def test_a_connection_that_respx_refuses_was_never_sent(own: bool) -> None:  # noqa: FBT001 - a column
    """Its `ConnectError` comes from a mock and from no connection that dropped: even a cancel is safe to repeat."""
    with respx.mock(base_url=BASE) as router:
        async with httpx.AsyncClient() as client:
            billingo = Billingo(*KEYS, base_url=BASE, max_retries=0, http_client=None if own else client)
            for trouble, error in ((httpx.ConnectError, ConnectionFailedError), (httpx.ReadError, OutcomeUnknownError)):
                router.get("/invoices/7/cancel").mock(side_effect=trouble)
                with pytest.raises(error):
                    await billingo.invoices.cancel(7)
            await billingo.aclose()


async def test_a_call_that_respx_does_not_know_fails_the_test_by_its_own_error() -> None:
    """It is no doubt about an invoice, but a route that the test has forgotten."""
    with respx.mock(base_url=BASE, assert_all_called=False) as router:
        router.get("/user/tax-code").respond(json=GOOD)
        async with Billingo(*KEYS, base_url=BASE) as billingo:
            with pytest.raises(AssertionError, match="not mocked") as caught:
                await billingo.invoices.cancel(7)
    assert type(caught.value).__module__.startswith("respx")


async def test_a_plain_assertion_that_fails_on_the_way_is_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library's own `assert` says nothing of the request's fate."""

    async def broken(*_: object) -> httpx.Response:
        raise AssertionError

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", broken)
    async with Billingo(*KEYS, base_url=BASE) as billingo:
        with pytest.raises(OutcomeUnknownError):
            await billingo.invoices.cancel(7)


async def _replaced(*_: object) -> httpx.Response:
    return httpx.Response(200, json=GOOD)


class _Wrapper:
    """What stands for a method without being a function, as wrapt's wrappers do."""

    async def __call__(self, *_: object) -> httpx.Response:
        return httpx.Response(200, json=GOOD)


@pytest.mark.parametrize("stand_in", [_replaced, _Wrapper()], ids=["a function", "an object"])
async def test_any_replacement_of_the_transports_method_is_seen(
    stand_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever tool it comes from, and though the object has sent over its own connections before."""
    sandbox = Sandbox()
    async with sandbox.serve() as url, Billingo(sandbox.public_key, sandbox.private_key, base_url=url) as billingo:
        assert await billingo.user.tax_code() != "1"
        monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", stand_in)
        assert await billingo.user.tax_code() == "1"


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
async def test_a_client_of_either_library_is_taken(library: str) -> None:
    """Over real sockets; its own headers go out beside ours."""
    module = pytest.importorskip(library, reason="httpx2 is not installed here")
    sandbox = Sandbox()
    async with (
        sandbox.serve() as url,
        module.AsyncClient(headers={"X-Shop": "north"}) as client,
        Billingo(sandbox.public_key, sandbox.private_key, base_url=url, http_client=client) as billingo,
    ):
        assert await billingo.user.tax_code()
    closed = module.AsyncClient()
    await closed.aclose()
    async with Billingo(*KEYS, base_url="http://127.0.0.1:9/api", http_client=closed) as billingo:
        with pytest.raises(ConfigurationError, match="the http_client of this Billingo object was closed by its owner"):
            await billingo.user.tax_code()


def test_a_client_belongs_to_the_loop_of_its_first_call() -> None:
    """In a second event loop it is refused before anything is sent: its connections live in the first one."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=GOOD)))
    billingo = Billingo(*KEYS, base_url=BASE, http_client=client)

    async def use() -> str:
        return await billingo.user.tax_code()

    assert asyncio.run(use()) == "1"
    with pytest.raises(ConfigurationError, match="belongs to another event loop"):
        asyncio.run(use())


async def test_neither_library_is_imported_before_it_is_needed(pytester: pytest.Pytester) -> None:
    """A program that brings no client along loads no HTTP library but ours."""
    script = """
        import asyncio, sys
        from billingo_async import Billingo, BillingoError
        async def main():
            keys = "public", "private key of 32 bytes or more.."
            async with Billingo(*keys, base_url="http://127.0.0.1:9", max_retries=0) as billingo:
                try:
                    await billingo.user.tax_code()
                except BillingoError:
                    pass
        asyncio.run(main())
        print(sorted({"httpx", "httpx2", "httpcore", "aiohttp", "respx"} & set(sys.modules)))
    """
    path = pytester.makepyfile(script)
    result = pytester.run(sys.executable, path)
    result.stdout.fnmatch_lines(["[[][]]"])

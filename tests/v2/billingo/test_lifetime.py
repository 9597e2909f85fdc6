"""One object: opened, shared by its copies, used in several event loops, closed once and for all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from billingo_async import Attempt, Billingo, ConfigurationError, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx


KEYS = ("public", "private key of 32 bytes or more..")
API = "https://www.billingo.hu/api"
BLOCKS: dict[str, Any] = {"success": True, "data": [{"id": 7, "attributes": {}}]}


async def _works(billingo: Billingo) -> bool:
    return [block.id for block in await billingo.invoices.blocks()] == [7]


CALLS: list[Callable[[Billingo], Any]] = [
    lambda b: b.invoices.blocks(),
    lambda b: b.invoices.list(),
    lambda b: b.clients.get(1),
    lambda b: b.invoices.download(1),
    lambda b: b.request("GET", "/x", effect="read"),
    lambda b: b.server_time(),
]


@pytest.mark.parametrize("call", CALLS, ids=range(len(CALLS)))
async def test_closed_object_says_so(call: Callable[[Billingo], Any], server: respx.MockRouter) -> None:
    """Every call, of every kind and from a copy too: never "event loop is closed"."""
    billingo = Billingo(*KEYS, base_url=API)
    copy = billingo.with_options(timeout=5)
    await billingo.aclose()
    for closed in (billingo, copy):
        with pytest.raises(ConfigurationError, match="this Billingo object is closed: make a new one"):
            await call(closed)
    assert server.calls.call_count == 0


async def test_leaving_the_block_closes(server: respx.MockRouter) -> None:
    """`async with` hands out the object itself and closes it, also where the block fails; closing again is nothing."""
    server.get("/api/invoices/blocks").respond(json=BLOCKS)
    async with Billingo(*KEYS, base_url=API) as billingo:
        assert await _works(billingo)
    with pytest.raises(ConfigurationError):
        await billingo.invoices.blocks()
    await billingo.aclose()
    failing = Billingo(*KEYS, base_url=API)
    with pytest.raises(ZeroDivisionError):
        async with failing:
            raise ZeroDivisionError
    with pytest.raises(ConfigurationError):
        await failing.invoices.blocks()


async def test_closing_a_copy_leaves_the_original_open(server: respx.MockRouter) -> None:
    """A copy is light: it shares the connections and does not own them."""
    server.get("/api/invoices/blocks").respond(json=BLOCKS)
    async with Billingo(*KEYS, base_url=API) as billingo:
        async with billingo.with_options(timeout=5) as copy:
            assert await _works(copy)
        assert await _works(billingo)
        assert await _works(copy)


async def test_copy_shares_wire_and_changes_only_what_it_is_told(server: respx.MockRouter) -> None:
    """Same connections, limits, keys and address; another patience; the original keeps its own."""
    attempts: list[Attempt] = []
    server.get("/api/invoices/blocks").respond(500)
    async with Billingo(*KEYS, base_url=API, max_retries=2, on_attempt=attempts.append) as billingo:
        copy = billingo.with_options(max_retries=0)
        assert copy._dispatch.sender is billingo._dispatch.sender
        assert copy._dispatch.settings == billingo._dispatch.settings.replace(max_retries=0)
        with pytest.raises(ServerError):
            await copy.invoices.blocks()
        assert [(attempt.number, attempt.status) for attempt in attempts] == [(1, 500)]
        assert billingo._dispatch.settings.max_retries == 2


async def test_copy_of_a_subclass_is_of_the_subclass() -> None:
    """A class of the caller's own stays what it is."""

    class Ours(Billingo):
        pass

    assert type(Ours(*KEYS).with_options(timeout=5)) is Ours


def test_several_loops_one_after_another(server: respx.MockRouter) -> None:
    """One object serves `asyncio.run` after `asyncio.run`, and its last one closes it."""
    route = server.get("/api/invoices/blocks").respond(json=BLOCKS)
    billingo = Billingo(*KEYS, base_url=API)
    for _ in range(3):
        assert asyncio.run(_works(billingo))
    asyncio.run(billingo.aclose())
    assert route.call_count == 3
    with pytest.raises(ConfigurationError, match="is closed"):
        asyncio.run(_works(billingo))


@pytest.mark.parametrize(("make", "kind"), [(httpx.Client, "Client"), (lambda: "https://proxy.example", "str")])
def test_what_is_no_client_of_asyncio_is_refused(make: Callable[[], Any], kind: str) -> None:
    """At construction, by name, with the remedy."""
    with pytest.raises(ConfigurationError, match=f"http_client must be an AsyncClient of httpx or httpx2, got {kind}"):
        Billingo(*KEYS, base_url=API, http_client=make())

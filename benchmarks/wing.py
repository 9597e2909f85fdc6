"""API v3 beside the client generated from the vendor's OpenAPI file: CPU of a created document, and of a page of 100;
and the page alone beside what pydantic itself needs for the same objects.

Both ask one sandbox, which runs in a process of its own: its time is not counted, and its answers are whole documents.
The generated client is synchronous and reads numbers into `float`; ours checks what is written, keeps numbers exact,
and waits under a limit, which is set so high here that it holds nothing back.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, cast

import clientapi_billingo as generated
import httpx
from pydantic import TypeAdapter, create_model

from benchmarks.listing import FLOOR, JSON, bare, timed
from benchmarks.rounds import in_turns, sync
from billingo_async import v3
from billingo_async.protocol.call import Reply
from billingo_async.sandbox import Sandbox
from billingo_async.v3.operations import DOCUMENTS_LIST

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from benchmarks.rounds import Figure

ROWS: Final = 100
LIMIT: Final = (1_000_000, 1.0)
ITEM: Final[Any] = {
    "name": "Kenyér",
    "unit_price": 1000,
    "unit_price_type": "net",
    "quantity": 1,
    "unit": "db",
    "vat": "27%",
}
ORDER: Final[Any] = {
    "type": "invoice",
    "fulfillment_date": date(2026, 3, 2),
    "due_date": date(2026, 3, 10),
    "payment_method": "wire_transfer",
    "language": "hu",
    "currency": "HUF",
}
OURS, GENERATED = "billingo_async.v3", "the generated client"


class Compared(NamedTuple):
    """Microseconds of CPU for each contender."""

    created: dict[str, Figure]
    page: dict[str, Figure]
    decoding: dict[str, Figure]


def compared(rounds: int, creates: int = 200, pages: int = 20) -> Compared:
    """Return what a created document costs, what a page of 100 costs, and what decoding that page alone costs."""
    with serving() as (url, key, about):
        api = generated.DocumentApi(generated.ApiClient(generated.Configuration(host=url, api_key={"api_key": key})))
        inner = generated.DocumentInsertItemsInner(generated.DocumentProductData(**ITEM))
        insert = generated.DocumentInsert(**ORDER, **about, items=[inner])
        new = v3.NewDocument(**ORDER, **about, items=(v3.NewDocumentItem(**ITEM),))

        async def create(billingo: v3.Billingo) -> object:
            return await billingo.documents.create(new)

        async def page(billingo: v3.Billingo) -> object:
            return await billingo.documents.list(per_page=ROWS)

        return Compared(
            in_turns(
                {
                    GENERATED: timed(lambda: api.create_document(insert), creates),
                    OURS: sync(lambda: _ours(url, key, create, creates)),
                },
                rounds,
            ),
            in_turns(
                {
                    GENERATED: timed(lambda: api.list_document(page=1, per_page=ROWS), pages),
                    OURS: sync(lambda: _ours(url, key, page, pages)),
                },
                rounds,
            ),
            _decoding(httpx.get(f"{url}/documents?per_page={ROWS}", headers={"X-API-KEY": key}).content, rounds),
        )


def _decoding(body: bytes, rounds: int, times: int = 50) -> dict[str, Figure]:
    """Compare ways to read a page of documents from its bytes."""
    answer: Any = create_model("Answer", data=(list[bare(v3.Document)], ...))  # type: ignore[misc]  # made now
    call, reply, floor = DOCUMENTS_LIST.call(), Reply(200, {}, body), TypeAdapter(answer)
    ways = {
        JSON: timed(lambda: json.loads(body), times),
        OURS: timed(lambda: DOCUMENTS_LIST.decoder.read(call, reply), times),
        FLOOR: timed(lambda: floor.validate_json(body), times),
    }
    return in_turns(ways, rounds)


def _account(url: str, key: str) -> v3.Billingo:
    return v3.Billingo(key, base_url=url, rate_limit=v3.RateLimit(LIMIT[0], per=LIMIT[1]))


async def _ours(url: str, key: str, call: Callable[[v3.Billingo], Awaitable[object]], times: int) -> float:
    async with _account(url, key) as billingo:
        await call(billingo)  # the connection is made, schemas are built
        started = time.process_time()
        for _ in range(times):
            await call(billingo)
        return (time.process_time() - started) / times * 1e6


@contextmanager
def serving() -> Iterator[tuple[str, str, dict[str, int]]]:
    """Run the sandbox in a process of its own; give its address, its key, and what a document is about."""
    command = [sys.executable, "-m", "benchmarks.wing"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own module
        try:
            url, key, partner, block = cast("IO[str]", server.stdout).readline().split()
            yield url, key, {"partner_id": int(partner), "block_id": int(block)}
        finally:
            server.kill()


async def serve() -> None:
    """Serve a sandbox that holds a page of documents until the process is ended."""
    sandbox = Sandbox(rate_limit=LIMIT, kept_requests=0)
    async with sandbox.serve():
        async with _account(sandbox.v3_url, sandbox.api_key) as billingo:
            address = v3.PartnerAddress(country_code="HU", post_code="9941", city="Őriszentpéter", address="Fő utca 7.")
            partner = await billingo.partners.create(v3.NewPartner(name="Őrségi Sütőház Kft.", address=address))
            block = (await billingo.document_blocks.list(type="invoice"))[0]
            new = v3.NewDocument(**ORDER, partner_id=partner.id, block_id=block.id, items=(v3.NewDocumentItem(**ITEM),))
            for _ in range(ROWS):
                await billingo.documents.create(new)
        print(sandbox.v3_url, sandbox.api_key, partner.id, block.id, flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(serve())

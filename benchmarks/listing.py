"""Paging that overlaps: 10,000 invoices at 50 ms, with and without work for each; and what a page costs to decode."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any, get_args, get_origin

from clientapi_billingo.models.document_list import DocumentList
from pydantic import BaseModel, ConfigDict, TypeAdapter, create_model

from benchmarks.contenders import BARE, PRIVATE_KEY, PUBLIC_KEY
from benchmarks.rounds import in_turns, serving, sync
from benchmarks.server import PER_PAGE, page_of_invoices
from billingo_async import Billingo, Invoice
from billingo_async.fields.described import plain_type
from billingo_async.protocol.call import Reply
from billingo_async.v2.operations import INVOICES_LIST

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.rounds import Figure

ROWS = 10_000
LATENCY = 0.05
WORK = 0.001


SEQUENTIAL, WORK_ALONE = "page after page, no work", "the work alone, 1 ms an item"
AHEAD, WORKING = "`read_ahead=8`, no work", "`read_ahead=1` (as it comes), 1 ms of work an item"
JSON, READ = "json.loads", "billingo_async: 50 `Invoice`"
FLOOR = "pydantic alone: the same models, each field whatever comes"
"""What no way of reading into pydantic models can come below: the same objects, nothing checked, nothing forgiven."""


def overlapping(rounds: int) -> dict[str, Figure]:
    """Return the seconds that each way of going through all invoices takes."""
    with serving(latency=LATENCY, rows=ROWS) as url:
        ways = {f"{name}, page after page": sync(_page_after_page(open_it, url)) for name, open_it in BARE.items()}
        ways |= {
            SEQUENTIAL: sync(_listing(url, read_ahead=0)),
            "`read_ahead=1` (as it comes), no work": sync(_listing(url, read_ahead=1)),
            AHEAD: sync(_listing(url, read_ahead=8)),
            WORK_ALONE: sync(_work_alone),
            WORKING: sync(_listing(url, read_ahead=1, work=WORK)),
        }
        return in_turns(ways, rounds)


def decoding(rounds: int, times: int = 100) -> dict[str, Figure]:
    """Return the microseconds that a page of 50 invoices costs, from its bytes."""
    ours, theirs = page_of_invoices(1, PER_PAGE), _page_of_documents()
    call, decoder = INVOICES_LIST.call(), INVOICES_LIST.decoder
    reply, floor = Reply(200, {}, ours), TypeAdapter(answer_of(Invoice))
    return in_turns(
        {
            JSON: timed(lambda: json.loads(ours), times),
            READ: timed(lambda: decoder.read(call, reply), times),
            FLOOR: timed(lambda: floor.validate_json(ours), times),
            "`json.loads` of the generated client's page": timed(lambda: json.loads(theirs), times),
            "generated client: 50 `Document`": timed(lambda: DocumentList.from_json(theirs), times),
        },
        rounds,
    )


class _Anything(BaseModel):
    """What every model of the floor is: frozen, and with what is undocumented kept, as ours are."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)


def answer_of(model: type[BaseModel]) -> Any:
    """Return the type of an answer of API v2 with rows of a model whose fields take whatever comes."""
    entry = type("Entry", (BaseModel,), {"__annotations__": {"id": Any, "attributes": bare(model)}})
    return create_model("Answer", success=(Any, ...), data=(list[entry], ...))  # type: ignore[valid-type]  # made now


def bare(model: type[BaseModel]) -> type[BaseModel]:
    """Return a model with the same fields and parts, in which every other value is whatever comes."""
    fields: Any = {name: (_loose(field.annotation), None) for name, field in model.model_fields.items()}
    return create_model(model.__name__, __base__=_Anything, **fields)


def _loose(annotation: Any) -> Any:
    for kind in get_args(plain_type(annotation)):
        part = get_args(kind)[0] if get_origin(kind) is tuple else kind
        if isinstance(part, type) and issubclass(part, BaseModel):
            return (tuple[bare(part), ...] if part is not kind else bare(part)) | None  # type: ignore[misc]  # made now
    return Any


def _listing(url: str, *, read_ahead: int, work: float = 0.0) -> Callable[[], Any]:
    async def run() -> float:
        async with Billingo(PUBLIC_KEY, PRIVATE_KEY, base_url=url) as billingo:
            await billingo.invoices.list()  # the connection is made, the schema is built
            started = time.perf_counter()
            rows = 0
            async for _ in billingo.invoices.list(read_ahead=read_ahead):
                rows += 1
                if work:
                    await asyncio.sleep(work)
            taken = time.perf_counter() - started
        _complete(rows)
        return taken

    return run


def _page_after_page(open_it: Callable[[str, int], Any], url: str) -> Callable[[], Any]:
    async def run() -> float:
        async with open_it(url, 1) as contender:
            await contender.page(1)
            started = time.perf_counter()
            rows, number, size = 0, 0, PER_PAGE
            while size == PER_PAGE:
                number += 1
                size = len(await contender.page(number))
                rows += size
            taken = time.perf_counter() - started
        _complete(rows)
        return taken

    return run


def _complete(rows: int) -> None:
    if rows != ROWS:
        msg = f"{rows} rows came instead of {ROWS}"
        raise RuntimeError(msg)


async def _work_alone() -> float:
    started = time.perf_counter()
    for _ in range(ROWS):
        await asyncio.sleep(WORK)
    return time.perf_counter() - started


def timed(run: Callable[[], object], times: int) -> Callable[[], float]:
    """Return a contender of so many repetitions: the microseconds of CPU of one."""

    def once_warm() -> float:
        run()
        started = time.process_time()
        for _ in range(times):
            run()
        return (time.process_time() - started) / times * 1e6

    return once_warm


def _page_of_documents() -> str:
    """Return a page of the vendor's API v3 with about as much in it, for the client generated from its OpenAPI file."""
    address = {"country_code": "HU", "post_code": "9400", "city": "Sopron", "address": "Valahol utca 300"}
    document = {
        "invoice_number": "2015-000001",
        "type": "invoice",
        "cancelled": False,
        "block_id": 0,
        "payment_status": "none",
        "payment_method": "wire_transfer",
        "gross_total": 4445.0,
        "currency": "HUF",
        "conversion_rate": 1,
        "invoice_date": "2012-07-30",
        "fulfillment_date": "2012-07-30",
        "due_date": "2015-08-07",
        "document_partner": {"name": "Teszt 2000 Kft.", "address": address, "emails": ["info@example.com"]},
        "electronic": False,
        "comment": "",
        "items": [{"name": "Teszt Termék", "net_unit_amount": 3500.0, "quantity": 1.0, "vat": "27%"}],
    }
    rows = [{"id": number, **document} for number in range(1, PER_PAGE + 1)]
    return json.dumps({"data": rows, "total": PER_PAGE, "per_page": PER_PAGE, "current_page": 1, "last_page": 1})

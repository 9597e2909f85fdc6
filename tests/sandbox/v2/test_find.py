"""Lists, their pages and their queries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async.sandbox.seeds import BLOCKS, DEFAULT_BLOCK

if TYPE_CHECKING:
    from sandbox_caller import Caller, Clock

WEB_BLOCK = next(uid for uid in BLOCKS if uid != DEFAULT_BLOCK.uid)


async def numbers(caller: Caller, path: str = "/invoices/query", **params: Any) -> list[str]:
    """The numbers of the invoices that a list answers, in its order."""
    return [entry["attributes"]["invoice_no"] for entry in await caller.get(path, **params)]


def at(clock: Clock, year: int, month: int, day: int) -> None:
    """Turn the clock to noon of a day."""
    clock.at = datetime(year, month, day, 12, tzinfo=UTC).timestamp()


async def test_pages(at_either_door: Caller) -> None:
    """A page has 20 rows unless told, the last is short, one that ends on the edge is followed by an empty one."""
    client = await at_either_door.new_client()
    ids = [await at_either_door.new_invoice(client) for _ in range(40)]
    pages = [[entry["id"] for entry in await at_either_door.get("/invoices", page=page)] for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 0]
    assert pages[0] + pages[1] == ids[::-1]
    assert len(await at_either_door.get("/invoices", page=2, max_per_page=39)) == 1
    assert len(await at_either_door.get("/invoices", max_per_page=50)) == 40


@pytest.mark.parametrize("path", ["/invoices", "/invoices/query", "/clients", "/products", "/expenses"])
@pytest.mark.parametrize(
    "params", [{"max_per_page": 51}, {"max_per_page": 0}, {"page": 0}, {"page": -1}, {"page": "two"}, {"page": "1.0"}]
)
async def test_pages_that_are_none(caller: Caller, path: str, params: dict[str, Any]) -> None:
    """Every paged list refuses a page over 50 rows and whatever is no positive whole number."""
    envelope = await caller.refused(400, "GET", path, **params)
    assert next(iter(params)) in envelope["error"]


async def test_a_query_begins_with_the_month_and_ends_today(caller: Caller, clock: Clock) -> None:
    """Without dates a query covers the days from the first of the month until today."""
    for day in ((2015, 10, 31), (2015, 11, 1), (2015, 11, 23), (2015, 11, 24)):
        at(clock, *day)
        await caller.new_invoice()
    at(clock, 2015, 11, 23)
    assert await numbers(caller) == ["2015-000003", "2015-000002"]
    assert await numbers(caller, start_date="2015-01-01") == ["2015-000003", "2015-000002", "2015-000001"]
    assert await numbers(caller, end_date="2015-11-24") == ["2015-000004", "2015-000003", "2015-000002"]
    assert await numbers(caller, start_date="2015-10-31", end_date="2015-10-31") == ["2015-000001"]
    assert await numbers(caller, start_date="2015-11-24", end_date="2015-11-01") == []


async def test_a_query_by_number(caller: Caller, clock: Clock) -> None:
    """Numbers are bounded with their year, across years too, whatever the month; drafts and proformas have none."""
    for day in ((2014, 5, 1), (2014, 5, 2), (2015, 5, 1), (2015, 5, 2)):
        at(clock, *day)
        await caller.new_invoice()
        await caller.new_invoice(type=1)
        await caller.new_invoice(type=0)
    assert await numbers(caller, num_start=2, year_start=2014) == ["2015-000002", "2015-000001", "2014-000002"]
    assert await numbers(caller, num_end=1, year_end=2015) == ["2015-000001", "2014-000002", "2014-000001"]
    between = await numbers(caller, num_start=2, year_start=2014, num_end=1, year_end=2015)
    assert between == ["2015-000001", "2014-000002"]
    assert await numbers(caller, year_start=2014, year_end=2014) == ["2014-000002", "2014-000001"]


async def test_a_query_by_block_and_payment_method(caller: Caller) -> None:
    """A query narrows to one block, 0 being the default one, and to one payment method."""
    await caller.new_invoice(block_uid=0, payment_method=1)
    await caller.new_invoice(block_uid=WEB_BLOCK, payment_method=2)
    await caller.new_invoice(block_uid=0, payment_method=2)
    assert await numbers(caller, block=0) == await numbers(caller, block=DEFAULT_BLOCK.uid)
    assert await numbers(caller, block=0) == ["2015-000002", "2015-000001"]
    assert await numbers(caller, block=WEB_BLOCK) == ["2015-000001"]
    assert await numbers(caller, payment_method=2, block=0) == ["2015-000002"]


@pytest.mark.parametrize(
    ("bound", "words"),
    [({f"num_{end}": 1}, f"num_{end} needs year_{end}") for end in ("start", "end")]
    + [({"start_date": day}, "start_date") for day in ("2015-13-01", "20151101", "tomorrow", "2015-11-01T00:00")],
)
async def test_bounds_that_are_none(caller: Caller, bound: dict[str, Any], words: str) -> None:
    """A number bound without its year bound, and a date that is none, are refused by the parameter's name."""
    assert words in (await caller.refused(400, "GET", "/invoices/query", **bound))["error"]


async def test_a_clock_that_goes_back_loses_nothing(caller: Caller, clock: Clock) -> None:
    """Invoices stay sorted by day when the clock is turned back between them."""
    for day in (20, 5, 10):
        at(clock, 2015, 11, day)
        await caller.new_invoice()
    at(clock, 2015, 11, 30)
    assert await numbers(caller) == ["2015-000001", "2015-000003", "2015-000002"]

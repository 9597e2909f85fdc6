"""Invoices made, generated and cancelled; their numbers and their sums."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import IN_PROCESS, a_client, an_invoice, an_item, at_door, money

from billingo_async.sandbox import Sandbox
from billingo_async.sandbox.seeds import BLOCKS, DEFAULT_BLOCK

if TYPE_CHECKING:
    from sandbox_caller import Caller, Clock

WEB_BLOCK = next(uid for uid in BLOCKS if uid != DEFAULT_BLOCK.uid)


async def test_numbers_have_no_gap(caller: Caller, clock: Clock) -> None:
    """Each block counts by itself, each year begins at 1, and what is refused or no invoice takes no number."""
    client = await caller.new_client()
    for block in (0, WEB_BLOCK, 0, WEB_BLOCK, 0):
        await caller.new_invoice(client, block_uid=block)
        await caller.refused(400, "POST", "/invoices", an_invoice(client, block_uid=block, payment_method=99))
        await caller.new_invoice(client, block_uid=block, type=0)
        await caller.new_invoice(client, block_uid=block, type=1)
    clock.at = datetime(2016, 1, 1, tzinfo=UTC).timestamp()
    await caller.new_invoice(client)
    invoices = [entry["attributes"] for entry in await caller.get("/invoices", max_per_page=50)]
    numbered = [(i["block_uid"], i["invoice_no"]) for i in reversed(invoices) if i["type"] == "3"]
    own = [number for block, number in numbered if block == DEFAULT_BLOCK.uid]
    assert own == ["2015-000001", "2015-000002", "2015-000003", "2016-000001"]
    assert [number for block, number in numbered if block == WEB_BLOCK] == ["2015-000001", "2015-000002"]


async def test_the_year_turns_at_the_sandboxs_midnight(clock: Clock) -> None:
    """The timezone says when a day is over: 23:30 UTC is the next year one hour east."""
    clock.at = datetime(2015, 12, 31, 23, 30, tzinfo=UTC).timestamp()
    east = Sandbox(now=clock, timezone=timezone(timedelta(hours=1)))
    async with at_door(IN_PROCESS, east, clock) as caller:
        invoice = await caller.read(await caller.new_invoice())
    assert (invoice["date"], invoice["invoice_no"]) == ("2016-01-01", "2016-000001")


@pytest.mark.parametrize(
    ("items", "round_to", "net", "total"),
    [
        ([an_item()], 0, "3500.000", "4445.000"),
        ([an_item(net_unit_price=money("3500.1"))], 0, "3500.100", "4445.127"),
        ([an_item(net_unit_price=money("0.1234"), qty=money("0.5"))], 0, "0.0617", "0.078359"),
        ([an_item(net_unit_price=None, gross_unit_price=1000)], 0, "787.402", "1000.000"),
        ([an_item(net_unit_price=None, gross_unit_price=money("9.99"), qty=3)], 0, "23.598", "29.970"),
        ([an_item(net_unit_price=100, vat_id=4), an_item(net_unit_price=100, vat_id=2)], 0, "200.000", "205.000"),
        ([an_item(net_unit_price=money("100.50"), vat_id=5)], 1, "100.500", "101.000"),
        ([an_item(net_unit_price=money("102.49"), vat_id=5)], 5, "102.490", "100.000"),
        ([an_item(net_unit_price=money("102.50"), vat_id=5)], 5, "102.500", "105.000"),
        ([an_item(net_unit_price=15, vat_id=5)], 10, "15.000", "20.000"),
        ([an_item(net_unit_price=money("12345678901234567890.123"), vat_id=5)], 0, *["12345678901234567890.123"] * 2),
    ],
)
async def test_totals_are_exact(
    caller: Caller, items: list[dict[str, Any]], round_to: int, net: str, total: str
) -> None:
    """Totals are what paper and pencil give: no digit lost, rounded only where `round_to` asks for it."""
    invoice = await caller.read(await caller.new_invoice(items=items, round_to=round_to))
    assert (invoice["net_total"], invoice["total"]) == (net, total)


async def test_an_invoice_keeps_its_own_client(caller: Caller) -> None:
    """A customer who is renamed or deleted stays on old invoices as before."""
    client = await caller.new_client()
    uid = await caller.new_invoice(client)
    await caller.call("PUT", f"/clients/{client}", a_client(name="Másik Kft."))
    await caller.call("DELETE", f"/clients/{client}")
    assert (await caller.read(uid))["client"]["name"] == "Minta Kft."
    await caller.refused(400, "POST", "/invoices", an_invoice(client))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"client_uid": 5}, "client_uid: there is no client 5"),
        ({"block_uid": 7}, "block_uid: there is no invoice block 7; 0 is the default block"),
        ({"payment_method": 3}, "payment_method: there is no payment method 3"),
        ({"currency": "XTS"}, "currency: no daily rate for XTS; give an exchange_rate"),
        ({"bank_account_uid": 8}, "bank_account_uid: there is no bank account 8"),
        ({"items": [an_item(), an_item(vat_id=6)]}, "items[1].vat_id: there is no VAT rate 6"),
        ({"items": [{"product_uid": 9, "qty": 1}]}, "items[0].product_uid: there is no product 9"),
    ],
)
async def test_what_is_named_must_be_there(
    caller: Caller, sandbox: Sandbox, changes: dict[str, Any], reason: str
) -> None:
    """A body that fits its schema and names what is not there is refused with an array of reasons."""
    client = await caller.new_client()
    envelope = await caller.refused(400, "POST", "/invoices", an_invoice(client) | changes)
    assert envelope["errors"] == [reason]
    assert sandbox.ledger.count("invoices.create") == 0


async def test_a_currency_of_ones_own_needs_its_rate(caller: Caller) -> None:
    """With an exchange rate any currency will do; without one the day's rate is taken."""
    with_rate = await caller.read(await caller.new_invoice(currency="XTS", exchange_rate=money("1.5")))
    assert with_rate["exchange_rate"] == "1.500"
    assert (await caller.read(await caller.new_invoice(currency="EUR")))["exchange_rate"] == "385.180"


async def test_a_product_in_another_currency_is_refused(caller: Caller) -> None:
    """A product priced in forints is not put on an invoice in euros."""
    product = {"name": "Tégla", "price": 5200, "unit": "db", "currency_code": "HUF", "vat_id": 1}
    uid = (await caller.post("/products", product))["id"]
    body = an_invoice(await caller.new_client(), currency="EUR", items=[{"product_uid": uid, "qty": 1}])
    envelope = await caller.refused(400, "POST", "/invoices", body)
    assert envelope["errors"] == [f"items[0].product_uid: product {uid} is priced in another currency than EUR"]


async def test_cancelling_makes_the_opposite_invoice(at_either_door: Caller) -> None:
    """A cancelling invoice has the next number, the total with its sign turned, and both name each other's number."""
    uid = await at_either_door.new_invoice()
    storno = await at_either_door.get(f"/invoices/{uid}/cancel")
    assert storno["attributes"]["due_date"] == "2015-11-23"
    original, cancelling = await at_either_door.read(uid), await at_either_door.read(storno["id"])
    assert original["connected_invoice_no"] == cancelling["invoice_no"] == "2015-000002"
    row = cancelling["items"][0]
    assert (row["qty"], row["net_unit_price"], row["gross_row_price"]) == ("-1.000", "3500.000", "-4445.000")


@pytest.mark.parametrize("type_", [0, 1])
async def test_only_invoices_are_cancelled(caller: Caller, type_: int) -> None:
    """Drafts and proformas are no invoices."""
    await caller.refused(400, "GET", f"/invoices/{await caller.new_invoice(type=type_)}/cancel")


async def test_a_proforma_becomes_an_invoice_once(caller: Caller, sandbox: Sandbox) -> None:
    """Generate answers the new id beside `success`; the second time it is refused."""
    proforma = await caller.new_invoice(type=1)
    envelope = await caller.call("GET", f"/invoices/{proforma}/generate")
    assert set(envelope) == {"success", "id"}
    invoice = await caller.read(envelope["id"])
    assert (invoice["invoice_no"], invoice["type"], invoice["total"]) == ("2015-000001", "3", "4445.000")
    await caller.refused(400, "GET", f"/invoices/{proforma}/generate")
    await caller.refused(400, "GET", f"/invoices/{envelope['id']}/generate")
    assert sandbox.ledger.count("invoices.generate") == 1


@pytest.mark.parametrize("path", ["", "/code", "/generate", "/download", "/cancel", "/send"])
async def test_unknown_ids_answer_404(caller: Caller, path: str) -> None:
    """An id that is not there is refused with 404 and the envelope."""
    assert (await caller.refused(404, "GET", f"/invoices/12345{path}"))["error"]


@pytest.mark.parametrize(
    "path", ["/invoices/\u0661", "/invoices/1%2Fcancel", "/invoices/-1", "/invoices/abc", "/invoices/1/"]
)
async def test_ids_are_ascii_digits(caller: Caller, path: str) -> None:
    """Whatever is no plain id fits no endpoint: nothing can be smuggled in through it."""
    await caller.refused(404, "GET", path)


async def test_another_method_is_refused_with_what_is_allowed(caller: Caller) -> None:
    """A known path under an unknown method answers 405 and names the methods there are."""
    response = await caller.send("DELETE", "/invoices")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")

"""Both counters speak of the same books: what is made over one is there over the other, faults and ledger know both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sandbox_caller import a_document, an_invoice, over_http, with_key

from billingo_async.sandbox import Fault, NetworkFault

if TYPE_CHECKING:
    from sandbox_caller import Caller, Clock

    from billingo_async.sandbox import Sandbox


async def test_an_invoice_of_v2_is_there_over_v3(caller: Caller, sandbox: Sandbox, clock: Clock) -> None:
    """Under the id that the conversion tells: the same number, sums, partner, payments and PDF; v3's id is another."""
    client = await caller.new_client()
    uid = await caller.new_invoice(client)
    await caller.call("POST", f"/invoices/{uid}/pay", {"date": "2015-11-24", "amount": 445, "payment_method": 2})
    async with with_key(sandbox, clock) as by_key:
        converted = await by_key.get(f"/utils/convert-legacy-id/{uid}")
        assert converted == {"id": converted["id"], "legacy_id": uid}
        assert converted["id"] != uid
        document = await by_key.get(f"/documents/{converted['id']}")
        partner = await by_key.get(f"/utils/convert-legacy-id/{client}")
        assert (document["invoice_number"], document["gross_total"]) == ("TST / 2015-000001", 4445)
        assert document["partner"]["id"] == document["document_partner"]["id"] == partner["id"]
        assert document["partner"]["address"] == {
            "country_code": "HU", "post_code": "9021", "city": "Győr", "address": "Őrház utca 7",
        }  # fmt: skip
        assert [payment["price"] for payment in await by_key.get(f"/documents/{document['id']}/payments")] == [445]
        await by_key.refused(404, "GET", "/utils/convert-legacy-id/1")
        storno = await by_key.call("POST", f"/documents/{document['id']}/cancel")
    read = await caller.read(uid)
    assert (read["status"], read["connected_invoice_no"]) == (4, "2015-000002")
    assert storno["invoice_number"] == "TST / 2015-000002"


async def test_a_document_of_v3_is_there_over_v2(caller: Caller, sandbox: Sandbox, clock: Clock) -> None:
    """Its partner is a customer, its method is shown, its number goes on with v2's; receipts are hidden."""
    async with with_key(sandbox, clock) as by_key:
        document = await by_key.new_document(payment_method="barion")
        blocks = (await by_key.get("/document-blocks", type="receipt"))["data"]
        body: dict[str, Any] = {"block_id": blocks[0]["id"], "type": "receipt", "payment_method": "cash"}
        await by_key.post("/documents/receipt", body | {"currency": "HUF", "items": [{"unit_price": 1, "vat": "none"}]})
        assert (await by_key.get("/documents", partner_id=document["partner"]["id"]))["total"] == 1
    (listed,) = await caller.get("/invoices")
    shown = listed["attributes"]
    assert (shown["invoice_no"], shown["total"], shown["client"]["name"]) == (
        document["invoice_number"].removeprefix("TST / "), "25400.000", "Példa Vevő Kft.",
    )  # fmt: skip
    assert shown["payment_method"]["name"] == "barion"
    (client,) = await caller.get("/clients")
    assert client["attributes"]["billing_address"]["city"] == "Mintaváros"
    assert (await caller.post("/invoices", an_invoice(client["id"])))["attributes"]["invoice_no"] == "2015-000002"
    methods = await caller.get("/payment_methods/hu")
    assert "barion" not in [method["attributes"]["name"] for method in methods]


async def test_a_draft_is_filed_once(caller: Caller, sandbox: Sandbox, clock: Clock) -> None:
    """Issued a day later it is dated that day, and a query by day finds it there alone."""
    async with with_key(sandbox, clock) as by_key:
        draft = await by_key.new_document(type="draft")
        clock.at += 86400
        body = a_document(draft["partner"]["id"], draft["block_id"])
        await by_key.call("PUT", f"/documents/{draft['id']}", body)
    days = ("2015-11-23", "2015-11-24")
    listed = [await caller.get("/invoices/query", start_date=day, end_date=day) for day in days]
    assert [len(rows) for rows in listed] == [0, 1]
    assert len(await caller.get("/invoices")) == 1


async def test_a_name_that_both_have_means_either(caller: Caller, sandbox: Sandbox, clock: Clock) -> None:
    """`products.list` is met at whichever counter comes first, `api` narrows it, and the ledger counts alike."""
    sandbox.faults.next("products.list", Fault.answer(503), Fault.answer(503))
    sandbox.faults.next("products.list", Fault.answer(500), api="v3")
    async with with_key(sandbox, clock) as by_key:
        assert (await caller.send("GET", "/products")).status_code == 503
        assert (await by_key.send("GET", "/products")).status_code == 503
        assert (await caller.send("GET", "/products")).status_code == 200
        assert (await by_key.send("GET", "/products")).status_code == 500
        sandbox.faults.next("GET /documents/*", Fault.answer(502))
        assert (await by_key.send("GET", "/documents/1")).status_code == 502
        await by_key.post("/products", {"name": "A", "currency": "HUF", "vat": "27%", "unit": "db"})
    written = {"name": "B", "price": 1, "unit": "db", "currency_code": "HUF", "vat_id": 1}
    await caller.post("/products", written)
    ledger = sandbox.ledger
    assert (ledger.count("products.create"), ledger.count("products.create", api="v3")) == (2, 1)
    assert [entry.api for entry in ledger.of("products.create")] == ["v3", "v2"]


async def test_a_product_and_an_account_are_shared(caller: Caller, sandbox: Sandbox, clock: Clock) -> None:
    """A product of 19 % from v2's list of the EU is `19%` over v3; a bank account has the same numbers over both."""
    written = {"name": "Tégla", "price": 100, "unit": "db", "currency_code": "HUF", "vat_id": 13}
    await caller.post("/products", written)
    await caller.post("/bank_accounts", {"bank_name": "Bank", "account_no": "1-2", "currency": "HUF"})
    async with with_key(sandbox, clock) as by_key:
        (product,) = (await by_key.get("/products"))["data"]
        (account,) = (await by_key.get("/bank-accounts"))["data"]
    assert (product["vat"], product["net_unit_price"]) == ("19%", 100)
    assert (account["name"], account["account_number"]) == ("Bank", "1-2")


async def test_the_line_drops_after_an_invoice_of_v3(sandbox: Sandbox, clock: Clock) -> None:
    """The faults of the network are the same over v3: the draft was issued, and the caller cannot know."""
    async with over_http(sandbox, clock) as by_key:
        draft = await by_key.new_document(type="draft")
        body = a_document(draft["partner"]["id"], draft["block_id"])
        sandbox.faults.next("documents.issue_draft", Fault.drop_after_commit())
        with pytest.raises(httpx.RemoteProtocolError):
            await by_key.send("PUT", f"/documents/{draft['id']}", body)
        assert (await by_key.get(f"/documents/{draft['id']}"))["type"] == "invoice"
    assert sandbox.ledger.count("documents.issue_draft") == 1
    assert sandbox.faults.met[0].fault.network is NetworkFault.BROKEN_BEFORE_ANSWER


def test_the_address_of_v3_is_there_while_it_serves(sandbox: Sandbox) -> None:
    """Before it serves there is no address, and the error says how to get one."""
    with pytest.raises(RuntimeError, match=r"sandbox\.serve"):
        _ = sandbox.v3_url

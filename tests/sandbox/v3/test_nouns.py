"""Partners, products and what is looked up over v3, and the words for bodies that do not fit."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import a_document, a_line, a_partner

from billingo_async.sandbox import Switches

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox_caller import KeyCaller

    from billingo_async.sandbox import Sandbox


async def test_what_a_partner_lacks_is_named_at_once(by_key: KeyCaller, shared: Path) -> None:
    """An empty country's partner is the sample's 422, word for word; `name` blank counts as missing."""
    sample = json.loads((shared / "v3/payloads/partners.create.422.response.json").read_text("utf-8"))
    body = {"name": "", "address": {"country_code": "HU", "post_code": "", "city": ""}}
    answer = await by_key.refused(422, "POST", "/partners", body)
    assert answer["message"] == sample["message"]
    assert sorted(answer["errors"], key=str) == sorted(sample["errors"], key=str)
    fields = [error["field"] for error in (await by_key.refused(422, "POST", "/partners", {}))["errors"]]
    assert {"name", "address.country_code", "address.post_code", "address.city", "address.address"} == set(fields)


STORED = {"product_id": 5, "quantity": 1}


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"currency": "EUR"}, "conversion_rate", "The conversion rate field is required."),
        ({"payment_method": "gold"}, "payment_method", "The selected payment method is invalid."),
        ({"due_date": "20151201"}, "due_date", "The due date is not a valid date."),
        ({"due_date": "2015-02-30"}, "due_date", "The due date is not a valid date."),
        ({"electronic": "yes"}, "electronic", "The electronic field must be true or false."),
        ({"comment": 7}, "comment", "The comment must be a string."),
        ({"items": []}, "items", "The items field is required."),
        ({"items": [a_line(unit_price="1")]}, "items.0.unit_price", "The items.0.unit price must be a number."),
        ({"items": [a_line(), STORED]}, "items.1.product_id", "The selected items.1.product id is invalid."),
        ({"items": [a_line(unit_price=10**50)]}, "items.0.unit_price", "The items.0.unit price must be a number."),
        ({"block_id": 1}, "block_id", "The selected block id is invalid."),
        ({"partner_id": 1}, "partner_id", "The selected partner id is invalid."),
        ({"bank_account_id": 1}, "bank_account_id", "The selected bank account id is invalid."),
        ({"partner_id": None}, "partner_id", "The partner id field is required."),
    ],
)
async def test_what_is_wrong_with_a_document(
    by_key: KeyCaller, sandbox: Sandbox, changes: dict[str, Any], field: str, message: str
) -> None:
    """Each mistake is told by its field with dots, in Laravel's words; nothing is made."""
    body = a_document(await by_key.new_partner(), await by_key.block()) | changes
    answer = await by_key.refused(422, "POST", "/documents", body)
    assert answer == {"message": "Validation Failed", "errors": [{"field": field, "message": message}]}
    assert sandbox.ledger.count("documents.create") == 0


async def test_names_that_are_read_are_not_written(by_key: KeyCaller) -> None:
    """A line as it is read back cannot be written: what it lacks is named. Members that nothing knows are ignored."""
    document = await by_key.new_document()
    body = a_document(document["partner"]["id"], document["block_id"], items=document["items"])
    del body["items"][0]["product_id"]
    errors = (await by_key.refused(422, "POST", "/documents", body))["errors"]
    assert {error["field"] for error in errors} == {"items.0.unit_price", "items.0.unit_price_type"}
    await by_key.new_document(no_such_member="this")


@pytest.mark.parametrize("content", [b"{", b"[1]", b'"text"', b"\xff"])
async def test_bodies_that_are_none(by_key: KeyCaller, content: bytes) -> None:
    """What is no JSON is 400, what is no object 422."""
    response = await by_key.http.post("/partners", content=content, headers={"X-API-KEY": by_key.key})
    assert response.status_code == (422 if content in {b"[1]", b'"text"'} else 400)


async def test_a_guess_finds_or_makes(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """By the tax number, else by an e-mail, else a new one; always 201."""
    await by_key.new_partner(taxcode="", emails=[])
    known = await by_key.new_partner()
    by_taxcode = await by_key.post("/partners/guess", a_partner(emails=[]))
    by_email = await by_key.post("/partners/guess", a_partner(taxcode="", emails=["SZAMLA@vevo.example"]))
    made = await by_key.post("/partners/guess", a_partner(taxcode="", emails=["mas@vevo.example"]))
    assert (by_taxcode["id"], by_email["id"]) == (known, known)
    assert made["id"] != known
    assert sandbox.ledger.count("partners.guess") == 1


async def test_a_put_replaces_the_whole_partner(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """What is not written goes back to blank; documents keep their own copy; deleted, it is gone."""
    document = await by_key.new_document()
    partner = document["partner"]["id"]
    address = a_partner()["address"]
    changed = await by_key.call("PUT", f"/partners/{partner}", {"name": "Új név", "address": address})
    assert (changed["name"], changed["emails"], changed["taxcode"], changed["tax_type"]) == ("Új név", [], "", "")
    read = await by_key.get(f"/documents/{document['id']}")
    assert (read["partner"]["name"], read["document_partner"]["name"]) == ("Új név", "Példa Vevő Kft.")
    sandbox.switches = Switches(empty_account_number="")
    assert (await by_key.get(f"/partners/{partner}"))["account_number"] == ""
    await by_key.call("DELETE", f"/partners/{partner}", status=204)
    await by_key.refused(404, "GET", f"/partners/{partner}")
    assert (await by_key.get(f"/documents/{document['id']}"))["partner"]["name"] == "Példa Vevő Kft."


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/partners", a_partner()),
        ("/partners", a_partner(emails=[], taxcode="", tax_type="", custom_billing_settings={"due_days": None})),
        ("/products", {"name": "Méz", "currency": "HUF", "vat": "5,5%", "net_unit_price": Decimal("1.5"), "unit": ""}),
        ("/bank-accounts", {"name": "Fő számla", "account_number": "1-2", "currency": "HUF"}),
    ],
)
async def test_what_is_read_can_be_written_back(by_key: KeyCaller, path: str, body: dict[str, Any]) -> None:
    """PUT of what a read answers, nulls and all, changes nothing."""
    made = await by_key.post(path, body)
    read = await by_key.get(f"{path}/{made['id']}")
    assert read == made
    assert await by_key.call("PUT", f"{path}/{made['id']}", read) == made
    assert await by_key.get(f"{path}/{made['id']}") == made


async def test_a_product_by_its_gross_price(by_key: KeyCaller) -> None:
    """127 gross at 27 % are 100 net; three of them leave 97 in stock once they are invoiced."""
    written = {"name": "Méz", "currency": "HUF", "vat": "27%", "gross_unit_price": 127, "unit": "üveg"}
    product = await by_key.post("/products", written)
    assert product["net_unit_price"] == 100
    await by_key.new_document(items=[{"product_id": product["id"], "quantity": 3}])
    assert (await by_key.get(f"/inventory/product/{product['id']}/quantity"))["available_quantity"] == 97


async def test_rates_differ_from_day_to_day(by_key: KeyCaller) -> None:
    """A rate is told for the day asked for, today's by default; the same currency is 1, a stranger 422."""
    days = ("2015-11-20", "2015-11-21")
    rates = [await by_key.get("/currencies", **{"from": "EUR", "to": "HUF", "date": day}) for day in days]
    assert rates[0]["conversation_rate"] != rates[1]["conversation_rate"]
    assert [rate["date"] for rate in rates] == list(days)
    one = await by_key.get("/currencies", **{"from": "HUF", "to": "HUF"})
    assert one == {"from_currency": "HUF", "to_currency": "HUF", "conversation_rate": 1, "date": "2015-11-23"}
    await by_key.refused(422, "GET", "/currencies", **{"from": "XXX", "to": "HUF"})
    await by_key.refused(422, "GET", "/currencies", to="HUF")
    await by_key.refused(404, "GET", "/currencies", **{"from": "MNT", "to": "HUF"})


@pytest.mark.parametrize(
    ("number", "result"), [("12345678-2-42", "invalid_tax_number"), ("12345676-2-42", "non_exist_tax_number")]
)
async def test_tax_numbers(by_key: KeyCaller, number: str, result: str) -> None:
    """The check digit of 1234567 is 6; a number that fits, and that nothing has, does not exist."""
    assert await by_key.get(f"/utils/check-tax-number/{number}") == {"tax_number": number, "result": result}
    await by_key.refused(422, "GET", "/utils/check-tax-number/12345678")


async def test_spendings_are_filtered(by_key: KeyCaller) -> None:
    """By text, day, state, category and currency."""
    body: dict[str, Any] = {"currency": "HUF", "category": "software"}
    body |= {"total_gross": Decimal("12.5"), "total_gross_huf": 12}
    body |= {"total_vat_amount": 2, "total_vat_amount_huf": 2, "fulfillment_date": "2015-11-01"}
    body |= {"payment_method": "bankcard", "invoice_number": "SZ-1", "due_date": "2015-11-09"}
    spending = await by_key.post("/spendings", body)
    assert (spending["total_gross"], spending["total_gross_local"]) == (Decimal("12.5"), 12)
    hits = [{"q": "sz-1"}, {"start_date": "2015-11-01"}, {"payment_status": "expired"}, {"categories": "software"}]
    misses = [{"q": "sz-2"}, {"start_date": "2015-11-02"}, {"payment_status": "paid"}, {"currencies": "EUR"}]
    misses += [{"spending_type": "nav"}, {"spending_date": "due_date", "end_date": "2015-11-08"}]
    assert [(await by_key.get("/spendings", **query))["total"] for query in hits] == [1] * len(hits)
    assert [(await by_key.get("/spendings", **query))["total"] for query in misses] == [0] * len(misses)
    await by_key.refused(422, "POST", "/spendings", body | {"partner_id": 1})


@pytest.mark.parametrize("outcome", ["success", "warning", "fail"])
async def test_an_export(by_key: KeyCaller, sandbox: Sandbox, outcome: Any) -> None:
    """It is there once it is done, unless it failed; another kind than CSV is an archive."""
    sandbox.switches = Switches(export_outcome=outcome)
    await by_key.new_document()
    day = "2015-12-01"
    body = {"query_type": "due_date", "start_date": day, "end_date": day, "export_type": "simple_excel"}
    job = (await by_key.post("/document-export", body))["id"]
    await by_key.refused(404, "GET", f"/document-export/{job}/download")
    states = [(await by_key.get(f"/document-export/{job}/poll"))["state"] for _ in range(3)]
    assert states[-1] == outcome
    response = await by_key.send("GET", f"/document-export/{job}/download")
    assert response.status_code == (404 if outcome == "fail" else 200)
    assert response.content.startswith(b"PK") == (outcome != "fail")
    await by_key.refused(404, "GET", "/document-export/none/poll")


async def test_a_block_that_is_answered(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """201 without a body by default, with the block where the switch says so."""
    body = {"name": "Webáruház", "prefix": "PLD", "type": "invoice"}
    assert (await by_key.send("POST", "/document-blocks", body)).content == b""
    sandbox.switches = Switches(block_answer=True)
    assert (await by_key.post("/document-blocks", body))["prefix"] == "PLD"
    await by_key.refused(422, "GET", "/document-blocks", type="none")

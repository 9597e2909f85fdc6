"""The other nouns: products, expenses, bank accounts, recurring profiles."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from sandbox_caller import money

if TYPE_CHECKING:
    from sandbox_caller import Caller, Clock

    from billingo_async.sandbox import Sandbox

PRODUCT = {"name": "Tégla", "price": money("5200.5"), "unit": "db", "currency_code": "HUF", "vat_id": 1}
ACCOUNT = {"bank_name": "Bank", "account_no": "1111-2222", "currency": "HUF"}
EXPENSE = {"categories_id": 2, "name": "Papír", "gross_price": 1200}
WRITTEN: dict[str, dict[str, Any]] = {"products": PRODUCT, "bank_accounts": ACCOUNT, "expenses": EXPENSE}


@pytest.mark.parametrize("noun", WRITTEN)
async def test_made_listed_changed(caller: Caller, sandbox: Sandbox, noun: str) -> None:
    """What is made is listed, what is changed is listed changed, both stand in the ledger, unknown fields are kept."""
    made = await caller.post(f"/{noun}", WRITTEN[noun] | {"colour": "red"})
    (listed,) = await caller.get(f"/{noun}")
    assert listed["id"] == made["id"]
    assert listed["attributes"]["colour"] == "red"
    name = next(iter(set(WRITTEN[noun]) & {"name", "bank_name"}))
    await caller.call("PUT", f"/{noun}/{made['id']}", WRITTEN[noun] | {name: "Más"})
    (listed,) = await caller.get(f"/{noun}")
    assert (listed["id"], listed["attributes"][name]) == (made["id"], "Más")
    assert "colour" not in listed["attributes"]
    assert [entry.operation for entry in sandbox.ledger] == [f"{noun}.create", f"{noun}.update"]
    assert {entry.id for entry in sandbox.ledger} == {made["id"]}


@pytest.mark.parametrize("noun", WRITTEN)
async def test_what_is_not_there_is_not_changed(caller: Caller, sandbox: Sandbox, noun: str) -> None:
    """Changing an unknown id is refused with 404 and makes nothing."""
    await caller.refused(404, "PUT", f"/{noun}/5", WRITTEN[noun])
    assert await caller.get(f"/{noun}") == []
    assert len(sandbox.ledger) == 0


@pytest.mark.parametrize("noun", ["products", "bank_accounts", "recurring"])
async def test_one_is_a_list_of_one(caller: Caller, noun: str) -> None:
    """GET with an id answers a list; an unknown id answers 404."""
    written = WRITTEN.get(noun) or {"base_invoice_uid": await caller.new_invoice(), "frequency": "1M"}
    uid = (await caller.post(f"/{noun}", written))["id"]
    assert [entry["id"] for entry in await caller.get(f"/{noun}/{uid}")] == [uid]
    await caller.refused(404, "GET", f"/{noun}/5")


async def test_a_products_price_keeps_its_digits(caller: Caller, clock: Clock) -> None:
    """A product's price is answered as an exact number; both times are told, the second moves on."""
    made = await caller.post("/products", PRODUCT | {"fokonyv_arbev": 0})
    assert made["attributes"]["price"] == money("5200.5")
    assert made["attributes"]["fokonyv_arbev"] == ""
    clock.at += 60
    await caller.call("PUT", f"/products/{made['id']}", PRODUCT)
    attributes = (await caller.get(f"/products/{made['id']}"))[0]["attributes"]
    assert (attributes["created_at"], attributes["updated_at"]) == ("2015-11-23 12:00:00", "2015-11-23 12:01:00")
    assert attributes["vat"] == {"id": 1, "value": money("0.27"), "description": "27%"}


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/products", PRODUCT | {"vat_id": 6}, "vat_id: there is no VAT rate 6"),
        ("/expenses", EXPENSE | {"categories_id": 99}, "categories_id: there is no expense category 99"),
        ("/expenses", EXPENSE | {"vat": 6}, "vat: there is no VAT rate 6"),
        ("/expenses", EXPENSE | {"client_uid": 7}, "client_uid: there is no client 7"),
        ("/recurring", {"base_invoice_uid": 7, "frequency": "1M"}, "base_invoice_uid: there is no invoice 7"),
    ],
)
async def test_what_is_named_must_be_there(caller: Caller, path: str, body: dict[str, Any], reason: str) -> None:
    """A body that names what is not there is refused with an array of reasons."""
    assert (await caller.refused(400, "POST", path, body))["errors"] == [reason]


async def test_an_expense_keeps_its_client(caller: Caller) -> None:
    """A listed expense shows its client as it was; one without a client shows none."""
    client = await caller.new_client()
    await caller.post("/expenses", EXPENSE | {"client_uid": client, "gross_price": money("1200.505")})
    await caller.post("/expenses", EXPENSE)
    await caller.call("DELETE", f"/clients/{client}")
    without, with_client = [entry["attributes"] for entry in await caller.get("/expenses")]
    assert with_client["client"]["name"] == "Minta Kft."
    assert (with_client["gross_price"], without["gross_price"]) == ("1200.505", "1200.00")
    assert "client" not in without


async def test_an_invoice_shows_the_bank_account_it_names(caller: Caller) -> None:
    """A bank account that an invoice names is answered and printed; else the first one in its currency is printed."""
    named, first = "5555-6666", ACCOUNT["account_no"]
    await caller.post("/bank_accounts", ACCOUNT)
    uid = (await caller.post("/bank_accounts", ACCOUNT | {"account_no": named}))["id"]
    for changes, printed in (({"bank_account_uid": uid}, named), ({}, first)):
        invoice = await caller.new_invoice(**changes)
        assert (await caller.read(invoice))["bank_account_uid"] == changes.get("bank_account_uid")
        pdf = (await caller.send("GET", f"/invoices/{invoice}/download")).content
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        assert [number for number in (named, first) if number in text] == [printed]

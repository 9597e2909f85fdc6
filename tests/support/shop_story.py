"""What every example of a shop must be able to do, told through HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from billingo_async.sandbox import Sandbox

ORDER = {
    "customer": "Őrségi Sütőház Kft.",
    "postcode": "9941",
    "city": "Őriszentpéter",
    "street_name": "Fő",
    "street_type": "utca",
    "house_nr": "7",
    "what": "Kenyér",
    "price": "1250.50",
    "paid_on": "2026-03-31",
}


async def tell(shop: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Report an order twice, and another while the line drops; fetch a PDF, and one that is not there."""
    first = await shop.post("/orders/1001/paid", json=ORDER)
    assert first.status_code == 201
    again = await shop.post("/orders/1001/paid", json=ORDER)
    assert again.json()["id"] == first.json()["id"]
    assert sandbox.ledger.count("invoices.create") == 1

    sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    settled = await shop.post("/orders/1002/paid", json=ORDER | {"what": "Kalács"})
    assert settled.status_code == 201
    assert [entry.id for entry in sandbox.ledger.of("invoices.create")] == [first.json()["id"], settled.json()["id"]]

    paper = await shop.get(f"/invoices/{first.json()['id']}.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    missing = await shop.get("/invoices/1.pdf")
    assert (missing.status_code, missing.json()) == (404, {"error": "NotFoundError", "operation": "invoices.download"})


async def tell_a_day_later(shop: httpx.AsyncClient, sandbox: Sandbox, turn: Callable[[], None]) -> None:
    """Report an order, again a day later, and with another price: one invoice, for the day paid; the last refused."""
    first = await shop.post("/orders/1001/paid", json=ORDER)
    turn()
    again = await shop.post("/orders/1001/paid", json=ORDER)
    assert (again.status_code, again.json()) == (201, first.json())
    assert sandbox.ledger.count("clients.create") == 1
    (written,) = (logged.sent for logged in sandbox.snapshot().requests if logged.operation == "invoices.create")
    assert json.loads(written.text or "")["fulfillment_date"] == "2026-03-31"

    other = await shop.post("/orders/1001/paid", json=ORDER | {"price": "1250.60"})
    assert (other.status_code, other.json()["error"]) == (409, "KeyConflictError")
    assert sandbox.ledger.count("invoices.create") == 1


async def tell_badly(shop: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Report orders that leave out or leave empty what an invoice needs: 422, the field named, nothing made."""
    for slip in ({"customer": ""}, {"street_name": " "}, {"price": "NaN"}, {"price": "1" * 50}, {"paid_on": "soon"}):
        refused = await shop.post("/orders/1001/paid", json=ORDER | slip)
        assert refused.status_code == 422
        assert next(iter(slip)) in refused.text
    garbled = await shop.post("/orders/1001/paid", content=b"{", headers={"Content-Type": "application/json"})
    assert garbled.status_code == 422
    assert not sandbox.snapshot().requests

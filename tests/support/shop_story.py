"""What every example of a shop must be able to do, told through HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    import httpx

    from billingo_async.sandbox import Sandbox

ORDER = {
    "customer": "Őrségi Sütőház Kft.",
    "postcode": "9941",
    "city": "Őriszentpéter",
    "street": "Fő utca 7.",
    "what": "Kenyér",
    "price": "1250.50",
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

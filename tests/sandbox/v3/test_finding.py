"""Finding documents of v3: by filters, page by page, by the caller's own id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import a_document

from billingo_async.sandbox import Switches

if TYPE_CHECKING:
    from sandbox_caller import KeyCaller

    from billingo_async.sandbox import Sandbox


DOCUMENTS = "https://api.billingo.hu/v3/documents"


async def test_a_vendor_id_leads_to_the_document(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """It is not shown, nor unique; it is found late where the index lags, the newest or the oldest, or not at all."""
    first = await by_key.new_document(vendor_id="shop/42")
    assert "vendor_id" not in first
    await by_key.refused(404, "GET", "/documents/vendor/other")
    second = await by_key.new_document(vendor_id="shop/42")
    assert (await by_key.get("/documents/vendor/shop%2F42"))["id"] == second["id"]
    sandbox.switches = Switches(vendor_id_answer="oldest", vendor_id_lag=2.0)
    unseen = await by_key.refused(404, "GET", "/documents/vendor/shop%2F42")
    assert unseen == {"error": {"message": "Document not found."}}
    by_key.clock.at += 2
    assert (await by_key.get("/documents/vendor/shop%2F42"))["id"] == first["id"]
    sandbox.switches = Switches(vendor_id_hides=frozenset({"invoice"}))
    await by_key.refused(404, "GET", "/documents/vendor/shop%2F42")
    sandbox.switches = Switches(vendor_id_unique=True)
    body = a_document(first["partner"]["id"], first["block_id"], vendor_id="shop/42")
    errors = (await by_key.refused(422, "POST", "/documents", body))["errors"]
    assert [error["field"] for error in errors] == ["vendor_id"]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [3, 2, 1]), ({"start_date": "2015-11-24"}, [3, 2]), ({"end_date": "2015-11-23"}, [1]),
        ({"start_number": 2, "end_number": 2, "start_year": 2015}, [2]), ({"payment_status": "paid"}, [2]),
        ({"paid_start_date": "2015-11-25"}, [2]), ({"payment_method": "cash"}, [3]), ({"query": "keresett"}, [3]),
        ({"last_modified_date": "2015-11-24 00:00:00"}, [3, 2]), ({"fulfillment_end_date": "2015-11-01"}, []),
        ({"type": "receipt"}, []),
    ],
)  # fmt: skip
async def test_filters(by_key: KeyCaller, filters: dict[str, Any], numbers: list[int]) -> None:
    """Each filter lets through what it names, newest first."""
    partner = await by_key.new_partner()
    await by_key.new_document(partner)
    by_key.clock.at += 86400
    second = await by_key.new_document(partner)
    payment = {"date": "2015-11-25", "price": 25400, "payment_method": "cash"}
    await by_key.call("PUT", f"/documents/{second['id']}/payments", [payment])
    await by_key.new_document(partner, payment_method="cash", comment="A keresett szó")
    listed = (await by_key.get("/documents", **filters))["data"]
    assert [int(each["invoice_number"][-6:]) for each in listed] == numbers


@pytest.mark.parametrize(
    "filters",
    [
        {"per_page": 101},
        {"page": 0},
        {"start_date": "soon"},
        {"payment_status": "gone"},
        {"type": "draft"},
        {"last_modified_date": "x"},
    ],
)
async def test_filters_that_are_none(by_key: KeyCaller, filters: dict[str, Any]) -> None:
    """A filter that cannot be read is 422 under its name."""
    errors = (await by_key.refused(422, "GET", "/documents", **filters))["errors"]
    assert [error["field"] for error in errors] == list(filters)


async def test_pages(by_key: KeyCaller) -> None:
    """Three documents in pages of two: totals, and URLs that are null at the ends."""
    partner = await by_key.new_partner()
    ids = [(await by_key.new_document(partner))["id"] for _ in range(3)]
    first = await by_key.get("/documents", per_page=2)
    assert [each["id"] for each in first.pop("data")] == [ids[2], ids[1]]
    assert (first.pop("prev_page_url"), first.pop("next_page_url")) == (None, f"{DOCUMENTS}?page=2")
    assert first == {"total": 3, "per_page": 2, "current_page": 1, "last_page": 2}
    last = await by_key.get("/documents", per_page=2, page=2)
    assert ([each["id"] for each in last["data"]], last["next_page_url"]) == ([ids[0]], None)

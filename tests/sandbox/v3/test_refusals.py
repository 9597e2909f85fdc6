"""What v3 does not allow: each refusal makes nothing and takes no number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import a_document, a_line, a_receipt

if TYPE_CHECKING:
    from sandbox_caller import KeyCaller

    from billingo_async.sandbox import Sandbox

ITEMS = {"items": [a_line()]}
PAYMENT = [{"date": "2015-11-24", "price": 1, "payment_method": "cash"}]


@pytest.mark.parametrize(
    ("kind", "method", "path", "body"),
    [
        ("invoice", "PUT", "archive", None), ("draft", "POST", "cancel", None), ("proforma", "POST", "cancel", None),
        ("storno", "POST", "cancel", None), ("storno", "POST", "copy", None),
        ("proforma", "POST", "create-from-proforma", {"document_type": "receipt"}),
        ("proforma", "POST", "create-modification-document", ITEMS), ("draft", "POST", "send", None),
        ("draft", "PUT", "payments", PAYMENT), ("storno", "DELETE", "payments", None),
        ("invoice", "GET", "print/pos", None),
    ],
)  # fmt: skip
async def test_types_that_do_not_allow_it(  # noqa: PLR0917 - a table of cases
    by_key: KeyCaller, sandbox: Sandbox, kind: str, method: str, path: str, body: Any
) -> None:
    """422, and nothing is committed."""
    document = await by_key.new_document(type="invoice" if kind == "storno" else kind)
    if kind == "storno":
        document = await by_key.call("POST", f"/documents/{document['id']}/cancel")
    before = len(sandbox.ledger)
    await by_key.refused(422, method, f"/documents/{document['id']}/{path}", body)
    assert len(sandbox.ledger) == before


async def test_a_draft_becomes_no_draft(by_key: KeyCaller) -> None:
    """PUT wants the type that is to be issued; a draft of a receipt likewise, and once."""
    draft = await by_key.new_document(type="draft")
    body = a_document(draft["partner"]["id"], draft["block_id"], type="draft")
    errors = (await by_key.refused(422, "PUT", f"/documents/{draft['id']}", body))["errors"]
    assert errors == [{"field": "type", "message": "The selected type is invalid."}]
    block = await by_key.block("receipt")
    receipt = (await by_key.post("/documents/receipt", a_receipt(block, type="draft")))["id"]
    await by_key.refused(422, "PUT", f"/documents/receipt/{receipt}", a_receipt(block, type="draft"))
    await by_key.call("PUT", f"/documents/receipt/{receipt}", a_receipt(block))
    await by_key.refused(422, "PUT", f"/documents/receipt/{receipt}", a_receipt(block))


@pytest.mark.parametrize(
    ("changes", "block", "field"),
    [
        ({"type": "invoice"}, "receipt", "type"),
        ({}, "invoice", "block_id"),
        ({"partner_id": 1}, "receipt", "partner_id"),
    ],
)
async def test_what_a_receipt_is_not(by_key: KeyCaller, changes: dict[str, Any], block: str, field: str) -> None:
    """A receipt is no invoice, stands in a receipt block, and names a partner that is there."""
    body = a_receipt(await by_key.block(block)) | changes
    errors = (await by_key.refused(422, "POST", "/documents/receipt", body))["errors"]
    assert [error["field"] for error in errors] == [field]


async def test_a_mail_without_an_address(by_key: KeyCaller) -> None:
    """A partner without an address needs one named."""
    document = await by_key.new_document(await by_key.new_partner(emails=[]))
    await by_key.refused(422, "POST", f"/documents/{document['id']}/send")
    await by_key.call("POST", f"/documents/{document['id']}/send", {"emails": ["mas@vevo.example"]})


async def test_what_an_invoice_and_a_receipt_may_name(by_key: KeyCaller) -> None:
    """Its bank account, its advance, a product and a discount (10 % off 254 is 228.60); a receipt a partner."""
    account = {"name": "Fő számla", "account_number": "1-2", "currency": "HUF"}
    account_id = (await by_key.post("/bank-accounts", account))["id"]
    written = {"name": "Méz", "currency": "HUF", "vat": "27%", "net_unit_price": 200, "unit": "üveg"}
    line = {"product_id": (await by_key.post("/products", written))["id"], "quantity": 1}
    advance = await by_key.new_document(type="advance")
    partner = advance["partner"]["id"]
    names: dict[str, Any] = {"bank_account_id": account_id, "advance_invoice": [advance["id"]], "paid": True}
    discount = {"type": "percent", "value": 10}
    unknown = a_document(partner, advance["block_id"], advance_invoice=[1])
    errors = (await by_key.refused(422, "POST", "/documents", unknown))["errors"]
    assert [error["field"] for error in errors] == ["advance_invoice"]
    invoice = await by_key.new_document(partner, items=[line], discount=discount, **names)
    assert (float(invoice["gross_total"]), invoice["invoice_number"]) == (228.6, "TST / 2015-000002")
    assert (invoice["payment_status"], invoice["organization"]["bank_account"]["id"]) == ("paid", account_id)
    assert [each["id"] for each in invoice["related_documents"]] == [advance["id"]]
    receipt = await by_key.post("/documents/receipt", a_receipt(await by_key.block("receipt"), partner_id=partner))
    assert (receipt["partner"]["id"], receipt["document_partner"]["name"]) == (partner, "Vevő")
    storno = await by_key.call("POST", f"/documents/{receipt['id']}/cancel")
    assert (storno["type"], storno["invoice_number"]) == ("receipt_cancellation", "NYG / 2015-000002")

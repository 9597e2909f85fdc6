"""Documents of v3: their numbers and sums, what becomes of them, and what the switches change."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from samples import types
from sandbox_caller import a_document, a_line, a_receipt

from billingo_async.sandbox import Fault, Switches

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox_caller import KeyCaller

    from billingo_async.sandbox import Sandbox


@pytest.mark.parametrize("sample", ["documents.create", "documents.cancel", "documents.draft.create"])
async def test_a_document_has_the_members_of_the_sample(by_key: KeyCaller, shared: Path, sample: str) -> None:
    """Every member that the sample shows is there with its JSON type, nulls too, and no other."""
    account = {"name": "Fő számla", "account_number": "1", "currency": "HUF"}
    await by_key.post("/bank-accounts", account)
    product = {"name": "Tanácsadás", "currency": "HUF", "vat": "27%", "net_unit_price": 10000, "unit": "óra"}
    line = {"product_id": (await by_key.post("/products", product))["id"], "quantity": 2}
    kind = "draft" if "draft" in sample else "invoice"
    document = await by_key.new_document(type=kind, items=[line])
    if sample == "documents.cancel":
        document = await by_key.call("POST", f"/documents/{document['id']}/cancel")
    text = (shared / "v3" / "payloads" / f"{sample}.response.json").read_text("utf-8")
    assert types(document) == types(json.loads(text))


async def test_sums_of_the_sample(by_key: KeyCaller, shared: Path) -> None:
    """2 x 10 000 at 27 % are 20 000 net, 5 400 VAT, 25 400 gross, whole numbers without decimals, as in the sample."""
    text = (shared / "v3/payloads/documents.create.response.json").read_text("utf-8")
    sample = json.loads(text, parse_float=Decimal)
    document = await by_key.new_document()
    assert isinstance(document["gross_total"], int)
    assert (document["gross_total"], sample["gross_total"]) == (25400, 25400)
    assert document["summary"] == sample["summary"]


async def test_a_receipt_is_priced_gross_and_paid(by_key: KeyCaller) -> None:
    """1 000 gross at 27 % are 787.40 net and 212.60 VAT, as in the sample; a receipt is paid at once."""
    receipt = await by_key.post("/documents/receipt", a_receipt(await by_key.block("receipt")))
    item = receipt["items"][0]
    assert (item["net_amount"], item["vat_amount"], item["gross_amount"]) == (Decimal("787.4"), Decimal("212.6"), 1000)
    assert (receipt["invoice_number"], receipt["payment_status"]) == ("NYG / 2015-000001", "paid")
    assert receipt["document_partner"]["emails"] == ["nyugta@vevo.example"]


@pytest.mark.parametrize(("digits", "net"), [(2, "33.33"), (0, "33"), (None, "33.333")])
async def test_lines_are_rounded_as_the_switch_says(
    by_key: KeyCaller, sandbox: Sandbox, digits: int | None, net: str
) -> None:
    """A third of a hundred is rounded to two decimals, to none, or left alone."""
    sandbox.switches = Switches(line_digits=digits)
    line = a_line(unit_price=Decimal("33.333"), quantity=1)
    document = await by_key.new_document(items=[line])
    assert document["items"][0]["net_amount"] == Decimal(net)


async def test_what_a_discount_and_a_rounding_do(by_key: KeyCaller) -> None:
    """Ten percent off 25 400 is 22 860; rounded to fives stays so, and 22 862 would be 22 860."""
    document = await by_key.new_document(discount={"type": "percent", "value": 10}, settings={"round": "five"})
    assert document["gross_total"] == 22860
    assert document["settings"]["round"] == "five"
    line = a_line(unit_price=18001, quantity=1)
    assert (await by_key.new_document(items=[line], settings={"round": "five"}))["gross_total"] == 22860


async def test_numbers_have_no_gap(by_key: KeyCaller) -> None:
    """Drafts take no number, refused bodies none, proformas their own; the rest follow one another in their block."""
    partner = await by_key.new_partner()
    numbers = [
        (await by_key.new_document(partner, type=kind))["invoice_number"]
        for kind in ("invoice", "draft", "proforma", "advance")
    ]
    assert numbers == ["TST / 2015-000001", "", "D-TST / 2015-000001", "TST / 2015-000002"]
    await by_key.refused(422, "POST", "/documents", a_document(partner, await by_key.block(), items=[]))
    assert (await by_key.new_document(partner))["invoice_number"] == "TST / 2015-000003"


@pytest.mark.parametrize(("switch", "number"), [("blank", ""), ("null", None), ("missing", "missing")])
async def test_the_number_of_a_draft(by_key: KeyCaller, sandbox: Sandbox, switch: Any, number: str | None) -> None:
    """A draft's number is blank, null or missing."""
    sandbox.switches = Switches(draft_number=switch)
    assert (await by_key.new_document(type="draft")).get("invoice_number", "missing") == number


@pytest.mark.parametrize("status", [400, 403, 422])
async def test_a_draft_is_issued_once(by_key: KeyCaller, sandbox: Sandbox, status: int) -> None:
    """PUT issues a draft under its own id; a second PUT, and a DELETE, are refused, and nothing is made twice."""
    sandbox.switches = Switches(not_a_draft_status=status)
    draft = await by_key.new_document(type="draft")
    body = a_document(draft["partner"]["id"], draft["block_id"])
    issued = await by_key.call("PUT", f"/documents/{draft['id']}", body)
    assert (issued["id"], issued["invoice_number"]) == (draft["id"], "TST / 2015-000001")
    await by_key.refused(status, "PUT", f"/documents/{draft['id']}", body)
    await by_key.refused(status, "DELETE", f"/documents/{draft['id']}")
    assert sandbox.ledger.count("documents.issue_draft") == 1
    assert (await by_key.get("/documents"))["total"] == 1


async def test_an_empty_body_names_ten_fields(by_key: KeyCaller, shared: Path) -> None:
    """PUT on a draft without a body is the sample's 422, word for word."""
    draft = await by_key.new_document(type="draft")
    sample = json.loads((shared / "v3/payloads/documents.draft.finalise.422.response.json").read_text("utf-8"))
    assert await by_key.refused(422, "PUT", f"/documents/{draft['id']}", {}) == sample


async def test_cancelling_turns_every_sum(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """A storno is answered with 200, negative, linked both ways, its reason in the comment, mailed where asked."""
    document = await by_key.new_document()
    body = {"cancellation_reason": "Hibás adatok", "cancellation_recipients": "a@vevo.example, b@vevo.example"}
    storno = await by_key.call("POST", f"/documents/{document['id']}/cancel", body)
    assert (storno["type"], storno["gross_total"], storno["comment"]) == ("cancellation", -25400, "Hibás adatok")
    assert storno["related_documents"] == [{"id": document["id"], "invoice_number": "TST / 2015-000001"}]
    again = await by_key.get(f"/documents/{document['id']}")
    assert (again["cancelled"], again["correction_type"], again["payment_status"]) == (True, "canceled", "none")
    assert again["related_documents"] == [{"id": storno["id"], "invoice_number": "TST / 2015-000002"}]
    assert [mail.to for mail in sandbox.outbox] == ["a@vevo.example", "b@vevo.example"]
    assert [(mail.api, mail.invoice_id) for mail in sandbox.outbox] == [("v3", storno["id"])] * 2


@pytest.mark.parametrize(
    ("operation", "path"), [("cancel", "cancel"), ("create_from_proforma", "create-from-proforma")]
)
async def test_a_second_time_makes_a_second_one_unless_switched(
    by_key: KeyCaller, sandbox: Sandbox, operation: str, path: str
) -> None:
    """By default a repeated cancel, or a repeated invoice of a proforma, is made again; the switch refuses it."""
    document = await by_key.new_document(type="invoice" if operation == "cancel" else "proforma")
    for _ in range(2):
        assert (await by_key.send("POST", f"/documents/{document['id']}/{path}")).is_success
    sandbox.switches = Switches(second_cancel="refuse", second_from_proforma="refuse")
    await by_key.refused(422, "POST", f"/documents/{document['id']}/{path}")
    assert sandbox.ledger.count(f"documents.{operation}") == 2


async def test_the_invoice_of_a_proforma(by_key: KeyCaller) -> None:
    """It is another type if asked for, with the dates asked for, and both name each other."""
    proforma = await by_key.new_document(type="proforma")
    body = {"document_type": "advance", "due_date": "2015-12-24", "document_format": "electronic"}
    invoice = await by_key.post(f"/documents/{proforma['id']}/create-from-proforma", body)
    assert (invoice["type"], invoice["due_date"], invoice["electronic"]) == ("advance", "2015-12-24", True)
    assert [each["id"] for each in invoice["related_documents"]] == [proforma["id"]]
    await by_key.refused(422, "POST", f"/documents/{invoice['id']}/create-from-proforma")


async def test_a_modification_has_the_new_items(by_key: KeyCaller) -> None:
    """The modification of the sample: one hour instead of two, 12 700 gross; the original is modified."""
    document = await by_key.new_document()
    body = {"due_date": "2015-12-20", "comment": "Mennyiség javítása", "items": [a_line(quantity=1)]}
    changed = await by_key.post(f"/documents/{document['id']}/create-modification-document", body)
    assert (changed["type"], changed["gross_total"], changed["due_date"]) == ("modification", 12700, "2015-12-20")
    assert (await by_key.get(f"/documents/{document['id']}"))["correction_type"] == "modified"


async def test_payments_replace_the_history(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """Each PUT is the whole history; the status follows; DELETE empties it with 200."""
    path = f"/documents/{(await by_key.new_document())['id']}"

    async def status() -> str:
        return str((await by_key.get(path))["payment_status"])

    part = {"date": "2015-11-24", "price": 400, "payment_method": "cash"}
    assert await by_key.call("PUT", f"{path}/payments", [part]) == [
        {**part, "voucher_number": "", "conversion_rate": 1}
    ]
    assert await status() == "partially_paid"
    rest = part | {"price": 25000, "voucher_number": "TR-1"}
    await by_key.call("PUT", f"{path}/payments", [rest])
    assert await status() == "partially_paid"
    await by_key.call("PUT", f"{path}/payments", [part, rest])
    assert await status() == "paid"
    assert await by_key.call("DELETE", f"{path}/payments") == []
    assert await status() == "outstanding"
    await by_key.refused(422, "PUT", f"{path}/payments", {"date": "2015-11-24"})
    assert sandbox.ledger.count("documents.set_payments") == 3


async def test_a_paid_proforma_may_become_an_invoice_by_itself(by_key: KeyCaller) -> None:
    """In a block that is set so, paying a proforma in full issues its invoice."""
    block = {"name": "Önműködő", "prefix": "ONM", "type": "invoice", "create_invoice_from_paid_proforma": True}
    await by_key.post("/document-blocks", block)
    newest = (await by_key.get("/document-blocks"))["data"][0]["id"]
    proforma = await by_key.new_document(type="proforma", block_id=newest)
    payment = {"date": "2015-11-24", "price": 25400, "payment_method": "cash"}
    await by_key.call("PUT", f"/documents/{proforma['id']}/payments", [payment])
    assert [each["type"] for each in (await by_key.get("/documents"))["data"]] == ["invoice", "proforma"]


@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_pdf_takes_its_time(by_key: KeyCaller, sandbox: Sandbox, wrapped: bool) -> None:  # noqa: FBT001 - a table of cases
    """202 for two seconds, wrapped or bare, then the PDF; the fault does the same for one request."""
    sandbox.switches = Switches(pdf_wrapped=wrapped)
    path = f"/documents/{(await by_key.new_document())['id']}/download"
    message = {"message": "Document PDF has not generated yet."}
    assert await by_key.call("GET", path, status=202) == ({"error": message} if wrapped else message)
    by_key.clock.at += 2
    sandbox.faults.next("documents.download", Fault.not_ready())
    assert await by_key.call("GET", path, status=202) == {"error": message}
    response = await by_key.send("GET", path)
    assert (response.headers["content-type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    await by_key.refused(422, "GET", path.replace("download", "print/pos"), size=70)


async def test_reporting_to_nav(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """Processing, then what the switch says; 404 for what is never reported."""
    document = await by_key.new_document()
    assert document["online_szamla_status"] == "processing"
    by_key.clock.at += 5
    sandbox.switches = Switches(nav_outcome="aborted")
    assert (await by_key.get(f"/documents/{document['id']}/online-szamla"))["status"] == "ABORTED"
    draft = await by_key.new_document(type="draft")
    missing = {"error": {"message": "NavOnlineSzamla is not found."}}
    assert await by_key.refused(404, "GET", f"/documents/{draft['id']}/online-szamla") == missing
    sandbox.switches = Switches(nav_connected=False)
    assert await by_key.refused(404, "GET", f"/documents/{document['id']}/online-szamla") == missing


async def test_mails_at_issue_and_on_request(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """`should_send_email` mails at issue, each `send` again, to the partner's addresses or those named."""
    document = await by_key.new_document(settings={"should_send_email": True})
    assert await by_key.call("POST", f"/documents/{document['id']}/send") == {"emails": ["szamla@vevo.example"]}
    await by_key.call("POST", f"/documents/{document['id']}/send", {"emails": ["mas@vevo.example"]})
    assert [mail.to for mail in sandbox.outbox] == ["szamla@vevo.example"] * 2 + ["mas@vevo.example"]
    assert sandbox.ledger.count("documents.send") == 2


async def test_growing_enums(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """Values that no specification knows arrive where they are ordered."""
    sandbox.switches = Switches(growing_enums=True)
    document = await by_key.new_document()
    assert document["notification_status"] == "added_after_this_specification"
    assert document["notification_status"] in (await by_key.get("/organization"))["subscription"]["features"]


async def test_days_are_budapests(by_key: KeyCaller) -> None:
    """At 23:30 UTC it is the next day in Budapest, and an invoice is dated so."""
    by_key.clock.at += 11.5 * 3600
    assert (await by_key.new_document())["invoice_date"] == "2015-11-24"
    assert (await by_key.get("/utils/time"))["w3c"] == "2015-11-24T00:30:00+01:00"

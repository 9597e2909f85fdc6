"""Every operation of v3 over loopback HTTP, each answer beside the vendor's own specification."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

from jsonschema import Draft4Validator
from sandbox_caller import a_document, a_line, a_partner, a_receipt, over_http

from billingo_async.sandbox.v3.dialect import checked
from billingo_async.sandbox.v3.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from sandbox_caller import Clock, KeyCaller

    from billingo_async.sandbox import Sandbox

NULL_SEEN = {
    ("Document", "discount"),
    ("Document", "recurring_id"),
    ("DocumentItem", "entitlement"),
    ("Product", "entitlement"),
    ("PartnerCustomBillingSettings", "due_days"),
    ("PartnerCustomBillingSettings", "document_currency"),
}
"""Where the server answers null, and the specification does not allow it: the list of `payloads/README.md`."""
NULL_URLS = ("prev_page_url", "next_page_url")


def specification(shared: Path) -> dict[str, Any]:
    """The specification in words that a draft-4 validator reads: null allowed where it is, and where it was seen."""
    document: dict[str, Any] = json.loads((shared / "v3" / "openapi.json").read_text("utf-8"))
    for name, schema in document["components"]["schemas"].items():
        for member, part in schema.get("properties", {}).items():
            if (name, member) in NULL_SEEN or member in NULL_URLS:
                part["nullable"] = True
    readable: dict[str, Any] = _with_nulls(document)
    return readable


def _with_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return list(map(_with_nulls, cast("list[object]", value)))
    if not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    # Its alternatives overlap: what is one of them is any of them, too.
    names = {name: "anyOf" if name == "oneOf" else name for name in members if name != "nullable"}
    plain = {shown: _with_nulls(members[name]) for name, shown in names.items()}
    return {"anyOf": [plain, {"enum": [None]}]} if members.get("nullable") is True else plain


def faults_of(document: dict[str, Any], template: str, response: httpx.Response) -> Iterator[str]:
    """What a response has that the specification does not allow."""
    operation = document["paths"][template][response.request.method.lower()]
    allowed = operation["responses"].get(str(response.status_code))
    if allowed is None:
        yield f"{response.status_code} is not documented"
        return
    content = allowed.get("content", {})
    if "application/json" not in content:
        return
    schema = content["application/json"]["schema"] | {"components": document["components"]}
    if "$ref" in schema:
        schema = {"allOf": [{"$ref": schema.pop("$ref")}], **schema}
    validator: Any = Draft4Validator(schema)
    for error in validator.iter_errors(response.json()):
        yield f"{list(error.absolute_path)}: {error.message[:200]}"


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_each_operation_has_a_row_and_each_row_an_operation(shared: Path) -> None:
    """The table of v3 and the specification name the same 54 methods and paths."""
    document = specification(shared)
    documented = {
        (method.upper(), _shape(f"/v3{path}"))
        for path, item in document["paths"].items()
        for method in item
        if method in {"get", "post", "put", "delete"}
    }
    rows = [(route.method, _shape(route.path)) for route in ROUTES.rows]
    assert len(rows) == len(set(rows)) == 54
    assert set(rows) == documented


WRITTEN = {
    "bank-accounts.create": "BankAccount",
    "document-blocks.create": "DocumentBlockSchema",
    "document-export.create": "CreateDocumentExport",
    "documents.cancel": "DocumentCancellation",
    "documents.create": "DocumentInsert",
    "documents.create-from-proforma": "InvoiceSettings",
    "documents.create-modification-document": "ModificationDocumentInsert",
    "documents.draft": "DocumentInsert",
    "documents.payments": "Payments",
    "documents.receipt": "ReceiptInsert",
    "documents.send": "SendDocument",
    "partners": "Partner",
    "products.create": "Product",
    "spendings.create": "SpendingSave",
}
"""What each written sample is, by the beginning of its name; the longest that fits counts."""


def test_every_written_sample_is_accepted(shared: Path) -> None:
    """The 22 samples of requests fit the sandbox's own schemas; the one of forints has its rate filled in."""
    samples = sorted((shared / "v3" / "payloads").glob("*.request.json"))
    for sample in samples:
        name = max((begin for begin in WRITTEN if sample.name.startswith(begin)), key=len)
        assert checked(WRITTEN[name], sample.read_bytes()), sample.name
    assert len(samples) == 22


async def test_every_answer_is_as_specified(shared: Path, sandbox: Sandbox, clock: Clock) -> None:
    """A life of an account, told over HTTP, uses each operation; each answer has a documented status and fits."""
    document = specification(shared)
    templates = {_shape(path): path for path in document["paths"]}
    met: set[str] = set()
    mistakes: list[str] = []

    async def look(response: httpx.Response) -> None:
        await response.aread()
        path = response.request.url.raw_path.decode().partition("?")[0]
        route = ROUTES.match(response.request.method, path).route
        met.add(route.operation)
        template = templates[_shape(route.path.removeprefix("/v3"))]
        mistakes.extend(f"{route.operation}: {fault}" for fault in faults_of(document, template, response))

    async with over_http(sandbox, clock) as caller:
        caller.http.event_hooks["response"] = [look]
        await _nouns(caller)
        await _documents(caller)
        await _receipts_and_exports(caller)
    assert mistakes == []
    assert met == {route.operation for route in ROUTES.rows}


async def _nouns(caller: KeyCaller) -> None:
    """Partners, products, bank accounts, blocks, spendings, and what can only be looked up."""
    partner = await caller.new_partner()
    await caller.post("/partners/guess", a_partner())
    await caller.call("PUT", f"/partners/{partner}", a_partner(custom_billing_settings={"due_days": 8}))
    assert (await caller.get(f"/partners/{partner}"))["custom_billing_settings"]["due_days"] == 8
    await caller.get("/partners", query="példa")
    other = await caller.new_partner(name="Másik Bt.", emails=[], taxcode="")
    await caller.call("DELETE", f"/partners/{other}", status=204)

    written = {"name": "Tanácsadás", "currency": "HUF", "vat": "27%", "net_unit_price": 10000, "unit": "óra"}
    product = (await caller.post("/products", written))["id"]
    await caller.call("PUT", f"/products/{product}", written | {"sku": "T-1"})
    await caller.get(f"/products/{product}")
    await caller.get("/products")
    await caller.get(f"/inventory/product/{product}/quantity")
    await caller.call("DELETE", f"/products/{product}", status=204)

    account = {"name": "Fő számla", "account_number": "11111111-22222222-00000000", "currency": "HUF"}
    uid = (await caller.post("/bank-accounts", account))["id"]
    await caller.call("PUT", f"/bank-accounts/{uid}", account | {"swift": "MINTHUHB"})
    await caller.get(f"/bank-accounts/{uid}")
    await caller.get("/bank-accounts")
    await caller.call("DELETE", f"/bank-accounts/{uid}", status=204)

    await caller.post("/document-blocks", {"name": "Webáruház", "prefix": "WEB2", "type": "invoice"})
    await caller.get("/document-blocks")

    spending: dict[str, Any] = {"currency": "HUF", "total_gross": 12700, "total_gross_huf": 12700}
    spending |= {"total_vat_amount": 2700, "total_vat_amount_huf": 2700, "fulfillment_date": "2015-11-01"}
    spending |= {"category": "software", "payment_method": "bankcard", "partner_id": partner}
    uid = (await caller.post("/spendings", spending))["id"]
    await caller.call("PUT", f"/spendings/{uid}", spending | {"paid_at": "2015-11-03"})
    await caller.get(f"/spendings/{uid}")
    await caller.get("/spendings", q="példa", categories="software")
    await caller.call("DELETE", f"/spendings/{uid}", status=204)

    await caller.get("/currencies", **{"from": "EUR", "to": "HUF", "date": "2015-11-20"})
    await caller.get("/organization")
    for number in ("12345678-2-42", "11111111-1-11"):
        await caller.get(f"/utils/check-tax-number/{number}")
    await caller.get("/utils/time")


async def _documents(caller: KeyCaller) -> None:
    """A draft that is issued, an invoice that is paid, sent, modified, copied and cancelled, and a proforma."""
    draft = (await caller.new_document(type="draft"))["id"]
    partner = (await caller.get(f"/documents/{draft}"))["partner"]["id"]
    body = a_document(partner, await caller.block(), vendor_id="shop/1")
    await caller.call("PUT", f"/documents/{draft}", body)
    gone = (await caller.new_document(partner, type="draft"))["id"]
    await caller.call("DELETE", f"/documents/{gone}", status=204)
    await caller.get("/documents/vendor/shop%2F1")
    await caller.get("/documents", query="TST")

    invoice = (await caller.new_document(partner, discount={"type": "percent", "value": 10}))["id"]
    for path in ("payments", "public-url", "reminders", "online-szamla"):
        await caller.get(f"/documents/{invoice}/{path}")
    payment = {"date": "2015-11-24", "price": 100, "payment_method": "cash"}
    await caller.call("PUT", f"/documents/{invoice}/payments", [payment])
    await caller.call("DELETE", f"/documents/{invoice}/payments")
    await caller.call("POST", f"/documents/{invoice}/send")
    caller.clock.at += 20 * 86400
    await caller.get(f"/documents/{invoice}/reminders")
    await caller.post(f"/documents/{invoice}/create-modification-document", {"items": [a_line(quantity=1)]})
    await caller.call("POST", f"/documents/{invoice}/copy")
    await caller.call("POST", f"/documents/{invoice}/cancel", {"cancellation_reason": "Hibás adatok"})
    await caller.get(f"/documents/{invoice}")

    fresh = (await caller.new_document(partner))["id"]
    await caller.call("GET", f"/documents/{fresh}/download", status=202)
    caller.clock.at += 3
    assert (await caller.send("GET", f"/documents/{fresh}/download")).content.startswith(b"%PDF")
    assert (await caller.send("GET", f"/documents/{fresh}/print/pos", size=58)).content.startswith(b"%PDF")

    proforma = (await caller.new_document(partner, type="proforma"))["id"]
    await caller.post(f"/documents/{proforma}/create-from-proforma")
    await caller.call("PUT", f"/documents/{proforma}/archive", status=204)


async def _receipts_and_exports(caller: KeyCaller) -> None:
    """A receipt, one from a draft, an id of v2, and an export until its file is there."""
    block = await caller.block("receipt")
    await caller.post("/documents/receipt", a_receipt(block))
    draft = (await caller.post("/documents/receipt", a_receipt(block, type="draft")))["id"]
    await caller.call("PUT", f"/documents/receipt/{draft}", a_receipt(block))

    uid = caller.sandbox._books.blocks.get(1263576876).uid
    await caller.get(f"/utils/convert-legacy-id/{uid}")

    export = {"query_type": "invoice_date", "start_date": "2015-11-01", "end_date": "2015-12-31"}
    job = (await caller.post("/document-export", export | {"export_type": "simple_csv"}))["id"]
    states = [(await caller.get(f"/document-export/{job}/poll"))["state"] for _ in range(3)]
    assert states == ["pending", "processing", "success"]
    file = await caller.send("GET", f"/document-export/{job}/download")
    assert file.content.startswith(b"\xef\xbb\xbf")

"""Every operation of v3, each answer beside the vendor's own specification."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any, cast

import httpx
from account import Account
from harness import UNLIMITED
from jsonschema import Draft4Validator
from v3_cases import V3_CASES, Shop

from billingo_async.sandbox import Sandbox, Switches
from billingo_async.sandbox.v3.dialect import checked
from billingo_async.sandbox.v3.routes import ROUTES
from billingo_async.v3 import Billingo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


async def test_every_answer_is_as_specified(shared: Path) -> None:
    """Each operation is used over the library's face; each answer has a documented status and fits."""
    document = specification(shared)
    templates = {_shape(path): path for path in document["paths"]}
    met: set[str] = set()
    mistakes: list[str] = []

    async def look(response: httpx.Response) -> None:
        path = response.request.url.raw_path.decode().partition("?")[0]
        route, *_ = ROUTES.match(response.request.method, path)
        met.add(route.operation)
        template = templates[_shape(route.path.removeprefix("/v3"))]
        mistakes.extend(f"{route.operation}: {fault}" for fault in faults_of(document, template, response))

    sandbox = Sandbox()
    sandbox.switches = Switches(pdf_after=0, pos_after=0)
    async with httpx.AsyncClient(transport=sandbox.transport(), event_hooks={"response": [look]}) as http:
        url = "https://specified.invalid/v3"
        billingo = Billingo(sandbox.api_key, base_url=url, http_client=http, rate_limit=UNLIMITED)
        shop = Shop(billingo, Account(sandbox, time.time))
        for case in V3_CASES:
            await case.do(billingo, await case.prepare(shop))
    assert mistakes == []
    assert met == {route.operation for route in ROUTES.rows}

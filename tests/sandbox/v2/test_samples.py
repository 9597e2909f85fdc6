"""The sandbox's answers beside the documented samples: the same keys, the same JSON types.

What a sample shows must be there and be of that type; the sandbox may answer more, as the real one does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import an_item

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox_caller import Caller

MAY_BE_NULL = frozenset({"entitlement", "comment", "info_text", "company", "deleted_at"})


def differences(sample: Any, answer: Any, path: str = "") -> list[str]:
    """Where an answer lacks a key of the sample or has another JSON type."""
    name = path.rpartition(".")[2]
    kind = _kind(sample)
    if name in MAY_BE_NULL and None in (sample, answer):
        return []
    if kind != _kind(answer):
        return [f"{path}: {kind} documented, {_kind(answer)} answered"]
    if kind == "dict":
        missing = [f"{path}.{key}: documented, not answered" for key in sample if key not in answer]
        shared = [key for key in sample if key in answer]
        return missing + [found for key in shared for found in differences(sample[key], answer[key], f"{path}.{key}")]
    if kind == "list" and sample:
        return differences(sample[0], answer[0], f"{path}[0]") if answer else [f"{path}: nothing answered"]
    return []


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def sample_of(shared: Path, name: str) -> Any:
    """A documented request or answer, None where there is none."""
    path = shared / "payloads" / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


LOOKUPS = {
    "currency.convert": "/currency?from=EUR&to=USD&value=100",
    "expenses.categories": "/expenses/categories/hu",
    "invoices.blocks": "/invoices/blocks",
    "payment_methods.list": "/payment_methods/en",
    "user.is_sandbox": "/user/is-sandbox",
    "user.tax_code": "/user/tax-code",
    "vat.eu": "/vat/eu?country=DE&business_country=HU",
    "vat.list": "/vat",
}
ON_INVOICE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "invoices.cancel": ("GET", "/invoices/{}/cancel", {}),
    "invoices.code": ("GET", "/invoices/{}/code", {}),
    "invoices.generate": ("GET", "/invoices/{}/generate", {"type": 1}),
    "invoices.list": ("GET", "/invoices", {}),
    "invoices.pay": ("POST", "/invoices/{}/pay", {"items": [an_item(net_unit_price=99999)]}),
    "invoices.query": ("GET", "/invoices/query", {}),
    "invoices.send": ("GET", "/invoices/{}/send", {}),
    "invoices.undo_payment": ("DELETE", "/invoices/{}/pay", {"is_paid": 1}),
}
NOUNS = {
    f"{noun}.{verb}"
    for noun, verbs in {
        "bank_accounts": "create list update",
        "clients": "create list update delete",
        "expenses": "create list update",
        "invoices": "create",
        "products": "create list update delete",
    }.items()
    for verb in verbs.split()
}


async def of_a_noun(caller: Caller, shared: Path, name: str) -> Any:
    """What is answered when one is made of the sample, listed, replaced by the sample or deleted."""
    noun, _, verb = name.partition(".")
    made_of = sample_of(shared, f"{noun}.create.request")
    if noun == "clients" and verb == "list":
        made_of["type"] = ""
    named = {"client_uid": await caller.new_client()} if noun in {"expenses", "invoices"} else {}
    made_of |= named
    if noun == "invoices":
        account, product = (sample_of(shared, f"{each}.create.request") for each in ("bank_accounts", "products"))
        made_of["bank_account_uid"] = (await caller.post("/bank_accounts", account))["id"]
        made_of["items"][1]["product_uid"] = (await caller.post("/products", product))["id"]
    made = await caller.call("POST", f"/{noun}", made_of)
    path = f"/{noun}/{made['data']['id']}"
    if verb == "update":
        return await caller.call("PUT", path, sample_of(shared, f"{name}.request") | named)
    if verb == "create":
        return made
    return await (caller.call("GET", f"/{noun}") if verb == "list" else caller.call("DELETE", path))


@pytest.mark.parametrize("name", sorted({*LOOKUPS, *ON_INVOICE, *NOUNS}))
async def test_an_answer_looks_like_its_sample(caller: Caller, shared: Path, name: str) -> None:
    """Each documented request is accepted, and its answer has the sample's keys and JSON types."""
    if name in LOOKUPS:
        answer = await caller.call("GET", LOOKUPS[name])
    elif name in ON_INVOICE:
        method, path, changes = ON_INVOICE[name]
        uid = await caller.new_invoice(**changes)
        answer = await caller.call(method, path.format(uid), sample_of(shared, f"{name}.request"))
    else:
        answer = await of_a_noun(caller, shared, name)
    plain = json.loads(json.dumps(answer, default=float))
    assert differences(sample_of(shared, f"{name}.response"), plain) == []


def test_no_sample_is_left_out(shared: Path) -> None:
    """Every documented answer stands in the tables above."""
    documented = {path.name.removesuffix(".response.json") for path in (shared / "payloads").glob("*.response.json")}
    assert documented == {*LOOKUPS, *ON_INVOICE, *NOUNS}

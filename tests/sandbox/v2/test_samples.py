"""The sandbox's answers beside the documented samples: the same keys, the same JSON types.

What a sample shows must be there and be of that type; the sandbox may answer more, as the real one does.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import Caller, an_item

if TYPE_CHECKING:
    from pathlib import Path

MAY_BE_NULL = frozenset({"entitlement", "comment", "info_text", "company", "deleted_at"})
Answer = Callable[[Caller, Any], Awaitable[Any]]


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


async def _after(caller: Caller, made: str, request: Any, *then: Any) -> Any:
    method, path, *body = then
    uid = (await caller.post(made, request))["id"]
    return await caller.call(method, path.format(uid=uid), *body)


async def _create_invoice(caller: Caller, request: Any) -> Any:
    client = await caller.new_client()
    product = {"name": "Tégla", "price": 5200, "unit": "db", "currency_code": "HUF", "vat_id": 1}
    account = {"bank_name": "Bank", "account_no": "1", "currency": "HUF"}
    request["client_uid"] = client
    request["bank_account_uid"] = (await caller.post("/bank_accounts", account))["id"]
    request["items"][1]["product_uid"] = (await caller.post("/products", product))["id"]
    return await caller.call("POST", "/invoices", request)


async def _on_invoice(caller: Caller, method: str, path: str, body: Any = None, **changes: Any) -> Any:
    uid = await caller.new_invoice(**changes)
    return await caller.call(method, path.format(uid=uid), body)


async def _undo(caller: Caller) -> Any:
    uid = await caller.new_invoice(is_paid=1)
    return await caller.call("DELETE", f"/invoices/{uid}/pay")


async def _expense(caller: Caller, request: Any, *, then: str = "") -> Any:
    request["client_uid"] = await caller.new_client()
    made = await caller.call("POST", "/expenses", request)
    if then == "PUT":
        return await caller.call("PUT", f"/expenses/{made['data']['id']}", request)
    return await caller.call("GET", "/expenses") if then else made


CLIENT, PRODUCT, ACCOUNT = "/clients", "/products", "/bank_accounts"
ANSWERS: dict[str, Answer] = {
    "bank_accounts.create": lambda c, r: c.call("POST", ACCOUNT, r),
    "bank_accounts.list": lambda c, _: _after(c, ACCOUNT, REQUESTS["bank_accounts"], "GET", ACCOUNT),
    "bank_accounts.update": lambda c, r: _after(c, ACCOUNT, r, "PUT", "/bank_accounts/{uid}", r),
    "clients.create": lambda c, r: c.call("POST", CLIENT, r),
    "clients.delete": lambda c, _: _after(c, CLIENT, REQUESTS["clients"], "DELETE", "/clients/{uid}"),
    "clients.list": lambda c, _: _after(c, CLIENT, REQUESTS["clients"] | {"type": ""}, "GET", CLIENT),
    "clients.update": lambda c, r: _after(c, CLIENT, r, "PUT", "/clients/{uid}", r),
    "currency.convert": lambda c, _: c.call("GET", "/currency", **{"from": "EUR", "to": "USD", "value": "100"}),
    "expenses.categories": lambda c, _: c.call("GET", "/expenses/categories/hu"),
    "expenses.create": _expense,
    "expenses.list": lambda c, _: _expense(c, dict(REQUESTS["expenses"]), then="GET"),
    "expenses.update": lambda c, r: _expense(c, r, then="PUT"),
    "invoices.blocks": lambda c, _: c.call("GET", "/invoices/blocks"),
    "invoices.cancel": lambda c, _: _on_invoice(c, "GET", "/invoices/{uid}/cancel"),
    "invoices.code": lambda c, _: _on_invoice(c, "GET", "/invoices/{uid}/code"),
    "invoices.create": _create_invoice,
    "invoices.generate": lambda c, _: _on_invoice(c, "GET", "/invoices/{uid}/generate", type=1),
    "invoices.list": lambda c, _: _on_invoice(c, "GET", "/invoices"),
    "invoices.pay": lambda c, r: _on_invoice(
        c, "POST", "/invoices/{uid}/pay", r, items=[an_item(net_unit_price=99999)]
    ),
    "invoices.query": lambda c, _: _on_invoice(c, "GET", "/invoices/query"),
    "invoices.send": lambda c, _: _on_invoice(c, "GET", "/invoices/{uid}/send"),
    "invoices.undo_payment": lambda c, _: _undo(c),
    "payment_methods.list": lambda c, _: c.call("GET", "/payment_methods/en"),
    "products.create": lambda c, r: c.call("POST", PRODUCT, r),
    "products.delete": lambda c, _: _after(c, PRODUCT, REQUESTS["products"], "DELETE", "/products/{uid}"),
    "products.list": lambda c, _: _after(c, PRODUCT, REQUESTS["products"], "GET", PRODUCT),
    "products.update": lambda c, r: _after(c, PRODUCT, r, "PUT", "/products/{uid}", r),
    "user.is_sandbox": lambda c, _: c.call("GET", "/user/is-sandbox"),
    "user.tax_code": lambda c, _: c.call("GET", "/user/tax-code"),
    "vat.eu": lambda c, _: c.call("GET", "/vat/eu", country="DE", business_country="HU"),
    "vat.list": lambda c, _: c.call("GET", "/vat"),
}
REQUESTS: dict[str, dict[str, Any]] = {}


@pytest.mark.parametrize("name", sorted(ANSWERS))
async def test_an_answer_looks_like_its_sample(caller: Caller, shared: Path, name: str) -> None:
    """Each documented request is accepted, and its answer has the sample's keys and JSON types."""
    folder = shared / "payloads"
    for noun in ("bank_accounts", "clients", "expenses", "products"):
        REQUESTS[noun] = json.loads((folder / f"{noun}.create.request.json").read_text("utf-8"))
    written = folder / f"{name}.request.json"
    request = json.loads(written.read_text("utf-8")) if written.exists() else None
    sample = json.loads((folder / f"{name}.response.json").read_text("utf-8"))
    answer = json.loads(json.dumps(await ANSWERS[name](caller, request), default=float))
    assert differences(sample, answer) == []


def test_no_sample_is_left_out(shared: Path) -> None:
    """Every documented answer stands in the table above."""
    documented = {path.name.removesuffix(".response.json") for path in (shared / "payloads").glob("*.response.json")}
    assert documented == set(ANSWERS)

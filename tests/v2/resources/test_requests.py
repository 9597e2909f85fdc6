"""Every method sends the documented method, path, query and body, and returns the documented answer as a model.

The documented calls, one for each row of the table of operations; what the columns are stands in `documented`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import samples
from samples import Documented, as_written, eu_vat, exactly, id_of, ids_of, itself, kinds, sample, state

from billingo_async import (
    BankAccount,
    Block,
    Client,
    EuVat,
    Expense,
    ExpenseCategory,
    Invoice,
    PaymentMethod,
    PaymentState,
    Product,
    RecurringProfile,
    Vat,
)
from billingo_async.v2.operations import TABLE

if TYPE_CHECKING:
    from pathlib import Path

    import respx

    from billingo_async import Billingo

DONE: dict[str, Any] = {"success": True}
PROFILE: dict[str, Any] = {"success": True, "data": [{"id": 5, "attributes": samples.PROFILE_ON_THE_WIRE}]}
PDF = b"%PDF-1.4\n%%EOF\n"


DAYS: dict[str, Any] = {"start_date": date(2015, 1, 1), "end_date": date(2015, 12, 31)}
NUMBERS: dict[str, Any] = {"num_start": 1, "year_start": 2015, "num_end": 9, "year_end": 2016}
INVOICES = {
    "invoices.list": Documented(lambda b: b.invoices.list(), "GET", "/invoices?page=1&max_per_page=50",
        "invoices.list.response", ids_of(Invoice), [1938103373]),
    "invoices.query": Documented(
        lambda b: b.invoices.query(**DAYS, **NUMBERS, payment_method=2, block=0, page=3, max_per_page=20), "GET",
        "/invoices/query?page=3&max_per_page=20&start_date=2015-01-01&end_date=2015-12-31"
        "&num_start=1&num_end=9&year_start=2015&year_end=2016&payment_method=2&block=0",
        "invoices.query.response", ids_of(Invoice), [1938103373]),
    "invoices.get": Documented(lambda b: b.invoices.get(1938103373), "GET", "/invoices/1938103373",
        "invoices.list.response", id_of(Invoice), 1938103373),
    "invoices.create": Documented(lambda b: b.invoices.create(samples.INVOICE), "POST", "/invoices",
        "invoices.create.response", id_of(Invoice), 878790507, "invoices.create.request"),
    "invoices.cancel": Documented(lambda b: b.invoices.cancel(878790507), "GET", "/invoices/878790507/cancel",
        "invoices.cancel.response", lambda invoice: (invoice.id, invoice.total), (1557544068, Decimal(-4445))),
    "invoices.generate": Documented(lambda b: b.invoices.generate(42), "GET", "/invoices/42/generate",
        "invoices.generate.response", itself, 1444388311),
    "invoices.send": Documented(lambda b: b.invoices.send(42), "GET", "/invoices/42/send",
        "invoices.send.response", itself, None),
    "invoices.pay": Documented(lambda b: b.invoices.pay(42, samples.PAYMENT), "POST", "/invoices/42/pay",
        "invoices.pay.response", state, (PaymentState, True, Decimal(0)), "invoices.pay.request"),
    "invoices.undo_payment": Documented(lambda b: b.invoices.undo_payment(42), "DELETE", "/invoices/42/pay",
        "invoices.undo_payment.response", state, (PaymentState, False, Decimal(5000))),
    "invoices.code": Documented(lambda b: b.invoices.code(42), "GET", "/invoices/42/code",
        "invoices.code.response", itself, "uiowerTI"),
    "invoices.download": Documented(lambda b: b.invoices.download(42), "GET", "/invoices/42/download",
        PDF, itself, PDF),
    "invoices.blocks": Documented(lambda b: b.invoices.blocks(), "GET", "/invoices/blocks",
        "invoices.blocks.response", ids_of(Block), [1263576876]),
}  # fmt: skip
CLIENTS = {
    "clients.list": Documented(
        lambda b: b.clients.list(page=2, max_per_page=1), "GET",
        "/clients?page=2&max_per_page=1",
        "clients.list.response", ids_of(Client), [1278331717]),
    "clients.get": Documented(lambda b: b.clients.get(1278331717), "GET", "/clients/1278331717",
        "clients.list.response", id_of(Client), 1278331717),
    "clients.create": Documented(lambda b: b.clients.create(samples.CLIENT), "POST", "/clients",
        "clients.create.response", id_of(Client), 1963092040, "clients.create.request"),
    "clients.update": Documented(lambda b: b.clients.update(1963092040, samples.CLIENT), "PUT", "/clients/1963092040",
        "clients.update.response", id_of(Client), 1963092040, "clients.update.request"),
    "clients.delete": Documented(lambda b: b.clients.delete(1963092040), "DELETE", "/clients/1963092040",
        "clients.delete.response", itself, None),
}  # fmt: skip
STORED = {
    "products.list": Documented(lambda b: b.products.list(), "GET", "/products?page=1&max_per_page=50",
        "products.list.response", ids_of(Product), [443677079]),
    "products.get": Documented(lambda b: b.products.get(443677079), "GET", "/products/443677079",
        "products.list.response", id_of(Product), 443677079),
    "products.create": Documented(lambda b: b.products.create(samples.PRODUCT), "POST", "/products",
        "products.create.response", id_of(Product), 1206264827, "products.create.request"),
    "products.update": Documented(
        lambda b: b.products.update(1206264827, samples.PRODUCT_AGAIN), "PUT",
        "/products/1206264827",
        "products.update.response", id_of(Product), 1206264827, "products.update.request"),
    "products.delete": Documented(lambda b: b.products.delete(7), "DELETE", "/products/7",
        "products.delete.response", itself, None),
    "expenses.list": Documented(lambda b: b.expenses.list(), "GET", "/expenses?page=1&max_per_page=50",
        "expenses.list.response", ids_of(Expense), [1263576876]),
    "expenses.create": Documented(lambda b: b.expenses.create(samples.EXPENSE), "POST", "/expenses",
        "expenses.create.response", id_of(Expense), 1482050150, "expenses.create.request"),
    "expenses.update": Documented(
        lambda b: b.expenses.update(1482050150, samples.EXPENSE_AGAIN), "PUT",
        "/expenses/1482050150",
        "expenses.update.response", id_of(Expense), 1482050150, "expenses.update.request"),
    "expenses.categories": Documented(lambda b: b.expenses.categories(), "GET", "/expenses/categories/hu",
        "expenses.categories.response", ids_of(ExpenseCategory), [1]),
    "bank_accounts.list": Documented(lambda b: b.bank_accounts.list(), "GET", "/bank_accounts",
        "bank_accounts.list.response", ids_of(BankAccount), [1263576876, 1938103373, 36596367]),
    "bank_accounts.get": Documented(lambda b: b.bank_accounts.get(1804116401), "GET", "/bank_accounts/1804116401",
        "bank_accounts.create.response", id_of(BankAccount), 1804116401),
    "bank_accounts.create": Documented(lambda b: b.bank_accounts.create(samples.BANK_ACCOUNT), "POST", "/bank_accounts",
        "bank_accounts.create.response", id_of(BankAccount), 1804116401, "bank_accounts.create.request"),
    "bank_accounts.update": Documented(
        lambda b: b.bank_accounts.update(1804116401, samples.BANK_ACCOUNT_AGAIN), "PUT",
        "/bank_accounts/1804116401",
        "bank_accounts.update.response", id_of(BankAccount), 1804116401, "bank_accounts.update.request"),
}  # fmt: skip
REFERENCE = {
    "payment_methods.list": Documented(lambda b: b.payment_methods.list("en"), "GET", "/payment_methods/en",
        "payment_methods.list.response", ids_of(PaymentMethod), [2, 4, 1, 5, 6, 7, 8, 9, 10, 11, 12]),
    "vat.list": Documented(lambda b: b.vat.list(value=Decimal("0.27"), description="AM"), "GET", "/vat?v=0.27&d=AM",
        "vat.list.response", ids_of(Vat), [1, 2, 3, 4, 5]),
    "vat.eu": Documented(
        lambda b: b.vat.eu(country="DE", business_country="HU", ip="192.0.2.7", vat_code="DE 1/2"), "GET",
        "/vat/eu?country=DE&business_country=HU&ip=192.0.2.7&vat_code=DE+1%2F2",
        "vat.eu.response", eu_vat, (EuVat, Decimal("0.19"), 13)),
    "currencies.convert": Documented(
        lambda b: b.currencies.convert(Decimal("99.90"), source="EUR", target="USD"), "GET",
        "/currency?from=EUR&to=USD&value=99.90",
        "currency.convert.response", itself, Decimal("111.81166910218")),
    "user.is_sandbox": Documented(lambda b: b.user.is_sandbox(), "GET", "/user/is-sandbox",
        "user.is_sandbox.response", itself, True),
    "user.tax_code": Documented(lambda b: b.user.tax_code(), "GET", "/user/tax-code",
        "user.tax_code.response", itself, "12345678-2-10"),
}  # fmt: skip
RECURRING = {
    "recurring.list": Documented(lambda b: b.recurring.list(), "GET", "/recurring?page=1&max_per_page=50",
        PROFILE, ids_of(RecurringProfile), [5]),
    "recurring.get": Documented(lambda b: b.recurring.get(5), "GET", "/recurring/5",
        PROFILE, id_of(RecurringProfile), 5),
    "recurring.create": Documented(lambda b: b.recurring.create(samples.PROFILE), "POST", "/recurring",
        PROFILE, id_of(RecurringProfile), 5, samples.PROFILE_ON_THE_WIRE),
    "recurring.update": Documented(lambda b: b.recurring.update(5, samples.PROFILE), "PUT", "/recurring/5",
        PROFILE, id_of(RecurringProfile), 5, samples.PROFILE_ON_THE_WIRE),
    "recurring.stop": Documented(lambda b: b.recurring.stop(5), "POST", "/recurring/5/stop", DONE, itself, None),
    "recurring.resume": Documented(lambda b: b.recurring.resume(5), "POST", "/recurring/5/resume", DONE, itself, None),
}  # fmt: skip
CALLS = {**INVOICES, **CLIENTS, **STORED, **REFERENCE, **RECURRING}


def test_every_operation_has_its_case() -> None:
    """No row of the table goes untried; the server's time has a test of its own."""
    assert set(CALLS) == {row.name for row in TABLE if not row.public}


@pytest.mark.parametrize("name", CALLS)
async def test_method_sends_and_reads_what_is_documented(
    name: str, billingo: Billingo, server: respx.MockRouter, shared: Path
) -> None:
    """One request leaves, just as documented, with a token and nothing unasked; the answer becomes a model."""
    case = CALLS[name]
    route = server.route(method=case.method).mock(return_value=_answer(case.answer, shared))
    assert case.result(await case.call(billingo)) == case.expected
    assert route.call_count == 1
    request: httpx.Request = route.calls.last.request
    assert request.url.raw_path.decode() == f"/api{case.target}"
    assert request.headers["Authorization"].startswith("Bearer ey")
    if case.body is None:
        assert request.content == b""
        assert "content-type" not in request.headers
    else:
        sent, desired = exactly(request.content), _json(case.body, shared)
        assert sent == desired
        assert kinds(sent) == kinds(desired)
        assert request.headers["content-type"] == "application/json"


def _json(answer_json: str | dict[str, Any], shared: Path) -> Any:
    if isinstance(answer_json, str):
        return as_written(sample(shared, answer_json))
    return exactly(httpx.Response(200, json=answer_json).content)


def _answer(answer_json: str | dict[str, Any] | bytes, shared: Path) -> httpx.Response:
    if isinstance(answer_json, str):
        return httpx.Response(200, content=(shared / "payloads" / f"{answer_json}.json").read_bytes())
    return (
        httpx.Response(200, content=answer_json)
        if isinstance(answer_json, bytes)
        else httpx.Response(200, json=answer_json)
    )

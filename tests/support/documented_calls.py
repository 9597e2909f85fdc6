"""The documented calls: what each method is called with, what must leave, what comes back and how it must read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import samples

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

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from billingo_async import Billingo

DONE: dict[str, Any] = {"success": True}
PROFILE: dict[str, Any] = {"success": True, "data": [{"id": 5, "attributes": samples.PROFILE_ON_THE_WIRE}]}
PDF = b"%PDF-1.4\n%%EOF\n"


@dataclass(frozen=True)
class Documented:
    """One method: what it is called with, what must leave, what comes back and what that must be read as."""

    call: Callable[[Billingo], Awaitable[Any]]
    method: str
    target: str
    """The path below the base URL, with the query."""
    answer: str | dict[str, Any] | bytes
    """The name of a sample, or the JSON or the bytes of the answer."""
    result: Callable[[Any], object]
    """What the result is asked for…"""
    expected: object
    """… and what it must say."""
    body: str | dict[str, Any] | None = None
    """The name of the sample that must be sent, or its JSON."""


def _ids(kind: type[Any]) -> Callable[[Any], object]:
    def ask(rows: Any) -> object:
        assert {type(row) for row in rows} == {kind}
        return [row.id for row in rows]

    return ask


def _id(kind: type[Any]) -> Callable[[Any], object]:
    def ask(row: Any) -> object:
        assert type(row) is kind
        return row.id

    return ask


def _itself(result: Any) -> object:
    return result


def _state(state: PaymentState) -> object:
    return (type(state), state.fully_paid, state.outstanding)


def _eu_vat(vat: EuVat) -> object:
    assert vat.billingo_vat is not None
    return (type(vat), vat.tax_rate, vat.billingo_vat.id)


DAYS: dict[str, Any] = {"start_date": date(2015, 1, 1), "end_date": date(2015, 12, 31)}
NUMBERS: dict[str, Any] = {"num_start": 1, "year_start": 2015, "num_end": 9, "year_end": 2016}
INVOICES = {
    "invoices.list": Documented(
        lambda b: b.invoices.list(), "GET", "/invoices?page=1&max_per_page=50",
        "invoices.list.response", _ids(Invoice), [1938103373],
    ),
    "invoices.query": Documented(
        lambda b: b.invoices.query(**DAYS, **NUMBERS, payment_method=2, block=0, page=3, max_per_page=20),
        "GET",
        "/invoices/query?page=3&max_per_page=20&start_date=2015-01-01&end_date=2015-12-31"
        "&num_start=1&num_end=9&year_start=2015&year_end=2016&payment_method=2&block=0",
        "invoices.query.response", _ids(Invoice), [1938103373],
    ),
    "invoices.get": Documented(
        lambda b: b.invoices.get(1938103373), "GET", "/invoices/1938103373",
        "invoices.list.response", _id(Invoice), 1938103373,
    ),
    "invoices.create": Documented(
        lambda b: b.invoices.create(samples.INVOICE), "POST", "/invoices",
        "invoices.create.response", _id(Invoice), 878790507, "invoices.create.request",
    ),
    "invoices.cancel": Documented(
        lambda b: b.invoices.cancel(878790507), "GET", "/invoices/878790507/cancel",
        "invoices.cancel.response", lambda invoice: (invoice.id, invoice.total), (1557544068, Decimal(-4445)),
    ),
    "invoices.generate": Documented(
        lambda b: b.invoices.generate(42), "GET", "/invoices/42/generate",
        "invoices.generate.response", _itself, 1444388311,
    ),
    "invoices.send": Documented(
        lambda b: b.invoices.send(42), "GET", "/invoices/42/send", "invoices.send.response", _itself, None,
    ),
    "invoices.pay": Documented(
        lambda b: b.invoices.pay(42, samples.PAYMENT), "POST", "/invoices/42/pay",
        "invoices.pay.response", _state, (PaymentState, True, Decimal(0)), "invoices.pay.request",
    ),
    "invoices.undo_payment": Documented(
        lambda b: b.invoices.undo_payment(42), "DELETE", "/invoices/42/pay",
        "invoices.undo_payment.response", _state, (PaymentState, False, Decimal(5000)),
    ),
    "invoices.code": Documented(
        lambda b: b.invoices.code(42), "GET", "/invoices/42/code", "invoices.code.response", _itself, "uiowerTI",
    ),
    "invoices.download": Documented(
        lambda b: b.invoices.download(42), "GET", "/invoices/42/download", PDF, _itself, PDF,
    ),
    "invoices.blocks": Documented(
        lambda b: b.invoices.blocks(), "GET", "/invoices/blocks", "invoices.blocks.response", _ids(Block), [1263576876],
    ),
}  # fmt: skip
CLIENTS = {
    "clients.list": Documented(
        lambda b: b.clients.list(page=2, max_per_page=1), "GET", "/clients?page=2&max_per_page=1",
        "clients.list.response", _ids(Client), [1278331717],
    ),
    "clients.get": Documented(
        lambda b: b.clients.get(1278331717), "GET", "/clients/1278331717",
        "clients.list.response", _id(Client), 1278331717,
    ),
    "clients.create": Documented(
        lambda b: b.clients.create(samples.CLIENT), "POST", "/clients",
        "clients.create.response", _id(Client), 1963092040, "clients.create.request",
    ),
    "clients.update": Documented(
        lambda b: b.clients.update(1963092040, samples.CLIENT), "PUT", "/clients/1963092040",
        "clients.update.response", _id(Client), 1963092040, "clients.update.request",
    ),
    "clients.delete": Documented(
        lambda b: b.clients.delete(1963092040), "DELETE", "/clients/1963092040",
        "clients.delete.response", _itself, None,
    ),
}  # fmt: skip
STORED = {
    "products.list": Documented(
        lambda b: b.products.list(), "GET", "/products?page=1&max_per_page=50",
        "products.list.response", _ids(Product), [443677079],
    ),
    "products.get": Documented(
        lambda b: b.products.get(443677079), "GET", "/products/443677079",
        "products.list.response", _id(Product), 443677079,
    ),
    "products.create": Documented(
        lambda b: b.products.create(samples.PRODUCT), "POST", "/products",
        "products.create.response", _id(Product), 1206264827, "products.create.request",
    ),
    "products.update": Documented(
        lambda b: b.products.update(1206264827, samples.PRODUCT_AGAIN), "PUT", "/products/1206264827",
        "products.update.response", _id(Product), 1206264827, "products.update.request",
    ),
    "products.delete": Documented(
        lambda b: b.products.delete(7), "DELETE", "/products/7", "products.delete.response", _itself, None,
    ),
    "expenses.list": Documented(
        lambda b: b.expenses.list(), "GET", "/expenses?page=1&max_per_page=50",
        "expenses.list.response", _ids(Expense), [1263576876],
    ),
    "expenses.create": Documented(
        lambda b: b.expenses.create(samples.EXPENSE), "POST", "/expenses",
        "expenses.create.response", _id(Expense), 1482050150, "expenses.create.request",
    ),
    "expenses.update": Documented(
        lambda b: b.expenses.update(1482050150, samples.EXPENSE_AGAIN), "PUT", "/expenses/1482050150",
        "expenses.update.response", _id(Expense), 1482050150, "expenses.update.request",
    ),
    "expenses.categories": Documented(
        lambda b: b.expenses.categories(), "GET", "/expenses/categories/hu",
        "expenses.categories.response", _ids(ExpenseCategory), [1],
    ),
    "bank_accounts.list": Documented(
        lambda b: b.bank_accounts.list(), "GET", "/bank_accounts",
        "bank_accounts.list.response", _ids(BankAccount), [1263576876, 1938103373, 36596367],
    ),
    "bank_accounts.get": Documented(
        lambda b: b.bank_accounts.get(7), "GET", "/bank_accounts/7",
        "bank_accounts.create.response", _id(BankAccount), 1804116401,
    ),
    "bank_accounts.create": Documented(
        lambda b: b.bank_accounts.create(samples.BANK_ACCOUNT), "POST", "/bank_accounts",
        "bank_accounts.create.response", _id(BankAccount), 1804116401, "bank_accounts.create.request",
    ),
    "bank_accounts.update": Documented(
        lambda b: b.bank_accounts.update(1804116401, samples.BANK_ACCOUNT_AGAIN), "PUT", "/bank_accounts/1804116401",
        "bank_accounts.update.response", _id(BankAccount), 1804116401, "bank_accounts.update.request",
    ),
}  # fmt: skip
REFERENCE = {
    "payment_methods.list": Documented(
        lambda b: b.payment_methods.list("en"), "GET", "/payment_methods/en",
        "payment_methods.list.response", _ids(PaymentMethod), [2, 4, 1, 5, 6, 7, 8, 9, 10, 11, 12],
    ),
    "vat.list": Documented(
        lambda b: b.vat.list(value=Decimal("0.27"), description="AM"), "GET", "/vat?v=0.27&d=AM",
        "vat.list.response", _ids(Vat), [1, 2, 3, 4, 5],
    ),
    "vat.eu": Documented(
        lambda b: b.vat.eu(country="DE", business_country="HU", ip="192.0.2.7", vat_code="DE 1/2"),
        "GET", "/vat/eu?country=DE&business_country=HU&ip=192.0.2.7&vat_code=DE+1%2F2",
        "vat.eu.response", _eu_vat, (EuVat, Decimal("0.19"), 13),
    ),
    "currencies.convert": Documented(
        lambda b: b.currencies.convert(Decimal("99.90"), source="EUR", target="USD"),
        "GET", "/currency?from=EUR&to=USD&value=99.90",
        "currency.convert.response", _itself, Decimal("111.81166910218"),
    ),
    "user.is_sandbox": Documented(
        lambda b: b.user.is_sandbox(), "GET", "/user/is-sandbox", "user.is_sandbox.response", _itself, True,
    ),
    "user.tax_code": Documented(
        lambda b: b.user.tax_code(), "GET", "/user/tax-code", "user.tax_code.response", _itself, "12345678-2-10",
    ),
}  # fmt: skip
RECURRING = {
    "recurring.list": Documented(
        lambda b: b.recurring.list(), "GET", "/recurring?page=1&max_per_page=50", PROFILE, _ids(RecurringProfile), [5],
    ),
    "recurring.get": Documented(
        lambda b: b.recurring.get(5), "GET", "/recurring/5", PROFILE, _id(RecurringProfile), 5,
    ),
    "recurring.create": Documented(
        lambda b: b.recurring.create(samples.PROFILE), "POST", "/recurring", PROFILE, _id(RecurringProfile), 5,
        samples.PROFILE_ON_THE_WIRE,
    ),
    "recurring.update": Documented(
        lambda b: b.recurring.update(5, samples.PROFILE), "PUT", "/recurring/5", PROFILE, _id(RecurringProfile), 5,
        samples.PROFILE_ON_THE_WIRE,
    ),
    "recurring.stop": Documented(lambda b: b.recurring.stop(5), "POST", "/recurring/5/stop", DONE, _itself, None),
    "recurring.resume": Documented(lambda b: b.recurring.resume(5), "POST", "/recurring/5/resume", DONE, _itself, None),
}  # fmt: skip
CALLS = {**INVOICES, **CLIENTS, **STORED, **REFERENCE, **RECURRING}

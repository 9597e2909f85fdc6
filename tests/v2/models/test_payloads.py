"""Every documented sample: read without loss, value by value, and written exactly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter
from samples import as_written, assert_all_told, is_rows, types

from billingo_async.fields.exact import exact_json, to_json
from billingo_async.fields.reading import read_json
from billingo_async.v2.models import (
    BankAccount,
    Block,
    Client,
    EuVat,
    Expense,
    ExpenseCategory,
    Invoice,
    NewBankAccount,
    NewClient,
    NewExpense,
    NewInvoice,
    NewProduct,
    Payment,
    PaymentMethod,
    PaymentState,
    Product,
    Vat,
)

if TYPE_CHECKING:
    from pathlib import Path

    from billingo_async.fields.reading import ReadModel
    from billingo_async.fields.writing import WrittenModel

READ: dict[str, type[ReadModel]] = {
    "bank_accounts.create": BankAccount,
    "bank_accounts.list": BankAccount,
    "bank_accounts.update": BankAccount,
    "clients.create": Client,
    "clients.list": Client,
    "clients.update": Client,
    "expenses.categories": ExpenseCategory,
    "expenses.create": Expense,
    "expenses.list": Expense,
    "expenses.update": Expense,
    "invoices.blocks": Block,
    "invoices.cancel": Invoice,
    "invoices.create": Invoice,
    "invoices.list": Invoice,
    "invoices.pay": PaymentState,
    "invoices.query": Invoice,
    "invoices.undo_payment": PaymentState,
    "payment_methods.list": PaymentMethod,
    "products.create": Product,
    "products.list": Product,
    "products.update": Product,
    "vat.eu": EuVat,
    "vat.list": Vat,
}

WRITTEN: dict[str, type[WrittenModel]] = {
    "bank_accounts.create": NewBankAccount,
    "bank_accounts.update": NewBankAccount,
    "clients.create": NewClient,
    "clients.update": NewClient,
    "expenses.create": NewExpense,
    "expenses.update": NewExpense,
    "invoices.create": NewInvoice,
    "invoices.pay": Payment,
    "products.create": NewProduct,
    "products.update": NewProduct,
}

NO_MODEL = frozenset(
    {
        "clients.delete",
        "currency.convert",
        "invoices.code",
        "invoices.generate",
        "invoices.send",
        "products.delete",
        "user.is_sandbox",
        "user.tax_code",
    }
)


def bodies(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands for a model in an answer: the attributes of each entry, or the data itself."""
    data = payload["data"]
    return [row.get("attributes", row) for row in (data if is_rows(data) else [data])]


def test_every_sample_is_looked_at(shared: Path) -> None:
    """No sample is left out by an oversight."""
    names = {path.name.rsplit(".", 2)[0] for path in (shared / "payloads").glob("*.response.json")}
    assert names == READ.keys() | NO_MODEL
    names = {path.name.rsplit(".", 2)[0] for path in (shared / "payloads").glob("*.request.json")}
    assert names == WRITTEN.keys()


@pytest.mark.parametrize("name", sorted(READ))
def test_a_sample_answer_is_read_without_loss(shared: Path, name: str) -> None:
    """Every value of a documented answer is found again in the model, in its own type."""
    payload = json.loads((shared / "payloads" / f"{name}.response.json").read_bytes())
    for raw in bodies(payload):
        assert_all_told(read_json(TypeAdapter(READ[name]), json.dumps(raw).encode()), raw)


@pytest.mark.parametrize("name", sorted(READ))
def test_both_roads_read_a_sample_alike(shared: Path, name: str) -> None:
    """From bytes or from decoded JSON: the same model."""
    payload = json.loads((shared / "payloads" / f"{name}.response.json").read_bytes())
    for raw in bodies(payload):
        body = json.dumps(raw).encode()
        straight = read_json(TypeAdapter(READ[name]), body)
        assert straight == READ[name].model_validate(exact_json(body))


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_sample_request_is_written_exactly(shared: Path, name: str) -> None:
    """A documented request comes out as it is documented: the same values in the same JSON types."""
    sample = exact_json((shared / "payloads" / f"{name}.request.json").read_bytes())
    written = exact_json(to_json(WRITTEN[name].model_validate(sample).to_payload()))
    assert types(written) == types(sample)
    assert written == as_written(sample)

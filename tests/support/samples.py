"""The documented samples, the models that stand for their requests, and how the two are compared."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard

from billingo_async import (
    Address,
    Bank,
    ClientDefaults,
    NewBankAccount,
    NewClient,
    NewExpense,
    NewInvoice,
    NewItem,
    NewProduct,
    NewProductItem,
    NewRecurringProfile,
    Payment,
)
from billingo_async.fields.exact import is_array, is_object
from billingo_async.fields.reading import ReadModel

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from billingo_async import Billingo, EuVat, PaymentState

INVOICE = NewInvoice(
    fulfillment_date=date(2015, 12, 12),
    due_date=date(2015, 12, 20),
    payment_method=1,
    electronic_invoice=True,
    exchange_rate=Decimal(250),
    client_uid=115387686,
    bank_account_uid=1263576876,
    round_to=0,
    items=(
        NewItem(
            description="Test Item",
            vat_id=1,
            qty=Decimal(1),
            net_unit_price=Decimal(3500),
            unit="pc",
            item_comment="Item comment",
            entitlement=None,
        ),
        NewProductItem(product_uid=1206264827, qty=Decimal(1)),
    ),
)
CLIENT = NewClient(
    name="Gigazoom LLC.",
    email="billing@example.com",
    taxcode="123456",
    force=False,
    billing_address=Address(
        street_name="Moulton",
        street_type="Terrace",
        house_nr="2797",
        block="A",
        entrance="B",
        floor="3.",
        door="17",
        city="Preston",
        postcode="PR1",
        district="XII",
        country="United Kingdom",
    ),
    phone="",
    bank=Bank(account_no="12345678-12345678-12345678", iban="", swift=""),
    tax_type="",
    fokonyv_szam="",
    type=2,
    defaults=ClientDefaults(
        payment_method=1,
        electronic_invoice=False,
        invoice_due_days=3,
        invoice_currency="HUF",
        invoice_template_lang_code="hu",
    ),
)
PAYMENT = Payment(date=date(2017, 1, 1), amount=Decimal(12300), payment_method=2, conversion_rate=Decimal(1))
PRODUCT = NewProduct(
    name="API teszt termék",
    price=Decimal(5200),
    unit="db",
    currency_code="HUF",
    vat_id=1,
    fokonyv_arbev=0,
    fokonyv_afa=0,
    entitlement="",
)
PRODUCT_AGAIN = NewProduct(
    name="API teszt termék - EDIT", price=Decimal(5200), unit="db", currency_code="HUF", vat_id=1
)
EXPENSE = NewExpense(
    categories_id=2,
    name="Office Supplies",
    invoice_no="2015/123456",
    client_uid=123456789,
    gross_price=Decimal(1200),
    vat=1,
    currency="EUR",
    due_date=date(2017, 1, 15),
)
EXPENSE_AGAIN = EXPENSE.model_copy(update={"categories_id": 4})
BANK_ACCOUNT = NewBankAccount(
    bank_name="Test Bank LLC.",
    account_no="397794553330472",
    account_no_iban="HU33107930243977945533304723",
    account_swift="TSTBNK",
    currency="EUR",
)
BANK_ACCOUNT_AGAIN = BANK_ACCOUNT.model_copy(update={"currency": "USD"})
PROFILE = NewRecurringProfile(
    base_invoice_uid=1938103373, frequency="1M", start_date=date(2017, 11, 1), comment="monthly"
)
PROFILE_ON_THE_WIRE: dict[str, Any] = {
    "base_invoice_uid": 1938103373,
    "frequency": "1M",
    "start_date": "2017-11-01",
    "comment": "monthly",
}
"""No sample is documented for recurring profiles: this is what their fields say."""


def sample(shared: Path, name: str) -> Any:
    """Return a sample's JSON, numbers exact."""
    return exactly((shared / "payloads" / f"{name}.json").read_bytes())


def exactly(body: bytes) -> Any:
    """Return decoded JSON in which every number is a Decimal, so that 1 is not True and 250.0 is 250."""
    return json.loads(body, parse_int=Decimal, parse_float=Decimal)


def kinds(value: Any) -> Any:
    """Return the JSON with each value's kind in its place, to tell 1 from True and from "1"."""
    if is_object(value):
        return {key: kinds(each) for key, each in value.items()}
    if is_array(value):
        return [kinds(each) for each in value]
    return type(value).__name__


def as_written(body: Any) -> Any:
    """Return a documented body as the library writes it: a country under the name that the server answers with."""
    if is_object(body) and is_object(body.get("billing_address")):
        assert body["billing_address"]["country"] == "United Kingdom"
        return {**body, "billing_address": {**body["billing_address"], "country": "Egyesült Királyság"}}
    return body


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


def ids_of(kind: type[Any]) -> Callable[[Any], object]:
    """Ask for the ids of rows of this kind, in their order."""

    def ask(rows: Any) -> object:
        assert {type(row) for row in rows} == {kind}
        return [row.id for row in rows]

    return ask


def id_of(kind: type[Any]) -> Callable[[Any], object]:
    """Ask for the id of a thing of this kind."""

    def ask(row: Any) -> object:
        assert type(row) is kind
        return row.id

    return ask


def itself(result: Any) -> object:
    """Ask for nothing but the result itself."""
    return result


def state(state: PaymentState) -> object:
    """Ask for what a payment left open."""
    return (type(state), state.fully_paid, state.outstanding)


def eu_vat(vat: EuVat) -> object:
    """Ask for the rate of a sale across a border."""
    assert vat.billingo_vat is not None
    return (type(vat), vat.tax_rate, vat.billingo_vat.id)


NOTHING: tuple[object, ...] = (None, "", [], "0000-00-00", "0000-00-00 00:00:00", "-0001-11-30 00:00:00")


def is_rows(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether JSON is an array, or a field holds what an array was read into."""
    return isinstance(value, list | tuple)


def assert_tells(value: Any, raw: Any, path: str) -> None:
    """The value of a field says what the raw JSON says, nothing more and nothing less."""
    if value is None:
        assert raw in NOTHING, path
    elif isinstance(value, ReadModel):
        assert is_object(raw), path
        assert_all_told(value, raw, path)
    elif is_rows(value):
        assert is_rows(raw), path
        for index, (each, raw_each) in enumerate(zip(value, raw, strict=True)):
            assert_tells(each, raw_each, f"{path}[{index}]")
    elif isinstance(value, bool):
        assert raw in ((True, 1, "1") if value else (False, 0, "0")), path
    elif isinstance(value, Decimal):
        assert value == Decimal(str(raw)), path
    elif isinstance(value, int):
        assert str(value) == str(raw), path
    elif isinstance(value, datetime):
        assert value.isoformat(" ") == raw, path
    elif isinstance(value, date):
        assert value.isoformat() == raw, path
    else:
        assert value == raw, path


def assert_all_told(model: ReadModel, raw: dict[str, Any], path: str = "$") -> None:
    """Each key of the raw object is a field of the model, documented, and says the same."""
    assert not model.model_extra, f"{path}: not documented: {sorted(model.model_extra or {})}"
    assert model.model_fields_set == raw.keys(), path
    for name, value in raw.items():
        assert_tells(getattr(model, name), value, f"{path}.{name}")


def types(value: Any) -> object:
    """The JSON types of a document, in its shape."""
    if is_object(value):
        return {key: types(each) for key, each in value.items()}
    if is_rows(value):
        return [types(each) for each in value]
    if isinstance(value, bool) or value is None:
        return value
    return "text" if isinstance(value, str) else "number"

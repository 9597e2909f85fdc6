"""Every amount, the whole road: from a method's argument to the bytes of the request, from an answer to the model."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ready_answers import Answers, on_line
from samples import models_of

from billingo_async import NewExpense, NewInvoice, NewItem, NewProduct, NewProductItem, Payment
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.writing import WrittenModel
from billingo_async.v2 import models

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from billingo_async import Billingo

DAY = date(2015, 12, 12)
FEWER = settings(max_examples=settings().max_examples // 4)
"""Each example tries every amount that there is."""


def amounts(smallest: int) -> st.SearchStrategy[Decimal]:
    """Draw numbers of up to 28 digits with the point anywhere, or far from them."""
    digits = st.integers(smallest, 10**28 - 1) | st.integers(10**27, 10**28 - 1)
    return st.builds(_shifted, digits, st.integers(0, 28))


def _shifted(number: int, places: int) -> Decimal:
    return Decimal(f"{number}e-{places}")


def _money(base: type[ReadModel | WrittenModel]) -> set[str]:
    """Name every field of a public model that holds an exact number."""
    return {
        f"{kind.__name__}.{name}"
        for kind in models_of(models, base)
        for name, field in kind.model_fields.items()
        if "Decimal" in f"{field.annotation} {field.metadata}"
    }


def _item(**price: Any) -> NewItem:
    return NewItem.model_validate({"description": "x", "vat_id": 1, "qty": 1, "unit": "x", **price})


def _create(b: Billingo, *items: NewItem | NewProductItem, rate: Any = 1) -> Awaitable[object]:
    new = NewInvoice(
        client_uid=1, payment_method=1, due_date=DAY, fulfillment_date=DAY, items=items, exchange_rate=rate
    )
    return b.invoices.create(new)


def _pay(b: Billingo, **sums: Any) -> Awaitable[object]:
    return b.invoices.pay(1, Payment.model_validate({"date": DAY, "amount": 1, "payment_method": 1, **sums}))


def _product(b: Billingo, price: Decimal) -> Awaitable[object]:
    return b.products.create(NewProduct(name="x", price=price, unit="x", currency_code="HUF", vat_id=1))


def _expense(b: Billingo, price: Decimal) -> Awaitable[object]:
    return b.expenses.create(NewExpense(categories_id=1, name="x", gross_price=price, vat=1))


WRITTEN: dict[str, Callable[[Billingo, Decimal], Awaitable[object]]] = {
    "NewItem.qty": lambda b, a: _create(b, _item(qty=a, net_unit_price=1)),
    "NewItem.net_unit_price": lambda b, a: _create(b, _item(net_unit_price=a)),
    "NewItem.gross_unit_price": lambda b, a: _create(b, _item(gross_unit_price=a)),
    "NewProductItem.qty": lambda b, a: _create(b, NewProductItem(product_uid=1, qty=a)),
    "NewInvoice.exchange_rate": lambda b, a: _create(b, _item(net_unit_price=1), rate=a),
    "Payment.amount": lambda b, a: _pay(b, amount=a),
    "Payment.conversion_rate": lambda b, a: _pay(b, conversion_rate=a),
    "NewProduct.price": _product,
    "NewExpense.gross_price": _expense,
}
ASKED: dict[str, Callable[[Billingo, Decimal], Awaitable[object]]] = {
    "value": lambda b, a: b.currencies.convert(a, source="EUR", target="HUF"),
    "v": lambda b, a: b.vat.list(value=a),
}
ENTRY = b'{"success": true, "data": {"id": 1, "attributes": {}, "fully_paid": true, "outstanding": 0, "value": 1}}'


def test_every_amount_that_is_written_is_tried() -> None:
    """A money field that a written model gains is tried below."""
    assert _money(WrittenModel) == WRITTEN.keys()


@FEWER
@given(amounts(1))
@example(Decimal(1234567890123456789012345678))
@example(Decimal("0.1234567890123456789012345678"))
@example(Decimal("1E+27"))
@example(Decimal("3500.10"))
async def test_a_request_holds_every_digit(amount: Decimal) -> None:
    """The body holds the number as JSON has it: no text, no exponent, no digit less."""
    line = Answers(lambda _: httpx.Response(200, content=ENTRY))
    async with on_line(line, max_retries=0) as billingo:
        for field, call in WRITTEN.items():
            await call(billingo, amount)
            name = field.partition(".")[2]
            (token,) = re.findall(rf'"{name}":([^,}}\]]+)'.encode(), line.requests[-1].content)
            assert re.fullmatch(rb"-?(0|[1-9][0-9]*)(\.[0-9]+)?", token), field
            assert Decimal(token.decode()) == amount, field
        for name, call in ASKED.items():
            await call(billingo, amount)
            (text,) = re.findall(rf"[?&]{name}=([0-9.-]+)(?:&|$)", str(line.requests[-1].url))
            assert Decimal(text) == amount, name


INVOICE_MONEY = ("total", "total_paid", "net_total", "exchange_rate")
ITEM_MONEY = (
    "qty", "net_unit_price", "gross_unit_price", "net_row_price", "gross_row_price", "vat_value",
)  # fmt: skip
PRODUCT_MONEY = (
    "price", "min_qty", "max_qty", "opt_qty", "sales_price", "purchase_price", "width", "height", "depth", "weight",
)  # fmt: skip


def _all(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}": @' for name in names)


async def _invoice(b: Billingo) -> dict[str, Any]:
    invoice = await b.invoices.get(1)
    assert invoice.items is not None
    (item,) = invoice.items
    assert item.vat_object is not None
    told: dict[str, Any] = {f"Invoice.{name}": getattr(invoice, name) for name in INVOICE_MONEY}
    return told | {f"Item.{name}": getattr(item, name) for name in ITEM_MONEY} | {"Vat.value": item.vat_object.value}


async def _read_product(b: Billingo) -> dict[str, Any]:
    product = await b.products.get(1)
    return {f"Product.{name}": getattr(product, name) for name in PRODUCT_MONEY}


async def _read_expense(b: Billingo) -> dict[str, Any]:
    return {"Expense.gross_price": (await b.expenses.list())[0].gross_price}


async def _state(b: Billingo) -> dict[str, Any]:
    return {"PaymentState.outstanding": (await b.invoices.undo_payment(1)).outstanding}


async def _eu_vat(b: Billingo) -> dict[str, Any]:
    return {"EuVat.tax_rate": (await b.vat.eu(country="DE", business_country="HU")).tax_rate}


async def _converted(b: Billingo) -> dict[str, Any]:
    return {"convert": await b.currencies.convert(1, source="EUR", target="HUF")}


ITEMS = f'"items": [{{{_all(ITEM_MONEY)}, "vat_object": {{"id": 1, "value": @}}}}]'
READ: list[tuple[Callable[[Billingo], Awaitable[dict[str, Any]]], str]] = [
    (_invoice, f'[{{"id": 1, "attributes": {{{_all(INVOICE_MONEY)}, {ITEMS}}}}}]'),
    (_read_product, f'[{{"id": 1, "attributes": {{{_all(PRODUCT_MONEY)}}}}}]'),
    (_read_expense, '[{"id": 1, "attributes": {"gross_price": @}}]'),
    (_state, '{"fully_paid": false, "outstanding": @}'),
    (_eu_vat, '{"tax_rate": @}'),
    (_converted, '{"value": @}'),
]
"""How each amount is asked for, and the `data` of the answer, in which it stands wherever @ is."""
SPELLINGS: tuple[Callable[[Decimal], str], ...] = (
    lambda amount: f"{amount:f}",
    lambda amount: f"{amount:e}",
    lambda amount: f"{amount:E}",
    lambda amount: f"{amount:f}" + ("000" if "." in f"{amount:f}" else ".000"),
    lambda amount: f"{amount.scaleb(-3):f}e3",
    lambda amount: f'"{amount:f}"',
    lambda amount: f'"{amount:e}"',
)


@pytest.mark.parametrize("success", ["true", '"true"'], ids=["documented", "sloppy"])
@FEWER
@given(amount=amounts(-(10**28) + 1), encode=st.sampled_from(SPELLINGS))
@example(amount=Decimal(1234567890123456789012345678), encode=SPELLINGS[0])
@example(amount=Decimal("0.1"), encode=SPELLINGS[1])
@example(amount=Decimal("-0.1234567890123456789012345678"), encode=SPELLINGS[3])
async def test_an_answer_loses_no_digit(success: str, amount: Decimal, encode: Callable[[Decimal], str]) -> None:
    """However JSON spells the number, as a number or as text, each field of each model holds it exactly."""
    told: dict[str, Any] = {}
    bodies: list[str] = []
    async with on_line(Answers(lambda _: httpx.Response(200, text=bodies[-1])), max_retries=0) as billingo:
        for ask, data in READ:
            bodies.append(f'{{"success": {success}, "data": {data.replace("@", encode(amount))}}}')
            told |= await ask(billingo)
    assert told.keys() - {"convert"} == _money(ReadModel)
    assert {name: value for name, value in told.items() if value != amount} == {}
    assert {type(value) for value in told.values()} == {Decimal}

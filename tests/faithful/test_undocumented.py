"""Values that nobody documented: each is read, can be seen, and goes back as it came."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from ready_answers import on_canned_line

from billingo_async import InvoiceType, NewInvoice, NewItem

if TYPE_CHECKING:
    from billingo_async import Invoice

ALIEN: dict[str, Any] = {
    "client": {
        "name": "A", "tax_type": "ALIEN", "type": 17, "internal_id": "Ω-7",
        "billing_address": {"street_name": "S", "city": "C", "postcode": "1", "country": "H", "planet": "Föld"},
        "defaults": {
            "payment_method": "99", "electronic_invoice": "1", "invoice_due_days": "8", "invoice_currency": "HUF",
            "invoice_template_lang_code": "tlh", "invoice_font": "Runes",
        },
    },
    "product": {
        "name": "A", "price": 1, "unit": "x", "currency_code": "XTS", "vat_id": 99, "entitlement": "UFO",
        "vat": {"id": 99, "value": 0.99, "description": "99% - UFO"},
    },
    "expense": {"name": "A", "categories_id": 99, "gross_price": 1, "vat": 99, "currency": "XTS"},
    "account": {"bank_name": "A", "account_no": "1", "currency": "XTS"},
}  # fmt: skip
INVOICE: dict[str, Any] = {
    "client_uid": 5, "block_uid": 99, "type": 17, "status": 99, "template_lang_code": "tlh", "currency": "XTS",
    "payment_method": {"id": 99, "lang_code": "tlh", "name": "Bitcoin", "advance_paid": "0"},
    "items": [
        {
            "description": "A", "qty": "1.000", "unit": "x", "net_unit_price": "2.000", "vat_id": "99",
            "vat_object": {"id": 99, "value": "0.99", "description": "99% - UFO"}, "entitlement": "UFO",
        }
    ],
}  # fmt: skip


def _answer(attributes: dict[str, Any]) -> bytes:
    return json.dumps({"success": True, "data": [{"id": 7, "attributes": attributes}]}).encode()


async def test_a_client_keeps_what_nobody_documented() -> None:
    """A tax type, a kind of client, a language and a payment method: seen raw, written back the same."""
    told = ALIEN["client"]
    async with on_canned_line() as (billingo, line):
        line.answer = _answer(told)
        client = await billingo.clients.get(7)
        assert client.defaults is not None
        assert (client.tax_type, client.type, client.internal_id) == ("ALIEN", 17, "Ω-7")
        assert (client.defaults.payment_method, client.defaults.invoice_template_lang_code) == (99, "tlh")
        await billingo.clients.update(7, client.edit(phone="1"))
        assert json.loads(line.body) == {**told, "type": "17", "phone": "1"}


async def test_a_product_keeps_what_nobody_documented() -> None:
    """A VAT rate and an entitlement."""
    told = ALIEN["product"]
    async with on_canned_line() as (billingo, line):
        line.answer = _answer(told)
        product = await billingo.products.get(7)
        assert product.vat is not None
        assert (product.vat_id, product.vat.description, product.entitlement) == (99, "99% - UFO", "UFO")
        await billingo.products.update(7, product.edit(price=2))
        assert json.loads(line.body) == {**{name: told[name] for name in told if name != "vat"}, "price": 2}


@pytest.mark.parametrize(("noun", "told"), [("expenses", ALIEN["expense"]), ("bank_accounts", ALIEN["account"])])
async def test_an_expense_and_an_account_keep_what_nobody_documented(noun: str, told: dict[str, Any]) -> None:
    """A VAT rate, a category, a currency."""
    async with on_canned_line() as (billingo, line):
        line.answer = _answer(told)
        resource: Any = getattr(billingo, noun)
        (read,) = list(await resource.list())
        assert {name: getattr(read, name) for name in told} == told
        await resource.update(7, read.edit())
        assert json.loads(line.body) == told


def _again(invoice: Invoice) -> NewInvoice:
    """Return a new invoice with every choice that the read one tells."""
    assert invoice.payment_method is not None
    assert invoice.items is not None
    chosen = ("client_uid", "block_uid", "type", "template_lang_code", "currency")
    items = ("description", "qty", "unit", "net_unit_price", "vat_id", "entitlement")
    day = date(2015, 12, 12)
    return NewInvoice.model_validate(
        {
            **{name: getattr(invoice, name) for name in chosen},
            "payment_method": invoice.payment_method.id,
            "items": [NewItem.model_validate({name: getattr(row, name) for name in items}) for row in invoice.items],
            "due_date": day,
            "fulfillment_date": day,
        }
    )


async def test_an_invoice_keeps_what_nobody_documented() -> None:
    """A payment method, a VAT rate, a status, a type, a language, an entitlement: seen, and put on the next one."""
    async with on_canned_line() as (billingo, line):
        line.answer = _answer(INVOICE)
        invoice = await billingo.invoices.get(7)
        assert (invoice.type, invoice.status, invoice.template_lang_code) == (17, 99, "tlh")
        assert invoice.payment_method is not None
        assert (invoice.payment_method.id, invoice.payment_method.name) == (99, "Bitcoin")
        await billingo.invoices.create(_again(invoice))
    sent = json.loads(line.body)
    assert {name: sent[name] for name in ("type", "template_lang_code", "payment_method", "block_uid", "currency")} == {
        "type": 17, "template_lang_code": "tlh", "payment_method": 99, "block_uid": 99, "currency": "XTS",
    }  # fmt: skip
    assert sent["items"] == [
        {"description": "A", "qty": 1, "unit": "x", "net_unit_price": 2, "vat_id": 99, "entitlement": "UFO"}
    ]


async def test_known_values_are_members_and_go_back_as_they_came() -> None:
    """The same road with a documented value, told as text."""
    async with on_canned_line() as (billingo, line):
        line.answer = _answer({**INVOICE, "type": "1"})
        invoice = await billingo.invoices.get(7)
        assert invoice.type is InvoiceType.PROFORMA
        await billingo.invoices.create(_again(invoice))
    assert json.loads(line.body)["type"] == 1


async def test_what_can_be_looked_up_may_be_new() -> None:
    """A payment method and a VAT rate of tomorrow stand in their lists like any other."""
    async with on_canned_line() as (billingo, line):
        line.answer = _answer({"lang_code": "tlh", "name": "Bitcoin", "advance_paid": "perhaps"})
        (method,) = await billingo.payment_methods.list()
        assert (method.id, method.lang_code, method.name, method.advance_paid) == (7, "tlh", "Bitcoin", None)
        line.answer = _answer({"value": "1.27", "description": "Őrült", "info_text": {"hu": "Őrült"}})
        (rate,) = await billingo.vat.list()
        assert (rate.id, str(rate.value), rate.description, rate.info_text) == (7, "1.27", "Őrült", None)

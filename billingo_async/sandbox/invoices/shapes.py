"""How an invoice is answered: short after create and cancel, long when read; pure spelling, no decision enters here.

`vat_value` of an item is not documented beyond its name: here it is the row's VAT amount, `vat_object` holds the rate.
Sources: API docs, Invoices, the samples; Cancel invoice for `status`, `is_cancel_invoice` and `connected_invoice_no`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox import seeds
from billingo_async.sandbox.dialect import entry, flag_of, number_of, text_of
from billingo_async.sandbox.invoices.record import Type

if TYPE_CHECKING:
    from billingo_async.sandbox.arithmetic import Rate
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.invoices.record import Invoice, Row

KIND = "invoices"
TYPE_STRINGS = {Type.DRAFT: "draft", Type.PROFORMA: "proforma", Type.NORMAL: "invoice"}
CANCEL_STRING = "cancel"


def short(invoice: Invoice) -> JsonObject:
    """The entry that create and cancel answer: no items, no client, the total a number."""
    terms = invoice.terms
    return entry(
        invoice.uid,
        {
            "fulfillment_date": terms.fulfillment_date,
            "due_date": terms.due_date,
            "total": number_of(invoice.totals.total),
            "comment": terms.comment,
            "currency": terms.currency,
            "date": invoice.date.isoformat(),
            "invoice_no": invoice.invoice_no,
            "client_uid": terms.client_uid,
            "block_uid": invoice.block.uid,
            "uid": invoice.uid,
        },
    )


def long(invoice: Invoice) -> JsonObject:
    """The entry that list, query and get answer: everything, numbers as strings."""
    terms = invoice.terms
    if invoice.items is None:
        invoice.items = [item(row) for row in invoice.rows]
    connected = invoice.connected
    return entry(
        invoice.uid,
        {
            "date": invoice.date.isoformat(),
            "fulfillment_date": terms.fulfillment_date,
            "due_date": terms.due_date,
            "invoice_no": invoice.invoice_no,
            "prefix": invoice.block.prefix,
            "prefixed_invoice_no": invoice.prefixed_invoice_no,
            "total": text_of(invoice.totals.total),
            "total_paid": text_of(invoice.paid),
            "net_total": text_of(invoice.totals.sums.net),
            "comment": terms.comment,
            "currency": terms.currency,
            "exchange_rate": text_of(terms.exchange_rate),
            "round_to": str(terms.round_to),
            "template_lang_code": terms.language,
            "electronic_invoice": flag_of(terms.electronic),
            "type": str(invoice.type.value),
            "type_string": CANCEL_STRING if invoice.cancels else TYPE_STRINGS[invoice.type],
            "status": invoice.status.value,
            "is_cancel_invoice": int(invoice.cancels is not None),
            "connected_invoice_no": connected.invoice_no if connected else None,
            "client_uid": terms.client_uid,
            "block_uid": invoice.block.uid,
            "bank_account_uid": terms.bank_account_uid,
            "uid": invoice.uid,
            "items": invoice.items,
            "client": invoice.client,
            "payment_method": payment_method(terms.payment_method, "hu"),
        },
    )


def item(row: Row) -> JsonObject:
    """One item as it is read back."""
    sums = row.price.sums
    return {
        "description": row.description,
        "net_unit_price": text_of(row.price.net_unit_price),
        "qty": text_of(row.qty),
        "unit": row.unit,
        "vat_id": str(row.rate.id),
        "vat_value": text_of(sums.vat),
        "vat_object": vat(row.rate),
        "net_row_price": text_of(sums.net),
        "gross_row_price": text_of(sums.gross),
        "item_comment": row.comment,
        "entitlement": row.entitlement,
    }


def vat(rate: Rate) -> JsonObject:
    """A VAT rate inside another answer: id a number, value a string."""
    return {"id": rate.id, "value": str(rate.value), "description": rate.label}


def payment_method(uid: int, language: str) -> JsonObject:
    """A payment method inside an invoice: id a number, the flag a string."""
    method = seeds.PAYMENT_METHODS[uid]
    return {
        "id": uid,
        "lang_code": language,
        "name": method.names[language],
        "advance_paid": flag_of(method.advance_paid),
    }

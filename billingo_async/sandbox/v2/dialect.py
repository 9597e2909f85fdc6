"""How the real v2 talks: its envelopes, its pages, its strings for numbers, its flags, its invoices, short and long.

No state and no decision enters here: values in, spelling out. Sources: API docs (Successful responses, Errors) and the
samples of each operation. `vat_value` of an item is not documented beyond its name: here it is the row's VAT amount,
`vat_object` holds the rate.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import number_of
from billingo_async.sandbox.http import JSON, Refusal, Response, write_json
from billingo_async.sandbox.records import Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from billingo_async.sandbox.arithmetic import Rate
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.records import Invoice, Row

T = TypeVar("T")
INVOICES = "invoices"
DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 50
TYPE_NUMBERS = {Type.DRAFT: 0, Type.PROFORMA: 1}
INVOICE_NUMBER = 3
"""The number of every type that v2 has no other for; 2 is reserved and refused."""
TYPES = {0: Type.DRAFT, 1: Type.PROFORMA, INVOICE_NUMBER: Type.INVOICE}
_TYPE_STRINGS = {Type.DRAFT: "draft", Type.PROFORMA: "proforma", Type.CANCELLATION: "cancel"}
_WHOLE = re.compile(r"[0-9]{1,18}")
THREE_DECIMALS = 3
_JSON_HEADERS = (("Content-Type", JSON),)


def entry(uid: int | str, attributes: JsonObject) -> JsonObject:
    """One entry of `data`: the id outside, everything else under `attributes`."""
    return {"id": uid, "attributes": attributes}


def listed(kind: str, entries: Iterable[JsonObject]) -> Response:
    """A success whose `data` is a list: lists, and `GET /x/{id}` too."""
    return answer({"success": True, "type": kind, "data": list(entries)})


def single(kind: str, one: JsonObject) -> Response:
    """A success whose `data` is one object: POST, PUT and cancel."""
    return answer({"success": True, "type": kind, "data": one})


def plain(data: JsonObject) -> Response:
    """A success whose `data` holds bare values and which names no type."""
    return answer({"success": True, "data": data})


def done(**more: Any) -> Response:
    """A success with nothing to tell, or with values beside `success`."""
    return answer({"success": True, **more})


def answer(envelope: JsonObject, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """Any envelope as a response."""
    return Response(status, write_json(envelope), (*_JSON_HEADERS, *headers))


def refused(refusal: Refusal) -> Response:
    """A failure: `success` is false, `error` says why, `errors` is there for bodies that were refused."""
    envelope: JsonObject = {"success": False, "error": refusal.error}
    if refusal.errors is not None:
        envelope["errors"] = refusal.errors
    return answer(envelope, refusal.status, refusal.headers)


def text_of(value: Decimal, decimals: int = THREE_DECIMALS) -> str:
    """Money and quantities as lists answer them: a string with three decimals, or as many as it takes."""
    integer, _, fraction = f"{value:f}".partition(".")
    return f"{integer}.{fraction.rstrip('0').ljust(decimals, '0')}"


def flag_of(value: object) -> str:
    """A flag as most reads answer it."""
    return "1" if value else "0"


def not_saved(noun: str, *reasons: str) -> Refusal:
    """The refusal of a body that fits its schema and still cannot be saved: `errors` is an array then.

    Source: API docs, Errors.
    """
    return Refusal(400, f"The {noun} could not be saved", errors=list(reasons))


def page_of(rows: Iterable[T], query: Mapping[str, str]) -> list[T]:
    """The rows of the page that the query names: a short page is the last, and one after the last is empty.

    Raises:
        Refusal: 400, where a value is no positive whole number or a page would be over 50 rows.
    """
    page = int_of(query, "page", 1) or 0
    size = int_of(query, "max_per_page", DEFAULT_PAGE_SIZE) or 0
    if page < 1:
        raise Refusal(400, "page must be 1 or more")
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise Refusal(
            400, f"max_per_page must be between 1 and {MAX_PAGE_SIZE}: the absolute maximum is {MAX_PAGE_SIZE}"
        )
    return list(islice(rows, (page - 1) * size, page * size))


def int_of(query: Mapping[str, str], name: str, default: int | None = None) -> int | None:
    """A whole number among the parameters, or the default where it is absent or blank."""
    text = query.get(name, "")
    if not text:
        return default
    if not _WHOLE.fullmatch(text):
        raise Refusal(400, f"{name} must be a whole number")
    return int(text)


def short_invoice(invoice: Invoice) -> JsonObject:
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


def long_invoice(invoice: Invoice) -> JsonObject:
    """The entry that list, query and get answer: everything, numbers as strings."""
    terms = invoice.terms
    if invoice.items is None:
        invoice.items = [_item(row) for row in invoice.rows]
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
            "type": str(TYPE_NUMBERS.get(invoice.type, INVOICE_NUMBER)),
            "type_string": type_string_of(invoice),
            "status": invoice.status.value,
            "is_cancel_invoice": int(invoice.cancels is not None),
            "connected_invoice_no": connected.invoice_no if connected else None,
            "client_uid": terms.client_uid,
            "block_uid": invoice.block.uid,
            "bank_account_uid": terms.bank_account_uid,
            "uid": invoice.uid,
            "items": invoice.items,
            "client": invoice.client,
            "payment_method": _payment_method(terms.payment_method, "hu"),
        },
    )


def type_string_of(invoice: Invoice) -> str:
    """The type as `type_string` spells it."""
    return _TYPE_STRINGS.get(invoice.type, "invoice")


def _item(row: Row) -> JsonObject:
    """One item as it is read back."""
    sums = row.price.sums
    return {
        "description": row.description,
        "net_unit_price": text_of(row.price.net_unit_price),
        "qty": text_of(row.qty),
        "unit": row.unit,
        "vat_id": str(row.rate.id),
        "vat_value": text_of(sums.vat),
        "vat_object": vat_entry(row.rate),
        "net_row_price": text_of(sums.net),
        "gross_row_price": text_of(sums.gross),
        "item_comment": row.comment,
        "entitlement": row.entitlement,
    }


def vat_entry(rate: Rate) -> JsonObject:
    """A VAT rate inside another answer: id a number, value a string."""
    return {"id": rate.id, "value": str(rate.value), "description": rate.label}


def _payment_method(uid: int, language: str) -> JsonObject:
    """A payment method inside an invoice: id a number, the flag a string."""
    method = seeds.PAYMENT_METHODS[uid]
    return {
        "id": uid,
        "lang_code": language,
        "name": method.names[language],
        "advance_paid": flag_of(method.advance_paid),
    }

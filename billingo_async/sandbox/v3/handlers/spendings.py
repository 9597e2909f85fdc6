"""Spendings: written with `*_huf`, read with `*_local`; v2's expenses are kept apart."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billingo_async.sandbox.v3 import dialect, views
from billingo_async.sandbox.v3.schemas import selected_invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params, Response

_PATH = "/spendings"
_ORGANIZATION_ID = 500_001
_NO_ITEMS: JsonObject = {"items": []}
_EXACT = {
    "categories": ("category", "Category"),
    "currencies": ("currency", "Currency"),
    "payment_methods": ("payment_method", "PaymentMethod"),
}
"""Filters by one value: the member that has it, and the enum that it is of."""


def list_(books: Books, params: Params) -> Response:
    """One page of the spendings that the filters let through, newest first; entries have no items."""
    rows = (row for row in books.spendings if _fits(books, row, params.query))
    return dialect.page_of(rows, params, _PATH, lambda row: _spending_of(books, row) | {"is_created_by_nav": False})


def get(books: Books, params: Params) -> Response:
    """One spending."""
    return dialect.answer(_spending_of(books, books.spendings.by_id(params.uid)) | _NO_ITEMS)


def create(books: Books, params: Params) -> Response:
    """A new spending."""
    return _save(books, books.new_id(), params.body, "spendings.create", 201)


def update(books: Books, params: Params) -> Response:
    """Replace a spending."""
    return _save(books, books.spendings.by_id(params.uid)["uid"], params.body, "spendings.update", 200)


def delete(books: Books, params: Params) -> Response:
    """Delete a spending."""
    books.spendings.remove(books.spendings.by_id(params.uid)["uid"])
    books.record("spendings.delete", params.uid)
    return dialect.no_content()


def _save(books: Books, uid: int, body: JsonObject, operation: str, status: int) -> Response:
    partner: int | None = body.get("partner_id")
    if partner is not None and not books.clients.has_id(partner):
        raise selected_invalid("partner_id")
    client = None if partner is None else books.clients.by_id(partner)
    row: JsonObject = {**body, "uid": uid, "partner": None if client is None else views.partner_of(books, client)}
    books.spendings.put(uid, row)
    books.record(operation, books.spendings.id_of(uid))
    return dialect.answer(_spending_of(books, row) | _NO_ITEMS, status)


def _spending_of(books: Books, row: JsonObject) -> JsonObject:
    today = books.today().isoformat()
    return {
        "id": books.spendings.id_of(row["uid"]),
        "organization_id": _ORGANIZATION_ID,
        "category": row["category"],
        "paid_at": row.get("paid_at"),
        "fulfillment_date": row["fulfillment_date"],
        "partner": _partner_of(row["partner"] or {}),
        "invoice_number": row.get("invoice_number") or "",
        "currency": row["currency"],
        "conversion_rate": row.get("conversion_rate", 1),
        "total_gross": row["total_gross"],
        "total_gross_local": row["total_gross_huf"],
        "total_vat_amount": row["total_vat_amount"],
        "total_vat_amount_local": row["total_vat_amount_huf"],
        "invoice_date": row.get("invoice_date") or today,
        "due_date": row.get("due_date") or today,
        "payment_method": row["payment_method"],
        "comment": row.get("comment") or None,
    }


def _partner_of(partner: JsonObject) -> JsonObject:
    same = ("id", "name", "address", "iban", "swift", "phone", "group_member_tax_number")
    shown = {name: partner[name] for name in same if name in partner}
    if not shown:
        return {}
    return shown | {
        "tax_code": partner["taxcode"],
        "account_number": partner["account_number"],
        "internal_comment": partner.get("internal_comment") or "",
    }


def _fits(books: Books, row: JsonObject, query: Mapping[str, str]) -> bool:
    text = query.get("q", "").lower()
    day_name = dialect.choice_of(query, "spending_date", "DateType") or "fulfillment_date"
    first, last = dialect.date_of(query, "start_date"), dialect.date_of(query, "end_date")
    status = dialect.choice_of(query, "payment_status", "PaymentStatusSpending") or "all"
    values = {member: dialect.choice_of(query, name, enum) for name, (member, enum) in _EXACT.items()}
    shown = _spending_of(books, row)
    day = date.fromisoformat(shown[day_name])
    paid, due = shown["paid_at"] is not None, date.fromisoformat(shown["due_date"])
    states = {"all": True, "paid": paid, "unpaid": not paid, "expired": not paid and due < books.today()}
    searched = (shown["invoice_number"], shown["comment"] or "", shown["partner"].get("name", ""))
    return (
        any(text in each.lower() for each in searched)
        and (first or day) <= day <= (last or day)
        and states[status]
        and dialect.choice_of(query, "spending_type", "Source") != "nav"
        and all(value in {None, shown[member]} for member, value in values.items())
    )

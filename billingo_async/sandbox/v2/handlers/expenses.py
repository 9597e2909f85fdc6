"""Expenses: invoices that the account holder received, and the categories they are filed under.

There is no way to ask for one expense alone. Source: API docs, Expenses. The samples answer neither the currency nor
the due date: a list answers them here, and an update that does not write them leaves them alone, or writing an
expense back would lose them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import number_of
from billingo_async.sandbox.http import Refusal
from billingo_async.sandbox.records import Expense
from billingo_async.sandbox.v2 import dialect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params, Response

KIND = "expenses"
CATEGORY_LANGUAGE = "hu"
_PRICE_DECIMALS = 2
_ON_EXPENSE = ("name", "email", "taxcode", "billing_address", "bank")
_NEVER_KEPT = frozenset({"id", "uid", "client"})
_HIDDEN = ("currency", "due_date")
_TEXTS = frozenset({"categories_id", "vat"})


def list_(books: Books, params: Params) -> Response:
    """One page of the expenses."""
    return dialect.listed(KIND, (_long(expense) for expense in dialect.page_of(books.expenses, params.query)))


def create(books: Books, params: Params) -> Response:
    """A new expense."""
    return _save(books, None, params.body, "expenses.create")


def update(books: Books, params: Params) -> Response:
    """Replace an expense: a field that is not written goes back to its default, but for what is not always answered."""
    old = books.expenses.get(params.uid)
    unseen = {name: old.written[name] for name in _HIDDEN}
    return _save(books, params.uid, unseen | params.body, "expenses.update")


def categories(books: Books, params: Params) -> Response:  # noqa: ARG001 - every handler is called the same way
    """The categories, in Hungarian; there is no other language."""
    if params.text != CATEGORY_LANGUAGE:
        raise Refusal(
            404, f"There are no expense categories in the language {params.text}, only in {CATEGORY_LANGUAGE}"
        )
    entries = (
        dialect.entry(str(uid), {"id": str(uid), "lang_code": CATEGORY_LANGUAGE, "name": name})
        for uid, name in seeds.EXPENSE_CATEGORIES.items()
    )
    return dialect.listed("expense_categories", entries)


def _save(books: Books, uid: int | None, body: JsonObject, operation: str) -> Response:
    reasons = list(_reasons_against(books, body))
    if reasons:
        raise dialect.not_saved("expense", *reasons)
    defaults: JsonObject = {
        "invoice_no": "",
        "vat": 1,
        "currency": "HUF",
        "due_date": books.today().isoformat(),
        "client_uid": None,
    }
    written = defaults | {name: value for name, value in body.items() if name not in _NEVER_KEPT}
    expense = Expense(books.new_id() if uid is None else uid, written, _client(books, written["client_uid"]))
    books.expenses.put(expense.uid, expense)
    books.record(operation, expense.uid)
    return dialect.single(KIND, _short(expense))


def _client(books: Books, uid: int | None) -> JsonObject | None:
    if uid is None:
        return None
    attributes = books.clients.get(uid).attributes
    return {name: attributes[name] for name in _ON_EXPENSE}


def _reasons_against(books: Books, body: JsonObject) -> Iterator[str]:
    if body["categories_id"] not in seeds.EXPENSE_CATEGORIES:
        yield f"categories_id: there is no expense category {body['categories_id']}"
    if body.get("vat", 1) not in seeds.LISTED_VAT_IDS:
        yield f"vat: there is no VAT rate {body['vat']}"
    client_uid = body.get("client_uid")
    if client_uid is not None and client_uid not in books.clients:
        yield f"client_uid: there is no client {client_uid}"


def _short(expense: Expense) -> JsonObject:
    """The entry that create and update answer: numbers are numbers."""
    shown = {name: value for name, value in expense.written.items() if name not in _HIDDEN}
    price = number_of(Decimal(expense.written["gross_price"]))
    return dialect.entry(expense.uid, {**shown, "gross_price": price, "uid": expense.uid})


def _long(expense: Expense) -> JsonObject:
    """The entry that a list answers: numbers are strings, the price with two decimals."""
    texts = {name: str(expense.written[name]) for name in _TEXTS}
    price = dialect.text_of(Decimal(expense.written["gross_price"]), _PRICE_DECIMALS)
    client = {} if expense.client is None else {"client": expense.client}
    return dialect.entry(expense.uid, {**expense.written, **texts, "gross_price": price, "uid": expense.uid, **client})

"""Expenses: invoices that the account holder received, and the categories they are filed under.

There is no way to ask for one expense alone. Source: API docs, Expenses. The samples answer neither the currency nor
the due date: a list answers them here, and an update that does not write them leaves them alone, or nobody could write
an expense back without losing them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from billingo_async.sandbox import dialect, seeds
from billingo_async.sandbox.paging import page_of
from billingo_async.sandbox.refusal import Refusal, not_saved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.http import JsonObject, Response
    from billingo_async.sandbox.office import Office

KIND = "expenses"
CATEGORY_LANGUAGE = "hu"
_PRICE_DECIMALS = 2
_ON_EXPENSE = ("name", "email", "taxcode", "billing_address", "bank")
_NEVER_KEPT = frozenset({"id", "uid", "client"})
_HIDDEN = ("currency", "due_date")
_TEXTS = frozenset({"categories_id", "vat"})


@dataclass(frozen=True, slots=True)
class Expense:
    """An expense as it was written, and its client as it stood then."""

    uid: int
    written: JsonObject
    client: JsonObject | None

    def __repr__(self) -> str:
        return f"Expense({self.uid})"

    def short(self) -> JsonObject:
        """The entry that create and update answer: numbers are numbers."""
        shown = {name: value for name, value in self.written.items() if name not in _HIDDEN}
        price = dialect.number_of(Decimal(self.written["gross_price"]))
        return dialect.entry(self.uid, {**shown, "gross_price": price, "uid": self.uid})

    def long(self) -> JsonObject:
        """The entry that a list answers: numbers are strings, the price with two decimals."""
        texts = {name: str(self.written[name]) for name in _TEXTS}
        price = dialect.text_of(Decimal(self.written["gross_price"]), _PRICE_DECIMALS)
        client = {} if self.client is None else {"client": self.client}
        return dialect.entry(self.uid, {**self.written, **texts, "gross_price": price, "uid": self.uid, **client})


def list_(office: Office, asked: Asked) -> Response:
    """One page of the expenses."""
    return dialect.listed(KIND, (expense.long() for expense in page_of(office.expenses, asked.query)))


def create(office: Office, asked: Asked) -> Response:
    """A new expense."""
    return _save(office, None, asked.body, "expenses.create")


def update(office: Office, asked: Asked) -> Response:
    """Replace an expense: a field that is not written goes back to its default, but for what is not always answered."""
    old = office.expenses.get(asked.uid)
    unseen = {name: old.written[name] for name in _HIDDEN}
    return _save(office, asked.uid, unseen | asked.body, "expenses.update")


def categories(office: Office, asked: Asked) -> Response:  # noqa: ARG001 - every handler is called the same way
    """The categories, in Hungarian; there is no other language."""
    if asked.word != CATEGORY_LANGUAGE:
        raise Refusal(404, f"There are no expense categories in the language {asked.word}, only in {CATEGORY_LANGUAGE}")
    entries = (
        dialect.entry(str(uid), {"id": str(uid), "lang_code": CATEGORY_LANGUAGE, "name": name})
        for uid, name in seeds.EXPENSE_CATEGORIES.items()
    )
    return dialect.listed("expense_categories", entries)


def _save(office: Office, uid: int | None, body: JsonObject, operation: str) -> Response:
    reasons = list(_reasons_against(office, body))
    if reasons:
        raise not_saved("expense", *reasons)
    defaults: JsonObject = {
        "invoice_no": "",
        "vat": 1,
        "currency": "HUF",
        "due_date": office.today().isoformat(),
        "client_uid": None,
    }
    written = defaults | {name: value for name, value in body.items() if name not in _NEVER_KEPT}
    expense = Expense(office.new_id() if uid is None else uid, written, _client(office, written["client_uid"]))
    office.expenses.put(expense.uid, expense)
    office.note(operation, expense.uid)
    return dialect.single(KIND, expense.short())


def _client(office: Office, uid: int | None) -> JsonObject | None:
    if uid is None:
        return None
    attributes = office.clients.get(uid).attributes
    return {name: attributes[name] for name in _ON_EXPENSE}


def _reasons_against(office: Office, body: JsonObject) -> Iterator[str]:
    if body["categories_id"] not in seeds.EXPENSE_CATEGORIES:
        yield f"categories_id: there is no expense category {body['categories_id']}"
    if body.get("vat", 1) not in seeds.VAT_RATES:
        yield f"vat: there is no VAT rate {body['vat']}"
    client_uid = body.get("client_uid")
    if client_uid is not None and client_uid not in office.clients:
        yield f"client_uid: there is no client {client_uid}"

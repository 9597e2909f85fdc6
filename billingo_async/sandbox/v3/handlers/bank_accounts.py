"""Bank accounts, the same as v2's under other ids and in other words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox.v3 import dialect

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params, Response

_PATH = "/bank-accounts"
_NAMES = {
    "name": "bank_name",
    "account_number": "account_no",
    "account_number_iban": "account_no_iban",
    "swift": "account_swift",
    "currency": "currency",
}
"""v3's members and v2's names for them."""


def list_(books: Books, params: Params) -> Response:
    """One page of the bank accounts."""
    return dialect.page_of(books.bank_accounts, params, _PATH, lambda account: _account_of(books, account))


def get(books: Books, params: Params) -> Response:
    """One bank account."""
    return dialect.answer(_account_of(books, books.bank_accounts.by_id(params.uid)))


def create(books: Books, params: Params) -> Response:
    """A new bank account."""
    return _save(books, books.new_id(), params.body, "bank_accounts.create", 201)


def update(books: Books, params: Params) -> Response:
    """Replace a bank account."""
    return _save(books, books.bank_accounts.by_id(params.uid)["uid"], params.body, "bank_accounts.update", 200)


def delete(books: Books, params: Params) -> Response:
    """Delete a bank account."""
    books.bank_accounts.remove(books.bank_accounts.by_id(params.uid)["uid"])
    books.record("bank_accounts.delete", params.uid)
    return dialect.no_content()


def _save(books: Books, uid: int, body: JsonObject, operation: str, status: int) -> Response:
    account: JsonObject = {theirs: body.get(ours) or "" for ours, theirs in _NAMES.items()}
    account |= {"uid": uid, "need_qr": bool(body.get("need_qr"))}
    books.bank_accounts.put(uid, account)
    books.record(operation, books.bank_accounts.id_of(uid))
    return dialect.answer(_account_of(books, account), status)


def _account_of(books: Books, account: JsonObject) -> JsonObject:
    shown: JsonObject = {"id": books.bank_accounts.id_of(account["uid"])}
    shown |= {ours: account[theirs] for ours, theirs in _NAMES.items()}
    return shown | {"need_qr": account.get("need_qr", False)}

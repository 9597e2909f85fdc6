"""The account holder's own bank accounts; not paged, never deleted. Source: API docs, Bank accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox.v2 import dialect

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params, Response

KIND = "bank_accounts"
FIELDS = ("bank_name", "account_no", "account_no_iban", "account_swift", "currency")


def list_(books: Books, params: Params) -> Response:  # noqa: ARG001 - every handler is called the same way
    """All bank accounts at once, newest first."""
    return dialect.listed(KIND, (dialect.entry(each["uid"], each) for each in books.bank_accounts))


def get(books: Books, params: Params) -> Response:
    """One bank account, as a list of one."""
    return dialect.listed(KIND, [dialect.entry(params.uid, books.bank_accounts.get(params.uid))])


def create(books: Books, params: Params) -> Response:
    """A new bank account."""
    return _save(books, books.new_id(), params.body, "bank_accounts.create")


def update(books: Books, params: Params) -> Response:
    """Replace a bank account: a field that is not written goes back to blank."""
    books.bank_accounts.get(params.uid)
    return _save(books, params.uid, params.body, "bank_accounts.update")


def _save(books: Books, uid: int, body: JsonObject, operation: str) -> Response:
    account = body | {name: body.get(name) or "" for name in FIELDS} | {"uid": uid}
    account.pop("id", None)
    books.bank_accounts.put(uid, account)
    books.record(operation, uid)
    return dialect.single(KIND, dialect.entry(uid, account))

"""Partners: v2's customers under other ids and in other words; what a document shows of them is its own copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox.records import BLANK_ADDRESS, Client
from billingo_async.sandbox.v3 import dialect, views

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params, Response

_PATH = "/partners"
_NEVER_KEPT = frozenset({"id"})


def list_(books: Books, params: Params) -> Response:
    """One page of the partners; the query looks at names alone."""
    text = params.query.get("query", "").lower()
    rows = (client for client in books.clients if text in client.attributes["name"].lower())
    return dialect.page_of(rows, params, _PATH, lambda client: views.partner_of(books, client))


def get(books: Books, params: Params) -> Response:
    """One partner."""
    return dialect.answer(views.partner_of(books, books.clients.by_id(params.uid)))


def create(books: Books, params: Params) -> Response:
    """A new partner, also where there is the same already."""
    return _save(books, books.new_id(), params.body, "partners.create", 201)


def guess(books: Books, params: Params) -> Response:
    """The partner with that tax number, else with one of those e-mails, else a new one; 201 in each case."""
    body = params.body
    emails = {email.lower() for email in body.get("emails") or ()}

    def has_email(client: Client) -> bool:
        return not emails.isdisjoint(email.lower() for email in views.partner_of(books, client)["emails"])

    taxcode: str = body.get("taxcode") or ""
    oldest_first = list(reversed(list(books.clients)))
    matches = [client for client in oldest_first if taxcode and client.attributes["taxcode"] == taxcode]
    matches = matches or list(filter(has_email, oldest_first))
    if matches:
        return dialect.answer(views.partner_of(books, matches[0]), 201)
    return _save(books, books.new_id(), body, "partners.guess", 201)


def update(books: Books, params: Params) -> Response:
    """Replace a partner: a member that is not written goes back to blank."""
    return _save(books, books.clients.by_id(params.uid).uid, params.body, "partners.update", 200)


def delete(books: Books, params: Params) -> Response:
    """Delete a partner; the documents keep their copy."""
    books.remove_client(books.clients.by_id(params.uid).uid)
    books.record("partners.delete", params.uid)
    return dialect.no_content()


def _save(books: Books, uid: int, body: JsonObject, operation: str, status: int) -> Response:
    address: dict[str, str] = body["address"]
    attributes: JsonObject = {
        "name": body["name"],
        "email": next(iter(body.get("emails") or ()), ""),
        "taxcode": body.get("taxcode") or "",
        "fokonyv_szam": body.get("general_ledger_number") or "",
        "phone": body.get("phone") or "",
        "tax_type": "",
        "type": "",
        "defaults": [],
        "billing_address": BLANK_ADDRESS
        | {
            "street_name": address["address"],
            "city": address["city"],
            "postcode": address["post_code"],
            "country": address["country_code"],
        },
        "bank": {
            "iban": body.get("iban") or "",
            "swift": body.get("swift") or "",
            "account_no": body.get("account_number") or "",
        },
    }
    blank = {name for name, value in body.items() if value is None or (name == "account_number" and not value)}
    more = {name: value for name, value in body.items() if name not in _NEVER_KEPT | blank}
    client = Client(uid, attributes, more)
    books.keep_client(client)
    books.record(operation, books.clients.id_of(uid))
    return dialect.answer(views.partner_of(books, client), status)

"""Customers: found or created, read, replaced, deleted; what an invoice remembers of them is the invoice's own copy.

Source: API docs, Clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billingo_async.sandbox.records import ADDRESS_FIELDS, Client
from billingo_async.sandbox.v2 import dialect

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params, Response

KIND = "clients"
BANK_FIELDS = ("iban", "swift", "account_no")
TEXT_FIELDS = ("email", "taxcode", "fokonyv_szam", "phone", "tax_type")
_NEVER_KEPT = frozenset({"force", "id", "uid"})


def list_(books: Books, params: Params) -> Response:
    """One page of the customers."""
    return dialect.listed(KIND, (_entry(client) for client in dialect.page_of(books.clients, params.query)))


def get(books: Books, params: Params) -> Response:
    """One customer, as a list of one."""
    return dialect.listed(KIND, [_entry(books.clients.get(params.uid))])


def create(books: Books, params: Params) -> Response:
    """A new customer, or without `force` the one that is the same already, untouched."""
    draft = Client(0, attributes_of(params.body))
    same = books.client_keys.get(draft.key())
    if same and not params.body.get("force", False):
        return dialect.single(KIND, _entry(books.clients.get(next(iter(same)))))
    client = Client(books.new_id(), draft.attributes)
    books.keep_client(client)
    books.record("clients.create", client.uid)
    return dialect.single(KIND, _entry(client))


def update(books: Books, params: Params) -> Response:
    """Replace a customer: a field that is not written goes back to blank."""
    old = books.clients.get(params.uid)
    client = Client(old.uid, attributes_of(params.body))
    books.keep_client(client)
    books.record("clients.update", client.uid)
    return dialect.single(KIND, _entry(client))


def delete(books: Books, params: Params) -> Response:
    """Delete a customer; the invoices keep their copy."""
    books.remove_client(params.uid)
    books.record("clients.delete", params.uid)
    return dialect.done()


def attributes_of(body: JsonObject) -> JsonObject:
    """A written customer as it is answered: every documented field is there, others stay as they are."""
    documented: JsonObject = {
        "name": body["name"],
        **{name: body.get(name) or "" for name in TEXT_FIELDS},
        "type": _type_of(body.get("type")),
        "defaults": body.get("defaults") or [],
        "billing_address": _filled(ADDRESS_FIELDS, body["billing_address"]),
        "bank": _filled(BANK_FIELDS, body.get("bank") or {}),
    }
    return {name: value for name, value in body.items() if name not in _NEVER_KEPT} | documented


def _type_of(value: object) -> int | str:
    text = "" if value is None else str(value)
    return int(text) if text else ""


def _filled(names: tuple[str, ...], written: dict[str, Any]) -> dict[str, str]:
    return {name: "" if written.get(name) is None else str(written[name]) for name in names}


def _entry(client: Client) -> JsonObject:
    return dialect.entry(client.uid, client.attributes)

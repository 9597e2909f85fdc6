"""Recurring profiles: kept, stopped and resumed; no invoice is ever issued by itself here.

Documented from October 2017, withdrawn from the documentation in 2019. Source: API docs of that time, Recurring.
Whether the list is paged is not documented: it is whole, unless the caller asks for a page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billingo_async.sandbox.records import Profile
from billingo_async.sandbox.v2 import dialect

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params, Response

KIND = "recurring_profiles"
_DEFAULTS: JsonObject = {
    "due_days": 0, "fulfillment_shift": 0, "send_invoice": False, "max_qty": None, "comment": "", "stopped": False,
}  # fmt: skip
_SERVER_OWNED = frozenset(
    {"id", "uid", "used_qty", "last_recurring_date", "created_at", "updated_at", "invoice", "invoices"}
)


def list_(books: Books, params: Params) -> Response:
    """The profiles, newest first."""
    paged = "page" in params.query or "max_per_page" in params.query
    profiles = dialect.page_of(books.recurring, params.query) if paged else list(books.recurring)
    return dialect.listed(KIND, (_long(profile) for profile in profiles))


def get(books: Books, params: Params) -> Response:
    """One profile, as a list of one."""
    return dialect.listed(KIND, [_long(books.recurring.get(params.uid))])


def create(books: Books, params: Params) -> Response:
    """A new profile; the invoice that it repeats is answered along."""
    written = _written(books, params.body)
    now = books.timestamp()
    profile = Profile(books.new_id(), written, created_at=now, updated_at=now)
    books.recurring.put(profile.uid, profile)
    books.record("recurring.create", profile.uid)
    invoice = dialect.long_invoice(books.invoices.get(written["base_invoice_uid"]))["attributes"]
    return dialect.single(KIND, dialect.entry(profile.uid, _short(profile) | {"invoice": invoice}))


def update(books: Books, params: Params) -> Response:
    """Replace a profile: a field that is not written goes back to its default."""
    old = books.recurring.get(params.uid)
    profile = replace(old, written=_written(books, params.body), updated_at=books.timestamp())
    books.recurring.put(profile.uid, profile)
    books.record("recurring.update", profile.uid)
    return dialect.single(KIND, dialect.entry(profile.uid, _short(profile) | {"invoices": []}))


def stop(books: Books, params: Params) -> Response:
    """Pause a profile; one that is paused stays so."""
    return _switch(books, params.uid, "recurring.stop", stopped=True)


def resume(books: Books, params: Params) -> Response:
    """Go on with a profile; one that goes on already stays so."""
    return _switch(books, params.uid, "recurring.resume", stopped=False)


def _switch(books: Books, uid: int, operation: str, *, stopped: bool) -> Response:
    old = books.recurring.get(uid)
    books.recurring.put(uid, replace(old, written=old.written | {"stopped": stopped}, updated_at=books.timestamp()))
    books.record(operation, uid)
    return dialect.done()


def _written(books: Books, body: JsonObject) -> JsonObject:
    if body["base_invoice_uid"] not in books.invoices:
        raise dialect.not_saved(
            "recurring profile", f"base_invoice_uid: there is no invoice {body['base_invoice_uid']}"
        )
    start: JsonObject = {"start_date": books.today().isoformat()}
    return _DEFAULTS | start | {name: value for name, value in body.items() if name not in _SERVER_OWNED}


def _short(profile: Profile) -> JsonObject:
    """What create and update answer, without the invoices."""
    return {**profile.written, "updated_at": profile.updated_at, "created_at": profile.created_at}


def _long(profile: Profile) -> JsonObject:
    """The entry that reads answer."""
    unused: JsonObject = {"used_qty": None, "last_recurring_date": None, "uid": profile.uid, "invoices": []}
    return dialect.entry(profile.uid, _short(profile) | unused)

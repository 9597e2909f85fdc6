"""Recurring profiles: kept, stopped and resumed; no invoice is ever issued by itself here.

Documented from October 2017, withdrawn from the documentation in 2019. Source: API docs of that time, Recurring.
Whether the list is paged is not documented: it is whole, unless the caller asks for a page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billingo_async.sandbox import dialect
from billingo_async.sandbox.invoices.shapes import long
from billingo_async.sandbox.paging import page_of
from billingo_async.sandbox.refusal import not_saved

if TYPE_CHECKING:
    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.http import JsonObject, Response
    from billingo_async.sandbox.office import Office

KIND = "recurring_profiles"
_DEFAULTS: JsonObject = {
    "due_days": 0, "fulfillment_shift": 0, "send_invoice": False, "max_qty": None, "comment": "", "stopped": False,
}  # fmt: skip
_SERVER_OWNED = frozenset(
    {"id", "uid", "used_qty", "last_recurring_date", "created_at", "updated_at", "invoice", "invoices"}
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as it was written, with the two times that the server adds."""

    uid: int
    written: JsonObject
    created_at: str
    updated_at: str

    def __repr__(self) -> str:
        return f"Profile({self.uid})"

    def short(self) -> JsonObject:
        """What create and update answer, without the invoices."""
        return {**self.written, "updated_at": self.updated_at, "created_at": self.created_at}

    def long(self) -> JsonObject:
        """The entry that reads answer."""
        unused: JsonObject = {"used_qty": None, "last_recurring_date": None, "uid": self.uid, "invoices": []}
        return dialect.entry(self.uid, self.short() | unused)


def list_(office: Office, asked: Asked) -> Response:
    """The profiles, newest first."""
    paged = "page" in asked.query or "max_per_page" in asked.query
    profiles = page_of(office.recurring, asked.query) if paged else list(office.recurring)
    return dialect.listed(KIND, (profile.long() for profile in profiles))


def get(office: Office, asked: Asked) -> Response:
    """One profile, as a list of one."""
    return dialect.listed(KIND, [office.recurring.get(asked.uid).long()])


def create(office: Office, asked: Asked) -> Response:
    """A new profile; the invoice that it repeats is answered along."""
    written = _written(office, asked.body)
    now = office.timestamp()
    profile = Profile(office.new_id(), written, created_at=now, updated_at=now)
    office.recurring.put(profile.uid, profile)
    office.note("recurring.create", profile.uid)
    invoice = long(office.invoices.get(written["base_invoice_uid"]))["attributes"]
    return dialect.single(KIND, dialect.entry(profile.uid, profile.short() | {"invoice": invoice}))


def update(office: Office, asked: Asked) -> Response:
    """Replace a profile: a field that is not written goes back to its default."""
    old = office.recurring.get(asked.uid)
    profile = replace(old, written=_written(office, asked.body), updated_at=office.timestamp())
    office.recurring.put(profile.uid, profile)
    office.note("recurring.update", profile.uid)
    return dialect.single(KIND, dialect.entry(profile.uid, profile.short() | {"invoices": []}))


def stop(office: Office, asked: Asked) -> Response:
    """Pause a profile; one that is paused stays so."""
    return _switch(office, asked.uid, "recurring.stop", stopped=True)


def resume(office: Office, asked: Asked) -> Response:
    """Go on with a profile; one that goes on already stays so."""
    return _switch(office, asked.uid, "recurring.resume", stopped=False)


def _switch(office: Office, uid: int, operation: str, *, stopped: bool) -> Response:
    old = office.recurring.get(uid)
    office.recurring.put(uid, replace(old, written=old.written | {"stopped": stopped}, updated_at=office.timestamp()))
    office.note(operation, uid)
    return dialect.done()


def _written(office: Office, body: JsonObject) -> JsonObject:
    if body["base_invoice_uid"] not in office.invoices:
        raise not_saved("recurring profile", f"base_invoice_uid: there is no invoice {body['base_invoice_uid']}")
    start: JsonObject = {"start_date": office.today().isoformat()}
    return _DEFAULTS | start | {name: value for name, value in body.items() if name not in _SERVER_OWNED}

"""The account holder's own bank accounts; not paged, never deleted. Source: API docs, Bank accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox import dialect

if TYPE_CHECKING:
    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.http import JsonObject, Response
    from billingo_async.sandbox.office import Office

KIND = "bank_accounts"
FIELDS = ("bank_name", "account_no", "account_no_iban", "account_swift", "currency")


def list_(office: Office, asked: Asked) -> Response:  # noqa: ARG001 - every handler is called the same way
    """All bank accounts at once, newest first."""
    return dialect.listed(KIND, (dialect.entry(one["uid"], one) for one in office.bank_accounts))


def get(office: Office, asked: Asked) -> Response:
    """One bank account, as a list of one."""
    return dialect.listed(KIND, [dialect.entry(asked.uid, office.bank_accounts.get(asked.uid))])


def create(office: Office, asked: Asked) -> Response:
    """A new bank account."""
    return _save(office, office.new_id(), asked.body, "bank_accounts.create")


def update(office: Office, asked: Asked) -> Response:
    """Replace a bank account: a field that is not written goes back to blank."""
    office.bank_accounts.get(asked.uid)
    return _save(office, asked.uid, asked.body, "bank_accounts.update")


def _save(office: Office, uid: int, body: JsonObject, operation: str) -> Response:
    account = body | {name: body.get(name) or "" for name in FIELDS} | {"uid": uid}
    account.pop("id", None)
    office.bank_accounts.put(uid, account)
    office.note(operation, uid)
    return dialect.single(KIND, dialect.entry(uid, account))

"""Customers: found or created, read, replaced, deleted; what an invoice remembers of them is the invoice's own copy.

Source: API docs, Clients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billingo_async.sandbox import dialect
from billingo_async.sandbox.paging import page_of

if TYPE_CHECKING:
    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.http import JsonObject, Response
    from billingo_async.sandbox.office import Office

KIND = "clients"
ADDRESS_FIELDS = (
    "street_name", "street_type", "house_nr", "block", "entrance", "floor", "door", "city", "postcode", "district",
    "country",
)  # fmt: skip
BANK_FIELDS = ("iban", "swift", "account_no")
TEXT_FIELDS = ("email", "taxcode", "fokonyv_szam", "phone", "tax_type")
ON_INVOICE = ("name", "email", "taxcode", "billing_address", "bank", "tax_type")
_NEVER_KEPT = frozenset({"force", "id", "uid"})


@dataclass(frozen=True, slots=True)
class Client:
    """A customer, in the words in which the API answers."""

    uid: int
    attributes: JsonObject

    def __repr__(self) -> str:
        return f"Client({self.uid})"

    def key(self) -> tuple[str, ...]:
        """What makes two customers the same: name, tax code and the split billing address."""
        address = self.attributes["billing_address"]
        return (self.attributes["name"], self.attributes["taxcode"], *(address[name] for name in ADDRESS_FIELDS))

    def entry(self) -> JsonObject:
        """The customer as one entry of an answer."""
        return dialect.entry(self.uid, self.attributes)

    def on_invoice(self) -> JsonObject:
        """What an invoice keeps of the customer; later changes of the customer do not reach it."""
        return {name: self.attributes[name] for name in ON_INVOICE}


def list_(office: Office, asked: Asked) -> Response:
    """One page of the customers."""
    return dialect.listed(KIND, (client.entry() for client in page_of(office.clients, asked.query)))


def get(office: Office, asked: Asked) -> Response:
    """One customer, as a list of one."""
    return dialect.listed(KIND, [office.clients.get(asked.uid).entry()])


def create(office: Office, asked: Asked) -> Response:
    """A new customer, or without `force` the one that is the same already, untouched."""
    draft = Client(0, attributes_of(asked.body))
    known = office.client_keys.get(draft.key())
    if known and not asked.body.get("force", False):
        return dialect.single(KIND, office.clients.get(next(iter(known))).entry())
    client = Client(office.new_id(), draft.attributes)
    _keep(office, client)
    office.note("clients.create", client.uid)
    return dialect.single(KIND, client.entry())


def update(office: Office, asked: Asked) -> Response:
    """Replace a customer: a field that is not written goes back to blank."""
    old = office.clients.get(asked.uid)
    client = Client(old.uid, attributes_of(asked.body))
    _forget_key(office, old)
    _keep(office, client)
    office.note("clients.update", client.uid)
    return dialect.single(KIND, client.entry())


def delete(office: Office, asked: Asked) -> Response:
    """Delete a customer; the invoices keep their copy."""
    _forget_key(office, office.clients.remove(asked.uid))
    office.note("clients.delete", asked.uid)
    return dialect.done()


def attributes_of(body: JsonObject) -> JsonObject:
    """A written customer as it is answered: every documented field is there, fields nobody documented are kept."""
    known: JsonObject = {
        "name": body["name"],
        **{name: body.get(name) or "" for name in TEXT_FIELDS},
        "type": _type_of(body.get("type")),
        "defaults": body.get("defaults") or [],
        "billing_address": _filled(ADDRESS_FIELDS, body["billing_address"]),
        "bank": _filled(BANK_FIELDS, body.get("bank") or {}),
    }
    return {name: value for name, value in body.items() if name not in _NEVER_KEPT} | known


def _type_of(value: object) -> int | str:
    text = "" if value is None else str(value)
    return int(text) if text else ""


def _filled(names: tuple[str, ...], written: dict[str, Any]) -> dict[str, str]:
    return {name: "" if written.get(name) is None else str(written[name]) for name in names}


def _keep(office: Office, client: Client) -> None:
    office.clients.put(client.uid, client)
    office.client_keys.setdefault(client.key(), {})[client.uid] = None


def _forget_key(office: Office, client: Client) -> None:
    uids = office.client_keys[client.key()]
    del uids[client.uid]
    if not uids:
        del office.client_keys[client.key()]

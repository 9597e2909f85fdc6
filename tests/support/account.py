"""An account at a sandbox, furnished for tests straight through `Sandbox.answer`: no loop, no library, no line.

What is written here is written a second time for the library in `operation_cases`; nothing of the library is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
import simplejson

from billingo_async.sandbox import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.sandbox import Sandbox

NAME = "Kovácsné Őri Éva"
EMAIL = "kovacsne.ori.eva@example.com"
"""A customer whom no message of an error and no line of a log may name."""

CLIENT: dict[str, Any] = {
    "name": NAME,
    "email": EMAIL,
    "billing_address": {"street_name": "Fő", "city": "Győr", "postcode": "9021", "country": "Magyarország"},
}
ITEM: dict[str, Any] = {"description": "Kenyér", "vat_id": 1, "qty": 1, "net_unit_price": 1000, "unit": "db"}
INVOICE: dict[str, Any] = {
    "fulfillment_date": "2023-11-14",
    "due_date": "2023-11-22",
    "payment_method": 1,
    "comment": "",
    "template_lang_code": "hu",
    "electronic_invoice": 0,
    "currency": "HUF",
    "block_uid": 0,
    "type": 3,
    "round_to": 0,
    "items": [ITEM],
}
PART_PAID: dict[str, Any] = {"date": "2023-11-14", "amount": 100, "payment_method": 1}
PRODUCT: dict[str, Any] = {"name": "Kenyér", "price": 1000, "unit": "db", "currency_code": "HUF", "vat_id": 1}
EXPENSE: dict[str, Any] = {"categories_id": 1, "name": "Papír", "gross_price": 1270, "vat": 1, "currency": "HUF"}
BANK_ACCOUNT: dict[str, Any] = {"bank_name": "Bank", "account_no": "11111111-22222222", "currency": "HUF"}
PROFILE: dict[str, Any] = {"frequency": "1M", "start_date": "2023-11-14"}

_TIMES = frozenset({"created_at", "updated_at"})


class Account:
    """A sandbox's account, with the means to furnish it and to look at all of it."""

    def __init__(self, sandbox: Sandbox, now: Callable[[], float]) -> None:
        """Take the sandbox and the clock it runs by."""
        self.sandbox = sandbox
        self._now = now
        self._client = 0

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Make a request as a signed caller, insist on success, return `data`."""
        issued = int(self._now())
        claims = {"sub": self.sandbox.public_key, "iat": issued, "exp": issued + 30}
        token = jwt.encode(claims, self.sandbox.private_key, algorithm="HS256")
        content = b"" if body is None else simplejson.dumps(body).encode()
        path, _, query = path.partition("?")
        asked = Request(method, f"/api{path}", query, {"authorization": f"Bearer {token}"}, content)
        response = self.sandbox.answer(asked)
        said = simplejson.loads(response.body, use_decimal=True)
        assert said["success"] is True, said
        return said.get("data")

    def client(self) -> int:
        """The id of the one customer that invoices are made out to."""
        if not self._client:
            self._client = self.new("clients", CLIENT)
        return self._client

    def new(self, noun: str, body: dict[str, Any]) -> int:
        """Make something, return its id."""
        return int(self.ask("POST", f"/{noun}", body)["id"])

    def invoice(self, kind: int = 3) -> int:
        """Make a normal invoice or one of another type, return its id."""
        return self.new("invoices", INVOICE | {"client_uid": self.client(), "type": kind})

    def paid_invoice(self) -> int:
        """Make an invoice with two payments, so that two can be taken back, return its id."""
        uid = self.invoice()
        for _ in range(2):
            self.ask("POST", f"/invoices/{uid}/pay", PART_PAID)
        return uid

    def profile(self, *, stopped: bool = False) -> int:
        """Make a recurring profile, return its id."""
        return self.new("recurring", PROFILE | {"base_invoice_uid": self.invoice(), "stopped": stopped})

    def contents(self) -> dict[str, Any]:
        """All that the account holds, without the times at which it was written."""
        paged = {noun: self._all(noun) for noun in ("invoices", "clients", "products", "expenses")}
        return paged | {noun: _timeless(self.ask("GET", f"/{noun}")) for noun in ("bank_accounts", "recurring")}

    def _all(self, noun: str) -> list[Any]:
        found: list[Any] = []
        for page in range(1, 1000):
            rows = self.ask("GET", f"/{noun}?page={page}&max_per_page=50")
            found += _timeless(rows)
            if len(rows) < 50:
                break
        return found


def _timeless(rows: list[dict[str, Any]]) -> list[Any]:
    return [
        {**row, "attributes": {name: value for name, value in row["attributes"].items() if name not in _TIMES}}
        for row in rows
    ]

"""Callers who knock at a door of the sandbox with plain httpx: over v2 with tokens, over v3 with a key; and a clock."""

from __future__ import annotations

import hashlib
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import simplejson

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from billingo_async.sandbox import Sandbox

IN_PROCESS, LOOPBACK = "in process", "loopback"
TLS = ssl.create_default_context()  # never used on loopback, but costly to make for each caller anew


@dataclass
class Clock:
    """A clock that stands still until it is turned; unix time in seconds."""

    at: float = datetime(2015, 11, 23, 12, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        """The time."""
        return self.at


@dataclass
class Caller:
    """Signs and sends; `get` and its like answer the decoded envelope of a success."""

    sandbox: Sandbox
    clock: Clock
    http: httpx.AsyncClient
    claims: dict[str, Any] = field(default_factory=dict[str, Any])

    def token(self, **claims: Any) -> str:
        """A token as the documentation wants it, some claims replaced; None leaves a claim out."""
        issued = int(self.clock.at)
        subject = self.sandbox.public_key
        jti = hashlib.md5(f"{subject}{issued}".encode(), usedforsecurity=False).hexdigest()
        plain = {"sub": subject, "iat": issued, "exp": issued + 30, "iss": "cli", "jti": jti} | self.claims | claims
        kept = {name: value for name, value in plain.items() if value is not None}
        return jwt.encode(kept, self.sandbox.private_key, algorithm="HS256")

    async def send(self, method: str, path: str, json: Any = None, **params: Any) -> httpx.Response:
        """Send a signed request and return whatever comes back."""
        content = b"" if json is None else simplejson.dumps(json, use_decimal=True).encode()
        headers = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json"}
        return await self.http.request(method, path, content=content, params=params or None, headers=headers)

    async def call(self, method: str, path: str, json: Any = None, **params: Any) -> Any:
        """Send a signed request, insist on success, return the envelope with exact numbers."""
        response = await self.send(method, path, json, **params)
        envelope = simplejson.loads(response.content, use_decimal=True)
        assert response.status_code == 200, envelope
        assert envelope["success"] is True
        return envelope

    async def get(self, path: str, **params: Any) -> Any:
        """The `data` of a GET."""
        return (await self.call("GET", path, **params))["data"]

    async def post(self, path: str, json: Any = None) -> Any:
        """The `data` of a POST."""
        return (await self.call("POST", path, json))["data"]

    async def refused(self, status: int, method: str, path: str, json: Any = None, **params: Any) -> Any:
        """Send, insist on a refusal with that status, return the envelope."""
        response = await self.send(method, path, json, **params)
        envelope = response.json()
        assert response.status_code == status, envelope
        assert envelope["success"] is False
        return envelope

    async def new_client(self, **changes: Any) -> int:
        """Create a customer, return the id."""
        return int((await self.post("/clients", a_client(**changes)))["id"])

    async def new_invoice(self, client_uid: int | None = None, **changes: Any) -> int:
        """Create an invoice, for a new customer where none is named; return the id."""
        uid = await self.new_client() if client_uid is None else client_uid
        return int((await self.post("/invoices", an_invoice(uid, **changes)))["id"])

    async def read(self, uid: int) -> Any:
        """The attributes of an invoice."""
        return (await self.get(f"/invoices/{uid}"))[0]["attributes"]


def a_client(**changes: Any) -> dict[str, Any]:
    """A written customer."""
    address = {"street_name": "Őrház", "street_type": "utca", "house_nr": "7", "city": "Győr", "postcode": "9021"}
    return {
        "name": "Minta Kft.",
        "email": "minta@example.com",
        "taxcode": "12345678-2-08",
        "billing_address": address | {"country": "Magyarország"},
    } | changes


def an_item(**changes: Any) -> dict[str, Any]:
    """A written free-text item: 1 x 3500 net at 27 %; a change to None leaves a field out."""
    item = {"description": "Test Item", "vat_id": 1, "qty": 1, "net_unit_price": 3500, "unit": "pc"} | changes
    return {name: value for name, value in item.items() if value is not None}


def an_invoice(client_uid: int, **changes: Any) -> dict[str, Any]:
    """A written invoice over 4445 HUF gross."""
    return {
        "fulfillment_date": "2015-12-12",
        "due_date": "2015-12-20",
        "payment_method": 2,
        "comment": "",
        "template_lang_code": "hu",
        "electronic_invoice": 1,
        "currency": "HUF",
        "client_uid": client_uid,
        "block_uid": 0,
        "type": 3,
        "round_to": 0,
        "items": [an_item()],
    } | changes


@asynccontextmanager
async def at_door(door: str, sandbox: Sandbox, clock: Clock) -> AsyncGenerator[Caller]:
    """A caller at the door of that name."""
    if door == IN_PROCESS:
        transport = sandbox.transport()
        async with httpx.AsyncClient(transport=transport, base_url="https://www.billingo.hu/api") as http:
            yield Caller(sandbox, clock, http)
        return
    async with sandbox.serve() as url, httpx.AsyncClient(base_url=url, timeout=5, verify=TLS, trust_env=False) as http:
        yield Caller(sandbox, clock, http)


def money(text: str) -> Decimal:
    """A Decimal, spelled short."""
    return Decimal(text)


@dataclass
class KeyCaller:
    """Sends with a key; `call` and its like answer decoded JSON with exact numbers."""

    sandbox: Sandbox
    clock: Clock
    http: httpx.AsyncClient
    key: str

    async def send(self, method: str, path: str, json: Any = None, **params: Any) -> httpx.Response:
        """Send and return whatever comes back."""
        content = b"" if json is None else simplejson.dumps(json, use_decimal=True).encode()
        return await self.http.request(
            method, path, content=content, params=params or None, headers={"X-API-KEY": self.key}
        )

    async def call(self, method: str, path: str, json: Any = None, *, status: int = 200, **params: Any) -> Any:
        """Send, insist on the status, return the body."""
        response = await self.send(method, path, json, **params)
        assert response.status_code == status, response.text
        return simplejson.loads(response.content, use_decimal=True) if response.content else None

    async def get(self, path: str, **params: Any) -> Any:
        """The body of a GET."""
        return await self.call("GET", path, **params)

    async def post(self, path: str, json: Any = None, *, status: int = 201) -> Any:
        """The body of a POST."""
        return await self.call("POST", path, json, status=status)

    async def refused(self, status: int, method: str, path: str, json: Any = None, **params: Any) -> Any:
        """Insist on a refusal with that status, return its body."""
        return await self.call(method, path, json, status=status, **params)

    async def new_partner(self, **changes: Any) -> int:
        """Make a partner, return the id."""
        return int((await self.post("/partners", a_partner(**changes)))["id"])

    async def block(self, type_: str = "invoice") -> int:
        """The oldest block of a type."""
        return int((await self.get("/document-blocks", type=type_))["data"][-1]["id"])

    async def new_document(self, partner_id: int | None = None, **changes: Any) -> Any:
        """Make a document, for a new partner where none is named; return it."""
        partner = await self.new_partner() if partner_id is None else partner_id
        return await self.post("/documents", a_document(partner, await self.block()) | changes)


def a_partner(**changes: Any) -> dict[str, Any]:
    """A written partner."""
    return {
        "name": "Példa Vevő Kft.",
        "address": {"country_code": "HU", "post_code": "9999", "city": "Mintaváros", "address": "Példa utca 1."},
        "emails": ["szamla@vevo.example"],
        "taxcode": "12345678-2-42",
        "phone": "",
        "tax_type": "HAS_TAX_NUMBER",
    } | changes


def a_line(**changes: Any) -> dict[str, Any]:
    """A written line: 2 x 10 000 net at 27 %."""
    line = {"name": "Tanácsadás", "unit_price": 10000, "unit_price_type": "net", "quantity": 2, "unit": "óra"}
    return line | {"vat": "27%", "comment": ""} | changes


def a_document(partner_id: int, block_id: int, **changes: Any) -> dict[str, Any]:
    """A written invoice over 25 400 HUF gross."""
    return {
        "partner_id": partner_id,
        "block_id": block_id,
        "type": "invoice",
        "fulfillment_date": "2015-11-23",
        "due_date": "2015-12-01",
        "payment_method": "wire_transfer",
        "language": "hu",
        "currency": "HUF",
        "items": [a_line()],
    } | changes


def a_receipt(block_id: int, **changes: Any) -> dict[str, Any]:
    """A written receipt over 1 000 HUF gross."""
    return {
        "name": "Vevő",
        "emails": ["nyugta@vevo.example"],
        "block_id": block_id,
        "type": "receipt",
        "payment_method": "cash",
        "currency": "HUF",
        "items": [{"name": "Belépő", "unit_price": 1000, "vat": "27%"}],
    } | changes


@asynccontextmanager
async def with_key(sandbox: Sandbox, clock: Clock, key: str | None = None) -> AsyncGenerator[KeyCaller]:
    """A caller in process."""
    base = "https://api.billingo.hu/v3"
    async with httpx.AsyncClient(transport=sandbox.transport(), base_url=base) as http:
        yield KeyCaller(sandbox, clock, http, key or sandbox.api_key)


@asynccontextmanager
async def over_http(sandbox: Sandbox, clock: Clock) -> AsyncGenerator[KeyCaller]:
    """A caller over loopback HTTP."""
    async with (
        sandbox.serve(),
        httpx.AsyncClient(base_url=sandbox.v3_url, timeout=5, verify=TLS, trust_env=False) as http,
    ):
        yield KeyCaller(sandbox, clock, http, sandbox.api_key)

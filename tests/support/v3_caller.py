"""Callers who knock at the sandbox's v3 counter with plain httpx and a key, and the bodies that they write."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import simplejson
from sandbox_caller import TLS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sandbox_caller import Clock

    from billingo_async.sandbox import Sandbox


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

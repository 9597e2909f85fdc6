"""The public page of an invoice: under the documented address, whatever its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billingo_async import Billingo, MalformedResponseError

if TYPE_CHECKING:
    import respx


async def test_access_url_is_the_public_page(billingo: Billingo, server: respx.MockRouter) -> None:
    """The documented address, outside `/api`; an odd code cannot bend it."""
    route = server.get("/api/invoices/42/code")
    route.respond(json={"success": True, "data": {"code": "uiowerTI"}})
    assert await billingo.invoices.access_url(42) == "https://www.billingo.hu/access/c:uiowerTI"
    route.respond(json={"success": True, "data": {"code": "../x?y#z"}})
    assert await billingo.invoices.access_url(42) == "https://www.billingo.hu/access/c:..%2Fx%3Fy%23z"


async def test_half_a_character_makes_no_address(billingo: Billingo, server: respx.MockRouter) -> None:
    """A code that no address can hold is an answer that is not what the API promises."""
    server.get("/api/invoices/42/code").respond(content=b'{"success": true, "data": {"code": "a\\ud83d"}}')
    with pytest.raises(MalformedResponseError, match="half a character"):
        await billingo.invoices.access_url(42)

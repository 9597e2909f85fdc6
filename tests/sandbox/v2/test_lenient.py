"""What clients in the wild send to v2, byte by byte: refused by default, accepted by a lenient sandbox."""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

import httpx
import pytest
import simplejson
from sandbox_caller import Caller, Clock

from billingo_async.sandbox import Sandbox


@pytest.fixture
def lenient(clock: Clock) -> Sandbox:
    """A sandbox for other people's clients."""
    return Sandbox(now=clock, strict_tokens=False)


def a_token(sandbox: Sandbox, issued: float, life: float, **more: Any) -> str:
    """A token that lives so many seconds."""
    return Caller(sandbox, Clock(issued), httpx.AsyncClient(transport=sandbox.transport())).token(
        **{"exp": int(issued + life)} | more
    )


def node_billingo(sandbox: Sandbox, at: float) -> bytes:
    """GET /api/clients as node-billingo's `request` sends it: odd headers, a token of 60 seconds."""
    token = a_token(sandbox, at, 60)
    return (
        f"GET /api/clients HTTP/1.1\r\nalg: HS256\r\ntyp: JWT\r\nAuthorization: Bearer {token}\r\n"
        "host: www.billingo.hu\r\nConnection: close\r\n\r\n"
    ).encode()


def php_connector(sandbox: Sandbox, at: float) -> bytes:
    """POST /api/clients as the vendor's PHP connector sends it: a token of two minutes around now, JSON of PHP."""
    token = a_token(sandbox, at - 60, 120, nbf=int(at) - 60, iss="/index.php")
    body = (
        b'{"name":"Gigazoom LLC.","email":"billing@example.com","billing_address":{"street_name":"Moulton",'
        b'"street_type":"Terrace","house_nr":"2797","city":"Preston","postcode":"PR1","country":"United Kingdom"}}'
    )
    head = (
        "POST /api/clients HTTP/1.1\r\nHost: www.billingo.hu\r\nUser-Agent: GuzzleHttp/6.3.3 curl/7.64.0 PHP/7.3.31\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body


async def answer_to(sandbox: Sandbox, request: bytes) -> tuple[int, Any]:
    """Send bytes over loopback; the status and the decoded body."""
    async with sandbox.serve() as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(url).port)
        writer.write(request)
        await writer.drain()
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()
    return int(head.split()[1]), simplejson.loads(body)


@pytest.mark.parametrize("client", [node_billingo, php_connector])
async def test_clients_of_others_as_they_are(sandbox: Sandbox, lenient: Sandbox, clock: Clock, client: Any) -> None:
    """Their tokens live too long for the documentation; unmodified, they work against a lenient sandbox alone."""
    status, body = await answer_to(sandbox, client(sandbox, clock.at))
    assert (status, "lives too long" in body["error"]) == (401, True)
    status, body = await answer_to(lenient, client(lenient, clock.at))
    assert (status, body["success"]) == (200, True)


async def called(sandbox: Sandbox, headers: dict[str, str]) -> int:
    """The status of a GET with these headers."""
    async with httpx.AsyncClient(transport=sandbox.transport()) as http:
        return (await http.get("https://www.billingo.hu/api/clients", headers=headers)).status_code


@pytest.mark.parametrize("form", ["Beamer {}", "Token {}", "JWT {}", "{}"])
async def test_any_scheme_word(sandbox: Sandbox, lenient: Sandbox, clock: Clock, form: str) -> None:
    """The documentation itself once says `Beamer`."""
    token = a_token(sandbox, clock.at, 30)
    assert await called(sandbox, {"Authorization": form.format(token)}) == 401
    assert await called(lenient, {"Authorization": form.format(token)}) == 200


async def test_times_as_text(sandbox: Sandbox, lenient: Sandbox, clock: Clock) -> None:
    """`iat` and `exp` in quotes are read; what is no number is not."""
    at = int(clock.at)
    for_text = {"Authorization": f"Bearer {a_token(sandbox, at, 30, iat=str(at), exp=str(at + 30))}"}
    assert (await called(sandbox, for_text), await called(lenient, for_text)) == (401, 200)
    assert await called(lenient, {"Authorization": f"Bearer {a_token(sandbox, at, 30, exp='soon')}"}) == 401


@pytest.mark.parametrize(("life", "status"), [(120, 200), (121, 401)])
async def test_two_minutes_and_no_more(lenient: Sandbox, clock: Clock, life: int, status: int) -> None:
    """The longest life that is known in the wild is 120 seconds."""
    assert await called(lenient, {"Authorization": f"Bearer {a_token(lenient, clock.at, life)}"}) == status


async def test_the_vendors_second_way(sandbox: Sandbox, lenient: Sandbox, clock: Clock) -> None:
    """`/token` gives a token for a signed text, which `X-Billingo-Token` carries; it ends, and a forgery is refused."""
    text = f"{lenient.public_key}|{int(clock.at)}"
    signature = hmac.new(lenient.private_key.encode(), text.encode(), "sha256").hexdigest()
    async with httpx.AsyncClient(transport=lenient.transport(), base_url="https://www.billingo.hu/api") as http:
        token = (await http.get("/token", params={"tokenrequest": f"{text}|{signature}"})).json()["data"]["token"]
        forged = await http.get("/token", params={"tokenrequest": f"{text}|{'0' * 64}"})
        beside = await http.get("https://www.billingo.hu/token", params={"tokenrequest": f"{text}|{signature}"})
        clock.at += 61
        stale = await http.get("/token", params={"tokenrequest": f"{text}|{signature}"})
    assert (beside.status_code, forged.status_code, stale.status_code) == (200, 401, 401)
    assert await called(lenient, {"X-Billingo-Token": token}) == 200
    assert await called(sandbox, {"X-Billingo-Token": token}) == 401
    clock.at += 3600
    assert await called(lenient, {"X-Billingo-Token": token}) == 401

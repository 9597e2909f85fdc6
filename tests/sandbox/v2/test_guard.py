"""Who is let in, and what those who are not are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest

from billingo_async.sandbox import Sandbox
from billingo_async.sandbox.sandbox import PRIVATE_KEY

if TYPE_CHECKING:
    from sandbox_caller import Caller, Clock

OTHER_KEY = "another-private-key-of-at-least-32-bytes"


async def error_of(caller: Caller, authorization: str | None) -> str:
    """The words with which a request under that header is refused with 401."""
    headers = {} if authorization is None else {"Authorization": authorization}
    response = await caller.http.get("/invoices", headers=headers)
    assert response.status_code == 401
    assert response.json()["success"] is False
    return str(response.json()["error"])


async def test_a_documented_token_opens_either_door(at_either_door: Caller) -> None:
    """A token with sub, iat, exp = iat + 30, iss and jti is accepted."""
    assert await at_either_door.get("/invoices") == []


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"sub": "somebody"}, "Unknown public key"),
        ({"sub": None}, "Unknown public key"),
        ({"exp": None}, "never expires"),
        ({"exp": "soon"}, "exp is not a number"),
        ({"exp": True}, "exp is not a number"),
        ({"iat": [1]}, "iat is not a number"),
    ],
)
async def test_claims_that_are_not_as_they_should_be(caller: Caller, claims: dict[str, Any], words: str) -> None:
    """Each claim that is missing or wrong is refused in words of its own."""
    assert words in await error_of(caller, f"Bearer {caller.token(**claims)}")


@pytest.mark.parametrize(("turn", "accepted"), [(0.0, True), (29.0, True), (29.9, True), (30.0, False), (600.0, False)])
async def test_a_token_lives_for_thirty_seconds(caller: Caller, clock: Clock, turn: float, accepted: bool) -> None:  # noqa: FBT001 - a table of cases
    """A token is good until its exp, and refused as expired from then on."""
    token = f"Bearer {caller.token()}"
    clock.at += turn
    if accepted:
        assert (await caller.http.get("/invoices", headers={"Authorization": token})).status_code == 200
    else:
        assert await error_of(caller, token) == "Expired token"


async def test_no_life_over_thirty_seconds(caller: Caller, clock: Clock) -> None:
    """31 seconds from iat to exp are one too many, and without iat the server's clock counts."""
    assert "lives too long" in await error_of(caller, f"Bearer {caller.token(exp=int(clock.at) + 31)}")
    assert "lives too long" in await error_of(caller, f"Bearer {caller.token(iat=None, exp=int(clock.at) + 31)}")
    headers = {"Authorization": f"Bearer {caller.token(iat=None, exp=int(clock.at) + 30)}"}
    assert (await caller.http.get("/invoices", headers=headers)).status_code == 200


@pytest.mark.parametrize("claim", ["iat", "nbf"])
async def test_not_valid_yet(caller: Caller, clock: Clock, claim: str) -> None:
    """A token from the future is refused, naming the claim that lies there."""
    token = caller.token(**{claim: int(clock.at) + 1, "exp": int(clock.at) + 20})
    assert await error_of(caller, f"Bearer {token}") == f"The token is not valid yet: {claim} lies in the future"


@pytest.mark.parametrize(
    ("key", "algorithm", "words"),
    [(OTHER_KEY, "HS256", "Signature verification failed"), (PRIVATE_KEY * 2, "HS512", "HS256"), ("", "none", "HS256")],
)
async def test_another_signature(caller: Caller, clock: Clock, key: str, algorithm: str, words: str) -> None:
    """Neither another key, nor another algorithm, nor none is accepted, also when the claims are right."""
    claims = {"sub": caller.sandbox.public_key, "iat": int(clock.at), "exp": int(clock.at) + 30}
    assert words in await error_of(caller, f"Bearer {jwt.encode(claims, key, algorithm=algorithm)}")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (None, "No authorization header"),
        ("", "not of the form"),
        ("Basic abc", "not of the form"),
        ("Bearer a.b.c", "cannot be read"),
    ],
)
async def test_headers_that_hold_no_token(caller: Caller, header: str | None, words: str) -> None:
    """A missing, foreign or garbled header is refused in words of its own."""
    assert words in await error_of(caller, header)


async def test_a_stranger_is_not_told_what_is_there(caller: Caller) -> None:
    """Without a token an unknown endpoint answers 401 like every other below the base URL."""
    assert (await caller.http.get("/no/such/thing")).status_code == 401
    assert (await caller.send("GET", "/no/such/thing")).status_code == 404


async def test_neither_door_shows_the_key(sandbox: Sandbox) -> None:
    """No repr on the way holds the private key."""
    shown = f"{sandbox!r} {sandbox._counters!r} {sandbox.transport()!r} {sandbox.faults!r}"  # pyright: ignore[reportPrivateUsage]  # every part is shown
    assert sandbox.private_key not in shown


@pytest.mark.parametrize("keys", [("", "x"), ("x", " "), (" ", " ")])
def test_blank_keys_are_refused(keys: tuple[str, str]) -> None:
    """A sandbox without keys could not check anything."""
    with pytest.raises(ValueError, match="none of them blank"):
        Sandbox(*keys)


async def test_the_time_is_public(at_either_door: Caller, clock: Clock) -> None:
    """/time stands outside /api, asks for no token and answers unix seconds as text or JSON."""
    origin = httpx.URL(at_either_door.http.base_url).copy_with(raw_path=b"/time")
    plain = await at_either_door.http.get(origin)
    assert (plain.status_code, plain.text) == (200, str(int(clock.at)))
    as_json = await at_either_door.http.get(origin.copy_with(params={"type": "json"}))
    assert as_json.json() == {"time": int(clock.at)}


async def test_every_answer_tells_the_servers_time(at_either_door: Caller, clock: Clock) -> None:
    """`Date` follows the sandbox's clock, on refusals too."""
    assert (await at_either_door.send("GET", "/invoices")).headers.get_list("date") == ["Mon, 23 Nov 2015 12:00:00 GMT"]
    clock.at += 1
    assert (await at_either_door.http.get("/x")).headers.get_list("date") == ["Mon, 23 Nov 2015 12:00:01 GMT"]

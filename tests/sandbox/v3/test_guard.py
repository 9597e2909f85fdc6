"""Who may come in at v3's counter: keys, scopes and profiles, the rate, the subscription and the quota."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from sandbox_caller import a_document, a_partner, with_key

from billingo_async.sandbox import Sandbox, Switches

if TYPE_CHECKING:
    from sandbox_caller import Clock, KeyCaller


@pytest.mark.parametrize("key", ["", "wrong", "sandbox-public-key"])
async def test_an_unknown_key_is_401(sandbox: Sandbox, clock: Clock, key: str) -> None:
    """Without a key, or with another one, each path answers 401, those that do not exist too."""
    async with with_key(sandbox, clock, key or "none") as stranger:
        for path in ("/organization", "/nowhere"):
            body = await stranger.refused(401, "GET", path)
            assert body == {"error": {"message": "Unauthorized."}}


async def test_a_read_only_key_reads(sandbox: Sandbox, clock: Clock) -> None:
    """A key of the scope Read answers 403 to POST, PUT and DELETE, and commits nothing."""
    async with with_key(sandbox, clock) as owner, with_key(sandbox, clock, sandbox.read_only_key) as reader:
        partner = await owner.new_partner()
        assert (await reader.get(f"/partners/{partner}"))["id"] == partner
        one = f"/partners/{partner}"
        for method, path in (("POST", "/partners"), ("PUT", one), ("DELETE", one)):
            assert await reader.refused(403, method, path, a_partner()) == {"error": {"message": "Forbidden."}}
    assert len(sandbox.ledger) == 1


@pytest.mark.parametrize("status", [403, 404])
async def test_another_profile_has_books_of_its_own(clock: Clock, status: int) -> None:
    """A foreign key sees none of the rows: lists are empty, ids are 403 (or 404), partners 403 and blocks 422."""
    sandbox = Sandbox(now=clock)
    async with with_key(sandbox, clock) as owner, with_key(sandbox, clock, sandbox.foreign_key) as stranger:
        document = await owner.new_document()
        stranger_partner = await stranger.new_partner()
        assert (await stranger.get("/documents"))["total"] == 0
        assert (await stranger.send("GET", f"/documents/{document['id']}")).status_code == 403
        theirs = a_document(document["partner"]["id"], await stranger.block())
        await stranger.refused(403, "POST", "/documents", theirs)
        errors = await stranger.refused(422, "POST", "/documents", a_document(stranger_partner, document["block_id"]))
        assert errors["errors"] == [{"field": "block_id", "message": "The selected block id is invalid."}]
        assert (await owner.get("/documents"))["total"] == 1
        await owner.refused(403, "GET", f"/partners/{stranger_partner}")
        sandbox.switches = Switches(foreign_row_status=status)
        await owner.refused(status, "GET", f"/partners/{stranger_partner}")


@pytest.mark.parametrize("retry_after", [False, True])
async def test_the_rate_limit(clock: Clock, retry_after: bool) -> None:  # noqa: FBT001 - a table of cases
    """The request over the limit is 429, with or without a word of when to come back, counted for each key."""
    sandbox = Sandbox(now=clock, rate_limit=(3, 60.0))
    sandbox.switches = Switches(retry_after=retry_after)
    async with with_key(sandbox, clock) as caller, with_key(sandbox, clock, sandbox.read_only_key) as other:
        for _ in range(3):
            await caller.get("/organization")
        clock.at += 20
        response = await caller.send("GET", "/organization")
        assert (response.status_code, response.json()) == (429, {"error": {"message": "Too many requests."}})
        assert response.headers.get("retry-after") == ("40" if retry_after else None)
        await other.get("/organization")
        clock.at += 40
        await caller.get("/organization")


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        ("none", {}),
        ("limit", {"x-ratelimit-limit": "300", "x-ratelimit-remaining": "299"}),
        ("all", {"x-ratelimit-limit": "300", "x-ratelimit-remaining": "299", "retry-after": "60"}),
    ],
)
async def test_rate_headers(
    by_key: KeyCaller, sandbox: Sandbox, mode: Literal["none", "limit", "all"], names: dict[str, str]
) -> None:
    """The three modes of rate headers that were seen or documented; none by default."""
    sandbox.switches = Switches(rate_headers=mode)
    headers = (await by_key.send("GET", "/organization")).headers
    shown = {name: value for name, value in headers.items() if name.startswith("x-rate") or name == "retry-after"}
    reset = shown.pop("x-ratelimit-reset", None)
    assert shown == names
    assert reset == (str(int(by_key.clock.at) + 60) if mode == "all" else None)


async def test_without_a_subscription_everything_is_402(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """No subscription: 402 with the ordinary body."""
    sandbox.switches = Switches(subscription=False)
    assert await by_key.refused(402, "GET", "/partners") == {"error": {"message": "No active subscription."}}


async def test_a_used_up_quota_is_400_in_hungarian(by_key: KeyCaller, sandbox: Sandbox) -> None:
    """The month's documents, cancellations too, are counted; beyond them 400, and nothing else is refused."""
    sandbox.switches = Switches(quota_left=2)
    document = (await by_key.new_document())["id"]
    await by_key.call("POST", f"/documents/{document}/cancel")
    body = await by_key.refused(400, "POST", f"/documents/{document}/copy")
    assert body == {"error": {"message": "API keret elfogyott."}}
    assert sandbox.ledger.count("documents.copy") == 0
    await by_key.new_partner()
    sandbox.switches = Switches(quota_left=1)
    await by_key.call("POST", f"/documents/{document}/copy")


async def test_unknown_paths_and_methods(by_key: KeyCaller) -> None:
    """A path that no operation has is 404 in the bare form, a method 405."""
    assert "message" in await by_key.refused(404, "GET", "/nowhere")
    assert "message" in await by_key.refused(405, "DELETE", "/organization")


async def test_no_key_is_shown(sandbox: Sandbox, clock: Clock) -> None:
    """No repr and no logged request holds a key of v3."""
    async with with_key(sandbox, clock) as caller:
        await caller.get("/partners", query=sandbox.api_key)
    shown = f"{sandbox!r} {sandbox._counters!r} {sandbox.snapshot().requests[0].path}"
    assert sandbox.api_key not in shown

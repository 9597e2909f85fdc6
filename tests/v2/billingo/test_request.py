"""The escape hatch: any endpoint, by the caller's own word on what repeating it does."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async import Effect, InvalidRequestError, MalformedResponseError, OutcomeUnknownError, ServerError

if TYPE_CHECKING:
    import respx

    from billingo_async import Billingo


async def test_request_sends_what_it_is_told(billingo: Billingo, server: respx.MockRouter) -> None:
    """Method, path, query and body leave as given, numbers exact; the decoded JSON comes back, numbers exact."""
    route = server.post("/api/odd/things/7").respond(content=b'{"success": true, "data": [1.10, 2]}')
    answer = await billingo.request(
        "POST",
        "/odd/things/7",
        effect=Effect.ONCE,
        params={"q": "a&b", "n": 3, "d": date(2015, 12, 12), "v": Decimal("0.270"), "left_out": None},
        json={"price": Decimal("3500.10"), "name": "Őű", "items": [1, True, None]},
    )
    assert answer == {"success": True, "data": [Decimal("1.10"), 2]}
    request = route.calls.last.request
    assert request.url.query == b"q=a%26b&n=3&d=2015-12-12&v=0.270"
    assert request.content == '{"price":3500.10,"name":"Őű","items":[1,true,null]}'.encode()
    assert request.headers["authorization"].startswith("Bearer ey")
    assert request.headers["content-type"] == "application/json"


async def test_effect_has_no_default(billingo: Billingo, server: respx.MockRouter) -> None:
    """Whoever calls an undescribed endpoint has to say what repeating it does."""
    with pytest.raises(TypeError, match="effect"):
        await billingo.request("GET", "/invoices/blocks")  # type: ignore[call-arg]  # the point of this test
    assert server.calls.call_count == 0


WITHIN_ITSELF: list[Any] = []
WITHIN_ITSELF.append(WITHIN_ITSELF)


def nested(levels: int) -> list[Any]:
    """Lists within lists."""
    outer: list[Any] = []
    for _ in range(levels):
        outer = [outer]
    return outer


UNSENDABLE: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "no number": ({"params": {"v": Decimal("NaN")}}, ValueError, "^v must be a Decimal or an int"),
    "no end": ({"params": {"v": Decimal("-Infinity")}}, ValueError, "^v must be a Decimal or an int"),
    "a number to fill the memory": ({"params": {"v": Decimal("1E+300000000")}}, ValueError, "at most 40 digits"),
    "a tiny one": ({"params": {"v": Decimal("1E-300000000")}}, ValueError, "at most 40 digits"),
    "a query": ({"params": "a=b"}, TypeError, 'params of a query must be a mapping, such as {"page": 2}, got str'),
    "an empty query": ({"params": ""}, TypeError, "params of a query must be a mapping"),
    "pairs": ({"params": [("a", "b")]}, TypeError, "params of a query must be a mapping"),
    "a number for a name": ({"params": {1: "b"}}, TypeError, "the name of a param must be text, got int"),
    "a list in itself": ({"json": {"a": WITHIN_ITSELF}}, ValueError, "nested too deeply, or a part of it holds itself"),
    "a deep list": ({"json": {"a": nested(100_000)}}, ValueError, "nested too deeply, or a part of it holds itself"),
}


@pytest.mark.parametrize("name", UNSENDABLE)
async def test_what_cannot_be_sent_is_said_before(name: str, billingo: Billingo, server: respx.MockRouter) -> None:
    """The message names the place and the remedy, and nothing is sent."""
    told, kind, message = UNSENDABLE[name]
    with pytest.raises(kind, match=message):
        await billingo.request("POST", "/odd", effect="once", **told)
    assert server.calls.call_count == 0


@pytest.mark.jumping
@pytest.mark.parametrize(
    ("effect", "tries", "raised"),
    [("read", 2, ServerError), ("same", 2, ServerError), ("once", 1, OutcomeUnknownError)],
)
async def test_effect_decides_whether_it_is_repeated(
    effect: str, tries: int, raised: type[Exception], billingo: Billingo, server: respx.MockRouter
) -> None:
    """The same GET is repeated or not by the caller's word alone."""
    route = server.get("/api/odd").respond(500)
    with pytest.raises(raised, match=r"^request \(GET /odd\): "):
        await billingo.with_options(max_retries=1).request("GET", "/odd", effect=effect)
    assert route.call_count == tries


BENT_PATHS = [
    "", "/", "/../token", "/invoices/./1", "/invoices/..", "//evil.example/x", "/invoices//code", "/invoices?x=1",
    "/invoices#x", "/%2e%2e/token", "/in voices", "/invoices\n", "/számlák", "/{id}", "/x\\y", 5,
]  # fmt: skip
BENT: list[tuple[dict[str, Any], str]] = [
    ({"method": "get"}, "method must be one of GET, POST, PUT, PATCH, DELETE, got 'get'"),
    ({"method": "GET /x HTTP/1.1\r\n"}, "method must be one of"),
    ({"path": "invoices"}, "path must be a plain path below the base URL, such as '/invoices/blocks', got 'invoices'"),
    ({"effect": "twice"}, "effect must be one of read, same, once (what does repeating the call do?), got 'twice'"),
    ({"effect": None}, "effect must be one of read, same, once"),
    *(({"path": path}, "path must be a plain path") for path in BENT_PATHS),
]


@pytest.mark.parametrize(("bent", "message"), BENT, ids=range(len(BENT)))
async def test_what_cannot_be_right_sends_nothing(
    bent: dict[str, Any], message: str, billingo: Billingo, server: respx.MockRouter
) -> None:
    """No path leaves the API, no method and no effect is made up."""
    arguments: dict[str, Any] = {"method": "GET", "path": "/x", "effect": "read", **bent}
    with pytest.raises(ValueError, match="must be") as caught:
        await billingo.request(**arguments)
    assert str(caught.value).startswith(message)
    assert server.calls.call_count == 0


UNSPELT: list[dict[str, Any]] = [
    {"params": {"v": 0.27}},
    {"params": {"flag": True}},
    {"params": {"at": datetime(2015, 12, 12, tzinfo=UTC)}},
    {"params": {"many": [1, 2]}},
    {"json": [{"price": {"net": 0.1}}]},
]


@pytest.mark.parametrize("unspelt", UNSPELT, ids=range(len(UNSPELT)))
async def test_what_has_no_one_spelling_sends_nothing(
    unspelt: dict[str, Any], billingo: Billingo, server: respx.MockRouter
) -> None:
    """Floats, flags, moments and the like: the caller spells them, nobody guesses."""
    with pytest.raises(TypeError):
        await billingo.request("POST", "/x", effect="once", **unspelt)
    assert server.calls.call_count == 0


async def test_refusal_is_a_refusal(billingo: Billingo, server: respx.MockRouter) -> None:
    """The envelope's failure is raised, and what is no JSON is malformed."""
    route = server.get("/api/x").respond(json={"success": "false", "error": "No"})
    with pytest.raises(InvalidRequestError, match=r"^request \(GET /x\): 200 OK: No$"):
        await billingo.request("GET", "/x", effect="read")
    route.respond(content=b"<html>")
    with pytest.raises(MalformedResponseError, match="the answer is no JSON"):
        await billingo.request("GET", "/x", effect="read")


async def test_server_time_is_asked_outside_the_api_without_a_token(
    billingo: Billingo, server: respx.MockRouter
) -> None:
    """`/time?type=json` at the origin; the answer is an aware datetime in UTC."""
    route = server.get("/time").respond(json={"timestamp": 1_700_000_000})
    told = await billingo.server_time()
    assert told == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert told.tzinfo is UTC
    request = route.calls.last.request
    assert str(request.url) == "https://www.billingo.hu/time?type=json"
    assert "authorization" not in request.headers
    route.respond(content=b"<html>")
    with pytest.raises(MalformedResponseError, match=r"^time \(GET /time\): 200 OK: no time in the answer$"):
        await billingo.server_time()

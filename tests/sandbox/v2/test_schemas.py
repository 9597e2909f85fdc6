"""Written bodies: what is let in, and the words for what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
import pytest
import simplejson
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox_caller import a_client, an_invoice, an_item, money

from billingo_async.sandbox import Request, Sandbox

if TYPE_CHECKING:
    from sandbox_caller import Caller

    from billingo_async.sandbox import Response

REQUIRED = "The property {} is required"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"items": [an_item(), an_item(net_unit_price="3500")]},
            {"items[1].net_unit_price": "String value found, but a number is required"},
        ),
        ({"items": [an_item(net_unit_price=None)]}, {"items[0].net_unit_price": REQUIRED.format("net_unit_price")}),
        ({"items": [an_item(gross_unit_price=1)]}, {"items[0]": "Failed to match exactly one schema"}),
        ({"items": [an_item(product_uid=5)]}, {"items[0]": "Failed to match exactly one schema"}),
        ({"items": [{"product_uid": 5}]}, {"items[0].qty": REQUIRED.format("qty")}),
        ({"items": []}, {"items": "There must be a minimum of 1 items in the array"}),
        ({"items": {}}, {"items": "Object value found, but an array is required"}),
        ({"items": [7]}, {"items[0]": "Integer value found, but an object is required"}),
        ({"type": 2}, {"type": "Does not have a value in the enumeration [0, 1, 3]"}),
        ({"round_to": 2}, {"round_to": "Does not have a value in the enumeration [0, 1, 5, 10]"}),
        ({"due_date": "2015-02-30"}, {"due_date": "Invalid date, expected format YYYY-MM-DD"}),
        ({"due_date": "20150228"}, {"due_date": "Invalid date, expected format YYYY-MM-DD"}),
        ({"client_uid": 0}, {"client_uid": "Must have a minimum value of 1"}),
        ({"client_uid": money("1.0")}, {"client_uid": "Double value found, but an integer is required"}),
        ({"comment": None}, {"comment": "NULL value found, but a string is required"}),
        ({"currency": True}, {"currency": "Boolean value found, but a string is required"}),
        ({"currency": "HUFF"}, {"currency": "Must be at most 3 characters long"}),
        ({"exchange_rate": 10**40}, {"exchange_rate": "More than 40 digits before or after the point"}),
    ],
)
async def test_what_does_not_fit_is_named_by_its_path(
    caller: Caller, changes: dict[str, Any], errors: dict[str, str]
) -> None:
    """A body that does not fit is refused with 400 and an object of path and text, in the real one's words."""
    client = await caller.new_client()
    envelope = await caller.refused(400, "POST", "/invoices", an_invoice(client) | changes)
    assert errors.items() <= envelope["errors"].items()


@pytest.mark.parametrize("name", sorted(set(an_invoice(1)) - {"round_to"}))
async def test_what_is_required_of_an_invoice(caller: Caller, name: str) -> None:
    """Every field that the documentation's schema requires is missed by name."""
    body = an_invoice(1)
    del body[name]
    envelope = await caller.refused(400, "POST", "/invoices", body)
    assert envelope["errors"] == {name: REQUIRED.format(name)}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"name": NaN}', b"[1, 2]", b"null", b'"text"', b'{"a":' * 3000 + b"1" + b"}" * 3000]
)
async def test_what_is_no_json_object(caller: Caller, body: bytes) -> None:
    """A body that is no JSON object is refused with 400, however it is broken."""
    headers = {"Authorization": f"Bearer {caller.token()}"}
    response = await caller.http.post("/clients", content=body, headers=headers)
    assert (response.status_code, response.json()["success"]) == (400, False)


async def test_deep_nesting_is_refused(caller: Caller) -> None:
    """What nests deeper than 20 levels is refused by its path."""
    deep: Any = 1
    for _ in range(30):
        deep = {"a": deep}
    envelope = await caller.refused(400, "POST", "/clients", a_client(more=deep))
    assert list(envelope["errors"].values()) == ["Nested deeper than 20 levels"]


def bent_bodies() -> st.SearchStrategy[dict[str, Any]]:
    """Good bodies with some fields replaced by anything JSON knows, or left out."""
    anything = st.one_of(
        st.none(), st.booleans(), st.integers(-5, 5), st.decimals(-5, 5, places=1), st.text(max_size=4),
        st.sampled_from(["2015-12-12", "2015-13-12", "HUF", [], {}, [[]], [an_item()], [{"product_uid": 1, "qty": 1}]]),
    )  # fmt: skip
    item = st.builds(_bent, st.just(an_item()), st.dictionaries(st.sampled_from([*an_item(), "product_uid"]), anything))
    changes = st.dictionaries(st.sampled_from([*an_invoice(1), "exchange_rate", "is_paid"]), anything, max_size=3)
    return st.builds(_with_items, changes, st.lists(item))


def _with_items(changes: dict[str, Any], items: list[Any]) -> dict[str, Any]:
    return _bent(an_invoice(1), {"items": items} | changes)


def _bent(body: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    left_out = object()
    bent = body | {name: left_out if value == 0 else value for name, value in changes.items()}
    return {name: value for name, value in bent.items() if value is not left_out}


@settings(max_examples=60, deadline=None)
@given(bent_bodies())
def test_no_body_breaks_the_books(body: dict[str, Any]) -> None:
    """Whatever is written is saved or refused with 400 and words for each path; only what is saved is in the ledger."""
    sandbox = Sandbox(now=lambda: 1_448_280_000.0)
    token = jwt.encode({"sub": sandbox.public_key, "exp": 1_448_280_030}, sandbox.private_key, algorithm="HS256")
    headers = {"authorization": f"Bearer {token}"}

    def post(path: str, written: object) -> Response:
        content = simplejson.dumps(written, use_decimal=True).encode()
        return sandbox.answer(Request("POST", path, "", headers, content))

    client = simplejson.loads(post("/api/clients", a_client()).body)["data"]["id"]
    named = body | ({"client_uid": client} if body.get("client_uid") == 1 else {})
    response = post("/api/invoices", named)
    assert response.status in {200, 400}
    assert sandbox.ledger.count("invoices.create") == (response.status == 200)
    if response.status == 400:
        errors: Any = simplejson.loads(response.body)["errors"]
        texts: list[Any] = [*getattr(errors, "values", lambda: errors)()]
        assert texts
        assert all(text and isinstance(text, str) for text in texts)

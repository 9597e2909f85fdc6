"""What an answer does not tell is no difference: an invoice that was made must not be overlooked and made again."""

from __future__ import annotations

from typing import Any

import pytest
from drafts import draft

from billingo_async import Invoice
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.journal.compare import Match, compare

WIRE: dict[str, Any] = exact_json(to_json(draft(7, "Order 1").to_payload()))
TOLD: dict[str, Any] = {
    **WIRE,
    "id": 1,
    "payment_method": {"id": 1, "name": "készpénz"},
    "items": [{**WIRE["items"][0], "qty": "3.000", "net_unit_price": "1250.500"}],
}


def _invoice(**changes: object) -> Invoice:
    return Invoice.model_validate({**TOLD, **changes})


def _item(**changes: object) -> list[dict[str, object]]:
    return [{**TOLD["items"][0], **changes}]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"payment_method": 1},
        {"payment_method": "készpénz"},
        {"payment_method": {"id": None, "name": "készpénz"}},
        {"payment_method": None},
        {"type": "normal"},
        {"comment": None},
        {"items": _item(description=None)},
        {"items": _item(vat_id=None, qty=None, net_unit_price=None)},
        {"block_uid": 4, "due_date": "0000-00-00", "currency": None},
    ],
)
def test_untold_is_no_difference(changes: dict[str, Any]) -> None:
    """A field that is missing, or told in a way that cannot be compared, does not speak against an invoice."""
    assert compare(WIRE, None, _invoice(**changes)) is Match.YES


@pytest.mark.parametrize(
    "changes",
    [
        {"payment_method": 2},
        {"type": 1},
        {"comment": "Order 2"},
        {"client_uid": 8},
        {"items": _item(description="Tej")},
        {"items": _item(net_unit_price="1250.600")},
        {"is_cancel_invoice": 1},
    ],
)
def test_told_differently_is_another(changes: dict[str, Any]) -> None:
    """A field that is told and is not what was asked for makes it another invoice."""
    assert compare(WIRE, None, _invoice(**changes)) is Match.NO


@pytest.mark.parametrize(
    ("comment", "match"),
    [
        ("Order 1\nRef. 1", Match.YES),
        ("Order 1 Ref. 1", Match.YES),
        ("Order 1\nRef. 1\nSent by the office", Match.YES),
        ("Order 1\nRef. 11", Match.NO),
        ("Order 1\nRef. 1 2", Match.NO),
        ("", Match.NO),
        (None, Match.PERHAPS),
    ],
)
def test_stamp(comment: str | None, match: Match) -> None:
    """A stamp decides where the comment is told; where it is not, the whole invoice has to be read."""
    assert compare(WIRE, "Ref. 1", _invoice(comment=comment)) is match


def test_stamp_with_signs_that_the_server_escapes() -> None:
    """What a server writes for HTML is the same stamp."""
    assert compare(WIRE, "Ref. <1>", _invoice(comment="Order 1\nRef. &lt;1&gt;")) is Match.YES


def test_stamp_that_was_cut_off() -> None:
    """Where a long comment ends before its stamp, it may be this key's or another's."""
    long = "Order 1 " * 20
    assert compare({**WIRE, "comment": f"{long}\nRef. 1"}, "Ref. 1", _invoice(comment=long.strip())) is Match.PERHAPS


def test_stamp_cannot_be_on_another_clients_invoice() -> None:
    """An invoice whose comment is not told is ruled out by what else differs."""
    assert compare(WIRE, "Ref. 1", _invoice(comment=None, client_uid=8)) is Match.NO

"""Payments: in full, in part, too much, and taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import an_item, money

if TYPE_CHECKING:
    from sandbox_caller import Caller


def a_payment(amount: object = 4445, **changes: Any) -> dict[str, Any]:
    """A written payment, of the whole 4445 where nothing else is said."""
    return {"date": "2015-12-01", "amount": amount, "payment_method": 2} | changes


@pytest.mark.parametrize("kind", [3, 1], ids=["invoice", "proforma"])
async def test_paying_in_full(at_either_door: Caller, kind: int) -> None:
    """A payment of the whole total leaves nothing outstanding and makes it paid; money may come for a proforma, too."""
    uid = await at_either_door.new_invoice(type=kind)
    assert await at_either_door.post(f"/invoices/{uid}/pay", a_payment()) == {"fully_paid": True, "outstanding": 0}
    invoice = await at_either_door.read(uid)
    assert (invoice["status"], invoice["total_paid"]) == (1, "4445.000")


async def test_paying_too_much(caller: Caller) -> None:
    """More than is outstanding is refused, also by the smallest part, and nothing is booked."""
    uid = await caller.new_invoice()
    envelope = await caller.refused(400, "POST", f"/invoices/{uid}/pay", a_payment(money("4445.001")))
    assert envelope["errors"] == ["amount: more than the 4445.000 HUF that are outstanding"]
    assert (await caller.read(uid))["total_paid"] == "0.000"
    assert "no payment to undo" in (await caller.refused(400, "DELETE", f"/invoices/{uid}/pay"))["error"]


@pytest.mark.parametrize("amount", [0, -1, "4445", None])
async def test_amounts_that_are_none(caller: Caller, amount: object) -> None:
    """Nothing, less than nothing and text are no amounts."""
    uid = await caller.new_invoice()
    envelope = await caller.refused(400, "POST", f"/invoices/{uid}/pay", a_payment(amount))
    assert set(envelope["errors"]) == {"amount"}


async def test_what_cannot_be_paid(caller: Caller) -> None:
    """Drafts, cancelled and cancelling invoices take no payment and give none back."""
    cancelled = await caller.new_invoice()
    storno = (await caller.get(f"/invoices/{cancelled}/cancel"))["id"]
    for uid in (cancelled, storno, await caller.new_invoice(type=0)):
        await caller.refused(400, "POST", f"/invoices/{uid}/pay", a_payment())
        await caller.refused(400, "DELETE", f"/invoices/{uid}/pay")
    error = (await caller.refused(400, "POST", f"/invoices/{storno}/pay", a_payment()))["error"]
    assert "no refund is booked on it" in error


@pytest.mark.parametrize(("flag", "status"), [(1, 1), (True, 1), (0, 2), (False, 2)])
async def test_paid_from_the_start(caller: Caller, flag: object, status: int) -> None:
    """`is_paid` makes a paid invoice; the payment can be undone like any other."""
    uid = await caller.new_invoice(is_paid=flag)
    assert (await caller.read(uid))["status"] == status
    if flag:
        envelope = await caller.call("DELETE", f"/invoices/{uid}/pay")
        assert envelope["data"] == {"fully_paid": False, "outstanding": Decimal(4445)}


@pytest.mark.parametrize(("price", "shown"), [("26.25", "33.34"), ("26.247", "33.33")])
async def test_what_is_shown_can_be_paid(caller: Caller, price: str, shown: str) -> None:
    """33.3375 EUR and 33.33369 EUR are shown as 33.34 and 33.33 on paper; paying that settles them."""
    uid = await caller.new_invoice(currency="EUR", items=[an_item(net_unit_price=money(price))])
    body = {"date": "2015-11-24", "amount": money(shown), "payment_method": 2}
    state = await caller.post(f"/invoices/{uid}/pay", body)
    assert state == {"fully_paid": True, "outstanding": 0}
    assert (await caller.read(uid))["status"] == 1

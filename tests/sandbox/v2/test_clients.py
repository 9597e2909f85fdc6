"""Customers: when one is the same as another, and what becomes of each field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sandbox_caller import a_client

if TYPE_CHECKING:
    from sandbox_caller import Caller


ADDRESS = a_client()["billing_address"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Minta Bt."},
        {"taxcode": ""},
        {"billing_address": ADDRESS | {"house_nr": "8"}},
        {"billing_address": ADDRESS | {"door": "1"}},
        {"force": True},
    ],
)
async def test_another_customer_is_made(caller: Caller, changes: dict[str, Any]) -> None:
    """A difference in what identifies a customer, or `force`, makes a new one."""
    assert await caller.new_client() != await caller.new_client(**changes)


async def test_a_renamed_customer_is_found_by_the_new_name(caller: Caller) -> None:
    """Updating moves a customer: the old name is free again, the new one is taken."""
    uid = await caller.new_client()
    await caller.call("PUT", f"/clients/{uid}", a_client(name="Új Kft."))
    assert await caller.new_client(name="Új Kft.") == uid
    assert await caller.new_client() != uid


async def test_deleting(caller: Caller) -> None:
    """A deleted customer is gone: 404 from then on, and the same data make a new one."""
    uid = await caller.new_client()
    assert await caller.call("DELETE", f"/clients/{uid}") == {"success": True}
    await caller.refused(404, "GET", f"/clients/{uid}")
    await caller.refused(404, "PUT", f"/clients/{uid}", a_client())
    await caller.refused(404, "DELETE", f"/clients/{uid}")
    assert await caller.new_client() != uid


async def test_deleting_one_of_two_leaves_the_other(caller: Caller) -> None:
    """Of two equal customers the other is still found when one is deleted."""
    first, second = await caller.new_client(), await caller.new_client(force=True)
    await caller.call("DELETE", f"/clients/{first}")
    assert await caller.new_client() == second


async def test_blanks_are_filled_in(caller: Caller) -> None:
    """A customer is answered with every documented field; `defaults` is PHP's empty array when there are none."""
    uid = await caller.new_client()
    attributes = (await caller.get(f"/clients/{uid}"))[0]["attributes"]
    assert attributes["defaults"] == []
    assert attributes["type"] == ""
    assert attributes["bank"] == {"iban": "", "swift": "", "account_no": ""}
    assert attributes["billing_address"]["district"] == ""
    assert "force" not in attributes


async def test_an_update_replaces(caller: Caller) -> None:
    """What an update does not write goes back to blank: nobody's test passes because the sandbox is kind."""
    uid = await caller.new_client(phone="123", internal_id="K-1", type="2")
    assert (await caller.get(f"/clients/{uid}"))[0]["attributes"]["type"] == 2
    attributes = (await caller.call("PUT", f"/clients/{uid}", a_client()))["data"]["attributes"]
    assert (attributes["phone"], attributes["type"], "internal_id" in attributes) == ("", "", False)

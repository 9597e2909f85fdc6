"""The script of faults: which request meets which, in what order, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_caller import a_client

from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from sandbox_caller import Caller


async def test_a_script_is_played_in_order(caller: Caller, sandbox: Sandbox) -> None:
    """Each request takes the first fault that is meant for it; others are not touched; what is left can be read."""
    faults = sandbox.faults
    faults.next("clients.create", Fault.answer(500), Fault.nothing(), Fault.answer(502))
    faults.add("GET /clients/*", Fault.answer(504), times=2)
    statuses = [(await caller.send("POST", "/clients", a_client())).status_code for _ in range(2)]
    assert statuses == [500, 200]
    assert (await caller.send("GET", "/clients")).status_code == 200
    assert (await caller.send("GET", "/clients/5")).status_code == 504
    assert repr(faults.pending) == "(clients.create: <Fault answer 502>, GET /clients/*: <Fault answer 504>)"
    assert [(met.operation, met.fault.name) for met in faults.met] == [
        ("clients.create", "answer 500"),
        ("clients.create", "nothing"),
        ("clients.get", "answer 504"),
    ]
    faults.clear()
    assert not faults.pending
    assert (await caller.send("POST", "/clients", a_client())).status_code == 200
    assert repr(faults) == "Faults(0 to come, 3 met)"


async def test_always_lasts_until_cleared(caller: Caller, sandbox: Sandbox) -> None:
    """A fault that is always met comes after what was scripted before it, and stays."""
    sandbox.faults.next("invoices.*", Fault.answer(500))
    sandbox.faults.always("*", Fault.answer(503))
    answers = [(await caller.send("GET", "/invoices")).status_code for _ in range(3)]
    assert answers == [500, 503, 503]
    assert (await caller.send("GET", "/no/such/thing")).status_code == 503


async def test_a_star_stands_for_one_segment(caller: Caller, sandbox: Sandbox) -> None:
    """In a path pattern a star does not reach over a slash."""
    sandbox.faults.always("get /invoices/*", Fault.answer(500))
    assert (await caller.send("GET", "/invoices/5")).status_code == 500
    assert (await caller.send("GET", "/invoices/5/cancel")).status_code == 404


def test_scripts_that_could_never_be_met() -> None:
    """A misspelt operation, no fault and no times are refused when they are written."""
    faults = Sandbox().faults
    with pytest.raises(ValueError, match=r"did you mean 'invoices\.create'"):
        faults.next("invoice.create", Fault.nothing())
    with pytest.raises(ValueError, match=r"they are bank_accounts\.create"):
        faults.always("???", Fault.nothing())
    with pytest.raises(ValueError, match="at least one fault"):
        faults.next("invoices.create")
    with pytest.raises(ValueError, match="not 0 times"):
        faults.add("invoices.create", Fault.nothing(), times=0)

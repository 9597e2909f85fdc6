"""How long the second look waits: as long as a request may take, where the server may still be at work on one."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async import ConnectionFailedError, MalformedResponseError, ServerError, TimedOutError
from billingo_async.journal.reconcile import pause_before_second_look
from billingo_async.journal.records import server_may_be_working
from billingo_async.journal.workers import Backoff

if TYPE_CHECKING:
    from billingo_async import BillingoError

TIMEOUT, SECOND_LOOK = 30.0, 3.0
OVER: Any = SimpleNamespace(server_may_be_working=False)
AT_WORK: Any = SimpleNamespace(server_may_be_working=True)


@pytest.mark.parametrize(
    ("rows", "second_look", "seconds"),
    [
        ([], SECOND_LOOK, SECOND_LOOK),
        ([OVER, OVER], SECOND_LOOK, SECOND_LOOK),
        ([AT_WORK], SECOND_LOOK, TIMEOUT),
        ([OVER, AT_WORK], SECOND_LOOK, TIMEOUT),
        ([AT_WORK], 60.0, 60.0),
    ],
    ids=["none", "answered", "dropped or died", "one of two", "longer than a request"],
)
def test_pause(rows: list[Any], second_look: float, seconds: float) -> None:
    """What the server has answered is over; all else is given the time of a whole request, by no clock but our own."""
    assert pause_before_second_look(rows, second_look, TIMEOUT) == seconds


CAUSES = [
    (ServerError("500", status_code=500), False),
    (MalformedResponseError("x"), False),
    (ServerError("502", status_code=502), True),
    (ServerError("504", status_code=504), True),
    (ConnectionFailedError("x"), True),
    (TimedOutError("x"), True),
    (None, True),
]


@pytest.mark.parametrize(("cause", "may_be_working"), CAUSES, ids=repr)
def test_only_its_own_answer_tells_that_a_server_has_ended(
    cause: BillingoError | None,
    may_be_working: bool,  # noqa: FBT001 - a column
) -> None:
    """A 500 and an answer that cannot be read come from the server itself; all else may come before it is done."""
    assert server_may_be_working(cause) is may_be_working


@pytest.mark.jumping
async def test_others_are_waited_for_longer_each_time() -> None:
    """Pauses double from 0.02 s up to 1 s: half a minute costs the database 35 questions, not 300."""
    loop, backoff, asked = asyncio.get_running_loop(), Backoff(), 0
    began = loop.time()
    while backoff.waited < 30:
        await backoff.sleep()
        asked += 1
    assert asked == 6 + 29  # 0.02 + 0.04 + 0.08 + 0.16 + 0.32 + 0.64 = 1.26 s, and 29 times a second
    assert loop.time() - began == pytest.approx(30.26)

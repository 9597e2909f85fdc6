"""How long a second look waits: long enough for a request that timed out, and never longer than a request may take."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from billingo_async.bulk.reconcile import pause

TIMEOUT, SECOND_LOOK, NOW = 30.0, 3.0, 1_000_000.0


def _row(left_at: float, *, timed_out: bool = True) -> Any:
    return SimpleNamespace(left_at=left_at, timed_out=timed_out)


@pytest.mark.parametrize(
    ("rows", "seconds"),
    [
        ([], SECOND_LOOK),
        ([_row(NOW - 1, timed_out=False)], SECOND_LOOK),
        ([_row(NOW - 12)], 18.0),
        ([_row(NOW - 12), _row(NOW - 20)], 18.0),
        ([_row(NOW - 29)], SECOND_LOOK),
        ([_row(NOW - 86_400)], SECOND_LOOK),
        ([_row(NOW + 86_400)], TIMEOUT),
    ],
    ids=["none", "dropped", "left 12 s ago", "the later counts", "nearly over", "yesterday's", "a clock a day ahead"],
)
def test_pause(rows: list[Any], seconds: float) -> None:
    """What timed out is given as long as a request may take, from when it left; a clock that is ahead no more."""
    assert pause(rows, SECOND_LOOK, TIMEOUT, NOW) == seconds

"""A lone object where `data` is documented as one: read in whatever it comes wrapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ready_answers import call_of, reply

from billingo_async.v2.decoders import Data, Value
from billingo_async.v2.models import PaymentState

if TYPE_CHECKING:
    from collections.abc import Callable

STATE, CODE = Data(lambda: PaymentState), Value("code", str)
WRAPPED: list[Callable[[object], object]] = [
    lambda data: [data],
    lambda data: {"id": 7, "attributes": data},
    lambda data: [{"id": "7", "attributes": data}],
]


@pytest.mark.parametrize("wrapped", WRAPPED, ids=["list", "entry", "both"])
def test_lone_object_is_read_in_any_wrapping(wrapped: Callable[[object], object]) -> None:
    """A list of one or an entry where a plain object is documented hides nothing: a payment is no doubt for it."""
    paid = reply({"success": True, "data": wrapped({"fully_paid": 1, "outstanding": "0.000"})})
    assert STATE.read(call_of(STATE), paid).outstanding == 0
    coded = reply({"success": True, "data": wrapped({"code": "uiowerTI"})})
    assert CODE.read(call_of(CODE), coded) == "uiowerTI"

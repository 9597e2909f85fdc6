"""Whatever an answer holds, reading it ends at once, in a value or in an error of the library's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from harness import harness
from operation_cases import ONCE, OPERATION_CASES

from billingo_async import BillingoError, OutcomeUnknownError
from billingo_async.protocol.call import Call, Reply
from billingo_async.sandbox import Fault
from billingo_async.v2.envelope import error_from
from billingo_async.v2.operations import SERVER_TIME, TABLE

if TYPE_CHECKING:
    from jumping_clock import JumpingClock
    from operation_cases import Case

NESTED = [
    opening * depth + "1" + closing * depth for depth in (8, 300, 950) for opening, closing in ("[]", ('{"a":', "}"))
]
VALUES = [
    "null", "true", "0", "-1", "[]", "{}", '""', '"NaN"', "NaN", "Infinity", "1e400", "1e999999999", "-1e-999999999",
    '"1e999999999"', "9" * 4_000, "9" * 5_000, "0." + "9" * 5_000, '"\\ud800"', '"\\u0000"', '"0x10"', "253402300800",
    '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-14:00"', '"9999-99-99"', *NESTED,
]  # fmt: skip
FIELDS = ("comment", "total", "due_date", "client", "items", "payment_method", "status", "block_uid", "created_at")
VALUE_FIELDS = ("code", "value", "is_sandbox", "tax_code", "fully_paid", "outstanding", "id")
AROUND = [
    "%s",
    '{"success": %s}',
    '{"success": true, "data": %s}',
    '{"success": true, "id": %s}',
    '{"success": false, "error": %s, "errors": %s}',
    '{"success": true, "data": [{"id": %s, "attributes": {}}]}',
    '{"success": true, "data": [{"id": 1, "attributes": {' + ", ".join(f'"{name}": %s' for name in FIELDS) + "}}]}",
    '{"success": true, "data": {' + ", ".join(f'"{name}": %s' for name in VALUE_FIELDS) + "}}",
]
ANSWERS = [frame.replace("%s", value).encode() for frame in AROUND for value in VALUES]
MAX_MESSAGE_LETTERS = 12_000
"""Twenty field errors of 500 characters each, and what stands around them."""


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name}-{row.effect}")
def test_no_answer_breaks_or_holds_up_a_read(row: Any) -> None:
    """Endless numbers, deep nesting, half a character: the worst is a `BillingoError`, and its message is bounded."""
    for body in ANSWERS:
        assert len(complaint(Call(row, "/x"), Reply(200, {}, body))) < MAX_MESSAGE_LETTERS


def complaint(call: Call[Any], reply: Reply) -> str:
    """Read an answer and print what it says; return the message where it cannot be read."""
    try:
        repr(call.operation.decoder.read(call, reply))
    except BillingoError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500, 503])
def test_no_refusal_breaks_its_reader(status: int) -> None:
    """The same for answers that refuse, with headers that are no better."""
    for body in ANSWERS:
        reply = Reply(status, {"retry-after": "9" * 5_000, "date": "yesterday"}, body)
        assert len(str(error_from(Call(SERVER_TIME, "/x"), reply))) < MAX_MESSAGE_LETTERS


@pytest.mark.parametrize("case", [case for case in OPERATION_CASES if case.effect == ONCE], ids=str)
async def test_a_reader_that_breaks_leaves_doubt(
    case: Case, jumping_clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should reading itself fail, what happens once is in doubt and not simply crashed: it has been done."""

    def broken(*_: object) -> None:
        raise RecursionError

    async with harness(jumping_clock) as lab:
        uid = case.prepare(lab.account)
        before = lab.sandbox.ledger.count(case.name)
        monkeypatch.setattr(type(case.operation.decoder), "read", broken)
        lab.sandbox.faults.next(case.name, Fault.nothing())
        with pytest.raises(OutcomeUnknownError, match="could not be read \\(RecursionError\\)"):
            await case.do(lab.billingo, uid)
        assert lab.sandbox.ledger.count(case.name) - before == 1

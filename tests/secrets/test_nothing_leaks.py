"""Keys, tokens, customers and bodies show up nowhere: not in a log, a text, a pickle, nor in the locals of a frame."""

from __future__ import annotations

import asyncio
import errno
import os
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from account import EMAIL, NAME, Account
from harness import harness
from operation_cases import ONCE, OPERATION_CASES, Case
from ready_answers import on_line
from searching import all_logs, found, shown_by

from billingo_async import Billingo, BillingoError, OutcomeUnknownError
from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from jumping_clock import JumpingClock

pytestmark = pytest.mark.usefixtures("undrawn")
GOODS = ["Kenyér", "Kalács", "Papír"]
"""What stands in the bodies beside the customer."""
PUBLIC, PRIVATE = "public-key-0123456789abcdef", "private-key-0123456789abcdef"

FAULTS: dict[str, Fault] = {
    "nothing": Fault.nothing(),
    "refused connection": Fault.refuse_connection(),
    "drop before read": Fault.drop_before_read(),
    "drop after commit": Fault.drop_after_commit(),
    "drop mid answer": Fault.drop_mid_answer(),
    "read timeout": Fault.read_timeout(),
    "slow": Fault.delay(1000),
    "400": Fault.answer(400, {"success": False, "error": "no", "errors": {"items[0].qty": "no"}}),
    "401": Fault.answer(401, {"success": False, "error": "Signature verification failed"}),
    "403": Fault.answer(403, {"success": False, "error": ""}),
    "404": Fault.answer(404),
    "422": Fault.answer(422, {"success": False, "errors": ["no"]}),
    "429": Fault.answer(429, b"", {"Retry-After": "86400"}),
    "500": Fault.answer(500, "<html>trace</html>"),
    "503": Fault.answer(503, b"", {"Retry-After": "1"}),
    "200 that says no": Fault.answer(200, {"success": "false", "error": "no"}),
    "200 in HTML": Fault.answer(200, "<html>"),
    "200 cut short": Fault.answer(200, b'{"success": tr'),
    "200 with a list": Fault.answer(200, []),
    "200 with another shape": Fault.answer(200, {"success": True, "data": [{"id": "none"}]}),
    "204": Fault.answer(204),
}


async def failure_of(call: Awaitable[object]) -> BaseException | None:
    """Return what a call raises."""
    try:
        await call
    except BaseException as error:  # noqa: BLE001 - whatever is raised is looked at, cancellations too
        return error
    return None


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_operation_shows_a_secret_whatever_goes_wrong(fault: str, jumping_clock: JumpingClock) -> None:
    """All operations meet the fault once and for ever; every log at every level and every exception is searched."""
    failures = 0
    with all_logs() as ear:
        for case in OPERATION_CASES:
            async with harness(jumping_clock, max_retries=1) as lab:
                id = case.prepare(lab.account)
                lab.sandbox.faults.always(case.name, FAULTS[fault])
                error = await failure_of(case.do(lab.billingo, id))
                secrets = [*lab.secrets(), *GOODS]
                if error is not None:
                    failures += 1
                    assert isinstance(error, BillingoError)
                    assert found(shown_by(error), secrets) == []
                assert found([repr(lab.billingo), repr(lab.billingo._dispatch.settings)], secrets) == []
                assert found(ear.heard, secrets) == []
                ear.heard.clear()
    assert (failures == 0) == (fault == "nothing")


@pytest.mark.parametrize("row", ["INVOICES_CREATE", "CLIENTS_CREATE", "INVOICES_DOWNLOAD", "CLIENTS_LIST"])
async def test_a_real_line_shows_no_secret_either(row: str) -> None:
    """Over loopback, where httpcore and asyncio have something to log: success, failure, and a caller who gives up."""
    case = next(case for case in OPERATION_CASES if case.row == row)
    sandbox = Sandbox()
    account = Account(sandbox, sandbox._now)
    asyncio.get_running_loop().set_debug(True)
    with all_logs() as ear:
        async with sandbox.serve() as url:
            keys = sandbox.public_key, sandbox.private_key
            async with Billingo(*keys, base_url=url, max_retries=0, timeout=5.0) as billingo:
                await case.do(billingo, case.prepare(account))
                for fault in (Fault.drop_after_commit(), Fault.answer(500), Fault.answer(401)):
                    sandbox.faults.next(case.name, fault)
                    error = await failure_of(case.do(billingo, case.prepare(account)))
                    assert isinstance(error, BillingoError)
                    assert found(shown_by(error), [*keys, NAME, EMAIL, *GOODS, "eyJ"]) == []
                sandbox.faults.next(case.name, Fault.read_timeout())
                error = await gives_up(billingo, case, case.prepare(account))
                assert found(shown_by(error), [*keys, NAME, EMAIL, *GOODS, "eyJ"]) == []
                sandbox.faults.clear()
    assert any("selector" in line for line in ear.heard), "asyncio was not heard"
    assert found(ear.heard, [*keys, NAME, EMAIL, *GOODS, "eyJ"]) == []


async def gives_up(billingo: Billingo, case: Case, id: int) -> BaseException:
    """Cancel a call in the middle and return what the caller sees of it, with its traceback."""
    with pytest.raises(TimeoutError) as caught:
        async with asyncio.timeout(0.1):
            await case.do(billingo.with_options(timeout=0.3), id)
    return caught.value


@pytest.mark.parametrize("fault", ["nothing", "slow", "429", "drop mid answer"])
async def test_a_cancelled_call_shows_no_secret(fault: str, jumping_clock: JumpingClock) -> None:
    """Wherever it was: queueing, on the wire, waiting for another try."""
    for case in OPERATION_CASES:
        if case.effect == ONCE or case.row.startswith("CLIENTS"):
            async with harness(jumping_clock, max_wait=1e6) as lab:
                lab.sandbox.faults.always(case.name, FAULTS[fault])
                task = asyncio.ensure_future(failure_of(case.do(lab.billingo, case.prepare(lab.account))))
                for _ in range(8):
                    await asyncio.sleep(0)
                if not task.done():
                    task.cancel()
                error = await task
                if error is not None:
                    assert found(shown_by(error), [*lab.secrets(), *GOODS]) == []


async def test_the_escape_hatch_shows_no_secret(jumping_clock: JumpingClock) -> None:
    """`request()` with a customer in its body and its query, in an error and in a cancellation."""
    async with harness(jumping_clock, max_retries=1) as lab:
        told: dict[str, Any] = {"params": {"name": NAME}, "json": {"name": NAME, "email": EMAIL}}
        with all_logs() as ear:
            # Of these some are no failure where any JSON will do, and after a 429 nothing would be sent for a day.
            for name in FAULTS.keys() - {"nothing", "429", "200 with a list", "200 with another shape"}:
                fault = FAULTS[name]
                lab.sandbox.faults.next("products.create", fault, fault)
                call = lab.billingo.request("POST", "/products", effect="once", **told)
                error = await failure_of(asyncio.wait_for(call, 5))
                assert error is not None
                assert found(shown_by(error), lab.secrets()) == []
                lab.sandbox.faults.clear()
            wrongs: list[dict[str, Any]] = [{"json": {NAME: 0.5}}, {"params": {"n": NAME * 9999}}]
            for wrong in wrongs:
                with pytest.raises((TypeError, ValueError)):
                    await lab.billingo.request("POST", "/products", effect="once", **wrong)
        assert found((line for line in ear.heard if "httpx" not in line), lab.secrets()) == []


class Echo(httpx.AsyncBaseTransport):
    """A server that repeats the token and the keys in what it answers."""

    def __init__(self, status: int, success: object) -> None:
        """Answer with this status, and say so of the success."""
        self.status = status
        self.success = success
        self.tokens: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Echo."""
        self.tokens.append(request.headers["Authorization"].removeprefix("Bearer "))
        words = f"bad token {self.tokens[-1]} of {PUBLIC} with {PRIVATE}"
        said = {"success": self.success, "error": words, "errors": {PUBLIC: words}, "data": [words]}
        return httpx.Response(self.status, json=said)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 422, 429, 500, 503])
async def test_a_server_that_echoes_secrets_is_not_quoted(status: int, jumping_clock: JumpingClock) -> None:
    """Its words are kept, the keys and the token in them are not; neither in the error nor in its raw answer."""
    for success in (False, True):
        echo = Echo(status, success)
        async with on_line(echo, PUBLIC, PRIVATE, max_retries=0) as billingo:
            for call in (billingo.invoices.cancel(7), billingo.invoices.get(7), billingo.user.tax_code()):
                error = await failure_of(call)
                assert isinstance(error, BillingoError)
                inside = [repr(vars(error)), repr(vars(error.cause)) if isinstance(error, OutcomeUnknownError) else ""]
                assert found([*shown_by(error), *inside], [PUBLIC, PRIVATE, *echo.tokens]) == []
        if not success and status < 500:
            assert "[hidden]" in str(error)


SLASHED = "private/key+0123456789/abcdef"
SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "PHP's slashes": lambda text: text.replace("/", r"\/").encode(),
    "numbers in small letters": lambda text: text.replace(SLASHED, _numbered(SLASHED)).encode(),
    "numbers in capitals": lambda text: text.replace(SLASHED, _numbered(SLASHED).upper().replace("U", "u")).encode(),
    "one number": lambda text: text.replace("key+", r"key\u002b").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-32": lambda text: text.encode("utf-32-be"),
}


def _numbered(text: str) -> str:
    return "".join(f"\\u{ord(char):04x}" for char in text)


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_key_is_found_however_json_spells_it(spelling: str, jumping_clock: JumpingClock) -> None:
    """Escaped slashes, characters by their numbers, another encoding: the key goes, the words around it stay."""
    said = f'{{"success": false, "error": "bad key {SLASHED}; see \\\\/ \\"docs\\"", "errors": {{"key": "{SLASHED}"}}}}'
    transport = httpx.MockTransport(lambda _: httpx.Response(400, content=SPELLINGS[spelling](said)))
    async with on_line(transport, PUBLIC, SLASHED) as billingo:
        error = await failure_of(billingo.invoices.cancel(7))
    assert isinstance(error, BillingoError)
    assert found([*shown_by(error), repr(vars(error))], [SLASHED]) == []
    assert 'bad key [hidden]; see \\/ "docs"; key: [hidden]' in str(error)


async def test_a_key_of_a_letter_does_not_eat_the_answers(jumping_clock: JumpingClock) -> None:
    """A toy key such as `1` stands in every answer: what is hidden are keys that are some."""
    body = b'{"success": true, "type": "user", "data": {"tax_code": "1111-1"}}'
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    async with on_line(transport, "1", "s") as billingo:
        assert await billingo.user.tax_code() == "1111-1"


async def test_a_failing_disk_shows_no_body(jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """The `OSError` of a full disk carries no frame in which a piece of the PDF lies."""
    pdf = b"%PDF-1.7\n" + NAME.encode() * 50 + b"\n%%EOF\n"
    async with harness(jumping_clock) as lab:
        lab.sandbox.faults.always("invoices.download", Fault.answer(200, pdf))
        id = lab.account.invoice()

        class Full:
            def new_part(self) -> Full:
                return self

            def expect(self, size: int | None) -> None:
                pass

            async def write(self, piece: bytes) -> bool:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        dispatch = lab.billingo._dispatch
        from billingo_async.v2.operations import INVOICES_DOWNLOAD  # noqa: PLC0415 - only this test needs a row

        error = await failure_of(dispatch.run(INVOICES_DOWNLOAD.call(id=id), sink=Full()))
        assert isinstance(error, OSError)
        assert found(shown_by(error), [*lab.secrets(), "%PDF-1.7"]) == []

"""All that may go wrong with one request, each with what it says of the request's fate: the rows of the failure matrix.

The fates are those of the design's first law; they are judged here from what the fault does, never by the library.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from harness import MAX_RESPONSE_BYTES
from v3_cases import V3Case

from billingo_async import errors
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from operation_cases import Case

    from billingo_async import BillingoError
    from billingo_async.sandbox import Sandbox

NEVER_SENT, REFUSED, UNKNOWN, FINAL, UNREADABLE = "never sent", "refused", "unknown", "final", "unreadable"
"""`FINAL`: the server processed the request and said no. `UNREADABLE`: an answer that cannot be read, or a redirect."""

NO = {"success": False, "error": "not today"}
ABSURD = 10_000_000
"""Seconds that no caller would wait: four months."""


@dataclass(frozen=True)
class FaultCase:
    """One fault: how to script it, what became of the request, and how the failure is called where it is final."""

    name: str
    fate: str
    error: type[BillingoError]
    fault: Callable[[float], Fault]
    """Makes the fault; told the unix time, for headers that hold a date."""
    commits: bool = False
    asks: float | None = None
    """The seconds that the server asks to wait."""
    dated: bool = False
    """True if it says so by a date, which comes nearer while the caller waits."""
    raw: bytes | None = None
    """The answer as doubt must carry it; None where no answer came or it need not be compared."""

    def __str__(self) -> str:
        """The name by which a test is told from another."""
        return self.name

    def script(self, sandbox: Sandbox, where: str, unix: float, *, for_ever: bool) -> None:
        """Have the next request, or every request, meet the fault."""
        play = sandbox.faults.always if for_ever else sandbox.faults.next
        play(where, self.fault(unix))


def _case(
    name: str, fate: str, error: type[BillingoError], fault: Fault, *, commits: bool = False, **more: Any
) -> FaultCase:
    return FaultCase(name, fate, error, lambda _: fault, commits, **more)


def _says(name: str, fate: str, error: type[BillingoError], status: int, body: object = NO) -> FaultCase:
    return _case(name, fate, error, Fault.answer(status, body))


def _done(status: int, body: object) -> FaultCase:
    return _case(
        f"{status}, done", UNKNOWN, errors.ServerError, Fault.answer(status, body, processed=True), commits=True
    )


def _waits(status: int, how: str, text: str | None, asks: float | None, fate: str = REFUSED) -> FaultCase:
    fault = Fault.answer(status, NO, {} if text is None else {"Retry-After": text})
    return _case(f"{status} with Retry-After {how}", fate, _OF_WAITS[status], fault, asks=asks)


def _waits_until(status: int, headers: dict[str, str | None] | None = None) -> FaultCase:
    def fault(unix: float) -> Fault:
        return Fault.answer(status, NO, {"Retry-After": formatdate(unix + 9, usegmt=True), **(headers or {})})

    name = f"{status} with Retry-After as a date{' and no Date' if headers else ''}"
    return FaultCase(name, REFUSED, _OF_WAITS[status], fault, asks=9.0, dated=True)


def _garbage(name: str, body: bytes | str, status: int = 200) -> FaultCase:
    raw = body.encode() if isinstance(body, str) else body
    fault = Fault.answer(status, body, processed=True)
    return _case(name, UNREADABLE, errors.MalformedResponseError, fault, commits=True, raw=raw)


_FLOOD = Fault.answer(200, b'{"success": true, "data": [%s0]}' % (b"0," * (MAX_RESPONSE_BYTES // 2)), processed=True)
_REDIRECT = Fault.answer(302, "", {"Location": "https://sandbox.invalid/"})
_OF_WAITS = {429: errors.RateLimitedError, 503: errors.ServerError}
ON_THE_LINE = (
    _case("refused connection", NEVER_SENT, errors.ConnectionFailedError, Fault.refuse_connection()),
    _case("connect timeout", NEVER_SENT, errors.TimedOutError, Fault.connect_timeout()),
    _case("TLS failure", NEVER_SENT, errors.ConnectionFailedError, Fault.tls_failure()),
    _case("pool exhausted", NEVER_SENT, errors.TimedOutError, Fault.pool_timeout()),
    _case("dropped before it was read", UNKNOWN, errors.ConnectionFailedError, Fault.drop_before_read()),
    _case("dropped after the commit", UNKNOWN, errors.ConnectionFailedError, Fault.drop_after_commit(), commits=True),
    _case("dropped in the answer", UNKNOWN, errors.ConnectionFailedError, Fault.drop_mid_answer(), commits=True),
    _case("read timeout, not done", UNKNOWN, errors.TimedOutError, Fault.read_timeout(processed=False)),
    _case("read timeout, done", UNKNOWN, errors.TimedOutError, Fault.read_timeout(), commits=True),
    _case("answered too late", UNKNOWN, errors.TimedOutError, Fault.delay(45), commits=True),
)
REFUSALS = (
    _says("400", FINAL, errors.InvalidRequestError, 400, NO | {"errors": {"items[0].qty": "a number is required"}}),
    _says("401 for a wrong key", FINAL, errors.AuthenticationError, 401),
    _says("403", FINAL, errors.PermissionDeniedError, 403),
    _says("404", FINAL, errors.NotFoundError, 404),
    _says("409", FINAL, errors.APIError, 409),
    _says("422", FINAL, errors.InvalidRequestError, 422, NO | {"errors": ["qty is missing"]}),
    _says("200 with success false", FINAL, errors.InvalidRequestError, 200),
    _says('200 with success "false"', FINAL, errors.InvalidRequestError, 200, NO | {"success": "false"}),
)
ASKED_TO_WAIT = (
    _waits(429, "in seconds", "7", 7.0),
    _waits_until(429),
    _waits_until(429, {"Date": None}),
    _waits(429, "absurdly long", str(ABSURD), float(ABSURD)),
    _waits(429, "negative", "-5", None),
    _waits(429, "missing", None, None),
    _waits(429, "unreadable", "soon", None),
    _waits(503, "in seconds", "7", 7.0),
    _waits_until(503),
    _waits_until(503, {"Date": None}),
    _waits(503, "absurdly long", str(ABSURD), float(ABSURD)),
    _waits(503, "missing", None, None, UNKNOWN),
    _waits(503, "negative", "-5", None, UNKNOWN),
)
TROUBLE_AT_THE_SERVER = (
    _says("408", UNKNOWN, errors.APIError, 408),
    _says("500", UNKNOWN, errors.ServerError, 500),
    _done(500, NO),
    _says("502", UNKNOWN, errors.ServerError, 502, "<html>Bad Gateway</html>"),
    _says("504", UNKNOWN, errors.ServerError, 504, "<html>Gateway Timeout</html>"),
    _done(504, b""),
    _case("302", UNREADABLE, errors.MalformedResponseError, _REDIRECT),
)
UNREADABLE_ANSWERS = (
    _garbage("200 with HTML", "<html>Welcome</html>"),
    _garbage("200 with nothing", b""),
    _garbage("200 with truncated JSON", b'{"success": true, "data": [{"id": 1, "attri'),
    _garbage("200 with a list", b"[1, 2]"),
    _garbage("200 that says neither", b'{"data": "there"}'),
    _garbage("200 with success null", b'{"success": null, "data": "there"}'),
    _garbage("200 with half a PDF", b"%PDF-1.7\n1 0 obj\n<<"),
    _case("200 with more than is kept", UNREADABLE, errors.MalformedResponseError, _FLOOD, commits=True),
    _garbage("204", b"", 204),
)
FAULT_CASES = (*ON_THE_LINE, *REFUSALS, *ASKED_TO_WAIT, *TROUBLE_AT_THE_SERVER, *UNREADABLE_ANSWERS)

V2_WORDS = "200 with success "
"""Words of v2's envelope, which mean nothing in v3: what says them is not what was asked for."""
_SILENT = ("documents.delete_draft", "documents.archive", "partners.delete", "products.delete", "bank_accounts.delete")
_ANSWERS = {
    **dict.fromkeys((*_SILENT, "spendings.delete", "document_blocks.create"), ("200 with nothing", "204")),
    "documents.clear_payments": ("204",),
    "exports.download": ("200 with half a PDF",),
}
"""By operation of v3, what would be garbage elsewhere and is what the specification gives it."""


def faults_of(case: Case) -> Iterator[FaultCase]:
    """Yield the faults as an operation meets them."""
    for fault in FAULT_CASES:
        if not isinstance(case, V3Case):
            yield fault
        elif fault.name.startswith(V2_WORDS):
            yield replace(fault, fate=UNREADABLE, error=errors.MalformedResponseError)
        elif fault.name not in _ANSWERS.get(case.name, ()):
            yield fault

"""What a trouble on the way says of a request's fate, and why, in plain words with the remedy.

An exception ends here: none is kept, and none of its words, which may quote the request. Its class counts, by name for
those of HTTP libraries, so that none of them has to be imported; and the classes of what it came from.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Final

from billingo_async.protocol.call import Fate, Fault
from billingo_async.transport.connections.body import UnpackError

if TYPE_CHECKING:
    from collections.abc import Iterator


class NotSentError(Exception):
    """The request was called back before it left."""


class HookError(Exception):
    """A hook of the caller's own client failed over a request that is not ours: before or after it left."""


NO_TIME: Final = "no connection in time: the server or the way to it is too slow, or a firewall drops what is sent"
REASONS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (socket.gaierror, "no connection: the host's name is unknown to DNS: check the address and the network"),
    (ConnectionRefusedError, "no connection: refused, nothing listens at this address and port"),
    (ssl.SSLCertVerificationError, "no connection: TLS not verified"),
    (ssl.SSLError, "no connection: TLS failed: does the server speak https at this port?"),
    (TimeoutError, NO_TIME),
)
"""What kept a connection from being made, by the class of the error; the first that fits."""
NO_CONNECTION: Final = "no connection: the server cannot be reached"
AUTHORITY_REMEDY: Final = "SSL_CERT_FILE names a file of authorities to trust instead of the usual ones"

FATES: Final = {
    "ConnectTimeout": (Fate.NEVER_SENT, NO_TIME),
    "PoolTimeout": (Fate.NEVER_SENT, "no free connection in time"),
    "ConnectError": (Fate.NEVER_SENT, NO_CONNECTION),
    "ProxyError": (Fate.NEVER_SENT, "no connection: the proxy refused it"),
    "UnsupportedProtocol": (Fate.NEVER_SENT, "no connection: the http_client has no transport for this address"),
    "ReadTimeout": (Fate.UNKNOWN, "no answer in time"),
    "WriteTimeout": (Fate.UNKNOWN, "the request could not be written in time"),
    "WriteError": (Fate.UNKNOWN, "the connection broke while the request was written"),
    "ReadError": (Fate.UNKNOWN, "the connection broke before the answer was whole"),
    "RemoteProtocolError": (Fate.UNKNOWN, "the server closed the connection before the answer was whole"),
    "DecodingError": (Fate.UNKNOWN, "the answer could not be unpacked"),
}
"""What each error of httpx and httpx2 says of the request's fate; what is not named here is UNKNOWN."""
OWN_FATES: Final[tuple[tuple[type[Exception], Fate, str], ...]] = (
    (NotSentError, Fate.NEVER_SENT, "called back before it left"),
    (HookError, Fate.UNKNOWN, "a hook of the http_client failed, before or after the request left"),
    (UnpackError, Fate.UNKNOWN, "the answer could not be unpacked"),
)
LIBRARIES: Final = frozenset({"httpx", "httpx2"})
BELIEVED: Final = frozenset({"httpcore", "httpcore2", "respx", "pytest_httpx"})
"""From where an error may come that says that nothing was sent: httpx-aiohttp says so of connections that dropped."""


def why_not_connected(error: BaseException) -> str:
    """Return in plain words why a connection could not be made."""
    for cause in _causes(error):
        for kind, reason in REASONS:
            if isinstance(cause, kind):
                if isinstance(cause, ssl.SSLCertVerificationError):
                    return f"{reason} ({cause.verify_message}); {AUTHORITY_REMEDY}"
                return reason
    return NO_CONNECTION


def fault_of(error: Exception) -> Fault:
    """Return what an exception of a caller's HTTP client says of the request's fate."""
    for kind, fate, reason in OWN_FATES:
        if isinstance(error, kind):
            return Fault(fate, reason)
    names = [kind.__name__ for kind in type(error).__mro__ if kind.__module__.partition(".")[0] in LIBRARIES]
    timed_out = "TimeoutException" in names
    for name in names:
        if name in FATES:
            fate, reason = FATES[name]
            if fate is Fate.NEVER_SENT and not _is_believed(error):
                fate = Fate.UNKNOWN
            return Fault(fate, why_not_connected(error) if name == "ConnectError" else reason, timed_out=timed_out)
    return Fault(Fate.UNKNOWN, f"the connection failed ({type(error).__name__})", timed_out=timed_out)


def _is_believed(error: Exception) -> bool:
    cause = error.__cause__
    return (
        cause is None
        or type(cause).__module__.partition(".")[0] in BELIEVED
        or isinstance(cause, tuple(kind for kind, _ in REASONS))
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__

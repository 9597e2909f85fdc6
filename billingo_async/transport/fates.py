"""What each trouble of httpx says of a request's fate: the table, and how far an exception is believed.

Its exceptions end here: none is kept, and none of its words, which may quote the request.
"""

from __future__ import annotations

from typing import Final

import httpx

from billingo_async.protocol.call import Fate, Fault
from billingo_async.transport.departure import CalledOffError
from billingo_async.transport.unpack import UnpackError


class HookError(Exception):
    """Something of the caller's own client failed over a request that is none of ours: nobody can say when."""


FATES: Final[tuple[tuple[type[Exception], Fate, str], ...]] = (
    (httpx.ConnectTimeout, Fate.NEVER_SENT, "no connection in time"),
    (httpx.PoolTimeout, Fate.NEVER_SENT, "no free connection in time"),
    (httpx.ConnectError, Fate.NEVER_SENT, "no connection: refused, unreachable, unknown host, or TLS not verified"),
    (httpx.ProxyError, Fate.NEVER_SENT, "the proxy refused the connection"),
    (httpx.UnsupportedProtocol, Fate.NEVER_SENT, "no transport for this address"),
    (httpx.ReadTimeout, Fate.UNKNOWN, "no answer in time"),
    (httpx.WriteTimeout, Fate.UNKNOWN, "the request could not be written in time"),
    (httpx.WriteError, Fate.UNKNOWN, "the line broke while the request was written"),
    (httpx.ReadError, Fate.UNKNOWN, "the line broke before the answer was whole"),
    (httpx.RemoteProtocolError, Fate.UNKNOWN, "the server closed the line before the answer was whole"),
    (httpx.DecodingError, Fate.UNKNOWN, "the answer could not be unpacked"),
    (UnpackError, Fate.UNKNOWN, "the answer could not be unpacked"),
    (CalledOffError, Fate.NEVER_SENT, "called off before it left"),
    (HookError, Fate.UNKNOWN, "a hook of the http_client failed, before or after the request left"),
)
"""What each trouble says of the request's fate; whatever is not named here is UNKNOWN."""


def _says_so_itself(error: Exception) -> bool:
    """Tell whether an error is httpx's own word: httpx-aiohttp calls a line that dropped a connection never made."""
    cause = error.__cause__
    return cause is None or type(cause).__module__.partition(".")[0] == "httpcore"


def fault_of(error: Exception) -> Fault:
    """Return what an exception says of the request's fate; its own words, which may quote the request, are left out."""
    timed_out = isinstance(error, httpx.TimeoutException)
    for kind, fate, reason in FATES:
        if isinstance(error, kind):
            believed = fate is not Fate.NEVER_SENT or _says_so_itself(error)
            return Fault(fate if believed else Fate.UNKNOWN, reason, timed_out=timed_out)
    return Fault(Fate.UNKNOWN, f"the line failed ({type(error).__name__})", timed_out=timed_out)

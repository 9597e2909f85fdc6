"""One signed call in, one `Reply` or `Fault` out: the home of httpx.

Its exceptions end here: each becomes a `Fault` that says what may have become of the request, as a plain value, so that
no token and no body lives on in a traceback. Decides nothing and repeats nothing; redirects are never followed.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias
from weakref import WeakKeyDictionary

import httpx

from billingo_async.errors import ConfigurationError
from billingo_async.protocol.call import Fate, Fault, Reply
from billingo_async.transport.pool import Pool, Shard, shards_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.protocol.call import Answer, Call
    from billingo_async.settings import Settings
    from billingo_async.transport.pool import Place

HttpClient: TypeAlias = httpx.AsyncClient
"""What a caller may bring along instead of the connections made here."""

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
)
"""What each trouble says of the request's fate; whatever is not named here is UNKNOWN."""

CONNECT_SHARE: Final = 1 / 3
"""Of an attempt's seconds, for TCP and for TLS each: so that a connection that was never made is known as such."""
TAIL: Final = 1_024
"""Bytes that are kept of the end of a streamed body."""


class Sink(Protocol):
    """Where a streamed body goes, piece by piece."""

    async def write(self, piece: bytes) -> bool:
        """Take a piece; False if nobody wants more."""
        ...


class Http:
    """The wire of one `Billingo` object: its connections in each event loop it is used in."""

    def __init__(self, settings: Settings, http_client: HttpClient | None = None) -> None:
        """Prepare; nothing is opened before the first call."""
        self._settings = settings
        self._client = http_client
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, Pool] = WeakKeyDictionary()
        self._closed = False

    async def place(self) -> Place:
        """Return a place on the wire to wait for; raise `ConfigurationError` where there can be none any more."""
        if self._closed:
            msg = "this Billingo object is closed: make a new one, or keep `async with` open around all calls"
            raise ConfigurationError(msg)
        if self._client is not None and self._client.is_closed:
            msg = "the http_client of this Billingo object was closed by its owner: keep it open around all calls"
            raise ConfigurationError(msg)
        loop = asyncio.get_running_loop()
        pool = self._pools.get(loop)
        if pool is None:
            pool = self._pools[loop] = Pool(self._shards())
            await pool.hold_on_to_loop()
        return pool.place()

    async def send(
        self, place: Place, call: Call[Any], token: str | None, *, seconds: float, sink: Sink | None = None
    ) -> Answer:
        """Send the call on a place that was waited for; so many seconds are for all of it."""
        request = _request(self._address(call), call, token, seconds)
        answer = await place.exchange(self._exchange(place.transport, request, sink), seconds)
        return answer or Fault(Fate.UNKNOWN, f"no whole answer in {seconds:g} s", timed_out=True)

    async def aclose(self) -> None:
        """Wait for what is on the wire and close all connections of this event loop; a second time does nothing."""
        self._closed = True
        pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            await pool.aclose(self._settings.timeout)

    def _address(self, call: Call[Any]) -> str:
        return self._settings.origin if call.operation.public else self._settings.base_url

    def _shards(self) -> list[Shard]:
        size = self._settings.max_connections
        if self._client is not None:
            return [Shard(_Borrowed(self._client), size)]
        return shards_of(size, secure=self._settings.base_url.startswith("https:"))

    async def _exchange(self, transport: httpx.AsyncBaseTransport, request: httpx.Request, sink: Sink | None) -> Answer:
        try:
            response = await transport.handle_async_request(request)
            try:
                return await self._read(response, sink)
            finally:
                await response.aclose()
        except _SinkError as error:
            failure = error.failure
        except Exception as error:  # noqa: BLE001 - law 1: whatever is not classified is unknown, never a crash
            return _fault(error)
        raise failure

    async def _read(self, response: httpx.Response, sink: Sink | None) -> Reply:
        """Read the body, into memory up to the limit, or into the sink if it is a PDF."""
        status = response.status_code
        headers = {name: value for name in _HEARD if (value := response.headers.get(name)) is not None}
        if sink is not None and status == HTTPStatus.OK:
            return await self._pour(response, headers, sink)
        body, cut = bytearray(), False
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > self._settings.max_response_size:
                del body[self._settings.max_response_size :]
                cut = True
                break
        return Reply(status, headers, bytes(body), cut=cut)

    async def _pour(self, response: httpx.Response, headers: Mapping[str, str], sink: Sink) -> Reply:
        head, tail, limit = b"", b"", self._settings.max_response_size
        async for piece in response.aiter_bytes():
            if len(head) < limit and not head.startswith(b"%PDF-"):
                head += (
                    piece  # grows only while it is not known to be a PDF: what stands in its place is kept to be read
                )
            tail = (tail + piece)[-TAIL:]
            try:
                wanted = await sink.write(piece)
            except OSError as error:
                raise _SinkError(error) from None
            if not wanted:
                break
        return Reply(response.status_code, headers, head, tail=tail)


class _SinkError(Exception):
    """Carries a failure of the caller's own disk past the faults of the line."""

    def __init__(self, failure: OSError) -> None:
        super().__init__()
        self.failure = failure


class _Borrowed(httpx.AsyncBaseTransport):
    """The caller's own `httpx.AsyncClient`: with its proxies, hooks and instruments; never closed by us."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)

    async def aclose(self) -> None:
        """Leave the caller's client open."""


_HEARD: Final = ("date", "retry-after", "content-type")
_STANDING: Final = {
    "Accept": "application/json, application/pdf",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
    "User-Agent": "billingo-async",
}


def _request(base_url: str, call: Call[Any], token: str | None, seconds: float) -> httpx.Request:
    headers = dict(_STANDING)
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    query = f"?{call.query}" if call.query else ""
    connect = seconds * CONNECT_SHARE
    return httpx.Request(
        call.operation.method,
        _url(f"{base_url}{call.path}{query}"),
        headers=headers,
        content=call.body,
        extensions={"timeout": {"connect": connect, "pool": connect, "read": seconds, "write": seconds}},
    )


@lru_cache(maxsize=256)
def _url(text: str) -> httpx.URL:
    return httpx.URL(text)


def _fault(error: Exception) -> Fault:
    """Return what an exception says of the request's fate; its own words, which may quote the request, are left out."""
    timed_out = isinstance(error, httpx.TimeoutException)
    for kind, fate, reason in FATES:
        if isinstance(error, kind):
            return Fault(fate, reason, timed_out=timed_out)
    return Fault(Fate.UNKNOWN, f"the line failed ({type(error).__name__})", timed_out=timed_out)

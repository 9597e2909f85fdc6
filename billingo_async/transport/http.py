"""One signed call in, one `Reply` or `Fault` out: the home of httpx.

Its exceptions end here: each becomes a `Fault` that says what may have become of the request (see `fates`), as a plain
value, so that no token and no body lives on in a traceback. Decides nothing and repeats nothing; redirects are never
followed.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import httpx
from sniffio import current_async_library_cvar

from billingo_async.errors import ConfigurationError
from billingo_async.protocol.call import Fate, Fault
from billingo_async.settings import check_number
from billingo_async.transport.body import SinkError, keep, pour
from billingo_async.transport.departure import Departure
from billingo_async.transport.fates import HookError, fault_of
from billingo_async.transport.loops import PerLoop
from billingo_async.transport.pool import Pool, Shard, closed, shards_of
from billingo_async.transport.unpack import ASKED_FOR, unpacked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pydantic import SecretStr

    from billingo_async.protocol.call import Answer, Call, Reply
    from billingo_async.settings import Settings
    from billingo_async.transport.body import Sink
    from billingo_async.transport.pool import Place

HttpClient: TypeAlias = httpx.AsyncClient
"""What a caller may bring along instead of the connections made here."""

CONNECT_SHARE: Final = 1 / 3
"""Of an attempt's seconds, for TCP and for TLS each: so that a connection that was never made is known as such."""


class Http:
    """The wire of one `Billingo` object: its connections in each event loop it is used in."""

    def __init__(self, settings: Settings, http_client: HttpClient | None = None) -> None:
        """Prepare; nothing is opened before the first call."""
        if http_client is not None and not isinstance(http_client, httpx.AsyncClient):
            msg = f"http_client must be an httpx.AsyncClient, got {type(http_client).__name__}"
            raise ConfigurationError(msg)
        self._settings = settings
        self._client = http_client
        self._together: int = getattr(http_client, "max_connections", settings.max_connections)
        check_number("http_client.max_connections", self._together, whole=True, least=1)
        self._pools = PerLoop(self._new_pool)
        self._closed = False

    def check_open(self) -> None:
        """Raise `ConfigurationError` where nothing can be sent any more."""
        if self._closed:
            raise closed()
        if self._client is not None and self._client.is_closed:
            msg = "the http_client of this Billingo object was closed by its owner: keep it open around all calls"
            raise ConfigurationError(msg)

    def place(self) -> Place:
        """Return a place on the wire to wait for; raise `ConfigurationError` where there can be none any more."""
        self.check_open()
        return self._pools.here().place()

    async def send(
        self, place: Place, call: Call[Any], token: SecretStr | None, *, seconds: float, sink: Sink | None = None
    ) -> Answer:
        """Send the call on a place that was waited for; so many seconds are for all of it.

        Raises ValueError for a query that is too long for an address; nothing is sent. Raises OSError if the sink
        fails.
        """
        # The request is kept out of this frame, since a traceback may show its query.
        departure = Departure()
        exchange = self._exchange(place.transport, _request(self._address(call), call, token, seconds, departure), sink)
        try:
            task = await place.exchange(exchange, seconds)
        finally:
            departure.call_off()  # nobody waits any more
        if not task.done():
            return Fault(Fate.UNKNOWN, f"no whole answer in {seconds:g} s", timed_out=True)
        if task.cancelled():
            return Fault(Fate.UNKNOWN, "the connections were closed before the answer was whole")
        answer = task.result()
        if isinstance(answer, OSError):
            raise answer
        return answer

    async def aclose(self) -> None:
        """Wait for what is on the wire and close all connections of this event loop; a second time does nothing."""
        self._closed = True
        pool = self._pools.taken()
        if pool is not None:
            await pool.aclose(self._settings.timeout)

    def _address(self, call: Call[Any]) -> str:
        return self._settings.origin if call.operation.public else self._settings.base_url

    def _new_pool(self) -> Pool:
        if self._client is not None:
            return Pool([Shard(partial(_Borrowed, self._client), self._together)])
        return Pool(shards_of(self._together, secure=self._settings.base_url.startswith("https:")))

    async def _exchange(
        self, transport: httpx.AsyncBaseTransport, request: httpx.Request, sink: Sink | None
    ) -> Answer | OSError:
        answering = False
        current_async_library_cvar.set("asyncio")  # httpcore asks sniffio some 8 times, which otherwise finds out anew
        try:
            response = await transport.handle_async_request(request)
            answering = True
            try:
                return await self._read(response, sink)
            finally:
                with suppress(Exception):  # the answer counts, not how the line was left
                    await response.aclose()
        except SinkError as error:
            return error.failure
        except Exception as error:  # noqa: BLE001 - law 1: whatever is not classified is unknown, never a crash
            fault = fault_of(error)
            return fault._replace(fate=Fate.UNKNOWN) if answering else fault  # whatever it is called, it has left

    async def _read(self, response: httpx.Response, sink: Sink | None) -> Reply:
        status, limit = response.status_code, self._settings.max_response_size
        headers = _heard(response)
        pieces = _pieces(response, headers.get("content-encoding", ""))
        if sink is not None and response.is_success:
            return await pour(status, headers, pieces, limit=limit, sink=sink)
        return await keep(status, headers, pieces, limit=limit)


class _Borrowed(httpx.AsyncBaseTransport):
    """The caller's own `httpx.AsyncClient`: with its proxies, hooks and instruments; never closed by us."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._client.send(request, stream=True, auth=None, follow_redirects=False)
        except httpx.RequestError as error:
            if _is_about(error, request):
                raise
        raise HookError

    async def aclose(self) -> None:
        """Leave the caller's client open."""


_HEARD: Final = {
    name.encode(): name for name in ("date", "retry-after", "content-type", "content-encoding", "content-length")
}
_STANDING: Final = {
    "Accept": "application/json, application/pdf",
    "Accept-Encoding": ASKED_FOR,
    "User-Agent": "billingo-async",
}
_STANDING_WITH_BODY: Final = {**_STANDING, "Content-Type": "application/json"}


def _request(
    base_url: str, call: Call[Any], token: SecretStr | None, seconds: float, departure: Departure
) -> httpx.Request:
    connect = seconds * CONNECT_SHARE
    headers = _STANDING if call.body is None else _STANDING_WITH_BODY
    return httpx.Request(
        call.operation.method,
        _url(f"{base_url}{call.path}", call.query),
        headers=headers if token is None else {**headers, "Authorization": f"Bearer {token.get_secret_value()}"},
        content=call.body,
        extensions={
            # Writing is bounded by the attempt as a whole: a timer of its own costs 2 % of a call.
            "timeout": {"connect": connect, "pool": connect, "read": seconds, "write": None},
            "trace": departure,
        },
    )


def _heard(response: httpx.Response) -> dict[str, str]:
    """Return the headers that anybody listens to, in one pass over all; what came twice is joined (RFC 9110, 5.3)."""
    heard: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name = _HEARD.get(raw_name.lower())
        if name is not None:
            value = raw_value.decode("latin-1")
            heard[name] = f"{heard[name]}, {value}" if name in heard else value
    return heard


def _pieces(response: httpx.Response, encoding: str) -> AsyncIterator[bytes]:
    """Return the body piece by piece; one that is in memory already, as a stand-in's answer is, comes as one piece."""
    stream = response.stream
    if response.is_stream_consumed or not isinstance(stream, httpx.AsyncByteStream):
        return response.aiter_bytes()
    return unpacked(aiter(stream), encoding)


@lru_cache(maxsize=256)
def _url(address: str, query: str) -> httpx.URL:
    try:
        return httpx.URL(f"{address}?{query}" if query else address)
    except httpx.InvalidURL:
        pass
    msg = f"no address can be made of {address:.200} and a query of {len(query)} characters"
    raise ValueError(msg)


def _is_about(error: httpx.RequestError, request: httpx.Request) -> bool:
    """Tell whether an error is about this request; httpx says so of all that its transports raise, and of no hook's."""
    try:
        return error.request is request
    except RuntimeError:
        return False

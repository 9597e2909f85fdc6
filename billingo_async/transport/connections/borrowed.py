"""Calls over a client of httpx or httpx2: the caller's own, or httpx's stock transport while a tool watches it.

Neither library is imported here: a caller's client brings its own along, and a tool that has replaced methods of httpx
has loaded it. A cancelled request may lose its place in their pools for good, so what is on the wire is not cancelled:
it runs in a task of its own, and its slot is free when that is over.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Protocol

from billingo_async.errors import ConfigurationError
from billingo_async.protocol.call import Answer, Fate, Fault, Reply
from billingo_async.protocol.refusals import unclassified
from billingo_async.transport.connections import dial
from billingo_async.transport.connections.body import BodyReader, Sink, SinkError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from billingo_async.settings import Settings
    from billingo_async.transport.connections.http1 import Request

LEAVING: Final = "send_request_headers.started"
"""How httpcore's name for the moment ends at which the first byte is about to leave; before it stands the protocol."""
HANDSHAKE_SHARE: Final = 1 / 3
"""Of an attempt's seconds, for TCP and for TLS each."""
FATES: Final = {
    "NotSentError": (Fate.NEVER_SENT, "called back before it left"),
    "HookError": (Fate.UNKNOWN, "a hook of the http_client failed, before or after the request left"),
    "UnpackError": (Fate.UNKNOWN, "the answer could not be unpacked"),
    "ConnectTimeout": (Fate.NEVER_SENT, dial.NO_TIME),
    "PoolTimeout": (Fate.NEVER_SENT, "no free connection in time"),
    "ConnectError": (Fate.NEVER_SENT, dial.NO_CONNECTION),
    "ProxyError": (Fate.NEVER_SENT, "no connection: the proxy refused it"),
    "UnsupportedProtocol": (Fate.NEVER_SENT, "no connection: the http_client has no transport for this address"),
    "ReadTimeout": (Fate.UNKNOWN, "no answer in time"),
    "WriteTimeout": (Fate.UNKNOWN, "the request could not be written in time"),
    "WriteError": (Fate.UNKNOWN, "the connection broke while the request was written"),
    "ReadError": (Fate.UNKNOWN, "the connection broke before the answer was whole"),
    "RemoteProtocolError": (Fate.UNKNOWN, "the server closed the connection before the answer was whole"),
    "DecodingError": (Fate.UNKNOWN, "the answer could not be unpacked"),
}
"""What each error of httpx, httpx2 and our own says of the request's fate; what is not named here is UNKNOWN."""
LIBRARIES: Final = frozenset({"httpx", "httpx2"})
OURS: Final = __name__.partition(".")[0]
BELIEVED: Final = frozenset({"httpcore", "httpcore2", "respx", "pytest_httpx"})
"""From where an error may come that says that nothing was sent: httpx-aiohttp would say so of lines that dropped."""


class NotSentError(Exception):
    """The request was called back before it left."""


class HookError(Exception):
    """A hook of the caller's own client failed over a request that is not ours: before or after it left."""


class HttpClient(Protocol):
    """An `AsyncClient` of httpx or httpx2, as far as it is used here."""

    @property
    def is_closed(self) -> bool:
        """True once its owner has closed it."""
        ...

    headers: Any
    """The client's own headers."""

    async def send(self, request: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Send a request."""
        ...

    async def aclose(self) -> None:
        """Close its connections."""
        ...


def library_of(client: object) -> ModuleType:
    """Return the library whose `AsyncClient` this is; raise `ConfigurationError` if it is none."""
    for kind in type(client).__mro__:
        root = kind.__module__.partition(".")[0]
        if kind.__name__ == "AsyncClient" and root in LIBRARIES:
            return sys.modules[root]
    raise ConfigurationError(f"http_client must be an AsyncClient of httpx or httpx2, got {type(client).__name__}")


def stock_client(route: dial.Route, max_connections: int) -> HttpClient:
    """Return httpx's own client, through whose transport a tool watches; it connects to nothing yet."""
    httpx: Any = sys.modules["httpx"]
    proxy = route.proxy and httpx.Proxy(
        f"{route.proxy.origin.scheme}://{route.proxy.origin.authority}", headers=route.proxy.headers
    )
    limits = httpx.Limits(max_connections=max_connections, max_keepalive_connections=max_connections)
    context = dial.ssl_context(secure=route.origin.is_secure)
    client: HttpClient = httpx.AsyncClient(verify=context, limits=limits, trust_env=False, proxy=proxy)
    return client


class Borrowed:
    """Exchanges over a client that is not ours, each in a task that a caller's cancellation does not reach."""

    def __init__(self, settings: Settings, way: HttpClient | dial.Route) -> None:
        """Take a caller's own client, which is never closed; or the way for one that opens with the first request."""
        self._settings = settings
        self._way = way
        self._client: HttpClient | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    def connect(self) -> BorrowedConnection:
        """Return a place for one exchange; the client connects when it sends."""
        if self._client is None:
            limit = self._settings.max_connections
            self._client = stock_client(self._way, limit) if isinstance(self._way, dial.Route) else self._way
        return BorrowedConnection(self, self._client)

    def track(self, task: asyncio.Task[Any]) -> None:
        """Keep a task until it is over."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cut_off(self, task: asyncio.Task[Any], client: HttpClient) -> None:
        """End an exchange that does not end by itself; the client may have lost a place over it."""
        task.cancel()
        if client is self._client:
            self._client = None
            self.track(asyncio.get_running_loop().create_task(self._close(client)))

    async def aclose(self) -> None:
        """End what is under way and close what was opened here."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._close(self._client)

    async def _close(self, client: HttpClient) -> None:
        if client is not self._way:
            with suppress(Exception):  # a connection that breaks while it is closed is closed
                await client.aclose()

    async def read(
        self, client: HttpClient, request: Request, extensions: dict[str, Any], sink: Sink | None
    ) -> Answer | Exception:
        """Send a request and read its answer; return what is to be raised to the caller, without its traceback."""
        has_status = False
        try:
            response = await _sent(client, request, extensions)
            has_status = True
            try:
                return await self._read_body(library_of(client), response, sink)
            finally:
                with suppress(Exception):  # the answer counts, not how it was left
                    await response.aclose()
        except SinkError as error:
            return error.failure
        except AssertionError as error:  # a stand-in's word for a request that a test has not foreseen
            if type(error) is AssertionError:
                return unclassified(error)
            return error.with_traceback(None)
        except Exception as error:  # noqa: BLE001 - law 1: whatever is not classified is unknown, never a crash
            fault = fault_of(error)
            return fault._replace(fate=Fate.UNKNOWN) if has_status else fault  # whatever it is called, it has left

    async def _read_body(self, library: ModuleType, response: Any, sink: Sink | None) -> Reply:
        headers = {name.lower(): value for name, value in response.headers.items()}
        pieces = aiter(response.stream)
        if response.is_stream_consumed or not isinstance(response.stream, library.AsyncByteStream):
            pieces = response.aiter_bytes()  # a stand-in's answer is in memory already, and unpacked
            headers.pop("content-encoding", None)
        body = BodyReader(response.status_code, headers, limit=self._settings.max_response_size, sink=sink)
        async for piece in pieces:
            if not await body.feed(piece):
                break
        return await body.finish()


class BorrowedConnection:
    """One exchange over a client that is not ours."""

    def __init__(self, owner: Borrowed, client: HttpClient) -> None:
        """Take the client."""
        self._owner = owner
        self._client = client
        self._task: asyncio.Task[Answer | Exception] | None = None

    async def exchange(self, request: Request, seconds: float, sink: Sink | None = None) -> Answer:
        """Send the request and read the answer, in so many seconds.

        A caller who is cancelled goes at once; the exchange then ends by itself, within as many seconds again. Raises
        OSError if the sink fails.
        """
        is_left = False

        async def keep_back(event: str, _: dict[str, Any]) -> None:
            if is_left and event.endswith(LEAVING):
                raise NotSentError

        loop = asyncio.get_running_loop()
        connect = seconds * HANDSHAKE_SHARE
        timeouts = {"connect": connect, "pool": connect, "read": seconds, "write": None}
        exchange = self._owner.read(self._client, request, {"timeout": timeouts, "trace": keep_back}, sink)
        task = self._task = loop.create_task(exchange)
        self._owner.track(task)
        try:
            await asyncio.wait((task,), timeout=seconds)
        finally:
            is_left = True  # nothing waits for it any more
            if not task.done():
                timer = loop.call_later(seconds, self._owner.cut_off, task, self._client)
                task.add_done_callback(lambda _: timer.cancel())
        if not task.done():
            return Fault(Fate.UNKNOWN, f"no whole answer in {seconds:g} s", timed_out=True)
        if task.cancelled():
            return Fault(Fate.UNKNOWN, "the connections were closed before the answer was whole")
        answer = task.result()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def release(self, leave: Callable[[], None]) -> None:
        """Give the slot back once the exchange is over."""
        if self._task is None or self._task.done():
            leave()
        else:
            self._task.add_done_callback(lambda _: leave())


async def _sent(client: HttpClient, request: Request, extensions: dict[str, Any]) -> Any:
    """Send a request with the client's own headers, as far as ours do not say otherwise, and no cookie.

    Raises `HookError` for a failure that is not about this request.
    """
    library: Any = library_of(client)
    headers = library.Headers(client.headers)
    headers.update(request.headers)
    url = f"{request.origin}{request.target}"
    built = library.Request(request.method, url, headers=headers, content=request.body, extensions=extensions)
    try:
        return await client.send(built, stream=True, auth=None, follow_redirects=False)
    except library.RequestError as error:  # httpx names the request in all that its transports raise, in no hook's
        with suppress(RuntimeError):
            if error.request is built:
                raise
    raise HookError


def fault_of(error: Exception) -> Fault:
    """Return what an exception of a caller's HTTP client says of the request's fate."""
    roots = {*LIBRARIES, OURS}
    names = [kind.__name__ for kind in type(error).__mro__ if kind.__module__.partition(".")[0] in roots]
    fault = unclassified(error)
    fate, reason = next((FATES[name] for name in names if name in FATES), fault[:2])
    if fate is Fate.NEVER_SENT and (cause := error.__cause__) is not None:
        is_believed = type(cause).__module__.partition(".")[0] in BELIEVED
        is_believed = is_believed or isinstance(cause, tuple(kind for kind, _ in dial.REASONS))
        fate = fate if is_believed else Fate.UNKNOWN
    if "ConnectError" in names:
        reason = dial.why_not_connected(error)
    return fault._replace(fate=fate, reason=reason, timed_out="TimeoutException" in names)

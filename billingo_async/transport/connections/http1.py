"""One connection of ours: asyncio below, h11 for the framing, one request and one answer at a time.

A request leaves in one write, so that its fate is known: before the write it was never sent, from then on it is unknown
until the answer is whole. A connection that holds one byte more than its answers is closed before anything else is sent
on it. Knows no limit, no credential and no repetition.
"""

from __future__ import annotations

import asyncio
import select
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import h11

from billingo_async.protocol.call import Answer, Fate, Fault
from billingo_async.protocol.refusals import unclassified
from billingo_async.transport.connections.body import BodyReader, Sink, SinkError, UnpackError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable


MAX_UNREAD_BYTES: Final = 256 * 1024
"""Bytes of an answer that lie unread before the server is made to wait."""
MAX_HEAD_BYTES: Final = 64 * 1024
"""Bytes of the head of an answer."""
ANY_REQUEST: Final = h11.Request(method="GET", target="/", headers=[("Host", "any")])
"""A request to which an answer is framed as to each of ours: none is a HEAD."""
END_OF_REQUEST: Final = h11.EndOfMessage()


@dataclass(slots=True, eq=False, repr=False)
class Request:
    """One request, ready to leave; shown without its contents, and no tuple, since error reporters look into those."""

    method: str
    origin: str
    """The scheme and the host."""
    target: str
    """The path and the query."""
    headers: dict[str, str]
    body: bytes | None

    def __repr__(self) -> str:
        """Show the method alone."""
        return f"<Request {self.method}>"


class BrokenError(Exception):
    """The connection is over before the answer is."""


class Connection(asyncio.Protocol):
    """One connection: asyncio's protocol on one side, one exchange at a time on the other."""

    _transport: asyncio.Transport
    _poll: Callable[[int], object]

    def __init__(self) -> None:
        """Wait for the transport: `connection_made` hands it over, before anything is read, written or closed."""
        self._loop = asyncio.get_running_loop()
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._reader: asyncio.Future[None] | None = None
        self._unread = 0
        self._is_paused = False
        self.is_over: bool = False
        """True once either side has closed it."""
        self._is_busy = False
        self._fault = Fault(Fate.UNKNOWN, "the server closed the connection before the answer was whole")
        self.max_bytes = 0
        """Bytes of an answer that are kept in memory."""
        self.forward_headers: dict[str, str] | None = None
        """What the proxy at the other end wants to know, where it is handed requests to forward."""
        self._idle_since = self._loop.time()

    # asyncio's side: called by the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport over."""
        self._transport = cast("asyncio.Transport", transport)  # TCP and TLS have both directions
        self._poll = _poller(transport.get_extra_info("socket").fileno())

    def data_received(self, data: bytes) -> None:
        """Keep what came until it is read; above the mark, let nothing more come."""
        if not self._is_busy:
            self.abort()  # an answer to nothing
            return
        self._http.receive_data(data)
        self._unread += len(data)
        if self._unread > MAX_UNREAD_BYTES and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def eof_received(self) -> None:
        """Note that the server has said all it will; the transport closes itself."""
        if not self.is_over:
            self._http.receive_data(b"")
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the connection is over; what came before may be the whole answer, however it ended."""
        self._end()

    def _end(self) -> None:
        self.is_over = True
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    # Our side

    def is_usable(self, max_idle: float) -> bool:
        """Tell whether a request may be sent: not idle for too long, and the server has neither left nor said anything.

        What has come may not have been handed over yet, since the loop looks at its sockets once a round.
        """
        return (
            not self.is_over
            and self._loop.time() - self._idle_since < max_idle
            and not self._transport.is_closing()
            and not self._poll(0)
        )

    def abort(self, fault: Fault | None = None) -> None:
        """Close at once; what is under way ends with this fault.

        Aborted, also under TLS: an orderly end would wait half a minute for the server's own. HTTP says itself whether
        an answer is whole.
        """
        if fault is not None and not self.is_over:
            self._fault = fault
        self._end()
        self._transport.abort()

    async def exchange(self, request: Request, seconds: float, sink: Sink | None = None) -> Answer:
        """Send the request and read the answer, in so many seconds.

        Nothing is awaited before the request is written. A caller who is cancelled closes the connection. Raises
        OSError if the sink fails.
        """
        if self.is_over or self._transport.is_closing():
            return Fault(Fate.NEVER_SENT, "the server closed the connection before the request left")
        self._is_busy = True
        try:
            async with asyncio.timeout(seconds):
                self._write(request)
                return await self._answer(sink)
        except TimeoutError:
            return Fault(Fate.UNKNOWN, f"no whole answer in {seconds:g} s", timed_out=True)
        except (BrokenError, h11.RemoteProtocolError):
            return self._fault if self.is_over else Fault(Fate.UNKNOWN, "the answer is no HTTP: what speaks there?")
        except UnpackError:
            return Fault(Fate.UNKNOWN, "the answer could not be unpacked")
        except SinkError as error:
            failure = error.failure
        except Exception as error:  # noqa: BLE001 - law 1: whatever is not classified is unknown, never a crash
            return unclassified(error)
        finally:
            self._finish()
        raise failure

    async def open_tunnel(self, target: str, headers: dict[str, str]) -> int:
        """Ask a proxy for a tunnel and return its status; raise OSError if it answers with none."""
        self._is_busy = True
        request = h11.Request(method="CONNECT", target=target, headers=[("Host", target), *headers.items()])
        self._transport.write((self._http.send(request) or b"") + (self._http.send(END_OF_REQUEST) or b""))
        try:
            while not isinstance(event := self._http.next_event(), h11.Response):
                await self._arrival()  # a proxy has nothing else to say before
        except (BrokenError, h11.RemoteProtocolError) as error:
            raise OSError("the proxy closed the connection") from error
        if self._http.trailing_data[0]:  # under TLS the client speaks first
            raise OSError("the proxy said more than its answer")
        return event.status_code

    async def start_tls(self, context: ssl.SSLContext, host: str) -> Connection:
        """Return the connection under TLS, once the server has shown a certificate that is trusted for this name."""
        secured = Connection()
        transport = await self._loop.start_tls(self._transport, secured, context, server_hostname=host)
        if transport is None:
            raise OSError("the connection ended together with the handshake")
        secured.connection_made(transport)
        return secured

    def _write(self, request: Request) -> None:
        """Write a request, of which every part has been checked, in one piece; h11 hears only that there is one.

        To have h11 write it costs a tenth of a call. A function of its own: the frame of `exchange`, which may end in a
        traceback, holds nothing of the request.
        """
        headers, target = request.headers, request.target
        if self.forward_headers is not None:
            headers, target = {**headers, **self.forward_headers}, f"{request.origin}{target}"
        lines = "".join(map("{}: {}\r\n".format, headers, headers.values()))
        self._http.send(ANY_REQUEST)
        self._http.send(END_OF_REQUEST)
        head = f"{request.method} {target} HTTP/1.1\r\n{lines}\r\n".encode("ascii")
        self._transport.write(head + request.body if request.body else head)

    async def _answer(self, sink: Sink | None) -> Answer:
        body = None
        await self._arrival()  # nothing has come before the request left
        while True:
            event: Any = self._http.next_event()
            kind = cast("type[object]", type(event))
            if event is h11.NEED_DATA:
                await self._arrival()
            elif kind is h11.Response:
                headers = _joined(event.headers)
                body = BodyReader(event.status_code, headers, limit=self.max_bytes, sink=sink)
            elif body is not None and (kind is h11.EndOfMessage or not await body.feed(bytes(event.data))):
                return await body.finish()
            elif kind is h11.ConnectionClosed:
                raise BrokenError
            # Else 100 or 103, after which there is more to come (RFC 9110, 15.2).

    async def _arrival(self) -> None:
        """Wait until something has come; raise `BrokenError` if nothing can come any more."""
        if self.is_over:
            raise BrokenError
        self._unread = 0
        if self._is_paused:
            self._is_paused = False
            self._transport.resume_reading()
        self._reader = self._loop.create_future()
        try:
            await self._reader
        finally:
            self._reader = None

    def _finish(self) -> None:
        """Make ready for the next request, or close: where the answer is not whole, or more than whole."""
        self._is_busy = False
        self._idle_since = self._loop.time()
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if self.is_over or not done or self._http.trailing_data[0]:
            self.abort()
        else:
            self._http.start_next_cycle()
            self._unread = 0


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by lower-case name; what came twice is joined (RFC 9110, 5.3)."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("ascii"), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _poller(descriptor: int) -> Callable[[int], object]:
    """Return a function that tells, without reading, whether bytes or an end have come to a socket."""
    if not hasattr(select, "poll"):  # pragma: no cover - Windows has none, and no large descriptors either
        return lambda _: select.select([descriptor], [], [], 0)[0]
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return poll.poll

"""The way from a process to the sandbox and back: connections, delays, and everything that may befall a request.

What a request commits is attributed here, by the caller's context and not by its content: the judge needs the truth.
"""

from __future__ import annotations

import asyncio
import socket
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from billingo_async.sandbox.alterations import altered
from billingo_async.sandbox.http import Request, Response
from simulated_world.story import ONCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billingo_async.sandbox import Sandbox
    from billingo_async.sandbox.alterations import Alteration
    from simulated_world.world import Process, World

INTENT: ContextVar[str] = ContextVar("INTENT", default="")
"""What the code that runs is about, such as `create order-1`."""
CALL: ContextVar[int] = ContextVar("CALL", default=0)
"""The number of the call that it is part of."""
MAX_WAY_SECONDS: Final = 0.05
REFUSED: Final = 300
"""The statuses of success are below. A refusal that is another call's cannot be told from one's own: it is believed."""


class Ending(Enum):
    """What the network does to an answer."""

    WHOLE = "answered"
    RESET = "the line drops before the answer"
    HALF = "the line drops amid the answer"
    SILENCE = "no answer comes"
    TWICE = "answered twice"
    LONGER = "answered with a byte too many"
    CROSSED = "answered with another call's answer"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What befalls one request; `held` is a share of the caller's timeout, `status` of an answer that stands in."""

    is_read: bool = True
    is_done: bool = True
    held: float = 0.0
    ending: Ending = Ending.WHOLE
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    date_offset: float | None = None


TROUBLES: Final[Mapping[str, Trouble]] = {
    "line dropped before it was read": Trouble(is_read=False, ending=Ending.RESET),
    "line dropped after the commit": Trouble(ending=Ending.RESET),
    "line dropped amid the answer": Trouble(ending=Ending.HALF),
    "swallowed": Trouble(is_read=False, ending=Ending.SILENCE),
    "silence after the commit": Trouble(ending=Ending.SILENCE),
    "line dropped, and done later": Trouble(held=0.9, ending=Ending.RESET),
    "silence, and done later": Trouble(held=0.9, ending=Ending.SILENCE),
    "slow": Trouble(held=0.5),
    "answered twice": Trouble(ending=Ending.TWICE),
    "one byte too many": Trouble(ending=Ending.LONGER),
    "another call's answer": Trouble(ending=Ending.CROSSED),
    "503 with Retry-After after the commit": Trouble(status=503, headers=(("Retry-After", "1"),)),
    "429 with Retry-After after the commit": Trouble(status=429, headers=(("Retry-After", "1"),)),
    "503 with Retry-After": Trouble(is_done=False, status=503, headers=(("Retry-After", "2"),)),
    "500 after the commit": Trouble(status=500),
    "502 after the commit": Trouble(status=502),
    "502 of a gateway two days behind": Trouble(is_done=False, status=502, date_offset=-172_800.0),
    "401 of a gateway": Trouble(is_done=False, status=401),
}
"""Everything that may befall a request, by the name under which a story has it."""
NO_TROUBLE: Final = Trouble()


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry of the ledger, or one mail: whose intent it was, and by which call."""

    operation: str
    id: int
    intent: str
    call: int


class Network:
    """One sandbox and the lines to it."""

    def __init__(self, world: World, sandbox: Sandbox, timeout: float) -> None:
        """Take where requests lead to."""
        self.world: Final = world
        self.sandbox: Final = sandbox
        self.timeout: Final = timeout
        self.troubles: dict[tuple[str, int], str] = {}
        """By operation and number, from 1: which request meets what."""
        self.alterations: Sequence[Alteration] = ()
        """What the server stores otherwise than an invoice was written."""
        self._unreachable_until = 0.0
        self.commits: Final[list[Commit]] = []
        self.looks: Mapping[tuple[str, str], object] = {}
        """What of an intent a server tells in its answers: where two have the same, an answer is true of both."""
        self._answers: dict[str, list[tuple[object, Response]]] = {}
        self._counts: dict[str, int] = {}

    def be_unreachable(self, seconds: float) -> None:
        """Refuse every connection for so long."""
        self._unreachable_until = self.world.now + seconds

    async def connect(self, process: Process) -> None:
        """Take some time, or refuse."""
        await process.wait(process.dice.random() * MAX_WAY_SECONDS)
        if self.world.now < self._unreachable_until:
            raise ConnectionRefusedError(111, "Connection refused")

    def open(self, process: Process, protocol: asyncio.Protocol) -> Line:
        """Return a connection."""
        return Line(self, process, protocol)

    def receive(self, line: Line, request: Request) -> None:
        """Take a request that has left a process."""
        intent = INTENT.get()
        operation = self.sandbox.counter_at(request.path).routes.operation_of(request.method, request.path)
        number = self._counts[operation] = self._counts.get(operation, 0) + 1
        name = self.troubles.get((operation, number), "")
        if operation in ONCE and not line.process.has_journal and line.process.is_steady:
            self.world.failures.append(f"{line.process.name}: sent {operation} ({intent}) though its journal was gone")
        if name:
            self.world.log(line.process.name, f"{operation} number {number} ({intent}) meets: {name}")
        trouble = TROUBLES.get(name, NO_TROUBLE)
        way = line.process.dice.random() * MAX_WAY_SECONDS
        arrives = self.world.now + way + trouble.held * self.timeout
        if trouble.held and trouble.ending is Ending.RESET:
            self.world.at(self.world.now + way, line.reset)
        self.world.at(arrives, partial(self._handle, line, request, (intent, CALL.get()), operation, trouble))

    def _handle(self, line: Line, request: Request, cause: tuple[str, int], operation: str, trouble: Trouble) -> None:
        response = Response(500)
        if trouble.is_read and trouble.is_done:
            response = self._process(line, request, cause, operation)
        if trouble.status is not None:
            response = self.sandbox.dated(Response(trouble.status, b"", trouble.headers), trouble.date_offset or 0.0)
        back = self.world.now + line.process.dice.random() * MAX_WAY_SECONDS
        self.world.at(
            back, partial(line.answer, self._crossed(response, cause[0], operation, request, trouble), trouble)
        )

    def _process(self, line: Line, request: Request, cause: tuple[str, int], operation: str) -> Response:
        if operation in {"invoices.create", "documents.create"}:
            request = replace(request, body=altered(request.body, self.alterations))
        entries, mails = len(self.sandbox.ledger), len(self.sandbox.outbox)
        response = self.sandbox.answer(request)
        for operation_done, id_ in [
            *((entry.operation, entry.id) for entry in self.sandbox.ledger[entries:]),
            *(("mail", mail.invoice_id) for mail in self.sandbox.outbox[mails:]),
        ]:
            self.commits.append(Commit(operation_done, id_, *cause))
            self.world.log("server", f"{operation_done} for {line.process.name} ({cause[0]}): {id_}")
        return response

    def _crossed(self, response: Response, intent: str, operation: str, request: Request, trouble: Trouble) -> Response:
        looks = self.looks.get((operation, intent), request.path)
        known = self._answers.setdefault(operation, [])
        others = [answer for other, answer in known if other != looks and answer.status < REFUSED]
        known.append((looks, response))
        return others[-1] if others and trouble.ending is Ending.CROSSED else response


class Line(asyncio.Transport):
    """One connection of a process. Its socket shows what has come and was not handed over yet, as a real one does."""

    def __init__(self, network: Network, process: Process, protocol: asyncio.Protocol) -> None:
        """Connect the two."""
        self._near, self._far = socket.socketpair()
        super().__init__({"socket": self._near})
        self.process: Final = process
        self._network = network
        self._protocol = protocol
        self._sent = b""
        self._arrived: list[bytes | None] = []
        self._is_shut = False
        process.lines.append(self)

    # The process's side

    def write(self, data: Any) -> None:
        """Send; the process may stand still just before."""
        self.process.moment()
        if self._is_shut:
            return
        self._sent += bytes(data)
        while (request := self._next_request()) is not None:
            self._network.receive(self, request)

    def _next_request(self) -> Request | None:
        head, found, rest = self._sent.partition(b"\r\n\r\n")
        first, *lines = head.decode("ascii").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        size = int(headers.get("content-length", "0"))
        if not found or len(rest) < size:
            return None
        self._sent = rest[size:]
        method, target, _ = first.split(" ")
        path, _, query = target.partition("?")
        return Request(method, path, query, headers, rest[:size])

    def is_closing(self) -> bool:
        """Tell whether it was closed from here."""
        return self._is_shut

    def close(self) -> None:
        """Close."""
        self.abort()

    def abort(self) -> None:
        """Close at once; what was sent is on its way all the same."""
        if not self._is_shut:
            self.shut()
            self.process.loop.call_soon(self._protocol.connection_lost, None)

    def shut(self) -> None:
        """Let go of the socket."""
        self._is_shut = True
        self._near.close()
        self._far.close()

    def pause_reading(self) -> None:
        """Do nothing: no answer of the world is that long."""

    def resume_reading(self) -> None:
        """Do nothing."""

    # The world's side

    def answer(self, response: Response, trouble: Trouble) -> None:
        """Bring an answer, or what becomes of it."""
        body = response.body
        head = f"HTTP/1.1 {response.status} X\r\nContent-Length: {len(body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in response.headers)
        whole = f"{head}\r\n".encode() + body
        match trouble.ending:
            case Ending.RESET:
                self.reset()
            case Ending.SILENCE:
                pass
            case Ending.HALF:
                self._arrive(whole[: len(whole) - len(body) // 2 - 1])
                self.reset()
            case Ending.TWICE:
                self._arrive(whole + whole)
            case Ending.LONGER:
                self._arrive(whole + b"\n")
            case _:
                self._arrive(whole)

    def reset(self) -> None:
        """Drop the line."""
        self._arrive(None)

    def _arrive(self, data: bytes | None) -> None:
        if not self._is_shut:
            self._arrived.append(data)
            self._far.send(b"!")
            self.process.loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        if self._is_shut or not self._arrived:
            return
        self._near.recv(1)
        data = self._arrived.pop(0)
        if data is None:
            self.shut()
            self._protocol.connection_lost(ConnectionResetError(104, "Connection reset by peer"))
        else:
            self._protocol.data_received(data)

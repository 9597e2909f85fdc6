"""How a line is made: a host's addresses are tried in turn, the next beside a first that takes its time (RFC 8305).

asyncio has such a race too, but on Python 3.11 a socket stays open if that is cancelled in the moment in which it is
won; uvloop has none. Whoever is cancelled here leaves nothing open.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import httpcore

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

Address: TypeAlias = tuple[Any, Any, int, str, Any]
"""Family, kind, protocol, name and place, as `getaddrinfo` tells them."""

NEXT_AFTER: Final = 0.25
"""Seconds after which the next address is tried beside those before (RFC 8305, 5)."""


@contextmanager
def connecting() -> Generator[None]:
    """Name what fails before a line stands as httpcore does; an odd host fails with a ValueError."""
    try:
        yield
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from error
    except (OSError, ValueError) as error:
        raise httpcore.ConnectError(str(error)) from error


async def dial(host: str, port: int, local_address: str | None = None) -> socket.socket:
    """Return a socket that is connected to the first address of the host that answers.

    Raises OSError if none does.
    """
    waiting = _in_turn(await _addresses(host, port))
    if len(waiting) == 1:
        return await _connected(waiting[0], local_address)
    racing: list[asyncio.Task[socket.socket]] = []
    failures: list[BaseException] = []
    try:
        while waiting or racing:
            if waiting:
                racing.append(asyncio.create_task(_connected(waiting.pop(0), local_address)))
            await asyncio.wait(racing, timeout=NEXT_AFTER if waiting else None, return_when=asyncio.FIRST_COMPLETED)
            for each in [each for each in racing if each.done()]:
                racing.remove(each)
                failure = each.exception()
                if failure is None:
                    return each.result()
                failures.append(failure)
    finally:
        for each in racing:
            _drop(each)
    raise OSError("; ".join(map(str, failures)))


async def _addresses(host: str, port: int) -> list[Address]:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
    except socket.gaierror:  # a name, which has to be asked for
        return list(await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM))


def _in_turn(addresses: Iterable[Address]) -> list[Address]:
    """Return the addresses with the two families in turn, the preferred one first (RFC 8305, 4)."""
    found = list(addresses)
    first = [each for each in found if each[0] == found[0][0]]
    second = [each for each in found if each[0] != found[0][0]]
    return [each for each in chain.from_iterable(zip_longest(first, second)) if each is not None]


async def _connected(address: Address, local_address: str | None) -> socket.socket:
    family, kind, protocol, _, place = address
    line = socket.socket(family, kind, protocol)
    try:
        line.setblocking(False)
        if local_address is not None:
            line.bind((local_address, 0))
        await asyncio.get_running_loop().sock_connect(line, place)
    except BaseException:
        line.close()
        raise
    return line


def _drop(attempt: asyncio.Task[socket.socket]) -> None:
    """End an attempt that is not wanted any more; what it has connected, or still connects, is closed."""
    if attempt.done():
        _closed(attempt)
    else:
        attempt.cancel()
        attempt.add_done_callback(_closed)


def _closed(attempt: asyncio.Task[socket.socket]) -> None:
    if not attempt.cancelled() and attempt.exception() is None:
        attempt.result().close()

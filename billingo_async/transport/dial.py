"""How a line is made: the host's addresses, and the race for the first of them that answers.

The race is aiohappyeyeballs': asyncio's own leaves a socket open on Python 3.11 if it is cancelled in the moment in
which it is won, and uvloop has none. Whoever is cancelled here leaves nothing open.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import aiohappyeyeballs
import httpcore

if TYPE_CHECKING:
    from collections.abc import Generator

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
    found = await _addresses(host, port)
    own = None if local_address is None else await _addresses(local_address, 0)
    try:
        return await aiohappyeyeballs.start_connection(  # pyright: ignore[reportUnknownMemberType]  # a gap in its types
            found, local_addr_infos=own, happy_eyeballs_delay=NEXT_AFTER
        )
    except RuntimeError as error:  # what uvloop may raise in place of an OSError
        raise OSError(str(error)) from error


async def _addresses(host: str, port: int) -> list[Address]:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
    except socket.gaierror:  # a name, which has to be asked for
        return list(await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM))

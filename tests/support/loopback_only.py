"""No test leaves this machine: a connection or a name look-up beyond loopback is refused and fails the test.

The guard listens to the interpreter's audit events, so it sees every socket however it was made, threads included. It
refuses with an exception; should a library swallow that, the test fails all the same once it is over. Processes that a
test starts are not seen.
"""

from __future__ import annotations

import ipaddress
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL_NAMES = frozenset({"", "localhost"})
BY_ADDRESS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
BY_NAME = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})


class BeyondLoopbackError(Exception):
    """A test tried to reach another machine."""


class Guard:
    """The hook itself and what it has refused during the test at hand."""

    def __init__(self) -> None:
        """Begin with a clean record."""
        self.refused: list[str] = []

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """Refuse what goes beyond loopback; called by the interpreter for every audit event."""
        if event in BY_ADDRESS:
            address: tuple[object, ...] | str | bytes | None = args[1]
            if not isinstance(address, tuple):  # a Unix socket's path, or a socket that is connected already
                return
            host, port = str(address[0]), str(address[1])
            allowed = host in LOCAL_NAMES or _is_loopback(host)
        elif event in BY_NAME:
            host, port = _text(args[0]), _text(args[1]) if len(args) > 1 else ""
            allowed = host in LOCAL_NAMES or _is_number(host)
        else:
            return
        if not allowed:
            self._refuse(f"{host}:{port}" if port else host)

    def _refuse(self, address: str) -> None:
        self.refused.append(address)
        message = f"tried to reach {address}, but tests stay on loopback: answer it with the sandbox or respx"
        raise BeyondLoopbackError(message)


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.decode() if isinstance(value, bytes) else str(value)


def _is_number(host: str) -> bool:
    """Tell whether the host is written as an address, so that looking it up asks nobody."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return _is_number(host) and ipaddress.ip_address(host.partition("%")[0]).is_loopback


GUARD = Guard()


def pytest_configure() -> None:
    """Stand guard for the whole run; an audit hook cannot be taken back."""
    sys.addaudithook(GUARD)


@pytest.fixture(autouse=True)
def loopback_only() -> Iterator[Guard]:
    """Fail the test that tried to reach another machine, even if the refusal was swallowed."""
    GUARD.refused.clear()
    yield GUARD
    if GUARD.refused:
        pytest.fail(f"tried to reach beyond loopback: {', '.join(sorted(set(GUARD.refused)))}", pytrace=False)

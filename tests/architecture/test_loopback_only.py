"""The guard bites: no test reaches another machine unseen."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from loopback_only import BeyondLoopbackError
from loopback_only import __file__ as guard_module

if TYPE_CHECKING:
    from loopback_only import Guard

# 192.0.2.0/24 is set aside for documentation (RFC 5737): nothing answers there.
ELSEWHERE = "192.0.2.1"


def test_connection_is_refused_by_address(loopback_only: Guard) -> None:
    """A connection to another machine is refused and its address named."""
    with socket.socket() as plug, pytest.raises(BeyondLoopbackError, match=r"192\.0\.2\.1:443"):
        plug.connect((ELSEWHERE, 443))
    assert loopback_only.refused == ["192.0.2.1:443"]
    loopback_only.refused.clear()


def test_datagram_is_refused(loopback_only: Guard) -> None:
    """A datagram to another machine is refused too."""
    with socket.socket(type=socket.SOCK_DGRAM) as plug, pytest.raises(BeyondLoopbackError):
        plug.sendto(b"hello", (ELSEWHERE, 53))
    loopback_only.refused.clear()


def test_name_is_not_looked_up(loopback_only: Guard) -> None:
    """A name that a name server would have to answer is refused and named."""
    with pytest.raises(BeyondLoopbackError, match=r"www\.billingo\.hu:443"):
        socket.getaddrinfo("www.billingo.hu", 443)
    loopback_only.refused.clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_free(host: str) -> None:
    """A connection within this machine works."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


def test_swallowed_refusal_fails_the_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that swallows the refusal is red all the same, and the report names the address."""
    monkeypatch.setenv("PYTHONPATH", str(Path(guard_module).parent))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # the guard needs no other plugin
    pytester.makeini("[pytest]")  # else a checkout around it would be asked for its settings
    pytester.makepyfile(
        """
        import contextlib, socket

        def test_calls_home():
            with contextlib.suppress(Exception), socket.socket() as plug:
                plug.connect(("192.0.2.1", 443))
        """
    )
    result = pytester.runpytest_subprocess("-p", "loopback_only", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*tried to reach beyond loopback: 192.0.2.1:443*"])

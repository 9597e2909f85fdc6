"""Fixtures for tests of programs that use the library: a sandbox, and a `Billingo` of either API that talks to it.

The only room of the sandbox that knows the library: its public faces alone, and only when a test requests a fixture.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from billingo_async import Billingo, Journal, v3
    from billingo_async.sandbox import Sandbox

SECOND_LOOK: Final = 0.1
TIMEOUT: Final = 1.0
"""Seconds that a key may wait after a dropped line; a sandbox in the same process is not at work any more by then."""

_NUMBERS = count(1)


@pytest.fixture
def billingo_sandbox() -> Sandbox:
    """A fresh `Sandbox`: no client, no invoice, no fault."""
    from billingo_async.sandbox import Sandbox  # noqa: PLC0415 - tests that do not ask for it load nothing of it

    return Sandbox()


@pytest.fixture
def billingo(billingo_sandbox: Sandbox) -> Billingo:
    """An open `Billingo` on the in-process door of `billingo_sandbox`; there is no socket, so nothing needs closing.

    Each has an origin of its own, and so an allowance of its own for PDFs.
    """
    return _of_v2(billingo_sandbox)


@pytest.fixture
def billingo_v3(billingo_sandbox: Sandbox) -> v3.Billingo:
    """An open `Billingo` of API v3 on the same door, likewise."""
    return _of_v3(billingo_sandbox)


@pytest.fixture
def billingo_journal(tmp_path: Path) -> Journal:
    """An empty `Journal` in the test's own folder; without the extra `journal`, an error that says how to get it."""
    from billingo_async import Journal  # noqa: PLC0415 - see above

    return Journal(f"sqlite+aiosqlite:///{tmp_path / 'billingo-journal.db'}", second_look=SECOND_LOOK)


@pytest.fixture
def billingo_with_keys(billingo_sandbox: Sandbox, billingo_journal: Journal) -> Billingo:
    """A `Billingo` like `billingo` that takes keys: `async with` it, so that its journal is closed when the test ends.

    After a dropped line a key is settled within `TIMEOUT` seconds, not within the usual thirty.
    """
    return _of_v2(billingo_sandbox, journal=billingo_journal, timeout=TIMEOUT)


@pytest.fixture
def billingo_v3_with_keys(billingo_sandbox: Sandbox, billingo_journal: Journal) -> v3.Billingo:
    """A `Billingo` of API v3 that takes keys: `async with` it, likewise; both of a test share the journal."""
    return _of_v3(billingo_sandbox, journal=billingo_journal, timeout=TIMEOUT)


def _of_v2(sandbox: Sandbox, **options: Any) -> Billingo:
    from billingo_async import Billingo  # noqa: PLC0415 - see above

    return Billingo(sandbox.public_key, sandbox.private_key, **_in_process(sandbox, "api"), **options)


def _of_v3(sandbox: Sandbox, **options: Any) -> v3.Billingo:
    from billingo_async.v3 import Billingo  # noqa: PLC0415 - see above

    return Billingo(sandbox.api_key, **_in_process(sandbox, "v3"), **options)


def _in_process(sandbox: Sandbox, path: str) -> dict[str, Any]:
    """What leads to the sandbox's door without a socket, under an origin that no other has."""
    from billingo_async.sandbox.doors.in_process import client_of  # noqa: PLC0415 - see above

    return {"base_url": f"https://sandbox-{next(_NUMBERS)}.invalid/{path}", "http_client": client_of(sandbox)}

"""Two fixtures for the tests of people who use the library: a sandbox, and a `Billingo` that talks to it.

The only room of the sandbox that knows the library: its public face alone, and only when the fixture is asked for.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from billingo_async import Billingo
    from billingo_async.sandbox import Sandbox

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
    from billingo_async import Billingo  # noqa: PLC0415 - see above
    from billingo_async.sandbox.doors.in_process import caller_of  # noqa: PLC0415 - see above

    return Billingo(
        billingo_sandbox.public_key,
        billingo_sandbox.private_key,
        base_url=f"https://sandbox-{next(_NUMBERS)}.invalid/api",
        http_client=caller_of(billingo_sandbox),
    )

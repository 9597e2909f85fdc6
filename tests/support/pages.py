"""Every Python block of the README and of `docs/` runs as a test, block after block, against a sandbox on loopback.

Each page gets a sandbox and an empty folder of its own; the environment holds its keys and its address, as it does for
a reader who followed the quick start.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, chdir
from pathlib import Path
from typing import Any
from unittest import mock

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

ROOT = Path(__file__).parents[2]
OPEN = "_stack_of_the_page"


def pages() -> Sybil:
    """Describe to Sybil which files are pages and what surrounds them while they run."""
    return Sybil(
        parsers=[PythonCodeBlockParser()],
        path=str(ROOT),
        patterns=["README.md", "docs/*.md", "docs/**/*.md"],
        setup=_open,
        teardown=_close,
        fixtures=["loopback_only"],
    )


def _open(namespace: dict[str, Any]) -> None:
    # Not at the head of the file: the tests' coverage must see the package being imported.
    from anyio.from_thread import start_blocking_portal  # noqa: PLC0415 - see above

    from billingo_async.sandbox import Sandbox  # noqa: PLC0415 - see above

    with ExitStack() as stack:
        sandbox = Sandbox()
        portal = stack.enter_context(start_blocking_portal())
        address = stack.enter_context(portal.wrap_async_context_manager(sandbox.serve(port=0)))
        stack.enter_context(
            mock.patch.dict(
                os.environ,
                BILLINGO_PUBLIC_KEY=sandbox.public_key,
                BILLINGO_PRIVATE_KEY=sandbox.private_key,
                BILLINGO_BASE_URL=address,
                BILLINGO_API_KEY=sandbox.api_key,
                BILLINGO_V3_BASE_URL=sandbox.v3_url,
            )
        )
        stack.enter_context(chdir(stack.enter_context(tempfile.TemporaryDirectory())))
        namespace[OPEN] = stack.pop_all()


def _close(namespace: dict[str, Any]) -> None:
    with namespace.pop(OPEN, ExitStack()):  # nothing to close if it could not be opened
        pass

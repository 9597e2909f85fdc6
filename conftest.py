"""What all tests may use, wherever they stand, and how the pages of the documentation become tests.

The parts lie in `tests/support`, each with its own explanation.
"""

from __future__ import annotations

import os
import signal
import tempfile
from contextlib import ExitStack, chdir
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["pytester", "jumping_clock", "loopback_only", "shared_folder", "socket_peer"]

# How long an example takes says more about the machine than about the code.
settings.register_profile("house", settings(), deadline=None)
# `pytest --hypothesis-profile=thorough tests/v2/models tests/faithful` looks at a hundred times as much.
settings.register_profile("thorough", settings.get_profile("house"), max_examples=10_000)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the programs that tests run from the cache folder of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have sandboxes hand out a PDF of one line, where nobody looks at the paper: drawing takes a tenth of a second."""

    def drawn(*_: object) -> bytes:
        return b"%PDF-1.7 %%EOF"

    for name in ("draw", "draw_slip"):
        monkeypatch.setattr(f"billingo_async.sandbox.paper.{name}", drawn)


def pytest_configure() -> None:
    """Let Ctrl-C reach the processes that tests start: a run in the background is deaf to it and hands that on."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


ROOT = Path(__file__).parent
OPEN = "_stack_of_the_page"


def _pages() -> Sybil:
    """Describe to Sybil which files are pages and what surrounds them while they run.

    Every Python block of the README and of `docs/` runs as a test, block after block, against a sandbox on loopback.
    Each page gets a sandbox and an empty folder of its own; the environment holds its keys and its address, as it does
    for a reader who followed the quick start.
    """
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


pytest_collect_file = _pages().pytest()

"""What all tests may use, wherever they stand, and how the pages of the documentation become tests.

The parts lie in `tests/support`, each with its own explanation.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from pages import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["pytester", "jumping_clock", "loopback_only", "shared_folder", "socket_peer"]

# How long an example takes says more about the machine than about the code.
settings.register_profile("house", settings(), deadline=None)
# `pytest --hypothesis-profile=thorough tests/v2/models tests/faithful` looks at a hundred times as much.
settings.register_profile("thorough", settings.get_profile("house"), max_examples=10_000)
settings.load_profile("house")

pytest_collect_file = pages().pytest()


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the programs that tests run from the cache folder of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def pytest_configure() -> None:
    """Let Ctrl-C reach the processes that tests start: a run in the background is deaf to it and hands that on."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)

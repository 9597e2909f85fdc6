"""Where a person sits who runs the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cli_env import cli_env_at

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli_env import CliEnv


@pytest.fixture
def cli_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliEnv]:
    """A command line at a sandbox without faults, which lives in a thread of its own."""
    with cli_env_at(Sandbox(), tmp_path, monkeypatch) as cli_env:
        yield cli_env

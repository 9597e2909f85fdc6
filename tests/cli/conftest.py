"""Where a person sits who runs the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk import desk_at

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk at a sandbox without faults, which lives in a thread of its own."""
    with desk_at(Sandbox(), tmp_path, monkeypatch) as desk:
        yield desk

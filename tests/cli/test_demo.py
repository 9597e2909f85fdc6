"""The folder that the demo's papers go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billingo_async.cli.demo import folder_for_papers

if TYPE_CHECKING:
    from pathlib import Path


def broken_off(folder: Path, trouble: type[BaseException], *names: str) -> None:
    """A story that saves these files and then breaks."""
    with folder_for_papers(folder):
        for name in names:
            (folder / name).write_bytes(b"%PDF-")
        raise trouble


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, RuntimeError])
def test_a_broken_off_story_takes_its_papers_along(tmp_path: Path, trouble: type[BaseException]) -> None:
    """Papers saved before the break go, with every folder made for them."""
    with pytest.raises(trouble):
        broken_off(tmp_path / "a" / "b", trouble, "sandbox-2026-000001.pdf", "sandbox-2026-000002.pdf")
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_the_demos_stays(tmp_path: Path) -> None:
    """Papers that were there, and files that somebody else puts there meanwhile, outlive a break."""
    (tmp_path / "sandbox-2026-000001.pdf").write_bytes(b"%PDF-")
    with pytest.raises(KeyboardInterrupt):
        broken_off(tmp_path, KeyboardInterrupt, "sandbox-2026-000002.pdf", "notes.txt")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["notes.txt", "sandbox-2026-000001.pdf"]


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """A new folder that somebody else has begun to use is not removed."""
    with pytest.raises(KeyboardInterrupt):
        broken_off(tmp_path / "new", KeyboardInterrupt, "notes.txt")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["notes.txt"]


def test_a_story_told_to_its_end_keeps_its_papers(tmp_path: Path) -> None:
    """Without a break nothing is removed."""
    folder = tmp_path / "papers"
    with folder_for_papers(folder):
        (folder / "sandbox-2026-000001.pdf").write_bytes(b"%PDF-")
    assert [file.name for file in folder.iterdir()] == ["sandbox-2026-000001.pdf"]

"""Where a PDF lands: whole or not at all, over nothing that was there, and with nothing beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from limited import PDF, LimitedLine, all_of, files
from ready_answers import Answers, on_line

from billingo_async import Billingo, DocumentNotReadyError, MalformedResponseError, NotFoundError, TimedOutError
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from pathlib import Path

    from jumping_clock import JumpingClock


pytestmark = pytest.mark.jumping


async def test_a_pdf_lands_whole(billingo: Billingo, line: LimitedLine, tmp_path: Path) -> None:
    """The path is returned and holds every byte; nothing else is in the folder."""
    path = tmp_path / "Számla — árvíztűrő.pdf"
    assert await billingo.invoices.download_to(line.id, path) == path
    assert files(tmp_path) == {path.name: PDF}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.not_ready(), DocumentNotReadyError),
        (Fault.answer(200, "<html>no</html>"), MalformedResponseError),
        (Fault.answer(200, b""), MalformedResponseError),
        (Fault.answer(200, PDF[:5000]), MalformedResponseError),
        (Fault.answer(204), MalformedResponseError),
        (Fault.answer(404, {"success": False, "error": "none"}), NotFoundError),
        (Fault.read_timeout(), TimedOutError),
    ],
    ids=["not ready", "HTML", "nothing", "half a PDF", "no content", "no such invoice", "no answer"],
)
async def test_what_is_no_pdf_leaves_nothing(
    fault: Fault, error: type[Exception], line: LimitedLine, tmp_path: Path
) -> None:
    """The error is raised and the folder is as it was."""
    line.sandbox.faults.clear()
    line.sandbox.faults.always("invoices.download", fault)
    async with line.billingo(max_retries=1) as billingo:
        with pytest.raises(error):
            await billingo.invoices.download_to(line.id, tmp_path / "invoice.pdf")
    assert files(tmp_path) == {}


async def test_a_try_that_broke_off_adds_nothing_to_the_next(line: LimitedLine, tmp_path: Path) -> None:
    """Two tries drop in the middle of the answer; the third lands alone."""
    line.sandbox.faults.clear()
    drop = Fault.drop_mid_answer()
    line.sandbox.faults.next("invoices.download", drop, drop)
    async with line.billingo() as billingo:
        path = await billingo.invoices.download_to(line.id, tmp_path / "invoice.pdf")
        line.sandbox.faults.clear()
        assert files(tmp_path) == {path.name: await billingo.invoices.download(line.id)}


async def halting(seconds: float) -> AsyncGenerator[bytes]:
    """Yield half a PDF, wait, and yield the rest when nobody asks for it any more."""
    yield PDF[:50_000]
    await asyncio.sleep(seconds)
    yield PDF[50_000:]


async def test_an_abandoned_try_does_not_write_into_a_later_one(jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """The first try times out after 10 s and wakes up at 12 s, when the second one has landed or is under way."""
    halts = iter((12.0, 0.0))
    stalling = Answers(lambda _: httpx.Response(200, content=halting(next(halts))))
    async with on_line(stalling, base_url="https://stalling.invalid/api", timeout=10.0) as billingo:
        await billingo.invoices.download_to(7, tmp_path / "invoice.pdf")
        await asyncio.sleep(20)
    assert files(tmp_path) == {"invoice.pdf": PDF}


UNTAKEABLE: Final[Mapping[str, tuple[Callable[[Path], object], type[OSError], bool]]] = {
    "a file": (lambda path: path.write_bytes(b"mine"), FileExistsError, False),
    "a broken link": (lambda path: path.symlink_to("/nowhere"), FileExistsError, False),
    "a directory": (lambda path: path.mkdir(), IsADirectoryError, False),
    "a directory, overwriting": (lambda path: path.mkdir(), IsADirectoryError, True),
    "no folder": (lambda path: path.parent.rmdir(), FileNotFoundError, False),
}


@pytest.mark.parametrize(("prepare", "error", "overwrite"), UNTAKEABLE.values(), ids=UNTAKEABLE)
async def test_a_path_that_cannot_be_taken_is_refused_before_anything_is_sent(
    prepare: Callable[[Path], object],
    error: type[OSError],
    *,
    overwrite: bool,
    billingo: Billingo,
    line: LimitedLine,
    tmp_path: Path,
) -> None:
    """The error is Python's own, with the path in it."""
    path = tmp_path / "folder" / "invoice.pdf"
    path.parent.mkdir()
    prepare(path)
    with pytest.raises(error) as caught:
        await billingo.invoices.download_to(line.id, path, overwrite=overwrite)
    assert str(caught.value.filename) in {str(path), str(path.parent)}
    assert line.asked == []


async def test_a_link_is_replaced_and_never_followed(billingo: Billingo, line: LimitedLine, tmp_path: Path) -> None:
    """With `overwrite` the link itself gives way; what it points to stays as it was."""
    target, link = tmp_path / "precious.txt", tmp_path / "invoice.pdf"
    target.write_bytes(b"precious")
    link.symlink_to(target)
    await billingo.invoices.download_to(line.id, link, overwrite=True)
    assert not link.is_symlink()
    assert files(tmp_path) == {"precious.txt": b"precious", "invoice.pdf": PDF}


async def test_two_downloads_to_one_path_make_one_file(billingo: Billingo, line: LimitedLine, tmp_path: Path) -> None:
    """Without `overwrite` the second finds the place taken; with it both are told that all went well."""
    path = tmp_path / "invoice.pdf"
    done = await all_of(*(billingo.invoices.download_to(line.id, path) for _ in range(2)))
    assert {type(each) for each in done} == {type(path), FileExistsError}
    done = await all_of(*(billingo.invoices.download_to(line.id, path, overwrite=True) for _ in range(2)))
    assert done == [path, path]
    assert files(tmp_path) == {"invoice.pdf": PDF}

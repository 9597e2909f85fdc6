"""A folder of PDFs: all there, at full speed under the limit, resumable, under safe names."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, aclosing
from typing import TYPE_CHECKING, Any

import pytest
from limited import LimitedLine

from billingo_async import Attempt, Billingo, ConfigurationError, DocumentNotReadyError, Invoice, RateLimit
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from jumping_clock import JumpingClock


pytestmark = pytest.mark.usefixtures("undrawn")


class Archive(LimitedLine):
    """A sandbox whose PDF limit is 10 in 3 s, by a clock that jumps; and what was asked of it."""

    def __init__(self, clock: JumpingClock) -> None:
        """Start with no invoice."""
        super().__init__(clock, (10, 3.0))
        self.attempts: list[Attempt] = []

    def ids(self, count: int) -> list[int]:
        """Make so many invoices."""
        return [self.account.invoice() for _ in range(count)]

    def requested(self, operation: str) -> int:
        """How often an operation was asked for."""
        return sum(attempt.operation == operation for attempt in self.attempts)

    def open(self, **options: Any) -> AbstractAsyncContextManager[Billingo]:
        """A `Billingo` whose attempts are noted."""
        options.setdefault("pdf_limit", RateLimit(10, per=3.1))
        return self.billingo(on_attempt=self.attempts.append, **options)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def archive(jumping_clock: JumpingClock) -> Archive:
    """The archive, empty."""
    return Archive(jumping_clock)


async def test_all_at_full_speed(archive: Archive, jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """60 PDFs at 10 in 3 s take five windows: all there, no 429 met, within 10 % of 15 s."""
    ids = archive.ids(60)
    async with archive.open() as billingo:
        downloads = [one async for one in billingo.invoices.download_many(ids, tmp_path)]
    assert {one.id for one in downloads} == set(ids)
    assert all(one.path and one.path.read_bytes().startswith(b"%PDF-") and one.error is None for one in downloads)
    assert len(_names(tmp_path)) == 60
    assert {attempt.status for attempt in archive.attempts} == {200}
    assert 15.0 <= jumping_clock.seconds <= 16.5


async def test_stopped_and_run_again(archive: Archive, tmp_path: Path) -> None:
    """Stopped in the middle and run again, only the missing ones are asked for; the others are told as skipped."""
    ids = archive.ids(30)
    async with archive.open() as billingo:
        run: Any = billingo.invoices.download_many(ids, tmp_path, name="{id}.pdf")
        async with aclosing(run):
            for _ in range(12):
                await anext(run)
    there = {int(name.removesuffix(".pdf")) for name in _names(tmp_path) if name.endswith(".pdf")}
    assert 12 <= len(there) < 30
    archive.attempts.clear()
    async with archive.open() as billingo:
        again = [one async for one in billingo.invoices.download_many(ids, tmp_path, name="{id}.pdf")]
    skipped = {one.id for one in again if one.skipped}
    assert there <= skipped  # one more may have landed while the first run was left
    assert [attempt.operation for attempt in archive.attempts] == ["invoices.download"] * (30 - len(skipped))
    assert _names(tmp_path) == {f"{id_}.pdf" for id_ in ids}


async def test_invoices_bring_their_names(archive: Archive, tmp_path: Path) -> None:
    """Invoices that a list has given are not read again for their names."""
    archive.ids(3)
    async with archive.open() as billingo:
        invoices = billingo.invoices.list()
        names = [one.path.name async for one in billingo.invoices.download_many(invoices, tmp_path) if one.path]
    assert sorted(names) == [f"TST - 2023-{number:06d}.pdf" for number in (1, 2, 3)]  # the number has a slash
    assert archive.requested("invoices.get") == 0


async def test_one_that_is_wanted_twice_is_fetched_once(archive: Archive, tmp_path: Path) -> None:
    """An id, the same again, and its invoice: one download and one outcome; what is no id is told each time."""
    one, other = archive.ids(2)
    archive.sandbox.faults.add(f"GET /invoices/{one}/download", Fault.not_ready(), times=1)
    async with archive.open() as billingo:
        expected: list[int | Invoice] = [0, 0, one, one, other, await billingo.invoices.get(one), one]
        downloads = [done async for done in billingo.invoices.download_many(expected, tmp_path, name="{id}.pdf")]
    nothing = [done for done in downloads if not done.id]
    assert sorted((done.id, done.error, done.skipped) for done in downloads if done.id) == sorted(
        [(one, None, False), (other, None, False)]
    )
    assert [done.id for done in nothing if isinstance(done.error, ValueError)] == [0, 0]
    assert archive.requested("invoices.download") == 3  # one of them was not ready
    assert _names(tmp_path) == {f"{one}.pdf", f"{other}.pdf"}


async def test_another_program_has_used_up_the_limit(archive: Archive, tmp_path: Path) -> None:
    """What is refused because somebody else downloads from the same address comes later, and nothing is missing."""
    ids = archive.ids(30)
    async with archive.open(pdf_limit=RateLimit(20, per=3.1), max_retries=0) as billingo:
        downloads = [one async for one in billingo.invoices.download_many(ids, tmp_path)]
    assert {attempt.status for attempt in archive.attempts} == {200, 429}
    assert [one.error for one in downloads if one.error] == []
    assert len(_names(tmp_path)) == 30


async def test_never_ready_is_told(archive: Archive, jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """A PDF that is never made is given up within the caller's patience, and told."""
    ids = archive.ids(1)
    archive.sandbox.faults.always("invoices.download", Fault.not_ready())
    async with archive.open(max_wait=20.0) as billingo:
        (one,) = [one async for one in billingo.invoices.download_many(ids, tmp_path)]
    assert isinstance(one.error, DocumentNotReadyError)
    assert one.path is None
    assert jumping_clock.seconds <= 25
    assert not _names(tmp_path)


async def test_two_under_one_name(archive: Archive, tmp_path: Path) -> None:
    """Two invoices that would have the same name are not taken for one: the second is an error that says what to do."""
    ids = archive.ids(2)
    async with archive.open() as billingo:
        value = [one async for one in billingo.invoices.download_many(ids, tmp_path, name="{currency}.pdf")]
    assert sum(one.path is not None for one in value) == 1
    (error,) = [one.error for one in value if one.error]
    assert "put {id} into `name`" in str(error)


async def test_folder_is_made(archive: Archive, tmp_path: Path) -> None:
    """A folder that is not there is made, with those above it; a wrong template leaves none behind."""
    ids = archive.ids(1)
    async with archive.open() as billingo:
        with pytest.raises(ValueError, match="colour"):
            await anext(aiter(billingo.invoices.download_many(ids, tmp_path / "a" / "b", name="{colour}.pdf")))
        assert not (tmp_path / "a").exists()
        (one,) = [one async for one in billingo.invoices.download_many(ids, tmp_path / "a" / "b", name="{id}.pdf")]
    assert one.path == tmp_path / "a" / "b" / f"{ids[0]}.pdf"


async def test_file_in_the_folders_place(archive: Archive, tmp_path: Path) -> None:
    """A file where the folder should be is named before anything is asked for."""
    (tmp_path / "march").touch()
    async with archive.open() as billingo:
        with pytest.raises(NotADirectoryError, match="march is a file: name a folder"):
            await anext(aiter(billingo.invoices.download_many([1], tmp_path / "march")))
    assert archive.attempts == []


@pytest.mark.parametrize("wrong", ["42", True, None, 4.0], ids=repr)
async def test_input_of_the_wrong_kind(archive: Archive, tmp_path: Path, wrong: Any) -> None:
    """What is neither an id nor an invoice is an error of the caller's."""
    async with archive.open() as billingo:
        with pytest.raises(TypeError, match=f"an id or an Invoice is needed here, got {type(wrong).__name__}"):
            await anext(aiter(billingo.invoices.download_many([wrong], tmp_path)))


@pytest.mark.parametrize("workers", [1, 10])
async def test_input_of_the_wrong_kind_ends_the_taking_and_not_the_work(
    archive: Archive, tmp_path: Path, workers: int
) -> None:
    """What was taken before is finished and told, one that is not ready included; then the error comes, once."""
    ids = archive.ids(3)
    archive.sandbox.faults.add(f"GET /invoices/{ids[0]}/download", Fault.not_ready(), times=2)
    expected: Any = [*ids[:2], *["x"] * 20, ids[2]]
    async with archive.open(pdf_limit=RateLimit(workers, per=3.1)) as billingo:
        run = aiter(billingo.invoices.download_many(expected, tmp_path, name="{id}.pdf"))
        assert [(await anext(run)).id for _ in range(2)] == [ids[1], ids[0]]
        with pytest.raises(TypeError, match="got str"):
            await anext(run)
    assert _names(tmp_path) == {f"{id_}.pdf" for id_ in ids[:2]}


async def test_closed_early_leaves_nothing_running(archive: Archive, tmp_path: Path) -> None:
    """When `aclosing` is left, no worker runs, no file is half there and the list of ids is closed, all at once."""
    ids = archive.ids(20)
    left: list[bool] = []

    async def source() -> AsyncGenerator[int]:
        try:
            for id_ in ids:
                yield id_
        finally:
            left.append(True)

    async with archive.open() as billingo:
        run: Any = billingo.invoices.download_many(source(), tmp_path, name="{id}.pdf")
        async with aclosing(run):
            await anext(run)
            assert "billingo-download-many" in {task.get_name() for task in asyncio.all_tasks()}
        assert "billingo-download-many" not in {task.get_name() for task in asyncio.all_tasks()}
        assert left == [True]
        assert all(name.endswith(".pdf") for name in _names(tmp_path))


async def test_closed_object_makes_no_folder(archive: Archive, tmp_path: Path) -> None:
    """A closed `Billingo` says so, with or without anything to fetch, and leaves the disk alone."""
    async with archive.open() as billingo:
        await billingo.aclose()
        for expected in ([], [1]):
            with pytest.raises(ConfigurationError, match="is closed"):
                await anext(aiter(billingo.invoices.download_many(expected, tmp_path / "march")), None)
    assert not (tmp_path / "march").exists()

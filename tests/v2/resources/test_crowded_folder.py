"""One folder, many hands: two companies, two processes, processes that died, files that hold nothing."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from limited import LimitedLine

from billingo_async import RateLimit
from billingo_async.transport import download_folder
from billingo_async.transport.downloads import AtomicDownload, TempFile, is_void

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jumping_clock import JumpingClock

    from billingo_async.transport.download_folder import Download

pytestmark = [pytest.mark.jumping, pytest.mark.usefixtures("undrawn")]
NUMBER = "TST - 2023-000001"


class Company(LimitedLine):
    """A company with an account of its own, whose invoices have the same numbers as another's."""

    def __init__(self, clock: JumpingClock) -> None:
        """Open its books."""
        super().__init__(clock, (100, 60.0))
        self.fetched = 0
        """How many PDFs the runs have asked for."""
        self.pdfs: dict[int, bytes] = {}

    async def save(self, ids: Iterable[int], folder: Path, name: str = "{prefixed_invoice_no}.pdf") -> list[Download]:
        """Save PDFs as a fresh process would."""
        async with self.billingo(pdf_limit=RateLimit(100, per=60.0)) as billingo:
            self.pdfs = {id: await billingo.invoices.download(id) for id in ids}
            before = len(self.asked)
            downloads = [one async for one in billingo.invoices.download_many(ids, folder, name=name)]
            self.fetched += len(self.asked) - before
            return downloads


@pytest.fixture(params=["marked", "indexed"])
def marks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run on a file system that holds extended attributes, and on one that does not."""
    if request.param == "indexed":

        def unsupported(*_: object) -> None:
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(os, "setxattr", unsupported, raising=False)
        monkeypatch.setattr(os, "getxattr", unsupported, raising=False)
    return str(request.param)


def pdfs(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder but for the index."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != download_folder.INDEX}


async def test_two_companies_share_a_folder(marks: str, jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """Equal numbers: each gets its own PDF, the second under a name with its id; a second run asks for nothing."""
    first, second = Company(jumping_clock), Company(jumping_clock)
    one, other = first.account.invoice(), second.account.invoice()
    downloads: list[Download] = []
    for _ in range(2):
        downloads = [*await first.save([one], tmp_path), *await second.save([other], tmp_path)]
        assert [download.error for download in downloads] == [None, None]
        paths = [download.path for download in downloads]
        assert paths == [tmp_path / f"{NUMBER}.pdf", tmp_path / f"{NUMBER}-{other}.pdf"]
    assert [download.skipped for download in downloads] == [True, True]
    assert (first.fetched, second.fetched) == (1, 1)
    assert pdfs(tmp_path).keys() == {f"{NUMBER}.pdf", f"{NUMBER}-{other}.pdf"}


async def test_a_file_of_the_users_own_is_left_alone(marks: str, jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """A file that bears no mark counts only if it holds the very bytes; another stays, and the PDF stands beside it."""
    company = Company(jumping_clock)
    one, two = company.account.invoice(), company.account.invoice()
    await company.save([one, two], tmp_path / "elsewhere", name="{id}.pdf")
    (tmp_path / f"{one}.pdf").write_bytes(company.pdfs[one])
    (tmp_path / f"{two}.pdf").write_bytes(b"a scan of mine")
    downloads = {download.id: download for download in await company.save([one, two], tmp_path, name="{id}.pdf")}
    assert [downloads[id].error for id in (one, two)] == [None, None]
    assert downloads[one].path == tmp_path / f"{one}.pdf"
    assert downloads[two].path == tmp_path / f"{two}-{two}.pdf"
    assert (tmp_path / f"{two}.pdf").read_bytes() == b"a scan of mine"
    again = await company.save([one, two], tmp_path, name="{id}.pdf")
    assert [download.skipped for download in again] == [True, True]


@pytest.mark.parametrize("kind", ["an empty file", "a dangling link"])
async def test_what_holds_nothing_does_not_count(kind: str, jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """A process that was killed between claim and rename left an empty file; a link may have lost its target."""
    company = Company(jumping_clock)
    id = company.account.invoice()
    path = tmp_path / f"{id}.pdf"
    if kind == "an empty file":
        path.touch()
    else:
        path.symlink_to(tmp_path / "gone")
    (download,) = await company.save([id], tmp_path, name="{id}.pdf")
    assert (download.path, download.skipped, download.error) == (path, False, None)
    assert pdfs(tmp_path) == {path.name: company.pdfs[id]}


async def test_processes_that_died_leave_nothing_hidden(jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """A killed process's temporary file is removed by the next run; that of a process at work is not."""
    code = (
        "import os, sys, pathlib, signal; from billingo_async.transport.downloads import TempFile;"
        "TempFile(pathlib.Path(sys.argv[1]) / 'x.pdf'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)  # noqa: S603, ASYNC221 - our own words
    assert len(pdfs(tmp_path)) == 1
    at_work = TempFile(tmp_path / "y.pdf")
    company = Company(jumping_clock)
    id = company.account.invoice()
    await company.save([id], tmp_path, name="{id}.pdf")
    assert pdfs(tmp_path).keys() == {f"{id}.pdf", at_work.path.name}
    at_work.discard()
    assert pdfs(tmp_path).keys() == {f"{id}.pdf"}


async def test_two_processes_fill_one_folder(marks: str, jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """Both begin before either has a file: no error, and each PDF is there once."""
    company = Company(jumping_clock)
    ids = [company.account.invoice() for _ in range(5)]
    runs = await asyncio.gather(*(company.save(ids, tmp_path, name="{id}.pdf") for _ in range(2)))
    assert [download.error for run in runs for download in run] == [None] * 10
    assert pdfs(tmp_path) == {f"{id}.pdf": company.pdfs[id] for id in ids}


async def test_files_are_their_owners_alone(jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """PDFs show names, addresses and sums: 0600, and 0700 for the folders that are made, whatever the umask."""
    company = Company(jumping_clock)
    id = company.account.invoice()
    umask = os.umask(0)
    try:
        (download,) = await company.save([id], tmp_path / "a" / "b", name="{id}.pdf")
    finally:
        os.umask(umask)
    assert download.path is not None
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "a", tmp_path / "a" / "b", download.path)]
    assert modes == [0o700, 0o700, 0o600]


async def test_a_claim_of_a_process_at_work_is_respected(tmp_path: Path) -> None:
    """On a file system without links a place is claimed by an empty, locked file: that is not nothing."""
    path = tmp_path / "x.pdf"
    claim = TempFile(path)
    claim.path.rename(path)
    assert not is_void(path)
    claim.discard()
    assert is_void(path)
    async with AtomicDownload(path, overwrite=True) as download:
        download.new_part()
        with pytest.raises(FileExistsError):
            await download.commit(overwrite=False)


async def test_a_pipe_in_a_files_place_is_not_waited_for(jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """Whatever stands at the path, looking at it takes no time; the PDF stands beside it."""
    company = Company(jumping_clock)
    id = company.account.invoice()
    os.mkfifo(tmp_path / f"{id}.pdf")
    (download,) = await company.save([id], tmp_path, name="{id}.pdf")
    assert download.path == tmp_path / f"{id}-{id}.pdf"

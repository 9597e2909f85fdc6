"""Disks that are full, know no links, or take long names, and the names of files: what a download makes of them."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest
from limited import PDF, LimitedLine, files

from billingo_async import Billingo, Invoice
from billingo_async.transport.download_folder import MAX_NAME_BYTES, NameTemplate
from billingo_async.transport.downloads import AtomicDownload

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("where", ["while it is written", "when it is put on the disk"])
async def test_a_full_disk_is_reported_as_it_is(
    where: str, billingo: Billingo, line: LimitedLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`OSError: No space left on device` reaches the caller, at once and untouched; the temporary file is gone."""
    opened = os.fdopen

    def on_a_full_disk(descriptor: int, mode: str) -> Any:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, descriptor)
        os.close(full)
        return opened(descriptor, mode, buffering=len(PDF) * 2 if where == "when it is put on the disk" else 8192)

    monkeypatch.setattr(os, "fdopen", on_a_full_disk)
    with pytest.raises(OSError, match="No space left") as caught:
        await billingo.invoices.download_to(line.id, tmp_path / "invoice.pdf")
    monkeypatch.undo()
    assert caught.value.errno == errno.ENOSPC
    assert len(line.asked) == 1
    assert files(tmp_path) == {}


@pytest.mark.parametrize("taken", [False, True])
async def test_a_file_system_without_links_is_no_hindrance(
    taken: bool,  # noqa: FBT001 - pytest hands in parameters by name
    billingo: Billingo,
    line: LimitedLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """FAT knows no hard links: the file lands all the same, and still not over what came there meanwhile."""
    path = tmp_path / "invoice.pdf"

    def no_links(*_: object) -> None:
        if taken:
            path.write_bytes(b"mine")
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    if taken:
        with pytest.raises(FileExistsError):
            await billingo.invoices.download_to(line.id, path)
    else:
        await billingo.invoices.download_to(line.id, path)
    assert files(tmp_path) == {"invoice.pdf": b"mine" if taken else PDF}


async def test_a_place_that_was_claimed_in_vain_is_given_up(
    billingo: Billingo, line: LimitedLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without links the place is claimed first; if the last step fails then, no empty file stays in it."""

    def fails(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", fails)
    monkeypatch.setattr(type(tmp_path), "replace", fails)
    with pytest.raises(PermissionError):
        await billingo.invoices.download_to(line.id, tmp_path / "invoice.pdf")
    assert files(tmp_path) == {}


async def test_who_is_cancelled_while_the_pdf_lands_leaves_when_it_has_landed(
    billingo: Billingo, line: LimitedLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last step is not left half-way: the cancellation goes on when the whole PDF is in its place."""
    landing, go_on, link = threading.Event(), threading.Event(), os.link

    def slow_link(source: Path, target: Path) -> None:
        landing.set()
        go_on.wait(10)
        link(source, target)

    monkeypatch.setattr(os, "link", slow_link)
    task = asyncio.create_task(billingo.invoices.download_to(line.id, tmp_path / "invoice.pdf"))
    while not landing.is_set():  # noqa: ASYNC110 - it is set in a thread
        await asyncio.sleep(0)
    task.cancel()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    await asyncio.wait([task])
    assert task.cancelled()
    assert files(tmp_path) == {"invoice.pdf": PDF}


async def test_a_name_of_any_length_that_the_disk_takes_is_taken(
    billingo: Billingo, line: LimitedLine, tmp_path: Path
) -> None:
    """A name of 255 bytes leaves the temporary one no room: it has a shorter one of its own."""
    path = tmp_path / ("発" * 83 + ".pdf")
    await billingo.invoices.download_to(line.id, path)
    assert files(tmp_path) == {path.name: PDF}


async def test_what_was_given_up_cannot_land(tmp_path: Path) -> None:
    """A part that was removed is not put in its place, and nothing lands where nothing was written."""
    async with AtomicDownload(tmp_path / "invoice.pdf", overwrite=False) as place:
        with pytest.raises(RuntimeError, match="nothing was written"):
            await place.commit()
        part = place.new_part()
        part.discard()
        assert not await part.write(b"late")
        with pytest.raises(FileNotFoundError):
            await place.commit()
    assert files(tmp_path) == {}


def template(text: str) -> NameTemplate:
    """Return the template of an invoice's file name."""
    return NameTemplate(text, Invoice)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("TST2026-000001", "TST2026-000001.pdf"), ("TST/2026/1", "TST-2026-1.pdf"),
        ("..\\..\\etc/passwd", "-..-etc-passwd.pdf"), ("../../x", "-..-x.pdf"), ("con", "_con.pdf"),
        ("LPT1", "_LPT1.pdf"), ("a:b*c?d\x00", "a-b-c-d-.pdf"), ("Őr", "Őr.pdf"),
    ],
)  # fmt: skip
def test_safe(number: str, name: str) -> None:
    """Separators, device names, marks of a shell and control characters become harmless; letters stay."""
    assert template("{prefixed_invoice_no}.pdf").name({"prefixed_invoice_no": number}) == name


def test_long() -> None:
    """A name is cut to what file systems take, in whole characters, and keeps its extension."""
    name = template("{comment}.pdf").name({"comment": "ő" * 500})
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert name == "ő" * 98 + ".pdf"


def test_nothing_left() -> None:
    """A template that leaves nothing is an error, not a hidden file."""
    with pytest.raises(ValueError, match="leaves nothing"):
        template("{comment}").name({"comment": " .. "})


@pytest.mark.parametrize("text", ["", "invoice.pdf", "{no}.pdf", "{0}.pdf", "{client.name}", "a/{id}.pdf", "{id"])
def test_templates_that_are_none(text: str) -> None:
    """A template without a field, with an unknown one, or with a separator is refused at once."""
    with pytest.raises(ValueError, match="name must be a template such as"):
        template(text)


def test_id_needs_no_invoice() -> None:
    """With the id alone no invoice has to be read."""
    assert not template("{id:010d}.pdf").needs_document
    assert template("{id:010d}.pdf").name({"id": 42}) == "0000000042.pdf"
    assert template("{invoice_no}.pdf").needs_document

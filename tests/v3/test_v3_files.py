"""PDFs, prints and exports of API v3: waited for, saved whole, and nothing else in their place."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from harness import v3_harness
from v3_cases import EXPORT

from billingo_async.sandbox import Fault, Switches
from billingo_async.v3 import APIError, BillingoError, DocumentNotReadyError, MalformedResponseError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from harness import Harness
    from jumping_clock import JumpingClock

    from billingo_async.v3 import Billingo, Document, ExportState


@pytest.fixture
async def lab(jumping_clock: JumpingClock) -> AsyncGenerator[Harness[Billingo]]:
    """A harness at the sandbox."""
    async with v3_harness(jumping_clock) as lab:
        yield lab


@pytest.mark.parametrize("is_wrapped", [True, False])
async def test_a_pdf_is_waited_for_while_it_is_made(lab: Harness[Billingo], is_wrapped: bool) -> None:  # noqa: FBT001 - a switch of the sandbox
    """The server needs two seconds; it is asked politely, and the bytes that come are the PDF's."""
    lab.sandbox.switches = Switches(pdf_wrapped=is_wrapped)
    document = await lab.shop.document()
    pdf = await lab.billingo.documents.download(document)
    assert pdf.startswith(b"%PDF-")
    assert lab.line.tries["documents.download"] == 3  # at 0, at 1 and at 2.5 seconds
    assert 2.0 <= lab.clock.seconds < 3.0


async def test_the_pauses_grow_and_end_with_the_callers_patience(lab: Harness[Billingo]) -> None:
    """A PDF that is never made is asked for within `max_wait` alone, ever more seldom, and the error says so."""
    lab.sandbox.switches = Switches(pdf_after=1_000_000.0, pos_after=1_000_000.0)
    document = await lab.shop.document()
    with pytest.raises(DocumentNotReadyError) as caught:
        await lab.billingo.documents.download(document)
    assert caught.value.safe_to_retry
    assert lab.clock.seconds <= 60.0
    assert lab.line.tries["documents.download"] <= 12
    with pytest.raises(DocumentNotReadyError):
        await lab.billingo.with_options(max_wait=0.5).documents.download_pos(document, size=80)
    assert lab.line.tries["documents.download_pos"] == 1


async def test_a_pdf_is_saved_whole_and_nothing_else_is(lab: Harness[Billingo], tmp_path: Path) -> None:
    """Where the answers are no PDFs, the path stays empty; where one is, it holds that PDF."""
    document = await lab.shop.document()
    place = tmp_path / "invoice.pdf"
    for status, body in ((200, b'{"error":{"message":"x"}}'), (201, b"%PDF-1.7 %%EOF"), (200, b"<html></html>")):
        lab.sandbox.faults.next("documents.download", Fault.answer(status, body))
        with pytest.raises(MalformedResponseError):
            await lab.billingo.documents.download_to(document, place)
    assert not place.exists()
    saved = await lab.billingo.documents.download_to(document, place)
    assert saved.read_bytes() == await lab.billingo.documents.download(document)
    with pytest.raises(FileExistsError):
        await lab.billingo.documents.download_to(document, place)


async def test_a_pdf_is_read_as_it_comes(lab: Harness[Billingo]) -> None:
    """A stream waits for the PDF as `download` does, and its chunks are the whole of it."""
    document = await lab.shop.document()
    async with lab.billingo.documents.download_stream(document) as pdf:
        chunks = [chunk async for chunk in pdf]
    assert b"".join(chunks) == await lab.billingo.documents.download(document)


async def test_a_print_for_a_till_has_one_of_two_widths(lab: Harness[Billingo]) -> None:
    """58 and 80 millimetres; anything else is refused before it is sent."""
    document = await lab.shop.document()
    assert (await lab.billingo.documents.download_pos(document, size=58)).startswith(b"%PDF-")
    for size in (57, "58", None):
        slip: Any = size
        with pytest.raises(ValueError, match="58 or 80"):
            await lab.billingo.documents.download_pos(document, size=slip)


async def test_many_pdfs_fill_a_folder_and_none_is_fetched_twice(lab: Harness[Billingo], tmp_path: Path) -> None:
    """Each document has its file, under its number; a second run finds them all, and what fails stops no other."""
    documents = [await lab.billingo.documents.get(await lab.shop.document()) for _ in range(3)]
    items: list[int | Document] = [*documents, 999_999_999]
    runs = [[one async for one in lab.billingo.documents.download_many(items, tmp_path)] for _ in range(2)]
    with pytest.raises(ValueError, match="no field of"):
        async for _ in lab.billingo.documents.download_many(items, tmp_path, name="{prefixed_invoice_no}.pdf"):
            pass
    made = {one.id: one for one in runs[0]}
    assert isinstance(made.pop(999_999_999).error, BillingoError)
    names = [document.invoice_number for document in documents]
    assert {one.path.name for one in made.values() if one.path} == {
        f"{name.replace('/', '-')}.pdf" for name in names if name
    }
    assert sorted(one.skipped for one in runs[1]) == [False, True, True, True]


async def test_an_export_is_ordered_waited_for_and_saved(lab: Harness[Billingo], tmp_path: Path) -> None:
    """`run` tells each state on its way; the CSV begins with a byte order mark and holds the document's number."""
    document = await lab.billingo.documents.get(await lab.shop.document())
    states: list[ExportState] = []
    place = await lab.billingo.exports.run(EXPORT, tmp_path / "march.csv", on_state=states.append)
    assert [status.state for status in states] == ["pending", "processing", "success"]
    content = place.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert str(document.invoice_number) in content.decode()


async def test_an_export_that_fails_or_takes_too_long_leaves_no_file(lab: Harness[Billingo], tmp_path: Path) -> None:
    """The server's word on a failed job is shown; patience that ends is told apart; nothing lies at the path."""
    place = tmp_path / "march.csv"
    lab.sandbox.switches = Switches(export_outcome="fail")
    with pytest.raises(APIError, match="failed") as failed:
        await lab.billingo.exports.run(EXPORT, place)
    assert not isinstance(failed.value, DocumentNotReadyError)
    with pytest.raises(DocumentNotReadyError, match="not made yet"):
        await lab.billingo.exports.run(EXPORT, place, patience=1.0)
    lab.sandbox.switches = Switches(export_outcome="warning")
    assert (await lab.billingo.exports.run(EXPORT, place)).read_bytes()
    before = lab.line.tries["exports.create"]
    with pytest.raises(FileExistsError):
        await lab.billingo.exports.run(EXPORT, place)
    assert lab.line.tries["exports.create"] == before


@pytest.mark.jumping
async def test_closing_ends_a_wait_for_a_pdf(lab: Harness[Billingo]) -> None:
    """Nobody waits for a PDF through an object that is closed."""
    lab.sandbox.switches = Switches(pdf_after=1_000_000.0)
    document = await lab.shop.document()
    waiting = asyncio.create_task(lab.billingo.documents.download(document))
    await asyncio.sleep(0.5)
    await lab.billingo.aclose()
    with pytest.raises(BillingoError, match="closed"):
        await waiting
    assert lab.clock.seconds < 5.0

"""The sandbox's page as a person sees it: it runs, refreshes itself, and fits the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chromium import a_tab

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from chromium import Tab
    from sandbox_caller import Caller

    from billingo_async.sandbox import Sandbox

NAME = "<script>document.title='taken over'</script>"


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncIterator[Tab]:
    """A tab of a browser of its own."""
    async with a_tab(tmp_path / "profile") as tab:
        yield tab


def root(served: Caller) -> str:
    """Where the page is."""
    return str(served.http.base_url).removesuffix("api/")


async def filled(served: Caller, sandbox: Sandbox) -> None:
    """Something of everything: a long name, a long path, a long answer, a cancelled invoice, faults."""
    uid = await served.new_invoice()
    await served.get(f"/invoices/{uid}/cancel")
    long = await served.new_client(name=f"Legeslegmegszentségteleníthetetlenebb{'é' * 150} Kft. {NAME}")
    await served.new_invoice(long)
    await served.send("GET", "/invoices", page=1, max_per_page=50, more="x" * 400)
    await served.send("GET", "/nothing/here")
    sandbox.faults.always("GET /invoices/*/download", Fault.not_ready())


async def section(tab: Tab, name: str) -> str:
    """The text of a section of the page, in single spaces."""
    return " ".join((await tab.evaluate(f"document.querySelector('#{name}').innerText")).split())


async def test_it_shows_what_the_sandbox_holds(tab: Tab, served: Caller, sandbox: Sandbox) -> None:
    """Counts, faults that wait, the last invoices and requests, the newest first; JSON in lines, a cut says so."""
    await filled(served, sandbox)
    exact = b'{"a":{}, "b":[0.1000000000000000055,"x, {y}: \\"z\\""]}'
    sandbox.faults.next("vat.list", Fault.answer(200, exact), Fault.answer(200, "ő" * 5000))
    for _ in range(2):
        await served.send("GET", "/vat")
    await tab.open(root(served))
    await tab.until("document.querySelector('#requests-box')")
    await tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert "invoices 3 clients 2" in await section(tab, "holds")
    assert "GET /invoices/*/download PDF not ready every time" in await section(tab, "faults")
    invoices = await section(tab, "invoices")
    assert "TST / 2015-000002 cancels TST / 2015-000001 cancelling invoice 2015-11-23 Minta Kft. -4,445 HUF" in invoices
    assert "TST / 2015-000001 canceled by TST / 2015-000002 invoice 2015-11-23 Minta Kft. 4,445 HUF" in invoices
    laid_out = '{\n  "a": {},\n  "b": [\n    0.1000000000000000055,\n    "x, {y}: \\"z\\""\n  ]\n}'
    assert laid_out in await tab.evaluate("[...document.querySelectorAll('pre')].map(each => each.textContent)")
    requests = await section(tab, "requests")
    assert "12:00:00 GET /api/vat met: answer 200 200" in requests
    assert "Cut: this is the beginning of 10,000 bytes." in requests
    assert requests.index("/api/vat") < requests.index("/api/nothing/here 404") < requests.index("/api/clients 200")


async def test_it_refreshes_itself_and_keeps_what_was_unfolded(tab: Tab, served: Caller, sandbox: Sandbox) -> None:
    """A later request appears without a reload; the answer that was unfolded stays so, the focus in its place."""
    await served.send("GET", "/vat")
    await tab.open(root(served))
    await tab.until("document.querySelector('#request-1-summary')")
    await tab.evaluate("document.querySelector('#request-1-summary').focus(); document.activeElement.click()")
    assert await tab.evaluate("document.querySelector('#request-1').open") is True
    client = await served.new_client(name=NAME)
    await served.new_invoice(client)
    await tab.until("document.querySelector('#requests').innerText.includes('/api/invoices')")
    assert await tab.evaluate("document.querySelector('#request-1').open") is True
    assert await tab.evaluate("document.activeElement.id") == "request-1-summary"
    assert NAME in await tab.evaluate("document.querySelector('#invoices').innerText")
    assert await tab.evaluate("document.title") == "Billingo sandbox"
    assert tab.complaints == []  # nothing is missing, and nothing breaks the policy


async def test_it_says_when_the_sandbox_is_gone(tab: Tab, sandbox: Sandbox) -> None:
    """The last that was told stays to be read, under a word that it is the last."""
    async with sandbox.serve() as url:
        await tab.open(url.removesuffix("api"))
        await tab.until("document.querySelector('#holds').innerText.includes('invoices')")
    await tab.until("document.querySelector('#word').textContent.includes('does not answer')")
    assert "invoices" in await tab.evaluate("document.querySelector('#holds').innerText")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
async def test_it_fits_the_window(tab: Tab, served: Caller, sandbox: Sandbox, width: int, *, dark: bool) -> None:
    """The page never scrolls sideways, tables do in their box; nothing else is wider than its place."""
    await filled(served, sandbox)
    await tab.open(root(served), width=width, dark=dark)
    await tab.until("document.querySelector('#requests-box')")
    await tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert await tab.evaluate("document.documentElement.scrollWidth") == width
    wide = "[...document.querySelectorAll('body *')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0"
    assert await tab.evaluate(f"{wide} && !e.matches('.box, .box *')).map(e => e.outerHTML)") == []
    if width == 390:
        assert await tab.evaluate("(e => e.scrollWidth > e.clientWidth)(document.querySelector('#requests-box'))")

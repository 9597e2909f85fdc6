"""The sandbox's page as text: what a reader finds in each of its sections, and of which tags it is made."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox_caller import Caller


class Text(HTMLParser):
    """The text of a page, section by section, and all its tags."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__()
        self.sections: dict[str, str] = {}
        self.tags: list[str] = []
        self._here = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; a section's id names what follows."""
        self.tags.append(tag)
        if tag == "section":
            self._here = dict(attrs)["id"] or ""

    def handle_data(self, data: str) -> None:
        """Add text to the section, in single spaces."""
        known = self.sections.get(self._here, "")
        self.sections[self._here] = " ".join([known, *data.split()]).strip()


async def page(caller: Caller) -> str:
    """Ask for the page as a browser does, without a token."""
    response = await caller.http.get(str(caller.http.base_url).removesuffix("/api/") + "/")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return response.text

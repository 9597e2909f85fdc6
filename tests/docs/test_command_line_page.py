"""The page of the command line says what the commands say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from billingo_async.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def page(script: Callable[[str], Any]) -> str:
    """The page, written anew."""
    return str(script("command_line_page").page())


def test_every_command_has_its_section(page: str) -> None:
    """Those that do something, in groups or alone, and no other."""
    match = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert len(match) == len(set(match))
    groups = {"bulk create", "journal status", "journal resolve", "invoices cancel"}
    assert {"demo", "sandbox", "doctor", "pdf", *groups} <= set(match)
    for name in match:
        value = CliRunner().invoke(app, [*name.split(), "--help"])
        assert value.exit_code == 0, name


def test_an_option_is_told_with_its_own_words_and_default(page: str) -> None:
    """The port of the sandbox stands with its help and 8080; what has to be given is in the call."""
    assert "| `--port` | The port to listen on; 0 takes a free one. | `8080` |" in page
    assert "`billingo-async invoices pay NUMBER --amount AMOUNT`" in page

"""The table of API v3 says what the reference and the specification say, row by row."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from billingo_async.protocol.comparison import check_path
from billingo_async.v3 import operations
from billingo_async.v3.models import Document

if TYPE_CHECKING:
    from pathlib import Path

Endpoint = tuple[str, str]


def documented_effects(shared: Path) -> dict[Endpoint, str]:
    """The effect of each endpoint in the overview of the reference."""
    section = (shared / "v3" / "reference.md").read_text("utf-8").split("### 4.1 Overview")[1].split("### 4.2")[0]
    rows = re.findall(r"^\| \d+ \| (\w+) \| `([^`]+)` \|.*\| (READ|SAME|ONCE)\*? \|$", section, re.MULTILINE)
    return {(method, path): effect.lower() for method, path, effect in rows}


def endpoints() -> dict[Endpoint, str]:
    """The endpoints of the table, each part of a path under the specification's name, with their effects."""
    named = {"documents.by_vendor_id": "{vendor_id}", "tax_numbers.check": "{tax_number}"}
    return {
        (row.method, row.path.replace("{text}", named.get(row.name, "{id}"))): row.effect.value
        for row in operations.TABLE
    }


def test_every_endpoint_of_the_reference_has_a_row_with_its_effect(shared: Path) -> None:
    """54 rows; what repeating does is what the reference says, whatever the method."""
    documented = documented_effects(shared)
    assert len(documented) == 54
    assert endpoints() == documented


def test_every_operation_of_the_specification_has_a_row(shared: Path) -> None:
    """No path and no method of the specification is left out, and none is made up."""
    paths = json.loads((shared / "v3" / "openapi.json").read_bytes())["paths"]
    methods = ("get", "post", "put", "delete")
    assert endpoints().keys() == {
        (method.upper(), path) for path in paths for method in paths[path] if method in methods
    }


@pytest.mark.parametrize(
    ("vendor_id", "path"),
    [
        ("order-1", "/documents/vendor/order-1"),
        ("a/b", "/documents/vendor/a%2Fb"),
        ("a b?c#d", "/documents/vendor/a%20b%3Fc%23d"),
        ("50%", "/documents/vendor/50%25"),
        ("számla ő", "/documents/vendor/sz%C3%A1mla%20%C5%91"),
        ("...", "/documents/vendor/..."),
    ],
)
def test_a_text_in_a_path_is_percent_encoded(vendor_id: str, path: str) -> None:
    """A slash, a question mark or an accent of the caller's own id leads nowhere else."""
    call = operations.DOCUMENTS_BY_VENDOR_ID.call(text=vendor_id)
    assert call.path == path
    check = check_path("vendor_id")
    for told, other in ((vendor_id, None), ("", None), (None, None), ("documents/vendor", "vendor_id")):
        assert check(call, Document.model_validate({"id": 1, "vendor_id": told})) == other


@pytest.mark.parametrize("slip", ["", "  ", ".", "..", 7, None, "\ud800"])
def test_a_text_that_would_bend_a_path_is_refused(slip: object) -> None:
    """Nothing is sent for what is empty, climbs, is no text, or is no Unicode."""
    with pytest.raises(ValueError, match=r"text must be a text|surrogates"):
        operations.DOCUMENTS_BY_VENDOR_ID.call(text=slip)  # type: ignore[arg-type]  # the slip under test

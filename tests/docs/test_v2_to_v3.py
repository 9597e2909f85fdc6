"""The map from API v2 to API v3 names every operation of both tables, and fields that are there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from billingo_async import v3
from billingo_async.v2 import models as v2_models
from billingo_async.v2 import operations as v2_operations
from billingo_async.v3 import operations as v3_operations

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tables(pytestconfig: pytest.Config) -> dict[str, list[list[str]]]:
    """The tables of the page, by their first line."""
    page: Path = pytestconfig.rootpath / "docs" / "guides" / "v2-to-v3.md"
    blocks = re.findall(r"((?:^\|.*\n)+)", page.read_text("utf-8"), re.MULTILINE)
    found: dict[str, list[list[str]]] = {}
    for block in blocks:
        head, _, *rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in block.splitlines()]
        found.setdefault(" | ".join(head), []).extend(rows)
    return found


def name_in(cell: str) -> str:
    """The name in backticks that a cell begins with."""
    match = re.match(r"`([\w.]+)`", cell)
    return match[1] if match else ""


def test_the_map_names_every_operation_of_both_apis(tables: dict[str, list[list[str]]]) -> None:
    """Each of v2's has its line, once; each of v3's is reached from one, or is said to be new."""
    rows = tables["v2 | v3 | what else changes"]
    assert sorted(name_in(row[0]) for row in rows) == sorted({row.name for row in v2_operations.TABLE})
    reached = {name_in(row[1]) for row in rows} - {""}
    new = [name_in(row[0]) for row in tables["v3 | for"]]
    assert len(new) == len(set(new))
    assert not reached & (set(new) - {"partners.guess", "receipts.create"})
    assert reached | set(new) == {row.name for row in v3_operations.TABLE}


def test_what_has_no_successor_says_why(tables: dict[str, list[list[str]]]) -> None:
    """An empty place has its reason beside it."""
    assert all(row[1] or row[2] for row in tables["v2 | v3 | what else changes"])


def test_the_map_names_fields_that_are_there(tables: dict[str, list[list[str]]]) -> None:
    """Each pair is a field of a model of v2 and one of v3."""
    rows = tables["v2 | v3 | note"]
    assert len(rows) > 20
    for row in rows:
        for wing, cell in ((v2_models, row[0]), (v3, row[1])):
            model, _, field = name_in(cell).partition(".")
            assert field in getattr(wing, model).model_fields, cell


def test_the_map_names_payment_methods_that_are_there(tables: dict[str, list[list[str]]]) -> None:
    """An id of v2 becomes a value of v3's enum."""
    values = [name_in(row[1]) for row in tables["v2 | v3"]]
    assert values
    assert all(v3.PaymentMethod(value) for value in values)


def test_the_map_names_vat_rates_of_both_apis(tables: dict[str, list[list[str]]], shared: Path) -> None:
    """Each rate that v2's documentation lists has its line, and a text that the specification of v3 names."""
    rows = tables["`Vat.value` of v2 | `Vat.description` of v2 | `Vat` of v3"]
    listed = json.loads((shared / "payloads" / "vat.list.response.json").read_text("utf-8"))["data"]
    rates = {(each["attributes"]["value"], each["attributes"]["description"]) for each in listed}
    assert {(row[0], row[1]) for row in rows} == rates
    assert all(row[2].strip("`") in {member.value for member in v3.Vat} for row in rows)

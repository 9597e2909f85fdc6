"""How numbers and addresses are written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billingo_async.sandbox.paper.document import Address
from billingo_async.sandbox.paper.figures import address_lines, money, number, places_of, style_for

HUNGARIAN = style_for("hu")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0", "0"),
        ("-0.0", "0"),
        ("1234567.891", "1 234 567,891"),
        ("-1500", "-1 500"),
        ("3500.10", "3 500,1"),
        ("1E+3", "1 000"),
        ("0.00001", "0,00001"),
    ],
)
def test_a_number_is_written_exactly(value: str, written: str) -> None:
    """Thousands are parted and no digit is lost or made up."""
    assert number(Decimal(value), HUNGARIAN) == written


@pytest.mark.parametrize(
    ("values", "currency", "places"),
    [(["1", "2"], "HUF", 0), (["1", "2.5"], "HUF", 2), (["1"], "EUR", 2), (["1", "0.1234"], "EUR", 4), ([], "EUR", 2)],
)
def test_a_column_has_the_decimals_its_values_need(values: list[str], currency: str, places: int) -> None:
    """Two decimals at least, none for whole forints, more where a value has more."""
    assert places_of([Decimal(value) for value in values], currency) == places


def test_money_carries_its_currency() -> None:
    """Forints and euros have a sign, any other currency its code."""
    assert money(Decimal(12300), "HUF", HUNGARIAN) == "12 300 Ft"
    assert money(Decimal(5), "CHF", HUNGARIAN) == "5,00 CHF"


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            Address("Fő", "Pécs", "7621", "Magyarország", street_type="tér", house_nr="4/B", block="C", entrance="2"),
            ["7621 Pécs", "Fő tér 4/B., C ép. 2. lph.", "Magyarország"],
        ),
        (
            Address("Rózsa", "Budapest", "1077", "Magyarország", street_type="u.", house_nr="7.", floor="fszt.",
                    door="1", district="VII."),
            ["1077 Budapest, VII. kerület", "Rózsa u. 7., fszt. 1. ajtó", "Magyarország"],
        ),
        (
            Address("Lindenallee", "Köln", "50968", "Deutschland", house_nr="12", floor="2", district="Marienburg"),
            ["Lindenallee 12, 2", "50968 Köln, Marienburg", "Deutschland"],
        ),
        (Address("Valahol utca 300", "Sopron", "9400", ""), ["Valahol utca 300", "9400 Sopron"]),
    ],
)  # fmt: skip
def test_an_address_is_written_as_on_an_envelope(address: Address, lines: list[str]) -> None:
    """Town first in Hungary, street first elsewhere, blank parts left out."""
    assert address_lines(address) == lines

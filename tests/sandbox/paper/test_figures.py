"""How numbers and addresses are written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billingo_async.sandbox.paper.document import Address
from billingo_async.sandbox.paper.figures import address_lines, exact_places_of, money, number, places_of, style_for

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
    [
        (["1", "2"], "HUF", (0, 0)),
        (["1", "2.5"], "HUF", (2, 2)),
        (["1", "2.5005"], "HUF", (2, 4)),
        (["1"], "EUR", (2, 2)),
        (["1", "0.1234"], "EUR", (2, 4)),
        ([], "EUR", (2, 2)),
        ([], "JPY", (0, 0)),
    ],
)
def test_a_column_has_the_decimals_of_its_currency(values: list[str], currency: str, places: tuple[int, int]) -> None:
    """Sums have two decimals, none for whole forints; unit prices as many as they need."""
    column = [Decimal(value) for value in values]
    assert (places_of(column, currency), exact_places_of(column, currency)) == places


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        ("229236.6891", 2, "229 236,69"),
        ("0.125", 2, "0,13"),  # half up, not half to even
        ("0.135", 2, "0,14"),
        ("-0.125", 2, "-0,13"),
        ("-0.001", 2, "0,00"),
        ("12.5", 0, "13"),
        ("3500.1", 4, "3 500,1000"),
        ("99999999999999999999999999999999.995", 2, "100 000 000 000 000 000 000 000 000 000 000,00"),
    ],
)
def test_a_sum_is_rounded_half_up(value: str, places: int, written: str) -> None:
    """To the currency's smallest unit, as on any invoice, however long the number."""
    assert number(Decimal(value), HUNGARIAN, places) == written


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

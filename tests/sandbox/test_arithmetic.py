"""Sums with paper and pencil: the rules of the room, one by one and for any invoice."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox_caller import money

from billingo_async.sandbox.arithmetic import Rate, gross_priced, net_priced, number_of, totals
from billingo_async.sandbox.v2.dialect import text_of

HOME = Rate(1, money("0.27"), "27%")
FIVE = Rate(2, money("0.05"), "5%")
EXEMPT = Rate(4, Decimal(0), "AM")
WITHIN_EU = Rate(5, Decimal(0), "EU")
AMOUNTS = st.decimals(-(10**28), 10**28, places=28, allow_nan=False, allow_infinity=False)
RATES = st.sampled_from([HOME, FIVE, EXEMPT])


@settings(max_examples=60, deadline=None)
@given(AMOUNTS, AMOUNTS, RATES)
def test_rows_lose_no_digit(qty: Decimal, price: Decimal, rate: Rate) -> None:
    """What the price is of is the exact product, whatever the caller has set; net of a gross is off by half 1/1000."""
    with localcontext(prec=3):
        by_net, by_gross = net_priced(qty, price, rate).sums, gross_priced(qty, price, rate).sums
    product, share = Fraction(qty) * Fraction(price), Fraction(rate.value)
    assert [Fraction(each) for each in (by_net.net, by_net.vat, by_net.gross)] == [
        product, product * share, product * (1 + share)
    ]  # fmt: skip
    assert Fraction(by_gross.gross) == product == Fraction(by_gross.net) + Fraction(by_gross.vat)
    assert abs(Fraction(by_gross.net) - product / (1 + share)) <= Fraction(1, 2000)


def test_vat_is_summed_per_id() -> None:
    """Two reasons for 0 % stay apart, two rows of one rate come together, in the order of appearance."""
    rows = [(EXEMPT, 100), (HOME, 100), (WITHIN_EU, 1), (HOME, 200)]
    result = totals([(rate, net_priced(Decimal(1), Decimal(net), rate).sums) for rate, net in rows], 0)
    found = [(rate.label, int(sums.net), int(sums.vat)) for rate, sums in result.rates]
    assert found == [("AM", 100, 0), ("27%", 300, 81), ("EU", 1, 0)]
    assert result.total == result.sums.gross == Decimal(482)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(AMOUNTS, RATES), min_size=1, max_size=5), st.sampled_from([0, 1, 5, 10]))
def test_totals_add_up(rows: list[tuple[Decimal, Rate]], round_to: int) -> None:
    """The total is the exact sum plus its rounding, at most half a step; of rows that are turned it is minus that."""
    sums = [(rate, net_priced(Decimal(1), net, rate).sums) for net, rate in rows]
    result, turned = totals(sums, round_to), totals([(rate, each.turned()) for rate, each in sums], round_to)
    exact = sum((Fraction(net) * (1 + Fraction(rate.value)) for net, rate in rows), Fraction(0))
    assert Fraction(result.sums.gross) == exact
    assert Fraction(result.total) == exact + Fraction(result.rounding)
    assert abs(Fraction(result.rounding)) <= Fraction(round_to, 2)
    assert Fraction(turned.total) == -Fraction(result.total)
    assert [Fraction(sums.vat) for _, sums in turned.rates] == [-Fraction(sums.vat) for _, sums in result.rates]


@pytest.mark.parametrize(
    ("value", "text", "number"),
    [
        ("4445", "4445.000", 4445),
        ("-4445.00", "-4445.000", -4445),
        ("0.10", "0.100", money("0.1")),
        ("1E+3", "1000.000", 1000),
        ("0.12345", "0.12345", money("0.12345")),
        ("0", "0.000", 0),
    ],
)
def test_how_numbers_are_spelled(value: str, text: str, number: object) -> None:
    """Strings have three decimals or as many as it takes; numbers are whole where they are, without idle zeros."""
    assert text_of(money(value)) == text
    assert (number_of(money(value)), str(number_of(money(value)))) == (number, str(number))

"""What an invoice comes to: exact, per VAT id, rounded as asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest

from billingo_async.v2.models import NewInvoice, NewItem, NewProductItem, Totals

RATES: dict[int, Decimal | int] = {1: Decimal("0.27"), 2: Decimal("0.05"), 4: 0, 5: 0}


def item(vat_id: int = 1, qty: Decimal | int = 1, **price: Any) -> NewItem:
    """A row with this price."""
    return NewItem(description="Test item", unit="pc", vat_id=vat_id, qty=qty, **price)


def invoice(*items: NewItem | NewProductItem, round_to: int = 0) -> NewInvoice:
    """An invoice with these rows."""
    day = date(2015, 12, 12)
    return NewInvoice(
        client_uid=1, payment_method=1, due_date=day, fulfillment_date=day, items=items, round_to=round_to
    )


def test_the_documented_example() -> None:
    """3500 and 27 % make 4445, as the documentation's answer says."""
    totals = invoice(item(net_unit_price=3500)).totals(RATES)
    assert totals == Totals(Decimal(3500), {1: Decimal(945)}, Decimal(4445), Decimal(0), Decimal(4445))


def test_vat_is_kept_apart_by_id() -> None:
    """Two rates of 0 % are two reasons."""
    totals = invoice(
        item(net_unit_price=100), item(4, net_unit_price=10), item(5, net_unit_price=1), item(2, 2, net_unit_price=50)
    ).totals(RATES)
    assert totals.vat == {1: 27, 4: 0, 5: 0, 2: 5}
    assert list(totals.vat) == [1, 4, 5, 2]
    assert (totals.net, totals.gross) == (Decimal(211), Decimal(243))


def test_a_gross_price_stays_what_was_asked_for() -> None:
    """1000 gross with 27 % is 787.402 net, rounded half up to three decimals, and the rest is VAT."""
    totals = invoice(item(gross_unit_price=1000)).totals(RATES)
    assert (totals.net, totals.gross) == (Decimal("787.402"), Decimal(1000))
    assert totals.vat == {1: Decimal("212.598")}


def test_a_net_of_a_gross_price_is_rounded_half_up() -> None:
    """Half a thousandth goes up, not to the even neighbour: 0.0025 without VAT is 0.003."""
    totals = invoice(item(4, gross_unit_price=Decimal("0.0025"))).totals(RATES)
    assert (totals.net, totals.vat) == (Decimal("0.003"), {4: Decimal("-0.0005")})


@pytest.mark.parametrize(
    ("price", "round_to", "total"),
    [
        ("102.50", 0, "102.50"),
        ("102.50", 1, "103"),
        ("102.49", 1, "102"),
        ("102.50", 5, "105"),
        ("102.49", 5, "100"),
        ("105", 10, "110"),
        ("104.99", 10, "100"),
        ("-102.50", 5, "-105"),
    ],
)
def test_the_total_is_rounded_half_up(price: str, round_to: int, total: str) -> None:
    """Halves go away from zero, to a multiple of what was asked for."""
    totals = invoice(item(4, net_unit_price=Decimal(price)), round_to=round_to).totals(RATES)
    assert (totals.gross, totals.total) == (Decimal(price), Decimal(total))
    assert totals.rounding == Decimal(total) - Decimal(price)


def test_a_callers_decimal_context_has_no_say() -> None:
    """Three digits of precision lose nothing."""
    with localcontext(prec=3):
        totals = invoice(item(net_unit_price=Decimal("123456789.123"))).totals(RATES)
    assert totals.gross == Decimal("156790122.18621")


@pytest.mark.parametrize(
    "rates", [{}, {1: 0.27}, {1: True}, {1: Decimal(27)}, {1: Decimal("-0.1")}, {1: Decimal("NaN")}], ids=repr
)
def test_a_rate_that_is_none_is_refused(rates: Any) -> None:
    """The message names the VAT id."""
    with pytest.raises(ValueError, match="vat_id 1"):
        invoice(item(net_unit_price=1)).totals(rates)


def test_a_stored_product_has_no_price_here() -> None:
    """Only the server knows it; the message names the row."""
    with pytest.raises(ValueError, match=r"items\[1\]"):
        invoice(item(net_unit_price=1), NewProductItem(product_uid=1, qty=1)).totals(RATES)

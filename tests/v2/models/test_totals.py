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

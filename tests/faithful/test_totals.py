"""What an invoice is said to come to before it is made is what the server then says, asked over HTTP."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Context, Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billingo_async import Address, InvoiceType, NewClient, NewInvoice, NewItem

if TYPE_CHECKING:
    from billingo_async import Billingo, Vat

AMOUNTS = st.decimals(-(10**12), 10**12, places=4) | st.integers(-(10**6), 10**6).map(Decimal)
PRICES = ("net_unit_price", "gross_unit_price")
Row = tuple[int, Decimal, Decimal, str]
ROWS = st.lists(st.tuples(st.integers(0, 4), AMOUNTS, AMOUNTS, st.sampled_from(PRICES)), min_size=1, max_size=6)
TYPES = st.sampled_from([InvoiceType.DRAFT, InvoiceType.PROFORMA, InvoiceType.NORMAL])
CUSTOMER = NewClient(
    name="Őri Kft.", billing_address=Address(street_name="Fő", city="Győr", postcode="9021", country="Magyarország")
)
DAY = date(2015, 12, 12)


EXACT = Context(prec=400)


@pytest.fixture
async def client(billingo: Billingo) -> int:
    """The customer of all examples."""
    return (await billingo.clients.create(CUSTOMER)).id


@pytest.fixture
async def rates(billingo: Billingo) -> list[Vat]:
    """The rates as the server tells them."""
    return await billingo.vat.list()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the examples share one account; none minds
@given(rows=ROWS, round_to=st.sampled_from([0, 1, 5, 10]), kind=TYPES)
@example(rows=[(3, Decimal(1), Decimal("0.0025"), PRICES[1])], round_to=0, kind=InvoiceType.NORMAL)
@example(rows=[(3, Decimal(-1), Decimal("102.50"), PRICES[0])], round_to=5, kind=InvoiceType.NORMAL)
async def test_totals_are_what_the_server_says(
    billingo: Billingo, client: int, rates: list[Vat], *, rows: list[Row], round_to: int, kind: InvoiceType
) -> None:
    """Total, net, VAT per rate, gross, and the total of the invoice that cancels it: equal to the last digit."""
    new = NewInvoice(
        client_uid=client,
        payment_method=1,
        due_date=DAY,
        fulfillment_date=DAY,
        type=kind,
        round_to=round_to,
        items=[
            NewItem.model_validate(
                {"description": "x", "unit": "x", "vat_id": rates[index].id, "qty": qty, price: amount}
            )
            for index, qty, amount, price in rows
        ],
    )
    totals = new.totals({rate.id: rate.value for rate in rates if rate.value is not None})
    made = await billingo.invoices.create(new)
    assert made.total == totals.total
    read = await billingo.invoices.get(made.id)
    assert (read.total, read.net_total) == (totals.total, totals.net)
    gross = Decimal(0)
    vat: defaultdict[int | None, Decimal] = defaultdict(Decimal)
    for item in read.items or ():
        assert item.vat_value is not None
        assert item.gross_row_price is not None
        vat[item.vat_id] = EXACT.add(vat[item.vat_id], item.vat_value)
        gross = EXACT.add(gross, item.gross_row_price)
    assert (gross, dict(vat)) == (totals.gross, totals.vat)
    assert EXACT.add(totals.gross, totals.rounding) == totals.total
    if kind is InvoiceType.NORMAL:
        assert (await billingo.invoices.cancel(made.id)).total == EXACT.minus(totals.total)

"""A document to start from; a test replaces what it is about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billingo_async.sandbox.paper import Address, Document, Kind, Line, Party, PrintedTotals, VatRow

BUDAPEST = Address(
    street_name="Őrség", street_type="utca", house_nr="12", floor="3", door="14", city="Budapest", postcode="1146",
    country="Magyarország",
)  # fmt: skip


@pytest.fixture
def document() -> Document:
    """An invoice over two lines.

    Twelve of 1 890 at 27 % and two of 4 200 at 5 %: 31 080 net, 6 543,60 tax, 37 623,60 gross, rounded up to 37 625.
    """
    return Document(
        kind=Kind.INVOICE,
        number="2024-000007",
        prefixed_number="TST / 2024-000007",
        seller=Party("Sandbox Kereskedő Zrt.", BUDAPEST, tax_code="12345678-2-42", iban="HU42117730161111101800000000"),
        buyer=Party("Őrült Űrhajós Tükörfúrógép Kft.", BUDAPEST, tax_code="87654321-2-06"),
        issued=date(2024, 5, 17),
        fulfilment=date(2024, 5, 16),
        due=date(2024, 5, 25),
        payment_method="Átutalás",
        currency="HUF",
        lines=(
            Line("Sárgabaracklekvár", Decimal(12), "üveg", Decimal(1890), "27%", Decimal(22680), Decimal("6123.6"),
                 Decimal("28803.6"), "370 ml"),
            Line("Szakácskönyv", Decimal(2), "db", Decimal(4200), "5%", Decimal(8400), Decimal(420), Decimal(8820)),
        ),
        vat_rows=(
            VatRow("27%", Decimal(22680), Decimal("6123.6"), Decimal("28803.6")),
            VatRow("5%", Decimal(8400), Decimal(420), Decimal(8820)),
        ),
        totals=PrintedTotals(Decimal(31080), Decimal("6543.6"), Decimal(37625), rounding=Decimal("1.4")),
    )  # fmt: skip

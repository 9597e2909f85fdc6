"""The invoice that every contender makes, and the keys of the account that it is made in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from billingo_async import NewInvoice, NewItem

KEYS: Final = "p" * 32, "k" * 64
NEW: Final = NewInvoice(
    client_uid=115387686,
    payment_method=1,
    fulfillment_date=date(2015, 12, 12),
    due_date=date(2015, 12, 20),
    items=[NewItem(description="Test Item", vat_id=1, qty=1, unit="pc", net_unit_price=Decimal(3500))],
)

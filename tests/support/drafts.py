"""Invoices to be made in tests about keys, each a little different from the others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from billingo_async import Address, InvoiceType, NewClient, NewInvoice, NewItem

if TYPE_CHECKING:
    from collections.abc import Iterator

CUSTOMER = NewClient(
    name="Őrségi Sütőház Kft.",
    billing_address=Address(street_name="Fő utca", city="Őriszentpéter", postcode="9941", country="Hungary"),
)


def draft(
    client_uid: int, comment: str = "", *, price: str = "1250.50", kind: InvoiceType = InvoiceType.NORMAL
) -> NewInvoice:
    """One invoice."""
    return NewInvoice(
        client_uid=client_uid,
        type=kind,
        payment_method=1,
        fulfillment_date=date(2026, 3, 1),
        due_date=date(2026, 3, 9),
        comment=comment,
        items=[NewItem(description="Kenyér", vat_id=1, qty=3, unit="db", net_unit_price=Decimal(price))],
    )


def drafts(client_uid: int, count: int, start: int = 0) -> Iterator[tuple[str, NewInvoice]]:
    """So many, each under a key of its own: `order-0`, `order-1` and so on."""
    for number in range(start, start + count):
        yield f"order-{number}", draft(client_uid, f"Order {number}")

"""Finding what the API has no search for: an invoice by its number, a client by its name; and clearing a list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from billingo_async import Address, NewClient, NewInvoice, NewItem

if TYPE_CHECKING:
    from billingo_async import Billingo, Invoice

ADDRESS = Address(street_name="Fő", street_type="utca", house_nr="1", city="Sopron", postcode="9400", country="Hungary")


async def make(billingo: Billingo, count: int) -> list[Invoice]:
    """Make invoices, and read them whole."""
    client = await billingo.clients.create(NewClient(name="Kovács Kft.", billing_address=ADDRESS))
    item = NewItem(description="x", vat_id=1, qty=1, unit="pc", net_unit_price=1000)
    day = date(2026, 3, 1)
    new = NewInvoice(client_uid=client.id, payment_method=1, fulfillment_date=day, due_date=day, items=[item])
    made = [await billingo.invoices.create(new) for _ in range(count)]
    return [await billingo.invoices.get(invoice.id) for invoice in made]


async def test_an_invoice_is_found_by_its_number(billingo: Billingo) -> None:
    """With its prefix or without, spaces and zeros as they are printed or not; another number is none."""
    invoices = await make(billingo, 3)
    assert invoices[1].prefixed_invoice_no
    assert invoices[1].invoice_no
    printed, short = invoices[1].prefixed_invoice_no, invoices[1].invoice_no
    for number in (printed, printed.replace(" ", ""), short, f" {short} "):
        invoice = await billingo.invoices.find(number)
        assert invoice is not None
        assert invoice.id == invoices[1].id
    for number in (short[:-1] + "9", "X-" + short, "no number", ""):
        assert await billingo.invoices.find(number) is None
    with pytest.raises(TypeError, match="invoice_no must be text"):
        await billingo.invoices.find(7)  # type: ignore[arg-type]  # the slip itself


async def test_clients_are_listed_by_name_or_tax_code(billingo: Billingo) -> None:
    """Case and spaces at the edges do not count; the list goes on over pages that hold none."""
    for number in range(60):
        name, taxcode = ("Órás Kft.", "1-1-1") if number in {3, 57} else (f"Client {number}", None)
        new = NewClient(name=name, taxcode=taxcode, billing_address=ADDRESS, force=True)
        await billingo.clients.create(new)
    by_name = await billingo.clients.list(name=" óRÁS kft. ", max_per_page=10).to_list()
    assert [client.name for client in by_name] == ["Órás Kft."] * 2
    both = billingo.clients.list(name="órás kft.", taxcode="1-1-1")
    assert len(await both.to_list()) == 2
    assert await billingo.clients.list(name="órás kft.", taxcode="2").to_list() == []
    assert list(await billingo.clients.list(name="Órás", max_per_page=10)) == []
    with pytest.raises(TypeError, match="name must be text"):
        billingo.clients.list(name=5)  # type: ignore[arg-type]  # the slip itself


async def test_clients_can_be_deleted_while_they_are_listed(billingo: Billingo) -> None:
    """120 of them, three pages: none is left."""
    for number in range(120):
        await billingo.clients.create(NewClient(name=f"Client {number}", billing_address=ADDRESS, force=True))
    async for client in billingo.clients.list():
        await billingo.clients.delete(client.id)
    assert await billingo.clients.list().to_list() == []

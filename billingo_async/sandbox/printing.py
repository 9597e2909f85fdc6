"""From the books to the paper: fills in a `Document`; it computes nothing and draws nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billingo_async.sandbox import paper, seeds

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.records import Invoice, Row


def pdf_of(books: Books, invoice: Invoice) -> bytes:
    """The document's PDF; drawn once, and again after a payment or a cancellation changed what it shows."""
    if invoice.pdf is None:
        invoice.pdf = paper.draw(document(books, invoice))
    return invoice.pdf


def till_slip_of(books: Books, invoice: Invoice, width: int) -> bytes:
    """The document as a till prints it, so many millimetres wide."""
    return paper.draw_slip(document(books, invoice), width)


def document(books: Books, invoice: Invoice) -> paper.Document:
    """All that the invoice's paper shows."""
    terms = invoice.terms
    language = terms.language if terms.language in seeds.LANGUAGES else "en"
    return paper.Document(
        kind=paper.Kind(invoice.type),
        number=invoice.invoice_no,
        prefixed_number=invoice.prefixed_invoice_no,
        seller=_seller(books, invoice),
        buyer=_buyer(invoice.client),
        issued=invoice.date,
        fulfilment=date.fromisoformat(terms.fulfillment_date),
        due=date.fromisoformat(terms.due_date),
        payment_method=seeds.PAYMENT_METHODS[terms.payment_method].names[language],
        currency=terms.currency,
        exchange_rate=None if terms.currency == "HUF" else terms.exchange_rate,
        lines=tuple(_line(row) for row in invoice.rows),
        vat_rows=tuple(paper.VatRow(rate.label, sums.net, sums.vat, sums.gross) for rate, sums in invoice.totals.rates),
        totals=_totals(invoice),
        comment=terms.comment,
        language=terms.language,
        connected_number=invoice.connected.invoice_no if invoice.connected else "",
        electronic=terms.electronic,
    )


def _line(row: Row) -> paper.Line:
    sums = row.price.sums
    return paper.Line(
        description=row.description,
        qty=row.qty,
        unit=row.unit,
        net_unit_price=row.price.net_unit_price,
        vat_label=row.rate.label,
        net=sums.net,
        vat=sums.vat,
        gross=sums.gross,
        comment=row.comment,
    )


def _totals(invoice: Invoice) -> paper.PrintedTotals:
    totals = invoice.totals
    return paper.PrintedTotals(
        net=totals.sums.net,
        vat=totals.sums.vat,
        gross=totals.total,
        rounding=totals.rounding,
        paid=invoice.paid,
        outstanding=invoice.outstanding,
    )


def _seller(books: Books, invoice: Invoice) -> paper.Party:
    account: JsonObject = books.bank_account_for(invoice.terms.bank_account_uid, invoice.terms.currency)
    return paper.Party(
        name=seeds.SELLER_NAME,
        address=paper.Address(**seeds.SELLER_ADDRESS),
        tax_code=seeds.TAX_CODE,
        bank_name=account.get("bank_name", ""),
        account_no=account.get("account_no", ""),
        iban=account.get("account_no_iban", ""),
        swift=account.get("account_swift", ""),
    )


def _buyer(client: JsonObject) -> paper.Party:
    bank: dict[str, str] = client["bank"]
    return paper.Party(
        name=client["name"],
        address=paper.Address(**client["billing_address"]),
        tax_code=client["taxcode"],
        email=client["email"],
        account_no=bank["account_no"],
        iban=bank["iban"],
        swift=bank["swift"],
    )

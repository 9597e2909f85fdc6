"""From the books to the paper: fills in a `Document`; it computes nothing and draws nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billingo_async.sandbox import paper, seeds
from billingo_async.sandbox.invoices.record import Type

if TYPE_CHECKING:
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.invoices.record import Invoice, Row
    from billingo_async.sandbox.office import Office

_KINDS = {Type.DRAFT: paper.Kind.DRAFT, Type.PROFORMA: paper.Kind.PROFORMA, Type.NORMAL: paper.Kind.INVOICE}


def printed(office: Office, invoice: Invoice) -> bytes:
    """The invoice's PDF."""
    return paper.draw(document(office, invoice))


def document(office: Office, invoice: Invoice) -> paper.Document:
    """All that the invoice's paper shows."""
    terms = invoice.terms
    language = terms.language if terms.language in seeds.LANGUAGES else "en"
    return paper.Document(
        kind=paper.Kind.CANCELLING if invoice.cancels else _KINDS[invoice.type],
        number=invoice.invoice_no,
        prefixed_number=invoice.prefixed_invoice_no,
        seller=_seller(office, invoice),
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


def _totals(invoice: Invoice) -> paper.Totals:
    totals = invoice.totals
    return paper.Totals(
        net=totals.sums.net,
        vat=totals.sums.vat,
        gross=totals.total,
        rounding=totals.rounding,
        paid=invoice.paid,
        outstanding=invoice.outstanding,
    )


def _seller(office: Office, invoice: Invoice) -> paper.Party:
    account: JsonObject = office.bank_account_for(invoice.terms.bank_account_uid, invoice.terms.currency)
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

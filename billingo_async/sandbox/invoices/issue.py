"""Making invoices: create, generate from a proforma, cancel; every question is asked before a number is taken.

Source: API docs, Invoices (Save a new invoice, Setting by gross price, Generate normal invoice, Cancel the invoice).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from billingo_async.sandbox import dialect, seeds
from billingo_async.sandbox.arithmetic import gross_priced, net_priced, totals
from billingo_async.sandbox.invoices import shapes
from billingo_async.sandbox.invoices.record import Invoice, Payment, Row, Terms, Type
from billingo_async.sandbox.invoices.refuse import reasons_against
from billingo_async.sandbox.numbers import Series
from billingo_async.sandbox.refusal import Refusal, not_saved

if TYPE_CHECKING:
    from billingo_async.sandbox.arithmetic import Totals
    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.http import JsonObject, Response
    from billingo_async.sandbox.numbers import Number
    from billingo_async.sandbox.office import Office
    from billingo_async.sandbox.seeds import Block

_SERIES = {Type.PROFORMA: Series.PROFORMA, Type.NORMAL: Series.INVOICE}


def create(office: Office, asked: Asked) -> Response:
    """A new draft, proforma or invoice, answered short."""
    body = asked.body
    reasons = list(reasons_against(office, body))
    if reasons:
        raise not_saved("invoice", *reasons)
    rows = tuple(_row(office, item) for item in body["items"])
    terms = _terms(body)
    invoice = _issue(
        office,
        type_=Type(body["type"]),
        block=block_of(body["block_uid"]),
        terms=terms,
        client=office.clients.get(terms.client_uid).on_invoice(),
        rows=rows,
        sums=totals([(row.rate, row.price.sums) for row in rows], terms.round_to),
    )
    if body.get("is_paid") and invoice.type is not Type.DRAFT:
        invoice.payments.append(Payment(invoice.date.isoformat(), invoice.totals.total, terms.payment_method))
    office.note("invoices.create", invoice.uid)
    return dialect.single(shapes.KIND, shapes.short(invoice))


def generate(office: Office, asked: Asked) -> Response:
    """The invoice of a proforma; its id stands beside `success`. A proforma gives one invoice, once."""
    proforma = office.invoices.get(asked.uid)
    if proforma.type is not Type.PROFORMA:
        raise Refusal(400, f"Invoice {proforma.uid} is not a proforma invoice")
    if proforma.generated is not None:
        raise Refusal(400, f"Proforma invoice {proforma.uid} was turned into invoice {proforma.generated.uid} already")
    invoice = _issue(
        office,
        type_=Type.NORMAL,
        block=proforma.block,
        terms=proforma.terms,
        client=proforma.client,
        rows=proforma.rows,
        sums=proforma.totals,
    )
    proforma.generated = invoice
    office.note("invoices.generate", invoice.uid, of=proforma.uid)
    return dialect.done(id=invoice.uid)


def cancel(office: Office, asked: Asked) -> Response:
    """The invoice that cancels another: every sum turned, the next number of the same block, both linked by number."""
    invoice = office.invoices.get(asked.uid)
    _refuse_to_cancel(invoice)
    storno = _issue(
        office,
        type_=Type.NORMAL,
        block=invoice.block,
        terms=replace(invoice.terms, due_date=office.today().isoformat()),
        client=invoice.client,
        rows=tuple(row.turned() for row in invoice.rows),
        sums=invoice.totals.turned(),
    )
    storno.cancels = invoice
    invoice.cancelled_by = storno
    invoice.paper = None
    office.note("invoices.cancel", storno.uid, of=invoice.uid)
    return dialect.single(shapes.KIND, shapes.short(storno))


def block_of(uid: int) -> Block:
    """The block of that id; 0 is the default one.

    Source: API docs: "The block_uid parameter should always be 0 or the chosen invoice block's ID".
    """
    return seeds.BLOCKS[uid] if uid else seeds.DEFAULT_BLOCK


def _refuse_to_cancel(invoice: Invoice) -> None:
    if invoice.type is not Type.NORMAL:
        raise Refusal(
            400, f"Invoice {invoice.uid} is a {shapes.TYPE_STRINGS[invoice.type]}: only invoices are canceled"
        )
    if invoice.cancels is not None:
        raise Refusal(400, f"Invoice {invoice.uid} is a cancel invoice itself")
    if invoice.cancelled_by is not None:
        raise Refusal(400, f"Invoice {invoice.uid} is canceled already by {invoice.cancelled_by.invoice_no}")


def _issue(
    office: Office,
    *,
    type_: Type,
    block: Block,
    terms: Terms,
    client: JsonObject,
    rows: tuple[Row, ...],
    sums: Totals,
) -> Invoice:
    today = office.today()
    number: Number | None = None
    if type_ in _SERIES:
        number = office.numbers.take(block.uid, today.year, _SERIES[type_])
    invoice = Invoice(
        uid=office.new_id(),
        code=office.new_code(),
        type=type_,
        date=today,
        block=block,
        number=number,
        terms=terms,
        client=client,
        rows=rows,
        totals=sums,
    )
    office.file(invoice)
    return invoice


def _terms(body: JsonObject) -> Terms:
    currency: str = body["currency"]
    return Terms(
        fulfillment_date=body["fulfillment_date"],
        due_date=body["due_date"],
        payment_method=body["payment_method"],
        comment=body["comment"],
        language=body["template_lang_code"],
        electronic=bool(body["electronic_invoice"]),
        currency=currency,
        exchange_rate=Decimal(body["exchange_rate"]) if "exchange_rate" in body else seeds.FORINTS[currency],
        client_uid=body["client_uid"],
        round_to=body.get("round_to", 0),
        bank_account_uid=body.get("bank_account_uid"),
    )


def _row(office: Office, item: JsonObject) -> Row:
    if "product_uid" in item:
        return office.products.get(item["product_uid"]).row(Decimal(item["qty"]))
    rate = seeds.VAT_RATES[item["vat_id"]]
    qty = Decimal(item["qty"])
    if "gross_unit_price" in item:
        price = gross_priced(qty, Decimal(item["gross_unit_price"]), rate)
    else:
        price = net_priced(qty, Decimal(item["net_unit_price"]), rate)
    comment = item.get("item_comment") or ""
    return Row(item["description"], qty, item["unit"], rate, price, comment, item.get("entitlement"))

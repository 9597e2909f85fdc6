"""The sandbox's paper: an invoice in, a PDF out; nothing of HTTP enters here, and no sum is computed.

Every sum comes ready from the books, so that the paper can never disagree with them. The home of fpdf2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, TableBordersLayout
from fpdf.fonts import FontFace, TTFFont

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import places_of
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject
from billingo_async.sandbox.paper.language import Language, address_lines
from billingo_async.sandbox.records import STORNOS, Invoice, Row, Type

Colour = tuple[int, int, int]
_FONT: Final = "DejaVu"
_FILES: Final = {"": "DejaVuSansCondensed.ttf", "B": "DejaVuSansCondensed-Bold.ttf"}
_MARGIN: Final = 16.0
_FOOT: Final = 20.0
_GREY: Final = (107, 118, 130)
_ACCENT: Final = (14, 86, 107)
_AMBER: Final = (156, 88, 12)
_LINE: Final = 4.0
_ROW_WIDTHS: Final = (6, 53, 22, 24, 13, 21, 20, 22)
_MAX_LINES: Final = 40
"""So many lines of a description stand in one row of the table; what is longer goes on in the next."""
_SLIP_MARGIN: Final = 3.0


class _Paper(FPDF):
    """A PDF of one invoice in the invoice's language; the same input gives the same bytes."""

    def __init__(self, invoice: Invoice, size: str | tuple[float, float], margin: float) -> None:
        super().__init__(format=size)
        self.invoice = invoice
        self.language = Language(invoice.terms.language)
        self.set_margins(margin, margin, margin)
        self.set_auto_page_break(auto=False)
        for weight, file in _FILES.items():
            self.add_font(_FONT, weight, Path(__file__).parent / "fonts" / file)
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.recalcBBoxes = False  # the glyphs are unchanged: measuring them again takes half the time
        self.set_title(f"{self.language[invoice.type]} {invoice.prefixed_invoice_no}".strip())
        self.set_author(seeds.SELLER_NAME)
        self.set_lang(self.language.code)
        self.set_creation_date(datetime.combine(invoice.date, time(), UTC))
        self.set_font(_FONT, size=8)

    def say(
        self, text: str, size: float = 8, *, colour: Colour = (0, 0, 0), bold: bool = False, side: str = "L"
    ) -> None:
        """A text from margin to margin, on as many lines as it needs."""
        with self.local_context():
            self.set_font(_FONT, "B" if bold else "", size)
            self.set_text_color(*colour)
            self.multi_cell(0, size * 0.5, text, align=side, new_x="LMARGIN", new_y="NEXT")

    def rows(
        self, rows: Iterable[Sequence[str]], widths: Sequence[float], sides: Sequence[str], *, head: bool = True
    ) -> None:
        """A table; each page repeats its head. Its widths are shares of what they come to, at most of the page."""
        layout = TableBordersLayout.MINIMAL if head else TableBordersLayout.NONE
        with self.table(
            rows,
            width=min(sum(widths), self.epw),
            align="RIGHT" if sides[0] == "R" else "LEFT",
            col_widths=tuple(widths),
            text_align=tuple(sides),
            line_height=_LINE,
            v_align="T",
            padding=0.8,
            first_row_as_headings=head,
            borders_layout=layout,
            headings_style=FontFace(emphasis="BOLD", color=_GREY),
        ):
            pass


class _Sheet(_Paper):
    """A4, with the sandbox's mark at the head and foot of every page."""

    def header(self) -> None:
        """The sandbox's mark, and whose paper it is."""
        self.say(f"{self.language['sandbox']} · {self.language['sandbox note']}", 7, colour=_AMBER, side="R")
        if self.page > 1:
            self.say(str(self.title), bold=True)
        self.ln(2)

    def footer(self) -> None:
        """Number and page."""
        self.set_y(-_FOOT + 4)
        page = self.language["page"].format(page=self.page_no())
        self.say(f"{self.invoice.prefixed_invoice_no}   {page}", 7, colour=_GREY, side="C")


def pdf_of(books: Books, invoice: Invoice) -> bytes:
    """The invoice's PDF; drawn once, and again after a payment or a cancellation changed what it shows."""
    if invoice.pdf is None:
        account = books.bank_account_for(invoice.terms)
        invoice.pdf = draw(invoice, account.written if account else {})
    return invoice.pdf


def draw(invoice: Invoice, account: JsonObject) -> bytes:
    """The PDF of an invoice: A4, fonts embedded, text extractable; the same invoice always gives the same bytes.

    Args:
        invoice: what is drawn; a language that the paper does not speak is set in English.
        account: the seller's bank account in the words of v2; may be empty.

    Example: `Path("invoice.pdf").write_bytes(draw(invoice, {}))`.
    """
    sheet = _Sheet(invoice, "A4", _MARGIN)
    sheet.set_auto_page_break(auto=True, margin=_FOOT)
    sheet.add_page()
    _draw_head(sheet)
    _draw_parties(sheet, account)
    sheet.rows(_item_rows(sheet), _ROW_WIDTHS, "LLRRRRRR")
    sheet.ln(4)
    _draw_sums(sheet)
    if invoice.terms.comment.strip():
        sheet.say(sheet.language["comment"], bold=True, colour=_ACCENT)
        sheet.say(invoice.terms.comment)
    return bytes(sheet.output())


def draw_slip(invoice: Invoice, width: int) -> bytes:
    """The PDF of an invoice as a till prints it, on paper that is so many millimetres wide."""
    language, currency = Language(invoice.terms.language), invoice.terms.currency
    sums = [(row.description, language.money(row.price.sums.gross, currency)) for row in invoice.rows]
    sums.append((language["to pay"], language.money(invoice.totals.total, currency)))
    head = [seeds.SELLER_NAME, language[invoice.type], invoice.prefixed_invoice_no, language.day(invoice.date)]
    longest = sum(1 + len(label) // 20 for label, _ in sums) + len(head) + 2
    slip = _Paper(invoice, (width, longest * 2 * _LINE), _SLIP_MARGIN)
    slip.add_page()
    for text in [*head, language["sandbox"]]:
        slip.say(text, side="C")
    slip.rows(sums, (width * 0.6, width * 0.4), "LR", head=False)
    return bytes(slip.output())


def _draw_head(sheet: _Sheet) -> None:
    """Title and number, and what must be said beside them: why it is no invoice, or which one it cancels."""
    invoice, language = sheet.invoice, sheet.language
    sheet.say(language[invoice.type], 24, bold=True, colour=_ACCENT)
    sheet.say(invoice.prefixed_invoice_no or language["no number"], 13, bold=True)
    if invoice.type in {Type.DRAFT, Type.PROFORMA}:
        sheet.say(language[f"about {invoice.type}"], colour=_GREY)
    elif invoice.terms.electronic:
        sheet.say(language["electronic"], colour=_GREY)
    if invoice.connected:
        label = language["cancels" if invoice.type in STORNOS else "cancelled by"]
        sheet.say(f"{label}: {invoice.connected.invoice_no}", colour=_GREY)
    sheet.ln(2)


def _draw_parties(sheet: _Sheet, account: JsonObject) -> None:
    """Seller and buyer beside each other, then days, way of payment and currency."""
    language, terms = sheet.language, sheet.invoice.terms
    bank = {
        "account_no": " · ".join(filter(None, (account.get("bank_name"), account.get("account_no")))),
        "iban": account.get("account_no_iban", ""),
        "swift": account.get("account_swift", ""),
    }
    seller: JsonObject = {"name": seeds.SELLER_NAME, "billing_address": seeds.SELLER_ADDRESS, "bank": bank}
    parties = [seller | {"taxcode": seeds.TAX_CODE, "email": ""}, sheet.invoice.client]
    heads = [language["seller"], language["buyer"]]
    sheet.rows([heads, [_party(language, party) for party in parties]], (89, 89), "LL")
    currency = terms.currency
    if currency != "HUF":
        currency = f"{currency} · 1 {currency} = {language.number(terms.exchange_rate)} Ft"
    entries = {
        "issued": language.day(sheet.invoice.date),
        "fulfilment": language.day(date.fromisoformat(terms.fulfillment_date)),
        "due": language.day(date.fromisoformat(terms.due_date)),
        "payment method": seeds.PAYMENT_METHODS[terms.payment_method].names[language.code],
        "currency": currency,
    }
    sheet.ln(2)
    sheet.rows([[language[name] for name in entries], list(entries.values())], (30, 30, 34, 40, 44), "LLLLL")
    sheet.ln(4)


def _party(language: Language, party: JsonObject) -> str:
    bank: dict[str, str] = party["bank"]
    facts = {
        language["tax code"]: party["taxcode"],
        language["account"]: bank["account_no"],
        "IBAN": bank["iban"],
        "SWIFT": bank["swift"],
        "E-mail": party["email"],
    }
    lines = [party["name"], *address_lines(party["billing_address"])]
    return "\n".join(lines + [f"{label}: {fact}" for label, fact in facts.items() if fact])


def _item_rows(sheet: _Sheet) -> Iterable[Sequence[str]]:
    """The head of the table, and the rows; sums have the currency's decimals, unit prices all that they need."""
    rows, currency, language = sheet.invoice.rows, sheet.invoice.terms.currency, sheet.language
    sums = [(row.price.sums.net, row.price.sums.vat, row.price.sums.gross) for row in rows]
    places = places_of([each for of_row in sums for each in of_row], currency)
    yield ["", *(language[name] for name in ("description", "qty", "unit price", "vat rate", "net", "vat", "gross"))]
    for position, (row, of_row) in enumerate(zip(rows, sums, strict=True), start=1):
        first, *others = _parts(sheet, row)
        qty, price = f"{language.number(row.qty)} {row.unit}", language.number(row.price.net_unit_price)
        yield [str(position), first, qty, price, row.rate.label, *(language.number(each, places) for each in of_row)]
        yield from (["", part, *[""] * 6] for part in others)


def _parts(sheet: _Sheet, row: Row) -> list[str]:
    """A description and its comment, cut to what one row of the table can hold."""
    text = f"{row.description}\n{row.comment}".strip()
    width = _ROW_WIDTHS[1] - 2
    lines = sheet.multi_cell(width, text=text, dry_run=True, output=MethodReturnValue.LINES) if text else []
    if not isinstance(lines, list) or len(lines) <= _MAX_LINES:
        return [text]
    return ["\n".join(lines[at : at + _MAX_LINES]) for at in range(0, len(lines), _MAX_LINES)]


def _draw_sums(sheet: _Sheet) -> None:
    """What each rate of VAT comes to, what is to be paid, and what was paid of it: all of it on one page."""
    invoice, language, totals = sheet.invoice, sheet.language, sheet.invoice.totals
    currency = invoice.terms.currency
    sums = [(rate.label, (each.net, each.vat, each.gross)) for rate, each in totals.rates]
    if sheet.will_page_break((len(sums) + 7) * 2 * _LINE):
        sheet.add_page()
    places = places_of([value for _, of_rate in sums for value in of_rate], currency)
    sheet.say(language["vat summary"], bold=True, colour=_ACCENT)
    head = [language[name] for name in ("vat rate", "net", "vat", "gross")]
    rows = [[label, *(language.number(value, places) for value in of_rate)] for label, of_rate in sums]
    sheet.rows([head, *rows], (20, 25, 22, 25), "LRRR")
    shown = {"net total": totals.sums.net, "vat total": totals.sums.vat} | (
        {"rounding": totals.rounding} if totals.rounding else {}
    )
    _draw_pairs(sheet, shown)
    label = language["to return" if invoice.type in STORNOS and totals.total < 0 else "to pay"]
    sheet.say(f"{label} {language.money(totals.total, currency)}", 17, bold=True, colour=_ACCENT, side="R")
    if invoice.paid and invoice.type not in STORNOS:
        _draw_pairs(sheet, {"paid": invoice.paid, "outstanding": invoice.outstanding})


def _draw_pairs(sheet: _Sheet, sums: dict[str, Decimal]) -> None:
    """Sums under each other, written with the same number of decimals."""
    currency = sheet.invoice.terms.currency
    places = places_of(sums.values(), currency)
    for name, value in sums.items():
        sheet.say(f"{sheet.language[name]} {sheet.language.money(value, currency, places)}", side="R")

"""The sandbox's paper: an invoice in, a PDF out, in Hungarian and English side by side; nothing of HTTP enters here.

Every sum comes ready from the books, so that the paper can never disagree with them. Sums are written as a bookkeeper
expects them, in the currency's smallest unit, rounded half up; unit prices and quantities keep every digit, for the
sums come from them. The home of fpdf2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, TableBordersLayout
from fpdf.fonts import FontFace, TTFFont

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import own_places, places_of, written
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject
from billingo_async.sandbox.records import STORNOS, Invoice, Row, Type, street_of

Colour = tuple[int, int, int]
_FONT: Final = "DejaVu"
_FILE: Final = Path(__file__).parent / "fonts" / "DejaVuSansCondensed.ttf"
_MARGIN: Final = 16.0
_FOOT: Final = 20.0
_GREY: Final = (107, 118, 130)
_ACCENT: Final = (14, 86, 107)
_AMBER: Final = (156, 88, 12)
_LINE: Final = 4.0
_ROW_WIDTHS: Final = (6, 52, 22, 23, 13, 21, 20, 21)
_MAX_LINES: Final = 40
"""So many lines of a description stand in one row of the table; what is longer goes on in the next."""
_SLIP_MARGIN: Final = 3.0
_TITLES: Final = {
    Type.DRAFT: "Piszkozat / Draft",
    Type.PROFORMA: "Díjbekérő / Proforma invoice",
    Type.INVOICE: "Számla / Invoice",
    Type.ADVANCE: "Előlegszámla / Advance invoice",
    Type.MODIFICATION: "Módosító számla / Modifying invoice",
    Type.CANCELLATION: "Érvénytelenítő számla / Cancelling invoice",
    Type.RECEIPT: "Nyugta / Receipt",
    Type.RECEIPT_CANCELLATION: "Érvénytelenítő nyugta / Cancelling receipt",
}
_ABOUT: Final = {
    Type.DRAFT: "Nem számla, sorszáma nincs. / Not an invoice, and without a number.",
    Type.PROFORMA: "Nem számla, áfa levonására nem jogosít. / No invoice, gives no right to deduct VAT.",
}
_SANDBOX: Final = "TESZT / SANDBOX"
_SUMS: Final = ("Nettó\nNet", "Áfa\nVAT", "Bruttó\nGross")
_HEAD: Final = ("", "Megnevezés\nDescription", "Mennyiség\nQuantity", "Nettó ár\nNet price", "Áfa\nVAT", *_SUMS)
_DUE: Final = "Fizetendő / Total due"
_SIGNS: Final = {"HUF": "Ft", "EUR": "€"}


class _Paper(FPDF):
    """A PDF of one invoice; the same input gives the same bytes."""

    def __init__(self, invoice: Invoice, size: str | tuple[float, float], margin: float) -> None:
        super().__init__(format=size)
        self.invoice = invoice
        self.set_margins(margin, margin, margin)
        self.set_auto_page_break(auto=False)
        self.add_font(_FONT, fname=_FILE)
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.recalcBBoxes = False  # the glyphs are unchanged: measuring them again takes half the time
        self.set_title(f"{_TITLES[invoice.type]} {invoice.prefixed_invoice_no}".strip())
        self.set_author(seeds.SELLER_NAME)
        self.set_lang("hu")
        self.set_creation_date(datetime.combine(invoice.date, time(), UTC))
        self.set_font(_FONT, size=8)

    def say(self, text: str, size: float = 8, *, colour: Colour = (0, 0, 0), side: str = "L") -> None:
        """A text from margin to margin, on as many lines as it needs."""
        with self.local_context(font_size_pt=size, text_color=colour):
            self.multi_cell(0, size * 0.5, text, align=side, new_x="LMARGIN", new_y="NEXT")

    def rows(self, rows: Iterable[Sequence[str]], widths: Sequence[float], sides: Sequence[str]) -> None:
        """A table whose first row is its head, which each page repeats."""
        with self.table(
            rows,
            width=sum(widths),
            align="LEFT",
            col_widths=tuple(widths),
            text_align=tuple(sides),
            line_height=_LINE,
            v_align="T",
            padding=0.8,
            borders_layout=TableBordersLayout.SINGLE_TOP_LINE,
            headings_style=FontFace(color=_GREY),
        ):
            pass

    def beside(self, texts: Mapping[str, str], widths: Sequence[float]) -> None:
        """Texts beside each other, each under its head."""
        heights: list[float] = []
        for (head, text), width in zip(texts.items(), widths, strict=True):
            left, top = self.get_x(), self.get_y()
            with self.local_context(text_color=_GREY):
                self.multi_cell(width, _LINE, head, align="L", new_x="LEFT", new_y="NEXT")
            self.multi_cell(width, _LINE, text, align="L", new_x="LEFT", new_y="NEXT")
            heights.append(self.get_y())
            self.set_xy(left + width, top)
        self.set_xy(self.l_margin, max(heights) + _LINE)


class _Sheet(_Paper):
    """A4, with the sandbox's mark at the head and foot of every page."""

    def header(self) -> None:
        """The sandbox's mark, and whose paper it is."""
        self.say(f"{_SANDBOX} · nem adóügyi bizonylat · not a tax document", 7, colour=_AMBER, side="R")
        if self.page > 1:
            self.say(str(self.title))
        self.ln(2)

    def footer(self) -> None:
        """Number and page."""
        self.set_y(-_FOOT + 4)
        number = self.invoice.prefixed_invoice_no
        self.say(f"{number}   {self.page_no()} / {{nb}}. oldal / page", 7, colour=_GREY, side="C")


def pdf_of(books: Books, invoice: Invoice) -> bytes:
    """The invoice's PDF; drawn once, and again after a payment or a cancellation changed what it shows."""
    if invoice.pdf is None:
        account = books.bank_account_for(invoice.terms)
        invoice.pdf = draw(invoice, account.written if account else {})
    return invoice.pdf


def draw(invoice: Invoice, account: JsonObject) -> bytes:
    """The PDF of an invoice: A4, fonts embedded, text extractable; the same invoice always gives the same bytes.

    Args:
        invoice: what is drawn.
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
        sheet.say("Megjegyzés / Comment", colour=_ACCENT)
        sheet.say(invoice.terms.comment)
    return bytes(sheet.output())


def draw_slip(invoice: Invoice, width: int) -> bytes:
    """The PDF of an invoice as a till prints it, on paper that is so many millimetres wide."""
    head = [seeds.SELLER_NAME, _TITLES[invoice.type], invoice.prefixed_invoice_no, _day(invoice.date), _SANDBOX]
    sums = [(row.description, row.price.sums.gross) for row in invoice.rows] + [(_DUE, invoice.totals.total)]
    lines = len(head) + sum(2 + len(label) // 20 for label, _ in sums)
    slip = _Paper(invoice, (width, lines * _LINE + 4 * _SLIP_MARGIN), _SLIP_MARGIN)
    slip.add_page()
    for text in head:
        slip.say(text, side="C")
    for label, value in sums:
        slip.say(label)
        slip.say(money(value, invoice.terms.currency), side="R")
    return bytes(slip.output())


def _draw_head(sheet: _Sheet) -> None:
    """Title and number, and what must be said beside them: why it is no invoice, or which one it cancels."""
    invoice = sheet.invoice
    sheet.say(_TITLES[invoice.type], 20, colour=_ACCENT)
    sheet.say(invoice.prefixed_invoice_no or "sorszám nélkül / no number", 13)
    if invoice.type in _ABOUT:
        sheet.say(_ABOUT[invoice.type], colour=_GREY)
    elif invoice.terms.electronic:
        sheet.say("Elektronikus számla / Electronic invoice", colour=_GREY)
    if invoice.connected:
        label = "Érvényteleníti / Cancels" if invoice.type in STORNOS else "Érvénytelenítette / Cancelled by"
        sheet.say(f"{label}: {invoice.connected.invoice_no}", colour=_GREY)
    sheet.ln(2)


def _draw_parties(sheet: _Sheet, account: JsonObject) -> None:
    """Seller and buyer beside each other, then days, way of payment and currency."""
    terms = sheet.invoice.terms
    bank = {
        "account_no": " · ".join(filter(None, (account.get("bank_name"), account.get("account_no")))),
        "iban": account.get("account_no_iban", ""),
        "swift": account.get("account_swift", ""),
    }
    seller: JsonObject = {"name": seeds.SELLER_NAME, "billing_address": seeds.SELLER_ADDRESS, "bank": bank}
    seller |= {"taxcode": seeds.TAX_CODE, "email": ""}
    sheet.beside({"Eladó / Seller": _party(seller), "Vevő / Buyer": _party(sheet.invoice.client)}, (89, 89))
    method = seeds.PAYMENT_METHODS[terms.payment_method].names
    currency = terms.currency
    if currency != "HUF":
        currency = f"{currency} · 1 {currency} = {number(terms.exchange_rate)} Ft"
    entries = {
        "Kelt / Issued": _day(sheet.invoice.date),
        "Teljesítés / Supply": _day(date.fromisoformat(terms.fulfillment_date)),
        "Határidő / Due": _day(date.fromisoformat(terms.due_date)),
        "Fizetési mód / Payment": f"{method['hu']} / {method['en']}",
        "Pénznem / Currency": currency,
    }
    sheet.beside(entries, (28, 32, 30, 44, 44))


def _party(party: JsonObject) -> str:
    bank: dict[str, str] = party["bank"]
    facts = {
        "Adószám / Tax number": party["taxcode"],
        "Bankszámla / Account": bank["account_no"],
        "IBAN": bank["iban"],
        "SWIFT": bank["swift"],
        "E-mail": party["email"],
    }
    lines = [party["name"], *address_lines(party["billing_address"])]
    return "\n".join(lines + [f"{label}: {fact}" for label, fact in facts.items() if fact])


def address_lines(address: Mapping[str, str]) -> list[str]:
    """Town, street and country; blank parts left out."""
    town = " ".join(filter(None, (address["postcode"], address["city"], address.get("district", ""))))
    return [line for line in (town, street_of(address), address["country"]) if line]


def _item_rows(sheet: _Sheet) -> Iterable[Sequence[str]]:
    """The head of the table, and the rows; sums have the currency's decimals, unit prices all that they need."""
    rows = sheet.invoice.rows
    sums = [(row.price.sums.net, row.price.sums.vat, row.price.sums.gross) for row in rows]
    places = places_of([each for of_row in sums for each in of_row], sheet.invoice.terms.currency)
    yield _HEAD
    for position, (row, of_row) in enumerate(zip(rows, sums, strict=True), start=1):
        first, *others = _parts(sheet, row)
        qty, price = f"{number(row.qty)} {row.unit}", number(row.price.net_unit_price)
        yield [str(position), first, qty, price, row.rate.label, *(number(each, places) for each in of_row)]
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
    invoice, totals = sheet.invoice, sheet.invoice.totals
    sums = [(rate.label, (each.net, each.vat, each.gross)) for rate, each in totals.rates]
    if sheet.will_page_break((len(sums) + 8) * 2 * _LINE):
        sheet.add_page()
    places = places_of([value for _, of_rate in sums for value in of_rate], invoice.terms.currency)
    sheet.say("Áfa-összesítő / VAT summary", colour=_ACCENT)
    rows = [[label, *(number(value, places) for value in of_rate)] for label, of_rate in sums]
    sheet.rows([("Áfa\nVAT", *_SUMS), *rows], (20, 25, 22, 25), "LRRR")
    shown = {"Nettó összesen / Net total": totals.sums.net, "Áfa összesen / VAT total": totals.sums.vat}
    if totals.rounding:
        shown["Kerekítés / Rounding"] = totals.rounding
    _draw_pairs(sheet, shown)
    label = "Visszajár / To be returned" if invoice.type in STORNOS and totals.total < 0 else _DUE
    sheet.say(f"{label} {money(totals.total, invoice.terms.currency)}", 17, colour=_ACCENT, side="R")
    if invoice.paid and invoice.type not in STORNOS:
        _draw_pairs(sheet, {"Fizetve / Paid": invoice.paid, "Hátralék / Outstanding": invoice.outstanding})


def _draw_pairs(sheet: _Sheet, sums: dict[str, Decimal]) -> None:
    """Sums under each other, written with the same number of decimals."""
    currency = sheet.invoice.terms.currency
    places = places_of(sums.values(), currency)
    for label, value in sums.items():
        sheet.say(f"{label} {money(value, currency, places)}", side="R")


def number(value: Decimal, places: int | None = None) -> str:
    """A number with its thousands parted; rounded half up to `places` decimals, by default with all that it has."""
    plain = written(value, own_places(value) if places is None else places)
    return plain.replace(",", "\u00a0").replace(".", ",")


def money(value: Decimal, currency: str, places: int | None = None) -> str:
    """A sum and its currency's sign or code: "12 345 Ft"; `places` as in `number`, else the currency's."""
    shown = places_of([value], currency) if places is None else places
    return f"{number(value, shown)} {_SIGNS.get(currency, currency)}"


def _day(value: date) -> str:
    return f"{value:%Y.%m.%d.}"

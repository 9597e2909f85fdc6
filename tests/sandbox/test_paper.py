"""The drawn PDF, read back with a PDF reader, and how numbers and addresses are written on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from billingo_async.sandbox.arithmetic import net_priced, totals
from billingo_async.sandbox.paper import address_lines, draw, draw_slip, number
from billingo_async.sandbox.records import Invoice, Number, Payment, Row, Terms, Type
from billingo_async.sandbox.seeds import DEFAULT_BLOCK, VAT_RATES

ADDRESS = {"street_name": "Őrség", "street_type": "utca", "house_nr": "12", "floor": "3", "door": "14"}
CLIENT: dict[str, Any] = {
    "name": "Őrült Űrhajós Tükörfúrógép Kft.",
    "email": "",
    "taxcode": "87654321-2-06",
    "billing_address": ADDRESS | {"city": "Budapest", "postcode": "1146", "country": "Magyarország"},
    "bank": {"account_no": "", "iban": "HU42117730161111101800000000", "swift": ""},
}


def a_row(description: str, price: str = "1000", qty: int = 1, *, vat_id: int = 1, **more: Any) -> Row:
    """A row at 27 %, or at 5 % with the VAT id 2."""
    rate = VAT_RATES[vat_id]
    return Row(description, Decimal(qty), "db", rate, net_priced(Decimal(qty), Decimal(price), rate), **more)


def an_invoice(*rows: Row, **changes: Any) -> Invoice:
    """An invoice of 17 May 2024; the changes are of the document or of its terms."""
    terms: dict[str, Any] = {
        "fulfillment_date": "2024-05-16", "due_date": "2024-05-25", "payment_method": 2, "comment": "",
        "language": "hu", "electronic": False, "currency": "HUF", "exchange_rate": Decimal(1), "client_uid": 1,
        "round_to": 5, "bank_account_uid": None,
    }  # fmt: skip
    document: dict[str, Any] = {
        "uid": 1, "code": "abc", "type": Type.INVOICE, "date": date(2024, 5, 17), "made_at": 0.0, "modified_at": 0.0,
        "block": DEFAULT_BLOCK, "number": Number(2024, 7), "client": CLIENT, "rows": rows,
    }  # fmt: skip
    terms |= {name: value for name, value in changes.items() if name in terms}
    document["totals"] = totals([(row.rate, row.price.sums) for row in rows], terms["round_to"])
    document |= {name: value for name, value in changes.items() if name not in terms}
    return Invoice(terms=Terms(**terms), **document)


def jam_and_book(**changes: Any) -> Invoice:
    """Twelve of 1 890 at 27 % and two of 4 200 at 5 %: 31 080 net, 6 543,60 VAT, 37 623,60 gross, rounded to 37 625."""
    jam = a_row("Sárgabaracklekvár", "1890", 12, comment="370 ml")
    return an_invoice(jam, a_row("Szakácskönyv", "4200", 2, vat_id=2), **changes)


def pages(invoice: Invoice) -> list[str]:
    """The text of every page of the drawn invoice, white space made even."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(draw(invoice, {}))).pages]


def test_it_is_a_pdf_that_is_always_the_same() -> None:
    """It opens as a PDF on A4 whose font travels with it, dated like the invoice: nothing of the clock is in it."""
    drawn = draw(jam_and_book(), {})
    reader = PdfReader(BytesIO(drawn))
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (595, 842)
    assert drawn.count(b"/FontFile2") == 1
    assert drawn == draw(jam_and_book(), {})
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2024, 5, 17)
    assert reader.metadata.title == "Számla / Invoice TST / 2024-000007"


def test_everything_a_reader_looks_for_is_there() -> None:
    """Parties with their accents, number, days, rows and sums can be read from the paper."""
    (text,) = pages(jam_and_book())
    for wanted in (
        "Számla", "Próbaüzem Kereskedelmi Kft.", "Őrült Űrhajós Tükörfúrógép Kft.", "87654321-2-06",
        "1146 Budapest", "Őrség utca 12 3 14", "HU42117730161111101800000000",
        "TST / 2024-000007", "2024.05.17.", "2024.05.16.", "2024.05.25.",
        "Átutalás", "Sárgabaracklekvár", "370 ml", "12 db", "1 890", "27%", "22 680,00", "6 123,60",
        "28 803,60", "31 080,00 Ft", "6 543,60 Ft", "1,40 Ft", "37 625 Ft", "1 / 1. oldal",
        "Invoice", "Tax number", "Wiretransfer", "Description", "Net price", "Total due", "page",
    ):  # fmt: skip
        assert wanted in text, wanted
    assert "Hátralék" not in text
    assert "Elektronikus" not in text


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (Type.DRAFT, "Piszkozat / Draft"),
        (Type.PROFORMA, "Díjbekérő / Proforma invoice"),
        (Type.CANCELLATION, "Érvénytelenítő számla / Cancelling invoice"),
        (Type.RECEIPT, "Nyugta / Receipt"),
        (Type.MODIFICATION, "Módosító számla / Modifying invoice"),
    ],
)
def test_each_kind_has_its_title_and_none_passes_for_a_real_one(kind: Type, title: str) -> None:
    """The title is Hungarian and English, and each page says that it is no tax document."""
    texts = pages(an_invoice(*[a_row("x")] * 30, type=kind))
    assert title in texts[0]
    assert all("SANDBOX" in text and "not a tax document" in text for text in texts)


def test_a_draft_has_no_number() -> None:
    """A draft says that it carries no number."""
    (text,) = pages(jam_and_book(type=Type.DRAFT, number=None))
    assert "sorszám nélkül" in text
    assert "2024-0" not in text


def test_a_cancelling_invoice_names_the_cancelled_one() -> None:
    """The two papers point at each other, and the negative total is called a return."""
    original = jam_and_book(number=Number(2024, 3))
    rows = [row.turned() for row in original.rows]
    storno = an_invoice(*rows, type=Type.CANCELLATION, cancels=original)
    original.cancelled_by = storno
    (text,) = pages(storno)
    assert "Érvényteleníti / Cancels: 2024-000003" in text
    assert "Visszajár / To be returned -37 625 Ft" in text
    assert "Érvénytelenítette / Cancelled by: 2024-000007" in pages(original)[0]


def test_a_foreign_currency_shows_its_rate() -> None:
    """What one unit is worth in forints stands beside the currency, and euros always show cents: 1 210 and 5 %."""
    row = a_row("x", "1210", vat_id=2)
    (text,) = pages(an_invoice(row, currency="EUR", exchange_rate=Decimal("391.25"), round_to=0))
    assert "1 EUR = 391,25 Ft" in text
    assert "1 270,50 €" in text


def test_payments_show_once_something_is_paid() -> None:
    """What is paid and what is left appear together."""
    (text,) = pages(jam_and_book(payments=[Payment("2024-05-20", Decimal(30000), 2)]))
    assert "Fizetve / Paid 30 000 Ft" in text
    assert "Hátralék / Outstanding 7 625 Ft" in text


@pytest.mark.parametrize(("kind", "said"), [(Type.INVOICE, True), (Type.PROFORMA, False)])
def test_an_electronic_invoice_says_so(kind: Type, said: bool) -> None:  # noqa: FBT001 - a table of cases
    """The remark stands on electronic invoices alone."""
    assert ("Elektronikus számla" in pages(jam_and_book(type=kind, electronic=True))[0]) is said


def test_a_hundred_rows_take_pages_and_every_page_has_its_head() -> None:
    """No row is lost at a page break, the table's head is repeated, and each page knows how many there are."""
    texts = pages(an_invoice(*(a_row(f"Termék-{row:03d}.") for row in range(1, 101))))
    assert len(texts) > 2
    for row in range(1, 101):
        assert sum(f"Termék-{row:03d}." in text for text in texts) == 1
    for page, text in enumerate(texts, start=1):
        assert f"{page} / {len(texts)}. oldal" in text
        assert "Megnevezés" in text or page == len(texts)
        assert "TST / 2024-000007" in text
    assert "Fizetendő" in texts[-1]


def test_long_texts_flow_on() -> None:
    """Not a word of a description, a row's comment or a comment that is longer than a page is cut off."""
    words = [f"szó{number}" for number in range(2000)]
    row = a_row(" ".join(words), comment=" ".join(f"m{word}" for word in words))
    read = " ".join(pages(an_invoice(row, comment="\n".join(f"k{word}" for word in words)))).split()
    assert {f"{letter}{word}" for word in words for letter in ("", "m", "k")} <= set(read)


def test_a_full_first_page_takes_the_closing_to_the_next() -> None:
    """However many rows there are, summary and totals stay together and the comment follows."""
    for count in range(15, 24, 2):
        texts = pages(an_invoice(*[a_row("x")] * count, comment="Köszönjük!"))
        assert "Köszönjük!" in texts[-1]
        assert ["Áfa-összesítő" in text for text in texts] == ["Fizetendő" in text for text in texts]


def test_large_sums_stay_whole() -> None:
    """A sum too wide for its column goes on below, none of its digits lost or rounded."""
    (text,) = pages(an_invoice(a_row("x", "123456789012.34", vat_id=4), round_to=0))
    # Unit price, net and gross; both of the VAT summary; two sums.
    assert text.replace(" ", "").count("123456789012,34") == 7


@pytest.mark.parametrize("width", [58, 80])
def test_a_slip_is_one_page_however_long(width: int) -> None:
    """Number, rows and what is to be paid stand on paper that is as wide as was asked for."""
    (page,) = PdfReader(BytesIO(draw_slip(an_invoice(*[a_row("Nagyon hosszú megnevezés")] * 60), width))).pages
    text = " ".join(page.extract_text().split())
    assert round(float(page.mediabox.width) / 72 * 25.4) == width
    assert text.count("Nagyon") == 60
    assert "TST / 2024-000007" in text
    assert "Fizetendő / Total due 76 200 Ft" in text  # 60 x 1 270


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("0", None, "0"), ("-0.0", None, "0"), ("1234567.891", None, "1 234 567,891"), ("3500.10", None, "3 500,1"),
        ("1E+3", None, "1 000"), ("0.00001", None, "0,00001"), ("229236.6891", 2, "229 236,69"),
        ("0.125", 2, "0,13"),  # half up, not half to even
        ("-0.125", 2, "-0,13"), ("-0.001", 2, "0,00"), ("12.5", 0, "13"), ("3500.1", 4, "3 500,1000"),
        ("99999999999999999999999999999999.995", 2, "100 000 000 000 000 000 000 000 000 000 000,00"),
    ],
)  # fmt: skip
def test_how_a_number_is_written(value: str, places: int | None, shown: str) -> None:
    """Thousands are parted by a blank that breaks no line; with places it is rounded half up, else exact."""
    assert number(Decimal(value), places).replace("\u00a0", " ") == shown


def test_blank_parts_of_an_address_are_left_out() -> None:
    """Town, street and country, in this order."""
    address = {"street_name": "Fő tér 1", "street_type": "", "city": "Sopron", "postcode": "9400", "country": ""}
    assert address_lines(address) == ["9400 Sopron", "Fő tér 1"]

"""The drawn PDF, read back with a PDF reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from billingo_async.sandbox.paper import Kind, Line, PrintedTotals, draw

if TYPE_CHECKING:
    from billingo_async.sandbox.paper import Document


def pages(document: Document) -> list[str]:
    """The text of every page of the drawn document, white space made even."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(draw(document))).pages]


def line(description: str, comment: str = "") -> Line:
    """One piece for 1 000 forints at 27 %."""
    return Line(
        description, Decimal(1), "db", Decimal(1000), "27%", Decimal(1000), Decimal(270), Decimal(1270), comment=comment
    )


def test_it_is_a_pdf_and_fonts_are_embedded(document: Document) -> None:
    """The bytes open as a PDF on A4 whose fonts travel with it."""
    drawn = draw(document)
    assert drawn.startswith(b"%PDF-")
    assert drawn.rstrip().endswith(b"%%EOF")
    page = PdfReader(BytesIO(drawn)).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert drawn.count(b"/FontFile2") == 2


def test_everything_a_reader_looks_for_is_there(document: Document) -> None:
    """Parties with their accents, number, days, lines and sums can be read from the paper."""
    (text,) = pages(document)
    for wanted in (
        "Számla", "Sandbox Kereskedő Zrt.", "Őrült Űrhajós Tükörfúrógép Kft.", "87654321-2-06",
        "1146 Budapest", "Őrség utca 12., 3. em. 14. ajtó", "HU42117730161111101800000000",
        "TST / 2024-000007", "2024.05.17.", "2024.05.16.", "2024.05.25.",
        "Átutalás", "Sárgabaracklekvár", "370 ml", "12 üveg", "1 890", "27%", "22 680,00", "6 123,60",
        "28 803,60", "31 080,00 Ft", "6 543,60 Ft", "1,40 Ft", "37 625 Ft", "1 / 1. oldal",
    ):  # fmt: skip
        assert wanted in text, wanted


@pytest.mark.parametrize(
    ("kind", "language"), [*((kind, "hu") for kind in Kind), *((Kind.INVOICE, other) for other in ("en", "de", "fr"))]
)
def test_every_page_says_that_it_is_no_tax_document(document: Document, kind: Kind, language: str) -> None:
    """No paper of the sandbox can pass for a real one, whatever its kind and language."""
    for text in pages(replace(document, kind=kind, language=language, lines=(line("x"),) * 30)):
        assert "SANDBOX" in text
        assert "not a tax document" in text


@pytest.mark.parametrize(
    ("kind", "language", "title"),
    [
        (Kind.DRAFT, "hu", "Piszkozat"),
        (Kind.PROFORMA, "hu", "Díjbekérő"),
        (Kind.PROFORMA, "de", "Proformarechnung"),
        (Kind.CANCELLING, "hu", "Érvénytelenítő számla"),
        (Kind.CANCELLING, "de", "Stornorechnung"),
        (Kind.INVOICE, "en", "Invoice"),
        (Kind.INVOICE, "de", "Rechnung"),
        (Kind.INVOICE, "hr", "Invoice"),
    ],
)
def test_title_follows_kind_and_language(document: Document, kind: Kind, language: str, title: str) -> None:
    """The title names the kind of paper in its language, and in English where the paper does not speak it."""
    assert title in pages(replace(document, kind=kind, language=language))[0]


def test_a_draft_has_no_number(document: Document) -> None:
    """A draft says that it carries no number."""
    (text,) = pages(replace(document, kind=Kind.DRAFT, number="", prefixed_number=""))
    assert "sorszám nélkül" in text
    assert "2024-0" not in text


def test_a_cancelling_invoice_names_the_cancelled_one(document: Document) -> None:
    """The two papers point at each other, and the negative total is called a return."""
    cancelling = replace(
        document,
        kind=Kind.CANCELLING,
        connected_number="TST / 2024-000003",
        totals=PrintedTotals(Decimal(-31080), Decimal(-6544), Decimal(-37624)),
    )
    (text,) = pages(cancelling)
    assert "Az érvénytelenített számla sorszáma: TST / 2024-000003" in text
    assert "Visszajár -37 624 Ft" in text
    (cancelled,) = pages(replace(document, connected_number="TST / 2024-000008"))
    assert "Érvénytelenítette a következő sorszámú számla: TST / 2024-000008" in cancelled


def test_numbers_follow_the_language(document: Document) -> None:
    """Thousands and decimals are parted as each language does it, and euros always show cents."""
    euros = replace(document, currency="EUR", totals=PrintedTotals(Decimal(12345), Decimal("0.5"), Decimal("12345.5")))
    for language, total in (("hu", "12 345,50 €"), ("en", "12,345.50 €"), ("de", "12.345,50 €")):
        assert total in pages(replace(euros, language=language))[0]


def test_tax_of_a_foreign_currency_is_also_told_in_forints(document: Document) -> None:
    """With an exchange rate the rate is shown, and 100 EUR of tax at 391.25 are 39 125 forints."""
    totals = PrintedTotals(Decimal(1000), Decimal(100), Decimal(1100))
    (text,) = pages(replace(document, currency="EUR", exchange_rate=Decimal("391.25"), totals=totals))
    assert "1 EUR = 391,25 Ft" in text
    assert "Áfa forintban: 39 125 Ft" in text


def test_payments_show_only_once_something_is_paid(document: Document) -> None:
    """What is paid and what is left appear together, or not at all."""
    assert "Hátralék" not in pages(document)[0]
    paid = replace(document.totals, paid=Decimal(30000), outstanding=Decimal(7625))
    (text,) = pages(replace(document, totals=paid))
    assert "Fizetve 30 000 Ft" in text
    assert "Hátralék 7 625 Ft" in text


def test_an_electronic_invoice_says_so(document: Document) -> None:
    """The remark stands on electronic invoices alone."""
    assert "Elektronikus számla" not in pages(document)[0]
    assert "Elektronikus számla" in pages(replace(document, electronic=True))[0]
    assert "Elektronikus" not in pages(replace(document, electronic=True, kind=Kind.PROFORMA))[0]


def test_a_hundred_lines_take_pages_and_every_page_has_its_head(document: Document) -> None:
    """No line is lost at a page break, the table's head is repeated, and each page knows how many there are."""
    lines = tuple(line(f"Termék-{number:03d}.") for number in range(1, 101))
    texts = pages(replace(document, lines=lines))
    assert len(texts) > 2
    for number in range(1, 101):
        assert sum(f"Termék-{number:03d}." in text for text in texts) == 1
    for number, text in enumerate(texts, start=1):
        assert f"{number} / {len(texts)}. oldal" in text
        assert "Megnevezés" in text or number == len(texts)
        assert "TST / 2024-000007" in text
    assert "Fizetendő" in texts[-1]


def test_a_description_longer_than_a_page_flows_on(document: Document) -> None:
    """Not a word of a very long description or comment is cut off."""
    words = [f"szó{number}" for number in range(2000)]
    long = replace(document, lines=(line(" ".join(words), " ".join(f"m{word}" for word in words)),))
    read = " ".join(pages(long)).split()
    assert set(words) <= set(read)
    assert {f"m{word}" for word in words} <= set(read)


def test_a_word_wider_than_its_column_is_broken(document: Document) -> None:
    """An endless word is cut into lines, none of its letters lost."""
    (text,) = pages(replace(document, lines=(line("Őű" * 100),)))
    assert text.replace(" ", "").count("Őű") >= 95  # a piece may begin with an ű
    assert text.count("Ő") >= 100


def test_a_long_comment_takes_another_page(document: Document) -> None:
    """The comment keeps its paragraphs and flows on to as many pages as it needs."""
    texts = pages(replace(document, comment="\n".join(f"{number}. bekezdés" for number in range(200))))
    assert len(texts) > 2
    assert all(f" {number}. bekezdés" in f" {' '.join(texts)}" for number in range(200))


def test_a_full_first_page_takes_the_closing_to_the_next(document: Document) -> None:
    """However many lines there are, summary and totals stay together and comment follows."""
    for count in range(15, 24, 2):
        texts = pages(replace(document, lines=(line("x"),) * count, comment="Köszönjük!"))
        assert "Köszönjük!" in texts[-1]
        assert ["ÁFA-ÖSSZESÍTŐ" in text for text in texts] == ["Fizetendő" in text for text in texts]


def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    """Nothing of the clock or of chance is in the file, and its creation date is the document's."""
    assert draw(document) == draw(document)
    information = PdfReader(BytesIO(draw(document))).metadata
    assert information is not None
    assert information.creation_date is not None
    assert information.creation_date.date() == date(2024, 5, 17)
    assert information.title == "Számla TST / 2024-000007"


def test_large_sums_stay_whole(document: Document) -> None:
    """A sum too wide for its column is set smaller, never cut or rounded."""
    large = Decimal("123456789012.34")
    wide = replace(line("x"), net_unit_price=large, net=large, vat=large, gross=large)
    (text,) = pages(replace(document, lines=(wide,), totals=PrintedTotals(large, large, large)))
    assert text.count("123 456 789 012,34") == 7


def test_letters_the_font_lacks_do_no_harm(document: Document) -> None:
    """A name in another script is drawn as empty boxes; the rest of the paper is whole."""
    (text,) = pages(replace(document, buyer=replace(document.buyer, name="山田 Őszi Kft.")))
    assert "Őszi Kft." in text

"""One month's orders in every dialect that spreadsheets and programs write: all become the same invoices."""

from __future__ import annotations

import json
import re
import sys
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from billingo_async import Billingo, NewItem
from billingo_async.cli.accounts import V2
from billingo_async.cli.drafts import Catalogue, Drafts
from billingo_async.cli.files import FileError, OrderFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from billingo_async import NewInvoice

COLUMNS = ("key", "client_uid", "payment_method", "fulfillment_date", "due_date", "comment", "description", "vat_id",
           "qty", "unit", "net_unit_price")  # fmt: skip
DAYS = (date(2026, 3, 31), date(2026, 4, 8))
ROWS = (
    ("o-1", 7, 2, *DAYS, "Köszönjük, ő", "Kenyér", 1, Decimal("2.5"), "db", Decimal("1000.50")),
    ("o-1", 7, 2, *DAYS, "Köszönjük, ő", "Kedvezmény", 1, Decimal(1), "db", Decimal(-250)),
    ("o-2", 8, 1, *DAYS, "", "Bútor; fenyő", 2, Decimal(3), "db", Decimal(1234567)),
)


def drafts(path: Path, decimal: str | None = None) -> Drafts:
    """What a file holds, as far as it can be told without an account."""
    return Drafts(OrderFile(path), Catalogue(service=V2(Billingo("public", "private"))), decimal)


def read(path: Path, decimal: str | None = None) -> list[tuple[str, NewInvoice]]:
    """The invoices of a file, as far as they can be told without an account."""
    return [(str(draft.key), draft.new) for draft in drafts(path, decimal) if draft.new and not draft.is_wrong]


def expected() -> list[tuple[str, dict[str, Any]]]:
    """What the rows say, reckoned from the rows themselves."""
    found: dict[str, dict[str, Any]] = {}
    for row in ROWS:
        cells = dict(zip(COLUMNS, row, strict=True))
        head = {name: cells[name] for name in COLUMNS[1:6]}
        item = {name: cells[name] for name in COLUMNS[6:]}
        found.setdefault(str(cells["key"]), {**head, "items": []})["items"].append(item)
    return list(found.items())


def plain(new: NewInvoice) -> dict[str, Any]:
    """The fields of an invoice that the rows speak of."""
    items = [item for item in new.items if isinstance(item, NewItem)]
    told: dict[str, Any] = {name: getattr(new, name) for name in COLUMNS[1:6]}
    return told | {"items": [{name: getattr(item, name) for name in COLUMNS[6:]} for item in items]}


def csv_text(
    separator: str = ",",
    decimal: str = ".",
    day: str = "%Y-%m-%d",
    thousands: str = "",
    *,
    heading: Callable[[str], str] = str,
    end: str = "\n",
) -> str:
    """The rows as CSV in some dialect."""

    def cell(value: object) -> str:
        if isinstance(value, date):
            return value.strftime(day)
        if isinstance(value, Decimal):
            return f"{value:,}".replace(",", "T").replace(".", decimal).replace("T", thousands)
        return f'"{value}"' if isinstance(value, str) and value else str(value)

    lines = [separator.join(heading(name) for name in COLUMNS)]
    lines += [
        separator.join(f'"{cell(v)}"' if separator in cell(v) and '"' not in cell(v) else cell(v) for v in row)
        for row in ROWS
    ]
    return end.join(lines) + end


DIALECTS: dict[str, bytes] = {
    "plain": csv_text().encode(),
    "Excel's CSV UTF-8": csv_text(";", ",", "%Y. %m. %d.", "\xa0", end="\r\n").encode("utf-8-sig"),
    "Excel's old CSV, Hungarian": csv_text(";", ",", "%Y. %m. %d.", "\xa0", end="\r\n").encode("cp1250"),
    "Excel's Unicode text": csv_text("\t", ",", "%Y.%m.%d.", " ", end="\r\n").encode("utf-16"),
    "UTF-16 without a mark": csv_text("\t", ",").encode("utf-16-le"),
    "the other way round": csv_text("\t", ".").encode("utf-16-be"),
    "an old Mac's line ends": csv_text(end="\r").encode(),
    "decimal comma between commas": csv_text(decimal=",").encode(),
    "a narrow space between thousands": csv_text(";", ",", thousands="\u202f").encode(),
    "points between thousands": csv_text(";", ",", thousands=".").encode(),
    "commas between thousands": csv_text(";", thousands=",").encode(),
    "a separator line": ("sep=;\r\n" + csv_text(";", ",", end="\r\n")).encode(),
    "a typographic minus": csv_text().replace("-250", "\u2212250").encode(),
    "headings shouted": csv_text(heading=lambda name: f" {name.upper().replace('_', ' ')} ").encode(),
    "headings of API v3": csv_text().replace("client_uid", "partner_id").replace("qty", "quantity").encode(),
    "blank rows before and after": (
        ",,,,,,,,,,\n" + csv_text().replace("\no-2", "\n,,,,,,,,,,\n\no-2") + ",,,\n"
    ).encode(),
    "blank columns": "".join(f",{line},,\n" for line in csv_text().splitlines()).encode(),
    "the day with a time": csv_text(day="%Y-%m-%d 00:00:00").encode(),
}


@pytest.mark.parametrize("content", DIALECTS.values(), ids=DIALECTS)
def test_csv(tmp_path: Path, content: bytes) -> None:
    """Each dialect says the same to the last digit."""
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    assert [(key, plain(new)) for key, new in read(path)] == expected()


def typed(sheet: Any) -> None:
    """Numbers are numbers and days are days."""
    for row in (COLUMNS, *ROWS):
        sheet.append(row)


def as_text(sheet: Any) -> None:
    """Everything is text, as pasted into cells of that format, below blank rows and beside a blank column."""
    for row in (COLUMNS, *ROWS):
        sheet.append([])
        sheet.append(
            [None, *(f"{cell:%Y. %m. %d.}" if isinstance(cell, date) else str(cell).replace(".", ",") for cell in row)]
        )


def with_days_as_moments(sheet: Any) -> None:
    """Days are midnights, the numbers are what formulas came to, and a column of no concern is blank."""
    sheet.append((*COLUMNS, None))
    for row in ROWS:
        cells = [datetime(cell.year, cell.month, cell.day) if isinstance(cell, date) else cell for cell in row]  # noqa: DTZ001 - a cell has no zone
        sheet.append([float(cell) if isinstance(cell, Decimal) else cell for cell in cells])


@pytest.mark.parametrize("fill", [typed, as_text, with_days_as_moments])
@pytest.mark.parametrize("name", ["orders.xlsx", "orders.csv"])
def test_workbooks(tmp_path: Path, fill: Callable[[Any], None], name: str) -> None:
    """A workbook says the same, whatever it is called; a sheet that is hidden is not looked at."""
    workbook = Workbook()
    hidden = workbook.active
    assert hidden is not None
    hidden.append(["no", "orders"])
    hidden.sheet_state = "hidden"
    fill(workbook.create_sheet("Orders"))
    workbook.save(tmp_path / name)
    assert [(key, plain(new)) for key, new in read(tmp_path / name)] == expected()


def test_a_workbook_as_some_programs_write_it(tmp_path: Path) -> None:
    """Cells beyond a width that is wrong are read, escapes are the letters, and nobody is told of missing styles."""
    workbook = Workbook()
    typed(workbook.active)
    workbook.save(tmp_path / "right.xlsx")
    with ZipFile(tmp_path / "right.xlsx") as right, ZipFile(tmp_path / "o.xlsx", "w") as wrong:
        for name in right.namelist():
            content = right.read(name).replace(b'<dimension ref="A1:K4"', b'<dimension ref="A1:B2"')
            content = content.replace(b">db<", b">d_x0062_<")
            wrong.writestr(name, re.sub(rb"<cellStyles.*</cellStyles>", b"", content))
    assert [(key, plain(new)) for key, new in read(tmp_path / "o.xlsx")] == expected()


ERRORS = ("#N/A", "#REF!", "#DIV/0!")
LOST: list[tuple[str, Any, str]] = [
    *((name, error, f"holds '{error}', the error of a formula") for name in COLUMNS for error in ERRORS),
    ("comment", "=1+1", "the formula in F2 was never computed; save the file in a spreadsheet"),
    ("description", DAYS[0], "holds 2026-03-31 00:00:00, which a spreadsheet has made of it: set the column's cell"),
    ("unit", time(14, 30), "holds 14:30:00, which a spreadsheet has made of it: set the column's cell format to Text"),
    ("client_uid", 12345678901234567, "a number of more than 15 digits; a spreadsheet has rounded it"),
]


@pytest.mark.parametrize(("column", "cell", "named"), LOST)
def test_what_a_workbook_has_lost(tmp_path: Path, column: str, cell: Any, named: str) -> None:
    """What a formula or a format made of a cell is neither an empty cell nor another text: its row is refused."""
    workbook = Workbook()
    typed(workbook.active)
    workbook.worksheets[0].cell(2, COLUMNS.index(column) + 1, cell)
    workbook.save(tmp_path / "o.xlsx")
    found = problems(tmp_path / "o.xlsx")
    assert [each for each in found if each.startswith("line 2: ") and named in each]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_lines(tmp_path: Path, encoding: str) -> None:
    """JSON lines say the same, numbers as numbers or as text."""
    lines = [json.dumps({"key": key, **fields}, default=str, ensure_ascii=False) for key, fields in expected()]
    path = tmp_path / "orders.jsonl"
    path.write_text("\n\n".join(lines), encoding=encoding)
    assert [(key, plain(new)) for key, new in read(path)] == expected()


HEAD = ",".join(COLUMNS[:5] + COLUMNS[6:]) + "\n"
ROW = "o1,1,1,2026-03-31,2026-04-08,Kenyér,1,1,db,1000\n"


def problems(path: Path, text: str = "", decimal: str | None = None) -> list[str]:
    """What is wrong with a file, warnings too, without its name; with a text, it is written first."""
    if text:
        path.write_text(text, encoding="utf-8")
    found = [problem for draft in drafts(path, decimal) for problem in draft.problems]
    return [each.at(path).removeprefix(f"{path}, ") for each in found]


DAMAGED = {
    "1.23457E+11": "line 2: the column key holds '1.23457E+11', which is no longer what was entered; a spreadsheet has",
    "1,23457E+11": "line 2: the column key holds '1,23457E+11', which is no longer what was entered; a spreadsheet has",
    '="o1"': "line 2: the column key holds '=\"o1\"', a text guarded from a spreadsheet; write o1, or open the file",
    "#N/A": "line 2: the column key holds '#N/A', the error of a formula; mend the formula or write the value",
    "#HIÁNYZIK": "line 2: the column key holds '#HIÁNYZIK', the error of a formula; mend the formula or write",
    "#NÉV?": "line 2: the column key holds '#NÉV?', the error of a formula; mend the formula or write the value",
    "#12!": None,
}


@pytest.mark.parametrize(("key", "named"), DAMAGED.items())
def test_damaged_keys(tmp_path: Path, key: str, named: str | None) -> None:
    """A key that a spreadsheet has changed is refused, with a remedy that a spreadsheet has."""
    found = problems(tmp_path / "o.csv", HEAD + ROW.replace("o1", f'"{key.replace(chr(34), chr(34) * 2)}"'))
    assert [each[: len(named or "")] for each in found] == ([named] if named else [])


@pytest.mark.parametrize(
    ("key", "is_refused"),
    [
        (1234, False),
        (123456789012345, False),
        (1234567890123456, True),
        (1.5, True),
        (date(2026, 3, 1), True),
        (True, True),
    ],
)
def test_keys_of_a_workbook(tmp_path: Path, *, key: object, is_refused: bool) -> None:
    """A number that a cell holds exactly is a key; a longer one, a fraction, a day have lost what was typed."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(COLUMNS)
    sheet.append([key, *ROWS[0][1:]])
    workbook.save(tmp_path / "o.xlsx")
    assert [draft.is_wrong for draft in drafts(tmp_path / "o.xlsx")] == [is_refused]
    if not is_refused:
        assert read(tmp_path / "o.xlsx")[0][0] == str(key)


NUMBERS = {
    "12.500": "holds '12.500', which is 12.5 or 12500; say --decimal point or --decimal comma",
    "12,500": "holds '12,500', which is 12.5 or 12500; say --decimal point or --decimal comma",
    "1.5E+3": "holds '1.5E+3', a number in exponent form; a spreadsheet has rounded it",
    "1,5e3": "holds '1,5e3', a number in exponent form; a spreadsheet has rounded it",
    "12.": "holds '12.', which is no number",
    "1,2,3": "holds '1,2,3', which is no number",
    "1 00,5": "holds '1 00,5', which is no number",
    "1.000 000": "holds '1.000 000', which is no number",
    "٣": "holds '٣', which is no number",
    "--5": "holds '--5', which is no number",
    "#REF!": "holds '#REF!', the error of a formula",
}


@pytest.mark.parametrize(("cell", "named"), NUMBERS.items())
def test_numbers_that_are_refused(tmp_path: Path, cell: str, named: str) -> None:
    """What can be read in two ways is refused with both, and what a spreadsheet has rounded; never guessed."""
    found = problems(tmp_path / "o.csv", HEAD + ROW.replace("1000", f'"{cell}"'))
    assert len(found) == 1
    assert found[0].startswith(f"line 2: the column net_unit_price {named}")


SETTLED = (
    ("12.500", ".", "12.5"),
    ("12.500", ",", "12500"),
    ("12,500", ",", "12.5"),
    ("1.234.567", None, "1234567"),
    ("1,234.5", None, "1234.5"),
    ("0.500", None, "0.5"),
    ("1234.567", None, "1234.567"),
    ("\u22121 000,5", None, "-1000.5"),
    ("+7", None, "7"),
)


@pytest.mark.parametrize(("cell", "decimal", "value"), SETTLED)
def test_numbers(tmp_path: Path, cell: str, decimal: str | None, value: str) -> None:
    """A number is what can be read in one way alone, or in the way that was settled."""
    path = tmp_path / "o.csv"
    path.write_text(HEAD + ROW.replace("1000", f'"{cell}"'), encoding="utf-8")
    ((_, new),) = read(path, decimal)
    item = new.items[0]
    assert isinstance(item, NewItem)
    assert item.net_unit_price == Decimal(value)


def test_a_row_that_stands_twice(tmp_path: Path) -> None:
    """The same item twice in an invoice is told, and no invoice is kept from being made."""
    found = problems(tmp_path / "o.csv", HEAD + ROW + ROW.replace("Kenyér", "Kalács") + ROW)
    assert found == ["line 4: is the same as line 2: the invoice has this item twice"]
    assert len(read(tmp_path / "o.csv")[0][1].items) == 3


def test_cells_left_empty_below(tmp_path: Path) -> None:
    """What the first row says of the invoice need not be said again, as below merged cells."""
    assert problems(tmp_path / "o.csv", HEAD + ROW + "o1,,,,,Kalács,1,1,db,5\n") == []
    assert len(read(tmp_path / "o.csv")[0][1].items) == 2


@pytest.mark.parametrize("start", [b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), None])
def test_workbooks_that_cannot_be_read(tmp_path: Path, start: bytes | None) -> None:
    """A damaged workbook, one of the old format, and another program's are told with a remedy."""
    path = tmp_path / "o.xlsx"
    if start is None:
        with ZipFile(path, "w") as ods:
            ods.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    else:
        path.write_bytes(start)
    with pytest.raises(FileError, match=r"cannot be read as \.xlsx \(.+\); save it so without a password, or as CSV"):
        read(path)


def test_a_workbook_without_its_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the reader of workbooks is not installed, its name is told, and what to do without it."""
    (tmp_path / "o.xlsx").write_bytes(b"PK\x03\x04")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(FileError, match="run pip install openpyxl, which reads it, or save it as CSV UTF-8"):
        read(tmp_path / "o.xlsx")

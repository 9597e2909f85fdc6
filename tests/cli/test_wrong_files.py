"""A file of invoices that is not right: line, column and remedy are named, and nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cli_env import HEAD
from openpyxl import Workbook

from billingo_async import Address, NewInvoice, NewItem, NewProductItem
from billingo_async.cli.columns import COLUMNS, TAKES

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli_env import CliEnv

WRONG_ROWS: dict[tuple[str, str], str] = {
    ("1250.50", "12,50"): "line 3: has 11 values under 10 columns; put values that hold the column separator into",
    ("1250.50", '"12,5,0"'): "line 3: the column net_unit_price holds '12,5,0', which is no number; write it like",
    ("1250.50", "1.2.3"): "line 3: the column net_unit_price holds '1.2.3', which is no number",
    ("1250.50", "1_250"): "line 3: the column net_unit_price holds '1_250', which is no number",
    ("1250.50", "NaN"): "line 3: the column net_unit_price holds 'NaN', which is no number",
    ("1250.50", ""): "line 3: the column net_unit_price is empty; it takes a number such as 1234.50 or 1234,50",
    ("2026-03-09", "2026-02-30"): "line 3: the column due_date holds '2026-02-30'; it takes a day such as 2026-03-31",
    ("2026-03-09", "09.03.2026"): "line 3: the column due_date holds '09.03.2026'; it takes a day such as 2026-03-31",
    ("b,", ","): "line 3: the column key is empty; it takes what the invoice is made for",
    ("b,", f"{'b' * 201},"): "line 3: the column key holds 'bbbb",
    ("b,", '"b\nb",'): "line 3: the column key holds 'b\\nb'; it takes what the invoice is made for",
    (",1,2,pc", ",one,2,pc"): "line 3: the column vat_id holds 'one', which the account does not have; it takes "
    "one of 27%, 5%, 18%",
    (",1,2,pc", ",1,,pc"): "line 3: the column qty is empty; it takes how many, such as 1 or 2.5",
    ("Bread", ""): "line 3: the column description is empty; it takes what was sold, in words",
    ("Bread", '"Bread'): "line 3: is no CSV (unexpected end of data); look at its quotation marks",
}


@pytest.mark.parametrize(("spoil", "named"), WRONG_ROWS.items())
def test_wrong_row_sends_nothing(cli_env: CliEnv, spoil: tuple[str, str], named: str) -> None:
    """A wrong line is named with its number, its column and the remedy before anything is sent."""
    text = HEAD + cli_env.rows("a") + cli_env.rows("b").replace(*spoil, 1)
    result = cli_env.run("bulk", "create", cli_env.file(text), "--journal", cli_env.journal)
    assert result.exit_code == 2
    assert f"orders.csv, {named}" in result.stderr
    assert "Value error" not in result.stderr
    assert cli_env.sandbox.ledger.count("invoices.create") == 0


WRONG_FILES: dict[str, tuple[Callable[[str], bytes], str]] = {
    "empty": (lambda _: b"", "line 1: is no line of column names; write key, client_uid or name"),
    "no row": (lambda text: text.splitlines()[0].encode(), "holds no invoice; write one row an item"),
    "a column missing": (lambda text: text.replace("qty", "unit_", 1).encode(), "line 1: lacks the columns qty; add"),
    "unknown column": (lambda text: text.replace("unit,", "unit,colour,").encode(), "line 1: the column colour is not"),
    "a column twice": (lambda text: text.replace("unit,", "unit,qty,").encode(), "line 1: has the column qty twice"),
    "a key twice": (lambda text: (text + text.splitlines()[1]).encode(), "line 4: the column key holds 'a' a second"),
}


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
@pytest.mark.parametrize(("spoil", "named"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_wrong_file_sends_nothing(
    cli_env: CliEnv, spoil: Callable[[str], bytes], named: str, flags: tuple[str, ...]
) -> None:
    """A file that is none is named with the line, what is wrong and the remedy, dry run or not, and nothing is sent."""
    path = cli_env.folder / "orders.csv"
    path.write_bytes(spoil(HEAD + cli_env.rows("a", "b")))
    result = cli_env.run("bulk", "create", str(path), "--journal", cli_env.journal, *flags)
    assert result.exit_code == 2
    assert f"orders.csv, {named}" in result.stderr or f"orders.csv: {named}" in result.stderr
    assert cli_env.sandbox.ledger.count("invoices.create") == 0


ITEM = '{"description": "Bread", "vat_id": 1, "qty": 2, "unit": "pc", "net_unit_price": 1250.50}'
LINE = (
    '{"key": "a", "client_uid": 7, "payment_method": 1, "fulfillment_date": "2026-03-01", "due_date": "2026-03-09", '
    f'"items": [{ITEM}]}}'
)
WRONG_LINES: dict[tuple[str, str], str] = {
    (LINE, '["a"]'): "line 1: is no JSON object; write one a line",
    (LINE, LINE[:-1]): "line 1: is no JSON object (Expecting ',' delimiter",
    (LINE, "[" * 100_000): "line 1: is no JSON object (maximum recursion depth",
    ('"a"', "5"): "line 1: the field key holds 5; it takes what the invoice is made for",
    ('"key": "a", ', ""): "line 1: the field key is empty; it takes what the invoice is made for",
    ('"a"', '"\\ud800"'): "line 1: the field key holds",
    ('"client_uid": 7, ', ""): "line 1: the field client_uid is empty; it takes the customer's id, such as 115387686",
    ('"client_uid": 7', '"colour": 7'): "line 1: the field colour is not known; take it out, or write one of",
    ('"due_date": "2026-03-09"', '"due_date": null'): "line 1: the field due_date holds nothing; it takes a day such",
    ("1250.50", '"12,5,0"'): "line 1, item 1: the field net_unit_price holds '12,5,0', which is no number; write it",
    ("1250.50", "NaN"): "line 1, item 1: the field net_unit_price holds NaN; it takes a number such as 1234.50",
    ('"qty": 2', '"qty": true'): "line 1, item 1: the field qty holds true; it takes how many, such as 1 or 2.5",
    ('"qty": 2', '"qty": 2, "colour": 1'): "line 1, item 1: the field colour is not known; take it out, or write one",
    (f"[{ITEM}]", "[]"): "line 1: the field items holds []; it takes at least one item",
    (ITEM, "null"): "line 1, item 1: the field description is empty; it takes what was sold, in words",
}


@pytest.mark.parametrize(("spoil", "named"), WRONG_LINES.items(), ids=range(len(WRONG_LINES)))
def test_wrong_json_line_sends_nothing(cli_env: CliEnv, spoil: tuple[str, str], named: str) -> None:
    """What is wrong with a line of JSON is told in the same words, with the item that it is about."""
    result = cli_env.run(
        "bulk", "create", cli_env.file(LINE.replace(*spoil, 1), "orders.jsonl"), "--journal", cli_env.journal
    )
    assert result.exit_code == 2
    assert f"orders.jsonl, {named}" in result.stderr
    assert cli_env.sandbox.ledger.count("invoices.create") == 0


def test_every_field_says_what_it_takes() -> None:
    """The table of what each column takes has a row for every column of an invoice, an item and a customer."""
    assert set(TAKES) == {"items", *COLUMNS}
    assert set(COLUMNS) > {*NewInvoice.model_fields, *NewItem.model_fields, *NewProductItem.model_fields} - {"items"}
    assert set(COLUMNS) > {*Address.model_fields}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"key": "a", "items": [{"qty": 1, "net_unit_price": 5, "qty": 500}]}', "qty"),
        ('{"key": "a", "items": [{"qty": 1, "quantity": 500}]}', "qty"),
        ('{"key": "a", "key": "b", "items": [{"qty": 1}]}', "key"),
    ],
    ids=["in an item", "under its other name", "in the head"],
)
def test_a_field_that_an_object_has_twice(cli_env: CliEnv, text: str, field: str) -> None:
    """JSON itself would take the last one in silence; a column that stands twice is refused likewise."""
    result = cli_env.run("bulk", "create", cli_env.file(text, "orders.jsonl"), "--dry-run")
    assert result.exit_code == 2
    assert f"orders.jsonl, line 1: is no JSON object (it has the field {field} twice; take one out)" in result.stderr


def test_invoices_on_two_sheets(cli_env: CliEnv) -> None:
    """The second sheet is not left out in silence: it is named, with the remedy, and nothing is sent."""
    workbook = Workbook()
    for name in ("March", "April"):
        workbook.create_sheet(name).append(HEAD.strip().split(","))
    workbook["April"].insert_rows(1)
    workbook.create_sheet("Notes").append(["ring up the baker"])
    del workbook["Sheet"]
    workbook.save(cli_env.folder / "orders.xlsx")
    result = cli_env.run("bulk", "create", str(cli_env.folder / "orders.xlsx"), "--dry-run")
    assert result.exit_code == 2
    assert "invoices on the sheet April would be left out; hide it, or save two files" in result.stderr

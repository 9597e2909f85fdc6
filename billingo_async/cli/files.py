"""A file of orders read as it comes: CSV in any dialect, a workbook, or JSON lines in; entries out, one an invoice.

A row is one item; rows that follow each other under one key are one entry. Of the file no more than an entry is held
(of a workbook its texts too). Never enters here: what a cell means, and the account.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from billingo_async.cli.columns import ALIASES, COLUMNS, HEAD, ITEM, NEEDED, TAKES, nearest, shown
from billingo_async.cli.output import say, say_json

WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of spreadsheets begin: .xlsx, and the old .xls, which is told what to become."""
OLD_ENCODING: Final = "cp1250"
"""What a Hungarian Windows writes where it does not write Unicode."""
LOST: Final = "\ufffd"
"""What stands in the place of a character that could not be read."""
MIDWORD: Final = re.compile("[a-z][\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u02c7\u02d8\xa0][a-z]")
"""A sign in the middle of a word of `OLD_ENCODING`: the file is from another system, such as DOS or a Mac."""
MAX_SHOWN: Final = 100
"""Problems that people are told; beyond that, something is wrong with all rows."""
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_WORDS_APART: Final = re.compile(r"[\s\-]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line, with the remedy, and in a line of JSON with which item."""

    line: int | None
    what: str
    column: str | None = None
    item: int | None = None
    is_warning: bool = False
    """It keeps no invoice from being made."""
    is_of_account: bool = False
    """The account lacks what is named: that is nothing to an invoice that is made already."""

    def at(self, path: Path) -> str:
        """Say where, as an editor's status line does ("orders.jsonl, line 7, item 2"), what, and what to do."""
        line = "" if self.line is None else f", line {self.line}"
        return f"{path}{line}" + ("" if self.item is None else f", item {self.item}") + f": {self.what}"


class FileError(ValueError):
    """A file that cannot be read at all; the message says why, and what to do."""


class ProblemReporter:
    """Tells problems as they come, in the order of their lines, and holds none."""

    def __init__(self, path: Path, *, as_json: bool) -> None:
        """Begin with none."""
        self._path, self._as_json = path, as_json
        self.count: int = 0
        self._warnings = 0

    def report(self, problem: Problem) -> None:
        """Tell one more; of very many, people are told the first ones."""
        self.count += not problem.is_warning
        self._warnings += problem.is_warning
        if self._as_json and not problem.is_warning:
            where = {"line": problem.line, "item": problem.item, "column": problem.column}
            say_json({**where, "outcome": "wrong", "error": problem.at(self._path)})
        elif (self._warnings if problem.is_warning else self.count) <= MAX_SHOWN:
            say(problem.at(self._path), err=True)

    def close(self) -> None:
        """Tell how many there are beyond those that were told."""
        more = max(self.count - MAX_SHOWN, 0) + max(self._warnings - MAX_SHOWN, 0)
        if more and not self._as_json:
            say(f"and {more} more; --json tells them all", err=True)


class Row(NamedTuple):
    """The filled cells of a row by column, and where it stands: the line, and in a line of JSON the item."""

    line: int | None
    values: dict[str, object]
    item: int | None = None


@dataclass(slots=True)
class Entry:
    """The rows of one invoice, and what is wrong with them as such."""

    key: object
    head: Row
    items: list[Row]
    problems: list[Problem] = field(default_factory=list[Problem])
    seen: dict[tuple[object, ...], int | None] = field(default_factory=dict[tuple[object, ...], "int | None"])
    """The lines of the items so far."""

    def take(self, row: Row) -> None:
        """Take one more row of a table, and note what it says otherwise than the first; empty cells say the same."""
        if not self.items:
            self.head = row
        self.items.append(row)
        for column in HEAD:
            if column in row.values and row.values[column] != self.head.values.get(column):
                why = "differs from the invoice's first row; make them agree or use a new key"
                self.problems.append(Problem(row.line, f"the column {column} {why}", column))
        item = tuple(row.values.get(column) for column in ITEM)
        if item in self.seen:
            what = f"is the same as line {self.seen[item]}: the invoice has this item twice"
            self.problems.append(Problem(row.line, what, is_warning=True))
        self.seen.setdefault(item, row.line)


class OrderFile:
    """A file of orders; it may be read any number of times."""

    def __init__(self, path: Path) -> None:
        """Look at how the file begins; raise `FileError` if it cannot be read."""
        self.path: Path = path
        self.is_json: bool = path.suffix.lower() in {".jsonl", ".ndjson"}
        self.noun: str = "field" if self.is_json else "column"
        self.columns: Sequence[str] = ()
        """The columns of a table, once it was read; a lacking one is told once, not for each row."""
        if path.suffix.lower() == ".json":
            raise FileError("is one JSON document; write one object a line, and name the file .jsonl")
        try:
            self._encoding = _encoding_of(path)
        except OSError as error:
            raise FileError(f"cannot be read ({error.strerror}); name another file") from error
        if self.is_json and self._encoding == OLD_ENCODING:
            raise FileError("is no text in UTF-8; write JSON lines in UTF-8")

    def entries(self) -> Iterator[Entry]:
        """Give the entries, in the order of the file, each with what is wrong with its rows as such."""
        if self.is_json:
            with self.path.open(encoding=self._encoding, errors="replace") as lines:
                yield from (_json_entry(number, line) for number, line in enumerate(lines, 1) if line.strip())
        else:
            yield from self._table_entries()

    def _table_entries(self) -> Iterator[Entry]:
        records = _csv_records(self.path, self._encoding) if self._encoding else _sheet_records(self.path)
        entry: Entry | None = None
        names: list[str] = []
        for number, record in records:
            if not names and isinstance(record, list):
                names = [_heading(value) for value in record]
                self.columns = [name for name in names if name]
                yield from _spoiled(_head_problems(number, self.columns))
                continue
            what, values = (record, ()) if isinstance(record, str) else (_misfit(names, record), record)
            row = Row(number, {name: value for name, value in zip(names, values, strict=False) if name and value != ""})
            key = row.values.pop("key", None)
            if what and key is None and entry is None:
                yield from _spoiled([Problem(number, what)])
                continue
            is_next = not what if key is None else entry is None or key != entry.key
            if entry is None or is_next:
                yield from filter(None, [entry])
                entry = Entry(key, row, [])
            if what:  # perhaps it is one of its rows
                entry.problems.append(Problem(number, what))
            else:
                entry.take(row)
        yield from filter(None, [entry])
        if not names:
            yield from _spoiled(_head_problems(1, ()))


def _spoiled(problems: Iterable[Problem]) -> Iterator[Entry]:
    """Give an entry of nothing but problems, if there are any; it has no key that could be looked at."""
    if match := list(problems):
        yield Entry(None, Row(match[0].line, {}), [], match)


def _encoding_of(path: Path) -> str:
    """Return the encoding of a text: UTF-16, or UTF-8 if all of it is, or else old Windows; empty for a workbook."""
    with path.open("rb") as file:
        start = file.read(4)
    if start in WORKBOOKS:
        return ""
    if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    if b"\0" in start[:2]:
        return "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
    try:
        with path.open(encoding="utf-8-sig") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return OLD_ENCODING
    return "utf-8-sig"


def _csv_records(path: Path, encoding: str) -> Iterator[tuple[int, Sequence[object]]]:
    """Give the number of each line, and its values, or in their place what is wrong with it; no blank ones."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        before: list[str] = []
        separator = ""
        for line in file:  # up to the column names
            match = _SEPARATOR_LINE.fullmatch(line)
            separator = match[1] if match else separator
            before.append("\n" if match else line)
            if not match and re.search(r"\w", line):
                break
        reader = csv.reader(chain(before, file), delimiter=separator or _separator(before), strict=True)
        is_damaged = False
        while True:
            number = reader.line_num + 1
            try:
                values = list(map(str.strip, next(reader)))
            except StopIteration:
                return
            except csv.Error as error:
                yield number, f"is no CSV ({error}); look at its quotation marks"
                continue
            text = " ".join(values)
            if not is_damaged and (LOST in text or (encoding == OLD_ENCODING and MIDWORD.search(text))):
                is_damaged = True
                yield number, "is in an encoding that cannot be told; save the file as UTF-8 (in Excel: CSV UTF-8)"
            if any(values):
                yield number, values


def _separator(lines: list[str]) -> str:
    """Return what stands between the columns: what makes most known names of the first line."""
    names = {mark: next(csv.reader(lines[-1:], delimiter=mark), list[str]()) for mark in ",;\t"}
    return max(names, key=lambda mark: sum(_heading(name) in COLUMNS for name in names[mark]))


def _sheet_records(path: Path) -> Iterator[tuple[int, Sequence[object]]]:
    """Give the rows of the first sheet that is shown, and in a row's place what would be lost of the workbook."""
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - an extra

        warnings.filterwarnings("ignore", module="openpyxl")  # it tells of charts and styles that it leaves out
        with path.open("rb") as file:
            workbook = load_workbook(file, read_only=True, data_only=True)
            first, *others = [each for each in workbook.worksheets if each.sheet_state == "visible"]
            for other in others:
                if any("key" in map(_heading, row) for row in _rows(other)):
                    yield 1, f"invoices on the sheet {other.title} would be left out; hide it, or save two files"
            if workbook.calculation.fullCalcOnLoad:  # a program has written it, which computes no formulas
                yield from _uncomputed(load_workbook(file, read_only=True)[first.title])
            yield from (each for each in enumerate(_rows(first), 1) if any(value != "" for value in each[1]))
    except ModuleNotFoundError:
        raise FileError("is a workbook; run pip install openpyxl, which reads it, or save it as CSV UTF-8") from None
    except Exception as error:  # it has no error of its own for what is damaged
        why = str(error.__cause__ or error).partition("\n")[0]
        raise FileError(f"cannot be read as .xlsx ({why}); save it so without a password, or as CSV UTF-8") from error


def _uncomputed(sheet: Any) -> Iterator[tuple[int, str]]:
    """Tell the row of each formula, and that there is no value for it."""
    for cell in chain.from_iterable(sheet.iter_rows()):
        if cell.data_type == "f":
            yield cell.row, f"the formula in {cell.coordinate} was never computed; save the file in a spreadsheet"


def _rows(sheet: Any) -> Iterator[list[object]]:
    """Give the cells of a sheet as a spreadsheet holds them: each number is a float, and what has no value is empty."""
    from openpyxl.utils.escape import unescape  # noqa: PLC0415 - an extra

    sheet.reset_dimensions()  # some programs write a wrong width, and cells stand beyond it
    width = 0
    for row in sheet.iter_rows(values_only=True):
        width = max(width, len(row))
        values = (float(each) if type(each) is int else each for each in (*row, *[None] * (width - len(row))))
        yield [unescape(each).strip() if isinstance(each, str) else "" if each is None else each for each in values]


def _heading(value: object) -> str:
    name = _WORDS_APART.sub("_", str(value).strip().strip("\ufeff").casefold())
    return ALIASES.get(name, name)


def _head_problems(line: int, names: Sequence[str]) -> Iterator[Problem]:
    if not any(name in COLUMNS for name in names):
        yield Problem(line, f"is no line of column names; write {', '.join(map(' or '.join, NEEDED))}")
        return
    if missing := [" or ".join(choice) for choice in NEEDED if not any(name in names for name in choice)]:
        yield Problem(line, f"lacks the columns {', '.join(missing)}; add them, left empty if need be")
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(line, f"has the column {name} twice; take one out", name)
        if name not in COLUMNS:
            yield Problem(line, f"the column {name} is not known; {nearest(name, COLUMNS)}", name)


def _misfit(names: Sequence[str], values: Sequence[object]) -> str | None:
    """Return what is wrong with the values of a row as such."""
    if len(values) < len(names) or any(value != "" for value in values[len(names) :]):
        remedy = "put values that hold the column separator into quotation marks, or save the file as .xlsx"
        return f"has {len(values)} values under {len(names)} columns; {remedy}"
    if any(value != "" for name, value in zip(names, values, strict=False) if not name):
        return "holds a value under no column name; write a name, or take the value out"
    return None


def _json_entry(number: int, line: str) -> Entry:
    try:
        values, why = json.loads(line, parse_float=Decimal, object_pairs_hook=_fields), ""
    except (ValueError, RecursionError) as error:
        values, why = None, f" ({error})"
    if not isinstance(values, dict):
        what = f'is no JSON object{why}; write one a line, as in {{"key": "order-1234", …}}'
        return Entry(None, Row(number, {}), [], [Problem(number, what)])
    fields = cast("dict[str, Any]", values)
    key, items = fields.pop("key", None), fields.pop("items", None)
    entry = Entry(key, Row(number, _named(fields)), [])
    if not isinstance(items, list) or not items:
        what = shown(cast("object", items))  # pyright knows no items of a list that JSON held
        entry.problems.append(Problem(number, f"the field items holds {what}; it takes {TAKES['items']}", "items"))
        items = []
    for item, each in enumerate(cast("list[object]", items), 1):
        named = _named(cast("dict[str, Any]", each)) if isinstance(each, dict) else {}
        entry.items.append(Row(number, named, item))
    return entry


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the fields of an object under their own names; raise ValueError for one that it has twice."""
    names = [ALIASES.get(name, name) for name, _ in pairs]
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ValueError(f"it has the field {twice[0]} twice; take one out")
    return dict(zip(names, (value for _, value in pairs), strict=True))


def _named(fields: Mapping[str, Any]) -> dict[str, object]:
    """Return the fields without what is empty text, which is not there."""
    return {name: value for name, value in fields.items() if value != ""}

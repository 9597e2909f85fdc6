"""A file with many mistakes: all of them are told in one run, in the order of the lines, and nothing is sent."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from cli_env import HEAD

from billingo_async import Billingo
from billingo_async.cli.accounts import V2
from billingo_async.cli.drafts import Catalogue, Drafts
from billingo_async.cli.files import OrderFile
from billingo_async.cli.plan import Plan

if TYPE_CHECKING:
    from pathlib import Path

    from cli_env import CliEnv

COLUMNS = HEAD.strip().split(",")
RIGHT = dict(zip(COLUMNS, ("a", "7", "1", "2026-03-01", "2026-03-09", "Bread", "1", "2", "pc", "1250.50"), strict=True))


def row(**changes: str) -> str:
    """A row of a CSV file that is right but for the changes."""
    return ",".join({**RIGHT, **changes}.values()) + "\n"


def drafts(path: Path) -> Drafts:
    """What a file holds, as far as it can be told without an account."""
    return Drafts(OrderFile(path), Catalogue(service=V2(Billingo("public", "private"))), None)


def told(cli_env: CliEnv, text: str, name: str = "orders.csv") -> list[tuple[int, int | None, str | None]]:
    """Where the mistakes of a file are, as `--json` tells them: line, item, column."""
    text = text.replace(",7,", f",{cli_env.client_uid},").replace(
        '"client_uid": 7', f'"client_uid": {cli_env.client_uid}'
    )
    result = cli_env.run("bulk", "create", cli_env.file(text, name), "--journal", cli_env.journal, "--json")
    assert result.exit_code == 2, result.output
    assert cli_env.sandbox.ledger.count("invoices.create") == 0
    read = [json.loads(line) for line in result.stdout.splitlines()]
    assert {one["outcome"] for one in read} == {"wrong"}
    assert all(f"{name}, line {one['line']}" in one["error"] for one in read)
    return [(one["line"], one["item"], one["column"]) for one in read]


def test_all_in_a_csv_file(cli_env: CliEnv) -> None:
    """Each wrong cell of each row, a doubled key, rows that disagree, a row of another width: all in one run."""
    text = (
        HEAD
        + row(key="a", client_uid="x", due_date="2026-02-30", qty="")  # 2
        + row(key="b")  # 3
        + row(key="b", due_date="2026-03-10", vat_id="one", net_unit_price="")  # 4
        + row(key="c", net_unit_price="12,50")  # 5
        + row(key="c")  # 6: still the invoice of line 5
        + row(key="a")  # 7
        + row(key="", unit="")  # 8
        + row(key="b", payment_method="0")  # 9
        + row(key="d", description='"Bread"?')  # 10
        + row(key="c")  # 11
    )
    wrong = {
        2: ("client_uid", "due_date", "qty"),
        4: ("due_date", "vat_id", "net_unit_price"),
        5: (None,),
        7: ("key",),
        8: ("key", "unit"),
        9: ("key", "payment_method"),
        10: (None,),
        11: ("key",),
    }
    assert told(cli_env, text) == [(line, None, column) for line, columns in wrong.items() for column in columns]


def test_all_in_json_lines(cli_env: CliEnv) -> None:
    """Each wrong field of each line and item is told, those behind an unknown field as well, and a doubled key."""
    item = {"description": "Bread", "vat_id": 1, "qty": 2, "unit": "pc", "net_unit_price": 12}
    new = {name: RIGHT[name] for name in COLUMNS[:5]} | {"client_uid": 7, "payment_method": 1}
    lines: list[dict[str, object]] = [
        {**new, "items": [item]},
        {**new, "due_date": None, "colour": 1, "items": [item, {**item, "color": 1, "qty": True, "unit": ""}, None]},
        {**new, "key": 5, "items": [{**item, "gross_unit_price": 12}]},
        {**new, "key": "b", "items": []},
    ]
    text = "\n".join(json.dumps(line) for line in lines) + "\n{\n[]\n"
    found = told(cli_env, text, "orders.jsonl")
    assert [line for line, _, _ in found] == sorted(line for line, _, _ in found)
    assert set(found) == {
        (2, None, "key"),
        (2, None, "colour"),
        (2, None, "due_date"),
        (2, 2, "color"),
        (2, 2, "qty"),
        (2, 2, "unit"),
        *((2, 3, column) for column in ("description", "vat_id", "qty", "unit", "net_unit_price")),
        (3, None, "key"),
        (3, 1, "gross_unit_price"),
        (4, None, "items"),
        (5, None, None),
        (6, None, None),
    }
    assert len(found) == len(set(found))


def test_column_names_and_rows(cli_env: CliEnv) -> None:
    """Wrong column names do not hide wrong rows, and a column that lacks is told once, not again for each row."""
    text = (HEAD + row() + row(key="b", vat_id="x") + row(key="b")).replace("qty,", "how_many,")
    assert told(cli_env, text) == [(1, None, None), (1, None, "how_many"), (3, None, "vat_id")]


def test_what_stands_in_is_no_invoice(tmp_path: Path) -> None:
    """Of a file that lacks a column no invoice is made up, be it of one row or of two."""
    path = tmp_path / "orders.csv"
    path.write_text((HEAD + row() + row(key="b") * 2).replace("qty,", "how_many,"), encoding="utf-8")
    assert all(draft.new is None for draft in drafts(path))


def test_another_encoding_and_wrong_rows(cli_env: CliEnv) -> None:
    """A file in another system's encoding is told so once, with all else that is wrong in it."""
    path = cli_env.folder / "orders.csv"
    text = HEAD + row(description="Kenyér") + row(key="b", description="Kenyér", qty="") + row(key="c")
    path.write_bytes(text.replace(",7,", f",{cli_env.client_uid},").encode("cp852"))
    result = cli_env.run("bulk", "create", str(path), "--journal", cli_env.journal)
    lines = [line.partition("orders.csv")[2] for line in result.stderr.splitlines()]
    assert lines[0].startswith(", line 2: is in an encoding that cannot be told; save the file as UTF-8")
    assert lines[1].startswith(", line 3: the column qty is empty")
    assert lines[2] == " has 2 mistakes; nothing was sent"


def test_very_many(cli_env: CliEnv) -> None:
    """Of 157 wrong rows 100 are told and the others counted; the code is 2, and nothing is sent."""
    text = HEAD + "".join(
        row(key=f"wrong-{number}", client_uid=str(cli_env.client_uid), qty="two") for number in range(157)
    )
    result = cli_env.run("bulk", "create", cli_env.file(text), "--journal", cli_env.journal)
    assert result.exit_code == 2
    *full, more, last = result.stderr.splitlines()
    assert [line.partition(": ")[0].rpartition(" ")[2] for line in full] == [str(line) for line in range(2, 102)]
    assert all(line.endswith("holds 'two', which is no number; write it like 1234.5 or 1234,5") for line in full)
    assert more == "and 57 more; --json tells them all"
    assert last.endswith("orders.csv has 157 mistakes; nothing was sent")
    assert cli_env.sandbox.ledger.count("invoices.create") == 0


def test_a_later_row_may_not_say_more(tmp_path: Path) -> None:
    """What stands in a column of the invoice in its second row alone is told, not dropped."""
    path = tmp_path / "orders.csv"
    path.write_text(HEAD.replace("key", "key,comment") + f"a,,{row()[2:]}a,Thank you,{row()[2:]}", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3: the column comment differs from the invoice's first row"):
        list(Plan(path, drafts(path), Catalogue(service=V2(Billingo("public", "private")))).papers())


def test_memory(tmp_path: Path) -> None:
    """Ten times as many mistakes need no more memory: they are told as they are found."""
    path = tmp_path / "orders.csv"
    peaks: list[int] = []
    for number in (100, 100, 1000):  # the first time is for what is loaded once
        path.write_text(HEAD + row(key="a") + row(key="", net_unit_price="12,50") * number, encoding="utf-8")
        tracemalloc.start()
        assert sum(len(draft.problems) for draft in drafts(path)) == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.5 * peaks[1]

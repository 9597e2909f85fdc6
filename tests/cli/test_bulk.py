"""The commands about many invoices, as a person runs them: files checked first, runs resumed, codes that tell."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from desk import HEAD
from drafts import draft
from typer.testing import CliRunner

from billingo_async import Billingo, Journal, OutcomeUnknownError
from billingo_async.cli.app import app
from billingo_async.fields.exact import to_json
from billingo_async.sandbox import Fault
from billingo_async.transport.limit_stores import WindowState

if TYPE_CHECKING:
    from desk import Desk


def test_csv_run_twice(desk: Desk) -> None:
    """A CSV with three invoices, one of them with two rows, makes three; run again it makes none, and says so."""
    file = desk.file(HEAD + desk.rows("a", "b", "b", "c"))
    for outcome in ("made", "there already"):
        result = desk.run("bulk", "create", file, "--journal", desk.journal, "--json")
        assert result.exit_code == 0, result.output
        told = [json.loads(line) for line in result.stdout.splitlines()]
        assert {one["key"] for one in told} == {"a", "b", "c"}
        assert {one["outcome"] for one in told} == {outcome}
        assert f"invoices: 3 {outcome}" in result.stderr
        assert desk.sandbox.ledger.count("invoices.create") == 3


def test_json_lines(desk: Desk) -> None:
    """A line of JSON is an invoice, numbers exact."""
    line = to_json({"key": "a", **draft(desk.client_uid).to_payload()}).decode()
    file = desk.file(f"{line}\n\n", "orders.jsonl")
    assert desk.run("bulk", "create", file, "--journal", desk.journal).exit_code == 0
    assert desk.sandbox.ledger.count("invoices.create") == 1


def test_one_json_document(desk: Desk) -> None:
    """A file of one JSON document is refused with the form that is taken."""
    result = desk.run("bulk", "create", desk.file("[]", "orders.json"), "--journal", desk.journal)
    assert result.exit_code == 2
    assert "write one object a line, and name the file .jsonl" in result.stderr


def test_refused_one(desk: Desk) -> None:
    """An invoice that the server refuses is told with its key; the others are made, and the code is 1."""
    desk.sandbox.faults.next("invoices.create", Fault.answer(400, {"success": False, "error": "not so"}))
    file = desk.file(HEAD + desk.rows("b", "a", "c"))
    result = desk.run("bulk", "create", file, "--journal", desk.journal, "--concurrency", "1")
    assert result.exit_code == 1
    assert "failed: b: invoices.create (POST /invoices): 400" in result.stderr
    assert "1 failed, 2 made" in result.stderr
    status = desk.run("journal", "status", desk.journal)
    assert status.exit_code == 1
    assert "2 done" in status.stdout
    assert "refused: b: InvalidRequestError" in status.stdout
    told = json.loads(desk.run("journal", "status", desk.journal, "--json").stdout)
    assert told["counts"] == {"done": 2, "refused": 1}
    assert told["unresolved"] == []
    (refused,) = told["refused"]
    assert (refused["key"], refused["operation"]) == ("b", "invoices.create")
    assert refused["error"].startswith("InvalidRequestError: ")


def test_a_journal_in_no_folder(desk: Desk) -> None:
    """What cannot be opened is named with what to do, and nobody says that there was nothing to do."""
    journal = str(desk.folder / "missing" / "run.db")
    result = desk.run("bulk", "create", desk.file(HEAD + desk.rows("a")), "--journal", journal)
    assert result.exit_code == 1
    assert "missing/run.db cannot be opened: unable to open database file; name a file in a folder" in result.stderr
    assert "nothing to do" not in result.stderr
    assert desk.sandbox.ledger.count("invoices.create") == 0


def test_wrong_keys(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that Billingo does not take are told at once, with what helps; a wrong file is told before them."""
    monkeypatch.setenv("BILLINGO_PRIVATE_KEY", "x" * 64)
    result = desk.run("bulk", "create", desk.file(HEAD + desk.rows("a")))
    assert result.exit_code == 1
    assert "401 Unauthorized" in result.stderr
    assert "`billingo-async doctor` says what to do" in result.stderr
    assert desk.run("bulk", "create", desk.file(HEAD + desk.rows("a").replace(",2,", ",two,"))).exit_code == 2


def test_keys_refused_midway(desk: Desk) -> None:
    """Once the API keys are refused no more invoices are tried, and what helps is named."""
    desk.sandbox.faults.add("invoices.create", Fault.answer(401, {"success": False, "error": "no"}), times=100)
    file = desk.file(HEAD + desk.rows(*(f"order-{number}" for number in range(40))))
    result = desk.run("bulk", "create", file, "--journal", desk.journal, "--concurrency", "2")
    assert result.exit_code == 1
    assert 1 <= result.stderr.count("failed: order-") <= 2
    assert "`billingo-async doctor` says what to do" in result.stderr


@pytest.mark.parametrize("by", ["asking", "invoice", "none"])
def test_settling(desk: Desk, by: str) -> None:
    """A key in doubt gives code 3 and is settled by asking, by naming its invoice, or by saying that there is none."""
    desk.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    desk.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    file = desk.file(HEAD + desk.rows("a"))
    result = desk.run("bulk", "create", file, "--journal", desk.journal)
    assert result.exit_code == 3, result.output
    assert desk.run("journal", "status", desk.journal, "--json").exit_code == 3
    assert f"billingo-async journal resolve {desk.journal} a\n" in desk.run("journal", "status", desk.journal).stdout
    made = desk.sandbox.ledger[-1].id
    how = {"asking": [], "invoice": ["--invoice", str(made)], "none": ["--none", "--force"]}[by]
    settled = desk.run("journal", "resolve", desk.journal, "a", *how)
    assert settled.exit_code == 0, settled.output
    assert ("no invoice" if by == "none" else str(made)) in settled.stdout
    assert desk.run("journal", "status", desk.journal).exit_code == (1 if by == "none" else 0)  # it is still to be made


@pytest.mark.parametrize(
    ("key", "how", "named"),
    [
        ("done", ["--none"], "key 'done' is done: it has invoice {made}, for ever"),
        ("done", ["--invoice", "7"], "key 'done' is done: it has {made}, so it cannot be given invoice 7"),
        ("wrong", ["--invoice", "7"], "key 'wrong' is refused: it has no invoice"),
    ],
)
def test_settling_what_is_settled(desk: Desk, key: str, how: list[str], named: str) -> None:
    """What a person says of a key that is in no doubt is refused where it differs, naming the state."""
    desk.refuse("wrong")
    desk.run("bulk", "create", desk.file(HEAD + desk.rows("done")), "--journal", desk.journal)
    made = desk.sandbox.ledger[-1].id
    refused = desk.run("journal", "resolve", desk.journal, key, *how)
    assert refused.exit_code == 1
    assert named.format(made=made) in refused.stderr
    assert (
        desk.run("journal", "resolve", desk.journal, "done", "--invoice", str(made)).stdout == f"done: invoice {made}\n"
    )
    assert desk.run("journal", "resolve", desk.journal, "done").stdout == f"done: invoice {made}\n"
    assert desk.run("journal", "resolve", desk.journal, "wrong", "--none").exit_code == 0


def test_settling_by_another_keys_invoice(desk: Desk) -> None:
    """An invoice that belongs to one key cannot be given to another; unknown keys and journals are said to be so."""
    file = desk.file(HEAD + desk.rows("a"))
    assert desk.run("bulk", "create", file, "--journal", desk.journal).exit_code == 0
    owned = desk.sandbox.ledger[-1].id
    desk.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    desk.sandbox.faults.next("invoices.create", Fault.drop_after_commit())

    async def doubt() -> None:
        async with Billingo(journal=Journal(f"sqlite+aiosqlite:///{desk.journal}")) as billingo:
            with pytest.raises(OutcomeUnknownError):
                await billingo.invoices.create(draft(desk.client_uid), key="b")

    asyncio.run(doubt())
    result = desk.run("journal", "resolve", desk.journal, "b", "--invoice", str(owned))
    assert result.exit_code == 1
    assert f"invoice {owned} belongs to another key already" in result.stderr
    assert "has no key 'c'" in desk.run("journal", "resolve", desk.journal, "c").stderr
    assert desk.run("journal", "status", str(desk.folder / "none.db")).exit_code == 2


def test_pdfs(desk: Desk) -> None:
    """The PDFs of the year land in the folder; a second run finds them there."""
    file = desk.file(HEAD + desk.rows("a", "b"))
    assert desk.run("bulk", "create", file, "--journal", desk.journal).exit_code == 0
    folder = desk.folder / "pdfs"
    first = desk.run("pdf", str(folder), "--from", "2020-01-01", "--json")
    assert first.exit_code == 0, first.output
    assert len(list(folder.glob("*.pdf"))) == 2
    assert "2 there already" in desk.run("pdf", str(folder), "--from", "2020-01-01").stderr
    assert desk.run("pdf", str(folder)).exit_code == 2


def test_programs_share_the_limit_on_pdfs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """They do so in a file of the user's cache folder, or where `--limits` says; a wrong address is wrong use."""
    file = desk.file(HEAD + desk.rows("a"))
    assert desk.run("bulk", "create", file, "--journal", desk.journal).exit_code == 0
    cache, elsewhere = desk.folder / "cache", desk.folder / "shared.db"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    command = ("pdf", "--from", "2020-01-01")
    assert desk.run(*command, str(desk.folder / "none"), "--limits", "none").exit_code == 0
    assert not cache.exists()
    assert desk.run(*command, str(desk.folder / "named"), "--limits", f"sqlite:///{elsewhere}").exit_code == 0
    assert not cache.exists()
    assert desk.run(*command, str(desk.folder / "cached")).exit_code == 0
    for place in (elsewhere, cache / "billingo-async" / "limits.db"):
        with closing(sqlite3.connect(place)) as connection:
            ((window, state),) = connection.execute("SELECT name, state FROM billingo_limits")
        assert window == f"pdf_limit {os.environ['BILLINGO_BASE_URL'].removesuffix('/api')}"
        assert len(WindowState.load(state).slots) == 1
    wrong = desk.run(*command, str(desk.folder / "wrong"), "--limits", "mysql://user:secret@host/limits")
    assert (wrong.exit_code, "secret" in wrong.output) == (2, False)
    assert "--limits: RateLimit shared must be an address such as" in wrong.stderr


@pytest.mark.parametrize(
    "command", [("bulk",), ("bulk", "create"), ("journal", "show"), ("journal", "resolve"), ("pdf",)]
)
def test_help(command: tuple[str, ...]) -> None:
    """Every command explains itself."""
    result = CliRunner().invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output

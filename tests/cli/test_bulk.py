"""The commands about many invoices, as a person runs them: files checked first, runs resumed, codes that tell."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from cli_env import HEAD
from drafts import draft

from billingo_async import Billingo, Journal, OutcomeUnknownError
from billingo_async.sandbox import Fault
from billingo_async.transport.limit_stores import WindowState

if TYPE_CHECKING:
    from cli_env import CliEnv


def test_csv_run_twice(cli_env: CliEnv) -> None:
    """A CSV with three invoices, one of them with two rows, makes three; run again it makes none, and says so."""
    for outcome in ("made", "there already"):
        result = cli_env.create(HEAD + cli_env.rows("a", "b", "b", "c"), "--json")
        assert result.exit_code == 0, result.output
        told = [json.loads(line) for line in result.stdout.splitlines()]
        assert {one["key"] for one in told} == {"a", "b", "c"}
        assert {one["outcome"] for one in told} == {outcome}
        assert f"invoices: 3 {outcome}" in result.stderr
        assert cli_env.sandbox.ledger.count("invoices.create") == 3


def test_one_json_document(cli_env: CliEnv) -> None:
    """A file of one JSON document is refused with the form that is taken."""
    result = cli_env.run("bulk", "create", cli_env.file("[]", "orders.json"), "--journal", cli_env.journal)
    assert result.exit_code == 2
    assert "write one object a line, and name the file .jsonl" in result.stderr


def test_refused_one(cli_env: CliEnv) -> None:
    """An invoice that the server refuses is told with its key; the others are made, and the code is 1."""
    cli_env.sandbox.faults.next("invoices.create", Fault.answer(400, {"success": False, "error": "not so"}))
    result = cli_env.create(HEAD + cli_env.rows("b", "a", "c"), "--concurrency", "1")
    assert result.exit_code == 1
    assert "failed: b: invoices.create (POST /invoices): 400" in result.stderr
    assert "1 failed, 2 made" in result.stderr
    status = cli_env.run("journal", "status", cli_env.journal)
    assert status.exit_code == 1
    assert "2 done" in status.stdout
    assert "refused: b: InvalidRequestError" in status.stdout
    told = json.loads(cli_env.run("journal", "status", cli_env.journal, "--json").stdout)
    assert told["counts"] == {"done": 2, "refused": 1}
    assert told["unresolved"] == []
    (refused,) = told["refused"]
    assert (refused["key"], refused["operation"]) == ("b", "invoices.create")
    assert refused["error"].startswith("InvalidRequestError: ")


def test_a_journal_in_no_folder(cli_env: CliEnv) -> None:
    """What cannot be opened is named with what to do, and nobody says that there was nothing to do."""
    journal = str(cli_env.folder / "missing" / "run.db")
    result = cli_env.run("bulk", "create", cli_env.file(HEAD + cli_env.rows("a")), "--journal", journal)
    assert result.exit_code == 1
    assert "missing/run.db cannot be opened: unable to open database file; name a file in a folder" in result.stderr
    assert "nothing to do" not in result.stderr
    assert cli_env.sandbox.ledger.count("invoices.create") == 0


def test_wrong_keys(cli_env: CliEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that Billingo does not take are told at once, with what helps; a wrong file is told before them."""
    monkeypatch.setenv("BILLINGO_PRIVATE_KEY", "x" * 64)
    result = cli_env.run("bulk", "create", cli_env.file(HEAD + cli_env.rows("a")))
    assert result.exit_code == 1
    assert "401 Unauthorized" in result.stderr
    assert "`billingo-async doctor` (with the same --api) says what to do" in result.stderr
    assert cli_env.run("bulk", "create", cli_env.file(HEAD + cli_env.rows("a").replace(",2,", ",two,"))).exit_code == 2


def test_keys_refused_midway(cli_env: CliEnv) -> None:
    """Once the API keys are refused no more invoices are tried, and what helps is named."""
    cli_env.sandbox.faults.add("invoices.create", Fault.answer(401, {"success": False, "error": "no"}), times=100)
    file = cli_env.file(HEAD + cli_env.rows(*(f"order-{number}" for number in range(40))))
    result = cli_env.run("bulk", "create", file, "--journal", cli_env.journal, "--concurrency", "2")
    assert result.exit_code == 1
    assert 1 <= result.stderr.count("failed: order-") <= 2
    assert "`billingo-async doctor` (with the same --api) says what to do" in result.stderr


@pytest.mark.parametrize("by", ["asking", "invoice", "none"])
def test_settling(cli_env: CliEnv, by: str) -> None:
    """A key in doubt gives code 3 and is settled by asking, by naming its invoice, or by saying that there is none."""
    cli_env.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    cli_env.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    result = cli_env.create(HEAD + cli_env.rows("a"))
    assert result.exit_code == 3, result.output
    status = cli_env.run("journal", "status", cli_env.journal)
    assert status.exit_code == cli_env.run("journal", "status", cli_env.journal, "--json").exit_code == 3
    assert f"billingo-async journal resolve {cli_env.journal} a\n" in status.stdout
    made = cli_env.sandbox.ledger[-1].id
    how = {"asking": [], "invoice": ["--invoice", str(made)], "none": ["--none", "--force"]}[by]
    settled = cli_env.run("journal", "resolve", cli_env.journal, "a", *how)
    assert settled.exit_code == 0, settled.output
    assert ("no invoice" if by == "none" else str(made)) in settled.stdout
    is_free = by == "none"  # it is still to be made
    assert cli_env.run("journal", "status", cli_env.journal).exit_code == is_free
    shown = cli_env.run("journal", "show", cli_env.journal, "a", "--json")
    assert (shown.exit_code, json.loads(shown.stdout)["state"]) == ((1, "free") if is_free else (0, "done"))


@pytest.mark.parametrize(
    ("key", "how", "named"),
    [
        ("done", ["--none"], "key 'done' is done: it has invoice {made}, for ever"),
        ("done", ["--invoice", "7"], "key 'done' is done: it has {made}, so it cannot be given invoice 7"),
        ("wrong", ["--invoice", "7"], "key 'wrong' is refused: it has no invoice"),
    ],
)
def test_settling_what_is_settled(cli_env: CliEnv, key: str, how: list[str], named: str) -> None:
    """What a person says of a key that is in no doubt is refused where it differs, naming the state."""
    cli_env.refuse("wrong")
    cli_env.create(HEAD + cli_env.rows("done"))
    made = cli_env.sandbox.ledger[-1].id
    refused = cli_env.run("journal", "resolve", cli_env.journal, key, *how)
    assert refused.exit_code == 1
    assert named.format(made=made) in refused.stderr
    for words in (["--invoice", str(made)], []):
        told = cli_env.run("journal", "resolve", cli_env.journal, "done", *words)
        assert told.stdout.endswith(f", id {made}\n"), told.output
    assert cli_env.run("journal", "resolve", cli_env.journal, "wrong", "--none").exit_code == 0


def test_settling_by_another_keys_invoice(cli_env: CliEnv) -> None:
    """An invoice that belongs to one key is given to no other, even by force; unknown keys and journals are told."""
    assert cli_env.create(HEAD + cli_env.rows("a")).exit_code == 0
    owned = cli_env.sandbox.ledger[-1].id
    cli_env.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    cli_env.sandbox.faults.next("invoices.create", Fault.drop_after_commit())

    async def doubt() -> None:
        async with Billingo(journal=Journal(f"sqlite+aiosqlite:///{cli_env.journal}")) as billingo:
            with pytest.raises(OutcomeUnknownError):
                await billingo.invoices.create(draft(cli_env.client_uid), key="b")

    asyncio.run(doubt())
    result = cli_env.run("journal", "resolve", cli_env.journal, "b", "--invoice", str(owned), "--force")
    assert result.exit_code == 1
    assert f"invoice {owned} belongs to another key already" in result.stderr
    for command in ("resolve", "show"):
        assert "has no key 'c'" in cli_env.run("journal", command, cli_env.journal, "c").stderr
    assert cli_env.run("journal", "status", str(cli_env.folder / "none.db")).exit_code == 2


def test_pdfs(cli_env: CliEnv) -> None:
    """The PDFs of the year land in the folder; a second run finds them there."""
    assert cli_env.create(HEAD + cli_env.rows("a", "b")).exit_code == 0
    folder = cli_env.folder / "pdfs"
    first = cli_env.run("pdf", str(folder), "--from", "2020-01-01", "--json")
    assert first.exit_code == 0, first.output
    assert len(list(folder.glob("*.pdf"))) == 2
    again = cli_env.run("pdf", str(folder), "--from", "2020-01-01")
    assert sorted(again.stdout.splitlines()) == [f"there already: {path}" for path in sorted(folder.iterdir())]
    assert cli_env.run("pdf", str(folder)).exit_code == 2


def test_programs_share_the_limit_on_pdfs(cli_env: CliEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    """They do so in a file of the user's cache folder, or where `--limits` says; a wrong address is wrong use."""
    assert cli_env.create(HEAD + cli_env.rows("a")).exit_code == 0
    cache, elsewhere = cli_env.folder / "cache", cli_env.folder / "shared.db"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    command = ("pdf", "--from", "2020-01-01")
    assert cli_env.run(*command, str(cli_env.folder / "none"), "--limits", "none").exit_code == 0
    assert not cache.exists()
    assert cli_env.run(*command, str(cli_env.folder / "named"), "--limits", f"sqlite:///{elsewhere}").exit_code == 0
    assert not cache.exists()
    assert cli_env.run(*command, str(cli_env.folder / "cached")).exit_code == 0
    for place in (elsewhere, cache / "billingo-async" / "limits.db"):
        with closing(sqlite3.connect(place)) as connection:
            ((window, state),) = connection.execute("SELECT name, state FROM billingo_limits")
        assert window == f"pdf_limit {os.environ['BILLINGO_BASE_URL'].removesuffix('/api')}"
        assert len(WindowState.load(state).slots) == 1
    wrong = cli_env.run(*command, str(cli_env.folder / "wrong"), "--limits", "mysql://user:secret@host/limits")
    assert (wrong.exit_code, "secret" in wrong.output) == (2, False)
    assert "--limits: RateLimit shared must be an address such as" in wrong.stderr


@pytest.mark.filterwarnings("ignore:Query string argument")  # SQLite has no password; its address may hold one
def test_no_password_of_an_address_is_printed(cli_env: CliEnv) -> None:
    """Neither the hint for a key in doubt nor an error shows what is secret in a journal's address."""
    cli_env.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    cli_env.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    assert cli_env.create(HEAD + cli_env.rows("a")).exit_code == 3
    hint = cli_env.run("journal", "status", f"sqlite:///{cli_env.journal}?password=geh@eim")
    assert (hint.exit_code, "billingo-async journal resolve JOURNAL a\n" in hint.stdout) == (3, True)
    shown = hint.output
    for address in ("u:geh@eim@127.0.0.1:9/x", "u:geheim@127.0.0.1:9/x", "u@127.0.0.1:9/x?password=geh@eim"):
        for command in (("status",), ("show", "a"), ("backup", "copy.db")):
            failed = cli_env.run("journal", *command[:1], f"postgresql+asyncpg://{address}", *command[1:])
            assert failed.exit_code in {1, 2}
            shown += failed.output
    assert "geh" not in shown
    assert "eim" not in shown


def test_a_journal_is_copied_recovered_and_erased(cli_env: CliEnv) -> None:
    """The copy knows the key, an empty journal takes it over by its stamp, and what was erased has no sum any more."""
    stamp = "Ref. {key}"

    async def make() -> int:
        async with Billingo(journal=Journal(f"sqlite:///{cli_env.journal}", stamp=stamp)) as billingo:
            return (await billingo.invoices.create(draft(cli_env.client_uid), key="a")).id

    made = asyncio.run(make())
    copy, lost = str(cli_env.folder / "copy.db"), str(cli_env.folder / "lost.db")
    copied = cli_env.run("journal", "backup", cli_env.journal, copy)
    assert (copied.exit_code, copied.stdout) == (0, f"{copy}: the whole journal\n")
    assert f"{copy}: File exists" in cli_env.run("journal", "backup", cli_env.journal, copy).stderr
    recovered = cli_env.run("journal", "recover", lost, "--since", "2026-01-01", "--stamp", stamp)
    assert (recovered.exit_code, recovered.stdout) == (0, "1 keys recovered\n")
    for known in (copy, lost):
        shown = json.loads(cli_env.run("journal", "show", known, "a", "--json").stdout)
        assert (shown["state"], shown["invoice"]) == ("done", made)
    for before, count in (("2020-01-01", 0), ("2100-01-01", 1)):
        erased = cli_env.run("journal", "erase", copy, "--before", before)
        assert (erased.exit_code, erased.stdout) == (0, f"{count} keys hold nothing of a customer any more\n")
    for path, has_sum in ((cli_env.journal, True), (copy, False)):
        with closing(sqlite3.connect(path)) as connection:
            (result,) = connection.execute("SELECT result FROM billingo_keys").fetchone()
        assert (str(made) in result, "total" in result) == (True, has_sum)

"""Which invoice a key has: told by a run line by line, and by `journal show` ever after."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from desk import HEAD

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from desk import Desk

LINE = re.compile(r"(made|there already): (\w+): invoice ([\w-]+), id (\d+)")


def shown(desk: Desk, uid: str) -> dict[str, Any]:
    """The invoice as the account has it."""
    read: dict[str, Any] = json.loads(desk.run("invoices", "show", uid).stdout)
    return read


@pytest.mark.parametrize("kind", ["made", "there already"])
def test_each_has_its_line(desk: Desk, kind: str) -> None:
    """A run whose output is no terminal tells each key with its invoice's number, made now or before."""
    arguments = ("bulk", "create", desk.file(HEAD + desk.rows("a", "b")), "--journal", desk.journal)
    if kind == "there already":
        desk.run(*arguments)
    result = desk.run(*arguments)
    assert result.exit_code == 0, result.output
    found = [LINE.fullmatch(line) for line in result.stdout.splitlines()]
    told = {each[2]: (each[1], each[3], each[4]) for each in found if each}
    assert told.keys() == {"a", "b"}
    assert len(found) == 2
    for how, number, uid in told.values():
        assert how == kind
        assert shown(desk, uid)["invoice_no"] == number


def test_for_programs(desk: Desk) -> None:
    """`--json` tells the number as well, from the run and from the journal alike."""
    file = desk.file(HEAD + desk.rows("a"))
    made = json.loads(desk.run("bulk", "create", file, "--journal", desk.journal, "--json").stdout)
    kept = desk.run("journal", "show", desk.journal, "a", "--json")
    assert kept.exit_code == 0
    number = shown(desk, str(made["invoice"]))["invoice_no"]
    assert made == {"key": "a", "invoice": made["invoice"], "invoice_no": number, "outcome": "made", "error": None}
    assert json.loads(kept.stdout) == {
        "key": "a",
        "state": "done",
        "invoice": made["invoice"],
        "invoice_no": number,
        "error": None,
    }


def test_one_key(desk: Desk) -> None:
    """A key that is done tells its invoice, a refused one why, one in doubt that it is; each ends with its code."""
    desk.refuse("wrong")
    desk.run("bulk", "create", desk.file(HEAD + desk.rows("done")), "--journal", desk.journal)
    made = desk.sandbox.ledger[-1].id
    number = shown(desk, str(made))["invoice_no"]
    desk.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    desk.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    assert desk.run("bulk", "create", desk.file(HEAD + desk.rows("doubt")), "--journal", desk.journal).exit_code == 3
    calls = len(desk.sandbox.ledger)
    for key, code, told in (
        ("done", 0, f"done: done: invoice {number}, id {made}\n"),
        ("wrong", 1, "refused: wrong: InvalidRequestError"),
        ("doubt", 3, "doubt: doubt: "),
    ):
        result = desk.run("journal", "show", desk.journal, key)
        assert (result.exit_code, result.stdout[: len(told)]) == (code, told)
    assert len(desk.sandbox.ledger) == calls  # the journal knows it all by itself


def test_free_key(desk: Desk) -> None:
    """A key that a person has said to have no invoice is free: nothing is made, so the code is 1."""
    desk.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    desk.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    desk.run("bulk", "create", desk.file(HEAD + desk.rows("a")), "--journal", desk.journal)
    assert desk.run("journal", "resolve", desk.journal, "a", "--none", "--force").exit_code == 0
    result = desk.run("journal", "show", desk.journal, "a", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["state"], told["invoice"], told["invoice_no"]) == ("free", None, None)


def test_unknown_key(desk: Desk) -> None:
    """A key that the journal does not have is said so in one line, with the code 1."""
    desk.run("bulk", "create", desk.file(HEAD + desk.rows("a")), "--journal", desk.journal)
    result = desk.run("journal", "show", desk.journal, "b")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "billingo-async: the journal has no key 'b'\n"


def test_pdfs_have_their_lines(desk: Desk) -> None:
    """Saving PDFs tells the file of each, where the output is no terminal."""
    desk.run("bulk", "create", desk.file(HEAD + desk.rows("a")), "--journal", desk.journal)
    folder = desk.folder / "pdfs"
    for kind in ("saved", "there already"):
        told = desk.run("pdf", str(folder), "--from", "2020-01-01").stdout
        (path,) = folder.iterdir()
        assert told == f"{kind}: {path}\n"

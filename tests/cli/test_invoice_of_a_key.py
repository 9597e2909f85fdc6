"""Which invoice a key has: told by a run line by line, and by `journal show` ever after."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from cli_env import HEAD

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from cli_env import CliEnv

LINE = re.compile(r"(made|there already): (\w+): invoice ([\w-]+), id (\d+)")


def shown(cli_env: CliEnv, uid: str) -> dict[str, Any]:
    """The invoice as the account has it."""
    read: dict[str, Any] = json.loads(cli_env.run("invoices", "show", uid).stdout)
    return read


@pytest.mark.parametrize("kind", ["made", "there already"])
def test_each_has_its_line(cli_env: CliEnv, kind: str) -> None:
    """A run whose output is no terminal tells each key with its invoice's number, made now or before."""
    arguments = ("bulk", "create", cli_env.file(HEAD + cli_env.rows("a", "b")), "--journal", cli_env.journal)
    if kind == "there already":
        cli_env.run(*arguments)
    result = cli_env.run(*arguments)
    assert result.exit_code == 0, result.output
    found = [LINE.fullmatch(line) for line in result.stdout.splitlines()]
    told = {each[2]: (each[1], each[3], each[4]) for each in found if each}
    assert told.keys() == {"a", "b"}
    assert len(found) == 2
    for how, number, uid in told.values():
        assert how == kind
        assert shown(cli_env, uid)["invoice_no"] == number


def test_for_programs(cli_env: CliEnv) -> None:
    """`--json` tells the number as well, from the run and from the journal alike."""
    made = json.loads(cli_env.create(HEAD + cli_env.rows("a"), "--json").stdout)
    kept = cli_env.run("journal", "show", cli_env.journal, "a", "--json")
    assert kept.exit_code == 0
    number = shown(cli_env, str(made["invoice"]))["invoice_no"]
    assert made == {"key": "a", "invoice": made["invoice"], "invoice_no": number, "outcome": "made", "error": None}
    made.pop("outcome")
    assert json.loads(kept.stdout) == {**made, "operation": "invoices.create", "state": "done"}


def test_one_key(cli_env: CliEnv) -> None:
    """A key that is done tells its invoice, a refused one why, one in doubt that it is; each ends with its code."""
    cli_env.refuse("wrong")
    cli_env.create(HEAD + cli_env.rows("done"))
    made = cli_env.sandbox.ledger[-1].id
    number = shown(cli_env, str(made))["invoice_no"]
    cli_env.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    cli_env.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    assert cli_env.create(HEAD + cli_env.rows("doubt")).exit_code == 3
    calls = len(cli_env.sandbox.ledger)
    for key, code, told in (
        ("done", 0, f"done: done: invoice {number}, id {made}\n"),
        ("wrong", 1, "refused: wrong: InvalidRequestError"),
        ("doubt", 3, "doubt: doubt: "),
    ):
        result = cli_env.run("journal", "show", cli_env.journal, key)
        assert (result.exit_code, result.stdout[: len(told)]) == (code, told)
    assert len(cli_env.sandbox.ledger) == calls  # the journal knows it all by itself

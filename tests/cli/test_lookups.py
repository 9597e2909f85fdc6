"""The commands that tell a newcomer the numbers which an invoice is written with."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from billingo_async import Billingo, NewInvoice, NewItem

if TYPE_CHECKING:
    from cli_env import CliEnv

COMMANDS = ("vat", "payment-methods", "blocks")


def _table(cli_env: CliEnv, *command: str) -> list[list[str]]:
    result = cli_env.run(*command)
    assert result.exit_code == 0, result.output
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in result.stdout.splitlines()]


def test_vat(cli_env: CliEnv) -> None:
    """27 % is the id 1, and "AM", which is free of tax, the id 4, as the API documents them."""
    head, *rows = _table(cli_env, "vat", "list")
    assert head == ["vat_id", "rate", "name", "meaning"]
    assert ["1", "27 %", "27%"] in rows
    assert ["4", "0 %", "AM", "adómentes"] in rows


@pytest.mark.parametrize(
    ("lang", "cash", "wire"), [("hu", "Készpénz", "Átutalás"), ("de", "Barzahlung", "Überweisung")]
)
def test_payment_methods(cli_env: CliEnv, lang: str, cash: str, wire: str) -> None:
    """Cash is 1 and paid at once, a wire transfer is 2 and is not; the names are told in the language asked for."""
    head, *rows = _table(cli_env, "payment-methods", "list", "--lang", lang)
    assert head == ["payment_method", "name", "paid at once"]
    assert ["1", cash, "yes"] in rows
    assert ["2", wire] in rows
    assert cli_env.run("payment-methods", "list", "--lang", "fr").exit_code == 2


def test_blocks(cli_env: CliEnv) -> None:
    """Both blocks of the documented sample are there, with prefix and name."""
    assert _table(cli_env, "blocks", "list") == [
        ["block_uid", "prefix", "name"],
        ["1263576876", "TST", "Test"],
        ["1404836925", "WEB", "Webshop"],
    ]


@pytest.mark.parametrize("what", COMMANDS)
def test_for_programs(cli_env: CliEnv, what: str) -> None:
    """With `--json` each is an object on a line of its own, with the same ids in the same order."""
    _, *rows = _table(cli_env, what, "list")
    told = [json.loads(line) for line in cli_env.run(what, "list", "--json").stdout.splitlines()]
    assert [str(one["id"]) for one in told] == [row[0] for row in rows]


def test_columns_are_those_of_an_invoice(cli_env: CliEnv) -> None:
    """Each first column is named as the field that takes it, and Billingo makes an invoice with what stands there."""
    first = {head[0]: int(rows[0][0]) for head, *rows in (_table(cli_env, what, "list") for what in COMMANDS)}
    assert first.keys() == {"vat_id", "payment_method", "block_uid"}
    day = date(2026, 3, 1)
    new = NewInvoice(
        client_uid=cli_env.client_uid,
        payment_method=first["payment_method"],
        block_uid=first["block_uid"],
        fulfillment_date=day,
        due_date=day,
        items=[NewItem(description="Bread", vat_id=first["vat_id"], qty=1, unit="pc", net_unit_price=1)],
    )

    async def made() -> int:
        async with Billingo() as billingo:
            return (await billingo.invoices.create(new)).id

    assert asyncio.run(made()) == cli_env.sandbox.ledger[-1].id


@pytest.mark.parametrize("what", COMMANDS)
def test_help(cli_env: CliEnv, what: str) -> None:
    """The help says which field of an invoice takes the number, and shows an example."""
    told = " ".join(cli_env.run(what, "list", "--help").stdout.split())
    assert "is what New" in told
    assert f"Example: billingo-async {what} list" in told


def test_without_keys(cli_env: CliEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key there is one line that says which, and the code 1."""
    monkeypatch.delenv("BILLINGO_PUBLIC_KEY")
    result = cli_env.run("vat", "list")
    assert result.exit_code == 1
    assert "set BILLINGO_PUBLIC_KEY" in result.stderr

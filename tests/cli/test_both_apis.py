"""The same commands over API v3: the same file and words, the same documents; and which API is asked."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

import billingo_async
from billingo_async.cli.app import app
from billingo_async.sandbox import Fault
from billingo_async.v3 import Billingo, Journal, OutcomeUnknownError

if TYPE_CHECKING:
    from cli_env import CliEnv

COLUMNS = (
    "key,name,postcode,city,street_name,street_type,house_nr,taxcode,email,payment_method,block_uid,"
    "fulfillment_date,due_date,description,vat,qty,unit,net_unit_price,gross_unit_price,currency,round_to,type\n"
)
MINTA = "Minta Kft.,9021,Győr,Fő,utca,7,12345678-2-10,minta@example.com"
FILE = COLUMNS + (
    f"a,{MINTA},Átutalás,TST,2026-03-31,2026-04-08,Kenyér,27%,2,db,1000,,HUF,5,invoice\n"
    f"a,{MINTA},Átutalás,TST,2026-03-31,2026-04-08,Tej,5%,1,db,,525,HUF,5,invoice\n"
    f"b,{MINTA},Cash,WEB,2026-03-31,2026-03-31,Könyv,AAM,1,db,100,,HUF,,proforma\n"
)


@pytest.fixture
def v3(cli_env: CliEnv) -> CliEnv:
    """A command line that has the key of API v3."""
    cli_env.move_to_v3()
    return cli_env


def create(cli_env: CliEnv, text: str, *flags: str) -> Any:
    """Run a file."""
    return cli_env.run("bulk", "create", cli_env.file(text), "--journal", cli_env.journal, *flags)


def documents(cli_env: CliEnv) -> dict[str, Any]:
    """What was made, by key, as the account has it."""
    lines = map(json.loads, create(cli_env, FILE, "--json").stdout.splitlines())
    return {one["key"]: json.loads(cli_env.run("documents", "show", str(one["invoice"])).stdout) for one in lines}


def test_the_same_file_makes_the_same_documents(v3: CliEnv) -> None:
    """Words, sums, rounding and customer are those of the file: 2 x 1000 and 27 %, 525 gross, 100 without VAT."""
    dry = json.loads(create(v3, FILE, "--dry-run", "--json").stdout)
    assert (dry["sums"]["HUF"]["gross"], dry["customers_to_be_made"]) == ("3165", ["Minta Kft."])
    made = create(v3, FILE, "--json")
    assert made.exit_code == 0, made.output
    assert v3.sandbox.ledger.count("documents.create") == 2
    assert v3.sandbox.ledger.count("partners.create") == 1
    found = documents(v3)
    first, second = found["a"], found["b"]
    assert (first["type"], first["gross_total"], first["settings"]["round"]) == ("invoice", "3065", "five")
    assert [(item["name"], item["vat"]) for item in first["items"]] == [("Kenyér", "27%"), ("Tej", "5%")]
    assert (first["payment_method"], first["due_date"]) == ("wire_transfer", "2026-04-08")
    assert first["partner"]["address"].items() >= {"address": "Fő utca 7", "country_code": "HU"}.items()
    assert (second["type"], second["payment_method"], second["items"][0]["vat"]) == ("proforma", "cash", "AAM")
    again = create(v3, FILE, "--json")
    assert {json.loads(line)["outcome"] for line in again.stdout.splitlines()} == {"there already"}
    assert v3.sandbox.ledger.count("partners.create") == 1
    shown = v3.run("journal", "show", v3.journal, "a")
    assert shown.stdout == f"done: a: invoice {first['invoice_number']}, id {first['id']}\n"


def test_by_number(v3: CliEnv) -> None:
    """Documents are listed, shown, paid, mailed, saved and cancelled by their number; one of several is told."""
    first = documents(v3)["a"]
    number = first["invoice_number"]
    assert v3.run("documents", "list", "--unpaid", "--name", "minta").stdout.count("unpaid") == 1
    assert json.loads(v3.run("documents", "show", number).stdout) == first
    for amount, told in (("1 000", "outstanding: 2 065\n"), ("2065", "fully paid\n")):
        assert v3.run("documents", "pay", number, "--amount", amount, "--method", "card").stdout == told
    assert v3.run("documents", "send", number, "--yes").stdout == "mailed\n"
    assert v3.run("documents", "pdf", number, str(v3.folder / "one")).exit_code == 0
    assert v3.run("documents", "cancel", number, "--yes").stdout.startswith("canceled by ")
    assert v3.run("documents", "list").stdout.count("cancel") == 2
    assert "2 documents have the number 2026-000001" in v3.run("documents", "show", "2026-000001").stderr
    assert "there is no document 2026-999999" in v3.run("documents", "show", "2026-999999").stderr
    saved = v3.run("pdf", str(v3.folder / "all"), "--from", "2020-01-01", "--limits", "none")
    assert "PDFs: 3 saved" in saved.stderr


WRONG = {
    "no block": (
        FILE.replace(",TST,", ",,"),
        "line 2: the column block_uid is empty; it takes an invoice block, one of WEB, TST; or",
    ),
    "a rate": (FILE.replace(",5%,", ",6.6%,"), "line 3: the column vat holds '6.6%', which the account does not have"),
    "euros": (FILE.replace("HUF,,", "EUR,,"), "line 4: the column exchange_rate is empty; it takes forints"),
    "rounded euros": (FILE.replace("HUF,5", "EUR,5"), "line 2: is not right: round_to=5 is for forints, not for EUR"),
}


@pytest.mark.parametrize(("text", "named"), WRONG.values(), ids=WRONG)
def test_wrong_for_v3(v3: CliEnv, text: str, named: str) -> None:
    """What v3 wants beyond v2, a block and a rate of exchange, is told by line, and nothing is made."""
    result = create(v3, text)
    assert result.exit_code == 2, result.output
    assert f"orders.csv, {named}" in result.stderr
    assert v3.sandbox.ledger.count("documents.create") == 0


def test_a_block_for_all(v3: CliEnv) -> None:
    """`--block` names the block of the invoices that name none; one that is not there is wrong use."""
    assert create(v3, FILE.replace(",TST,", ",,"), "--dry-run", "--block", "web").exit_code == 0
    assert "--block holds 'x', which the account does not have" in create(v3, FILE, "--block", "x").stderr


async def forget_customers(api: str) -> None:
    """Delete the account's customer of the file."""
    async with Billingo() if api == "v3" else billingo_async.Billingo() as billingo:
        noun: Any = billingo.partners if isinstance(billingo, Billingo) else billingo.clients
        for one in await noun.list().to_list():
            if one.name == "Minta Kft.":
                await noun.delete(one.id)


OTHER_ORDERS = {
    "a new customer": (FILE.replace("Minta", "Másik"), [2, 4], "of Minta Kft., 3 065 HUF already"),
    "a customer alone": (FILE.replace(f"b,{MINTA}", "b,Nincs Kft.,,,,,,,"), [4], "of Minta Kft., 100 HUF already"),
    "another price": (FILE.replace(",1000,", ",1010,"), [2], "of Minta Kft., 3 065 HUF already"),
    "another currency": (FILE.replace("HUF,,", "EUR,,"), [4], "of Minta Kft., 100 HUF already"),
}


@pytest.mark.parametrize(("text", "lines", "named"), OTHER_ORDERS.values(), ids=OTHER_ORDERS)
@pytest.mark.parametrize("flags", [("--dry-run",), ()], ids=["dry run", "run"])
def test_another_order_under_a_used_key(
    cli_env: CliEnv, text: str, lines: list[int], named: str, flags: tuple[str, ...]
) -> None:
    """A key that stands for another order is a mistake of the file, whether its customer is known or new."""
    assert create(cli_env, FILE).exit_code == 0
    result = create(cli_env, text, *flags)
    assert result.exit_code == 2, result.output
    told = [line for line in result.stderr.splitlines() if "stands for invoice" in line]
    assert [int(line.partition("line ")[2].partition(":")[0]) for line in told] == lines
    assert named in told[0]
    assert cli_env.sandbox.ledger.count("invoices.create") == 2


def test_a_key_of_the_other_api(cli_env: CliEnv) -> None:
    """An order that was made over one API is not said to be made over the other, not by a dry run either."""
    assert create(cli_env, FILE).exit_code == 0
    cli_env.move_to_v3()
    dry = create(cli_env, FILE, "--dry-run")
    assert dry.exit_code == 2
    assert dry.stderr.count("stands for what invoices.create has made already") == 2


def test_a_document_is_cancelled_once(v3: CliEnv) -> None:
    """What is canceled is not canceled again, though the server would take it."""
    number = documents(v3)["a"]["invoice_number"]
    assert v3.run("documents", "cancel", number, "--yes").exit_code == 0
    again = v3.run("documents", "cancel", number, "--yes")
    assert again.exit_code == 1
    assert f"document {number} is canceled already" in again.stderr
    assert v3.sandbox.ledger.count("documents.cancel") == 1


@pytest.mark.parametrize("api", ["v2", "v3"])
def test_what_is_made_needs_no_customer_any_more(cli_env: CliEnv, api: str) -> None:
    """A customer who has gone from the account stops no run whose invoices are made; a new key of theirs does."""
    if api == "v3":
        cli_env.move_to_v3()
    assert create(cli_env, FILE).exit_code == 0
    asyncio.run(forget_customers(api))
    gone = FILE.replace(MINTA, "Minta Kft.,,,,,,,")
    again = create(cli_env, gone)
    assert again.exit_code == 0, again.output
    assert "invoices: 2 there already" in again.stderr
    dry = create(cli_env, gone.replace("\nb,", "\nnew,"), "--dry-run")
    assert dry.exit_code == 2
    assert [line.partition(": ")[0][-6:] for line in dry.stderr.splitlines()[:-1]] == ["line 4"]


def test_which_api(cli_env: CliEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that is set decides; where both are, it has to be said, and without one both are named."""
    monkeypatch.setenv("BILLINGO_API_KEY", cli_env.sandbox.api_key)
    both = cli_env.run("doctor")
    assert (both.exit_code, both.stderr) == (2, "billingo-async: keys of both APIs are set; say --api v2 or --api v3\n")
    assert "PDFs: 10 a minute" in cli_env.run("doctor", "--api", "v2").stdout
    assert "calls: 300 a minute" in cli_env.run("doctor", "--api", "v3").stdout
    monkeypatch.setenv("BILLINGO_API_KEY", "wrong")
    assert "what to do: set BILLINGO_API_KEY as Billingo" in cli_env.run("doctor", "--api", "v3").stdout
    monkeypatch.setenv("BILLINGO_V3_BASE_URL", os.environ["BILLINGO_BASE_URL"])
    assert "or let it end as https://api.billingo.hu/v3 does" in cli_env.run("doctor", "--api", "v3").stdout
    monkeypatch.delenv("BILLINGO_PUBLIC_KEY")
    monkeypatch.delenv("BILLINGO_PRIVATE_KEY")
    other = cli_env.run("invoices", "list")
    assert "no key of API v2 is set" in other.stderr
    assert "v3's nouns are documents and partners" in other.stderr
    monkeypatch.delenv("BILLINGO_API_KEY")
    none = cli_env.run("bulk", "create", "orders.csv")
    assert none.exit_code == 1
    assert "no key of API v2 or v3 is set" in none.stderr
    assert "set BILLINGO_API_KEY for API v3, or BILLINGO_PUBLIC_KEY and BILLINGO_PRIVATE_KEY for API v2" in none.stderr


def test_a_key_in_doubt(v3: CliEnv) -> None:
    """What the account cannot tell of a key a person says over v3, too, by the very command that the error names."""
    first = documents(v3)["a"]
    v3.sandbox.faults.next("documents.send", Fault.drop_after_commit())

    async def send() -> str:
        async with Billingo(journal=Journal(f"sqlite:///{v3.journal}")) as billingo:
            with pytest.raises(OutcomeUnknownError) as caught:
                await billingo.documents.send(first["id"], key="a")
            return str(caught.value)

    told = asyncio.run(send())
    assert "--operation documents.send" in v3.run("journal", "status", v3.journal).stdout
    words = shlex.split(told.partition("billingo-async ")[2].replace("JOURNAL", v3.journal))
    assert v3.run(*words).exit_code == 3  # the mail is meant, and not the document of the same key, which is made
    assert v3.run(*words, "--happened").stdout == "a: done\n"


def test_the_demo(cli_env: CliEnv) -> None:
    """`demo --api v3` tells the same story: 48 documents and a cancellation, five PDFs."""
    result = CliRunner().invoke(app, ["demo", "--api", "v3", "--folder", str(cli_env.folder / "papers")])
    assert result.exit_code == 0, result.output
    assert result.stdout.count("2026-") >= 49
    assert len(list((cli_env.folder / "papers").glob("*.pdf"))) == 5

"""Words beside ids: customers, rates, payment methods, blocks and products by what people call them; a true dry run."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async import Address, Billingo, NewClient, NewProduct
from billingo_async.cli import columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli_env import CliEnv

WORDS: Mapping[str, str] = {
    "key": "a",
    "name": "Minta Kft.",
    "postcode": "9021",
    "city": "Győr",
    "street_name": "Fő",
    "street_type": "utca",
    "house_nr": "7",
    "taxcode": "12345678-2-10",
    "email": "minta@example.com",
    "payment_method": "Átutalás",
    "fulfillment_date": "2026-03-31",
    "due_date": "2026-04-08",
    "description": "Kenyér",
    "vat": "27%",
    "qty": "2",
    "unit": "db",
    "net_unit_price": "1000",
}


def file(cli_env: CliEnv, *rows: Mapping[str, str]) -> str:
    """A CSV file of rows that are right but for these changes; a column that none fills is left out."""
    full = [{**WORDS, **row} for row in rows]
    columns = list(dict.fromkeys(column for row in full for column in row))
    lines = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in full)]
    return cli_env.file("\n".join(lines) + "\n")


def made(cli_env: CliEnv, *rows: Mapping[str, str]) -> list[dict[str, Any]]:
    """The invoices that a run makes of these rows, as the account has them."""
    result = cli_env.run("bulk", "create", file(cli_env, *rows), "--journal", cli_env.journal, "--json")
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    found = {line["key"]: json.loads(cli_env.run("invoices", "show", str(line["invoice"])).stdout) for line in lines}
    return [found[key] for key in dict.fromkeys(row.get("key", "a") for row in rows)]


def refusal(cli_env: CliEnv, row: Mapping[str, str], *flags: str) -> str:
    """What is wrong with a row, told with the code 2 and nothing sent."""
    before = len(cli_env.sandbox.ledger)
    result = cli_env.run("bulk", "create", file(cli_env, row), "--journal", cli_env.journal, *flags)
    assert result.exit_code == 2, result.output
    assert len(cli_env.sandbox.ledger) == before
    return result.stderr


def register(name: str, **changes: str) -> int:
    """Make a customer beside the file."""
    address = {"street_name": "Fő", "street_type": "utca", "house_nr": "7", "city": "Győr", "postcode": "9021"}
    new = NewClient(name=name, billing_address=Address(**{**address, "country": "Magyarország", **changes}), force=True)

    async def create() -> int:
        async with Billingo() as billingo:
            return (await billingo.clients.create(new)).id

    return asyncio.run(create())


def test_a_customer_is_made_once(cli_env: CliEnv) -> None:
    """Ten rows of one customer make one, case and spaces aside; the next run finds the same."""
    rows = [{"key": f"o-{number}", "name": "Minta Kft." if number % 2 else " minta  KFT. "} for number in range(10)]
    found = made(cli_env, *rows)
    assert len({invoice["client_uid"] for invoice in found}) == 1
    assert cli_env.sandbox.ledger.count("clients.create") == 2  # the environment's own, and this one
    assert made(cli_env, *rows) == found
    again = made(cli_env, {"key": "next"})
    assert again[0]["client_uid"] == found[0]["client_uid"]
    assert cli_env.sandbox.ledger.count("clients.create") == 2
    client = json.loads(cli_env.run("clients", "show", str(found[0]["client_uid"])).stdout)
    assert (client["email"], client["billing_address"]["country"]) == ("minta@example.com", "Magyarország")


def test_a_name_alone_is_enough(cli_env: CliEnv) -> None:
    """A customer of the account is found by the name alone; one whom it does not have needs an address."""
    uid = register("Egyedüli Bt.")
    bare = {**dict.fromkeys(("postcode", "city", "street_name", "street_type", "house_nr", "taxcode"), ""), "key": "b"}
    assert made(cli_env, {**bare, "name": "egyedüli bt."})[0]["client_uid"] == uid
    told = refusal(cli_env, {**bare, "key": "c", "name": "Senki Kft."})
    assert "line 2: the column name names no customer of the account; to have one made, fill in postcode, city" in told


def test_two_alike_are_told(cli_env: CliEnv) -> None:
    """Two customers who may be meant are told with their ids; what tells them apart settles it."""
    first, second = register("Két Kft."), register("Két Kft.", city="Pécs", postcode="7621")
    bare = dict.fromkeys(("postcode", "city", "street_name", "street_type", "house_nr", "taxcode"), "")
    told = refusal(cli_env, {**bare, "name": "Két Kft."})
    ids = ", ".join(sorted(map(str, (first, second))))
    assert f"of whom there are several (ids {ids}); write client_uid instead" in told
    assert made(cli_env, {**bare, "name": "Két Kft.", "city": "Pécs"})[0]["client_uid"] == second


def test_a_namesake_elsewhere_is_told(cli_env: CliEnv) -> None:
    """A customer who would be made beside one of the same name at another address is told before."""
    uid = register("Minta Kft.", city="Pécs")
    told = cli_env.run("bulk", "create", file(cli_env, {}), "--dry-run").stdout
    assert f"customer to be made: Minta Kft. (9021, Győr, Fő utca 7); of that name there is {uid} already" in told
    assert cli_env.sandbox.ledger.count("clients.create") == 2


@pytest.mark.parametrize(
    ("cells", "vat_id", "entitlement"),
    [
        ({"vat": "27%"}, 1, None), ({"vat": "27 %"}, 1, None), ({"vat": "27"}, 1, None), ({"vat": "5"}, 2, None),
        ({"vat": "18,0%".replace(",", ".")}, 3, None), ({"vat": "AAM"}, 4, "AAM"), ({"vat": "tam"}, 4, "TAM"),
        ({"vat": "AM", "entitlement": "EAM"}, 4, "EAM"), ({"vat": "KBAET"}, 5, "KBAET"),
        ({"vat": "", "vat_id": "3"}, 3, None), ({"vat": "", "vat_id": "5%"}, 2, None),
    ],
)  # fmt: skip
def test_rates(cli_env: CliEnv, cells: dict[str, str], vat_id: int, entitlement: str | None) -> None:
    """A rate is named as people name it: 27 % is the id 1, what is exempt the id 4, within the EU the id 5."""
    (invoice,) = made(cli_env, cells)
    assert invoice["items"][0]["vat_id"] == vat_id
    assert invoice["items"][0].get("entitlement") == entitlement


def test_rates_that_formulas_came_to() -> None:
    """Such as =1.05-1 and =1-0.82, which a spreadsheet's arithmetic misses in the seventeenth digit."""
    assert [columns.rate(share, None) for share in (1.05 - 1, 1 - 0.82)] == ["5%", "18%"]


PAYMENT_WORDS = (("Átutalás", 2), ("wire_transfer", 2), ("transfer", 2), ("Barzahlung", 1), ("card", 5), ("5", 5))


@pytest.mark.parametrize(("word", "id_"), PAYMENT_WORDS)
def test_payment_methods(cli_env: CliEnv, word: str, id_: int) -> None:
    """A payment method is named in any of Billingo's languages: cash is 1, a wire transfer 2, a bank card 5.

    Files and `pay` over both APIs know the same words.
    """
    (invoice,) = made(cli_env, {"payment_method": word})
    assert invoice["payment_method"]["id"] == id_
    assert cli_env.run("invoices", "pay", str(invoice["id"]), "--amount", "1", "--method", word).exit_code == 0
    assert cli_env.sandbox.ledger.count("invoices.pay") == 1


@pytest.mark.parametrize(("word", "id_"), PAYMENT_WORDS[:-1])
def test_payment_methods_of_v3(cli_env: CliEnv, word: str, id_: int) -> None:
    """Over API v3 the same words are the methods that it calls so."""
    cli_env.move_to_v3()
    result = cli_env.create(Path(file(cli_env, {"payment_method": word, "block_uid": "TST"})).read_text("utf-8"))
    assert result.exit_code == 0, result.output
    document = json.loads(cli_env.run("documents", "show", "TST/2026-000001").stdout)
    assert document["payment_method"] == {1: "cash", 2: "wire_transfer", 5: "bankcard"}[id_]


def test_a_payment_method_that_is_none(cli_env: CliEnv) -> None:
    """A payment is refused in the words that a file's cell is."""
    (invoice,) = made(cli_env, {})
    result = cli_env.run("invoices", "pay", str(invoice["id"]), "--amount", "1", "--method", "Gold")
    assert result.exit_code == 1
    assert "--method holds 'Gold', which the account does not have; it takes one of Átutalás, " in result.stderr
    assert cli_env.sandbox.ledger.count("invoices.pay") == 0


@pytest.mark.parametrize("word", ["WEB", "webshop", "1404836925"])
def test_blocks(cli_env: CliEnv, word: str) -> None:
    """A block is named by its prefix, its name or its id."""
    assert made(cli_env, {"block_uid": word})[0]["block_uid"] == 1404836925


def test_products(cli_env: CliEnv) -> None:
    """A stored product is named by its name, with how many; its price counts in the sums: 3 x 500 and 27 %."""

    async def create() -> int:
        async with Billingo() as billingo:
            new = NewProduct(name="Kalács", price=Decimal(500), unit="db", currency_code="HUF", vat_id=1)
            return (await billingo.products.create(new)).id

    asyncio.run(create())
    bare = dict.fromkeys(("description", "vat", "unit", "net_unit_price"), "")
    row = {**bare, "product": "kalács", "qty": "3"}
    told = json.loads(cli_env.run("bulk", "create", file(cli_env, row), "--dry-run", "--json").stdout)
    assert told["sums"]["HUF"]["gross"] == "1905.00"
    assert made(cli_env, row)[0]["items"][0]["description"] == "Kalács"
    doubled = refusal(cli_env, {"product": "kalács", "vat": ""})
    assert "the column description is filled in beside product_uid" in doubled


WRONG = {
    "a rate": ({"vat": "26%"}, "the column vat holds '26%', which the account does not have"),
    "a rate's id": ({"vat": "", "vat_id": "77"}, "the column vat_id holds 77, which the account does not have"),
    "none": ({"vat": ""}, "the column vat is empty; it takes a rate of VAT such as 27% or AAM"),
    "a method": ({"payment_method": "Gold"}, "the column payment_method holds 'Gold', which the account does not"),
    "a method's id": ({"payment_method": "77"}, "the column payment_method holds 77, which the account does not have"),
    "a block": ({"block_uid": "XYZ"}, "the column block_uid holds 'XYZ', which the account does not have"),
    "a product": ({"product": "Semmi"}, "the column product_uid holds 'Semmi', which the account does not have"),
    "a customer": ({"client_uid": "7"}, "the column client_uid holds 7, which the account does not have"),
    "no customer": ({"name": ""}, "the column name is empty; it takes the customer's name"),
}


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
@pytest.mark.parametrize(("row", "named"), WRONG.values(), ids=WRONG)
def test_what_the_account_does_not_have(
    cli_env: CliEnv, row: dict[str, str], named: str, flags: tuple[str, ...]
) -> None:
    """Whatever is named and not there is told by line and column, dry run or not, and nothing is made."""
    assert f"line 2: {named}" in refusal(cli_env, row, *flags)


def test_dry_run(cli_env: CliEnv) -> None:
    """The sums are exact: 2 x 1000 and 5 % make 2100, 30 euros and 27 % make 38.10; the journal tells what is made."""
    rows = ({"key": "a", "vat": "5%"}, {"key": "b"}, {"key": "c", "currency": "EUR", "net_unit_price": "15"})
    made(cli_env, {"key": "b"})
    path = file(cli_env, *rows)
    told = cli_env.run("bulk", "create", path, "--journal", cli_env.journal, "--dry-run")
    assert told.exit_code == 0, told.output
    lines = [line.split("  ") for line in told.stdout.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells[0] == ["invoices", "net", "VAT", "gross", "smallest", "largest"]
    assert cells[1] == ["EUR", "1", "30.00", "8.10", "38.10", "38.10 (c)", "38.10 (c)"]
    assert cells[2] == ["HUF", "2", "4 000", "640", "4 640", "2 100 (a)", "2 540 (b)"]
    assert told.stdout.splitlines()[-1].endswith(
        "3 invoices, 1 of them made already under their keys, every line is right; nothing was sent"
    )
    assert cli_env.sandbox.ledger.count("invoices.create") == 1
    fields = json.loads(cli_env.run("bulk", "create", path, "--journal", cli_env.journal, "--dry-run", "--json").stdout)
    assert (fields["invoices"], fields["made"], fields["customers_to_be_made"]) == (3, 1, [])
    assert fields["sums"]["HUF"]["largest"] == ["2540.00", "b"]


def test_dry_run_leaves_no_journal(cli_env: CliEnv) -> None:
    """Nothing stands beside the file afterwards but the file."""
    cli_env.run("bulk", "create", file(cli_env, {}), "--dry-run")
    assert [path.name for path in cli_env.folder.iterdir()] == ["orders.csv"]


def test_the_real_run_shows_the_sums_first(cli_env: CliEnv) -> None:
    """The sums, and the customer that will be made, stand on standard error before the first invoice."""
    lines = cli_env.run("bulk", "create", file(cli_env, {})).stderr.splitlines()
    assert lines[1].split() == ["HUF", "1", "2", "000", "540", "2", "540", "2", "540", "(a)", "2", "540", "(a)"]
    assert lines[2].startswith("customer to be made: Minta Kft.")


def test_the_journal_stands_beside_the_file(cli_env: CliEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    """From whatever folder it is run: one journal, so each key has one invoice; a new one is told by its whole path."""
    path = file(cli_env, {})
    for folder in ("here", "there"):
        (cli_env.folder / folder).mkdir()
        monkeypatch.chdir(cli_env.folder / folder)
        result = cli_env.run("bulk", "create", path)
        assert result.exit_code == 0, result.output
        is_told = f"the journal is new: {cli_env.folder.resolve() / 'invoices.db'}" in result.stderr
        assert is_told is (folder == "here")
    assert cli_env.sandbox.ledger.count("invoices.create") == 1


def test_decimals(cli_env: CliEnv) -> None:
    """A thousandfold price is told in both readings; the file's own decimal comma settles it, or `--decimal`."""
    told = refusal(cli_env, {"net_unit_price": "12.500"})
    assert "holds '12.500', which is 12.5 or 12500; say --decimal point or --decimal comma" in told
    path = file(cli_env, {"net_unit_price": "12.500"})
    for flag, gross in (("comma", 31750), ("point", Decimal("31.75"))):
        fields = json.loads(cli_env.run("bulk", "create", path, "--dry-run", "--json", "--decimal", flag).stdout)
        assert Decimal(fields["sums"]["HUF"]["gross"]) == gross
    settled = file(cli_env, {"net_unit_price": "12.500"}, {"key": "b", "net_unit_price": '"0,5"'})
    fields = json.loads(cli_env.run("bulk", "create", settled, "--dry-run", "--json").stdout)
    assert Decimal(fields["sums"]["HUF"]["gross"]) == Decimal("31751.27")
    wrong = cli_env.run("bulk", "create", settled, "--dry-run", "--decimal", "point")
    assert wrong.exit_code == 2
    assert "holds numbers with the decimal mark ','; leave out --decimal" in wrong.stderr

"""Making a customer from the command line, over either API; the options are the columns of a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli_env import CliEnv

OPTIONS = {
    "--name": "Őrségi Sütőház Kft.",
    "--email": "szamla@example.com",
    "--taxcode": "12345678-2-10",
    "--postcode": "9021",
    "--city": "Győr",
    "--street-name": "Fő",
    "--street-type": "utca",
    "--house-nr": "7",
}
ADDRESS = {
    "clients": {"postcode": "9021", "city": "Győr", "street_name": "Fő", "house_nr": "7", "country": "Magyarország"},
    "partners": {"post_code": "9021", "city": "Győr", "address": "Fő utca 7", "country_code": "HU"},
}


def create(cli_env: CliEnv, nouns: str, options: dict[str, str], *flags: str) -> Any:
    """Run the command with the options as they are typed."""
    return cli_env.run(nouns, "create", *(word for pair in options.items() for word in pair), *flags)


@pytest.mark.parametrize("nouns", ADDRESS)
def test_from_options(cli_env: CliEnv, nouns: str) -> None:
    """What was typed is what the account has, the country Hungary; the id is printed, and lists show it."""
    if nouns == "partners":
        cli_env.move_to_v3()
    made = create(cli_env, nouns, OPTIONS)
    assert made.exit_code == 0, made.output
    uid, _, name = made.stdout.strip().partition(" ")
    assert name == OPTIONS["--name"]
    read = json.loads(cli_env.run(nouns, "show", uid).stdout)
    assert OPTIONS["--email"] in {read.get("email"), *read.get("emails", [])}
    assert read["taxcode"] == OPTIONS["--taxcode"]
    assert {**read, **read.get("billing_address", {}), **read.get("address", {})}.items() >= ADDRESS[nouns].items()
    assert f"{uid}  {read['taxcode']}" in cli_env.run(nouns, "list", "--name", "sütőház", "--taxcode", "1234").stdout
    assert json.loads(create(cli_env, nouns, {**OPTIONS, "--name": "X"}, "--json").stdout)["name"] == "X"


def test_again(cli_env: CliEnv) -> None:
    """Over API v2 the same customer once more is the one that is there."""
    assert create(cli_env, "clients", OPTIONS).stdout == create(cli_env, "clients", OPTIONS).stdout


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({}, "fill in --name, --postcode, --city, --street-name"),
        ({**OPTIONS, "--city": " "}, "fill in --city"),
        ({**OPTIONS, "--country": "Atlantis"}, "--country is not right: "),
    ],
)
def test_wrong_options(cli_env: CliEnv, options: dict[str, str], named: str) -> None:
    """All that is missing or wrong is named in one line, with the code 2, and nothing is sent."""
    result = create(cli_env, "clients", options)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    assert named in line
    assert cli_env.sandbox.ledger.count("clients.create") == 1  # the environment's own

"""Making a customer from the command line: from options, from a file, from standard input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from billingo_async.cli.app import app

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
    "postcode": "9021",
    "city": "Győr",
    "street_name": "Fő",
    "street_type": "utca",
    "house_nr": "7",
    "country": "Ausztria",
}
FIELDS: dict[str, Any] = {
    "name": "Sütőház Bt.",
    "billing_address": ADDRESS,
    "tax_type": "FOREIGN",
    "bank": {"account_no": "11111111-22222222"},
}


def typed(options: dict[str, str]) -> list[str]:
    """The options as they are typed."""
    return [word for pair in options.items() for word in pair]


def shown(cli_env: CliEnv, uid: str) -> dict[str, Any]:
    """The customer as the account has it."""
    read: dict[str, Any] = json.loads(cli_env.run("clients", "show", uid).stdout)
    return read


def test_from_options(cli_env: CliEnv) -> None:
    """What was typed is what the account has, the street split, the country Hungary; the id is printed."""
    made = cli_env.run("clients", "create", *typed(OPTIONS))
    assert made.exit_code == 0, made.output
    uid, _, name = made.stdout.strip().partition(" ")
    assert name == OPTIONS["--name"]
    client = shown(cli_env, uid)
    assert (client["email"], client["taxcode"]) == (OPTIONS["--email"], OPTIONS["--taxcode"])
    assert client["billing_address"].items() >= {**ADDRESS, "country": "Magyarország"}.items()


def test_again(cli_env: CliEnv) -> None:
    """The same customer once more is the one that is there; a file with `force` makes another."""
    first = cli_env.run("clients", "create", *typed(OPTIONS)).stdout
    assert cli_env.run("clients", "create", *typed(OPTIONS)).stdout == first
    forced = {
        "name": OPTIONS["--name"],
        "taxcode": OPTIONS["--taxcode"],
        "billing_address": {**ADDRESS, "country": "Magyarország"},
    }
    for force, is_same in ((False, True), (True, False)):
        file = cli_env.file(json.dumps({**forced, "force": force}), "client.json")
        assert (cli_env.run("clients", "create", file).stdout == first) is is_same


@pytest.mark.parametrize("way", ["file", "standard input"])
def test_all_fields(cli_env: CliEnv, way: str) -> None:
    """A file, or `-` for standard input, takes every field of the API; `--json` prints the whole customer."""
    text = json.dumps(FIELDS)
    if way == "file":
        made = cli_env.run("clients", "create", cli_env.file(text, "client.json"), "--json")
    else:
        made = CliRunner().invoke(app, ["clients", "create", "-", "--json"], input=text)
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    client = shown(cli_env, str(told["id"]))
    assert client["tax_type"] == "FOREIGN"
    assert client["bank"]["account_no"] == "11111111-22222222"
    assert client["billing_address"].items() >= ADDRESS.items()


WRONG_OPTIONS: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "nothing": ([], ("a customer needs name (", "postcode (such as 9021)", "city (", "street_name (")),
    "no city": (typed({**OPTIONS, "--city": " "}), ("a customer needs city (such as Győr); fill that in",)),
    "both": (["client.json", "--name", "X"], ("give a file or options, not both",)),
    "no file": (["nowhere.json"], ("nowhere.json: cannot be read (No such file or directory); name another file",)),
}


@pytest.mark.parametrize(("arguments", "named"), WRONG_OPTIONS.values(), ids=WRONG_OPTIONS)
def test_wrong_options(cli_env: CliEnv, arguments: list[str], named: tuple[str, ...]) -> None:
    """All that is missing is named in one line, with the code 2, and nothing is sent."""
    result = cli_env.run("clients", "create", *arguments)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    assert all(words in line for words in named)
    assert cli_env.sandbox.ledger.count("clients.create") == 1  # the environment's own


WRONG_FILES: dict[str, tuple[bytes, str]] = {
    "no JSON": (
        b'{"name":\n"X",}',
        "client.json: is no JSON in UTF-8 (Expecting property name enclosed in double quotes: line 2",
    ),
    "no object": (b"[]", 'client.json: is no object; write {"name"'),
    "no UTF-8": ('{"name": "Ő"}'.encode("cp1250"), "client.json: is no JSON in UTF-8 ('utf-8' codec"),
    "too deep": (b"[" * 100_000, "client.json: is no JSON in UTF-8 (maximum recursion depth"),
    "no address": (
        b'{"name": "X"}',
        "client.json: a customer needs postcode (such as 9021), city (such as Győr), street_name",
    ),
    "address of text": (b'{"name": "X", "billing_address": "Gy\xc5\x91r"}', "the field billing_address is not right"),
    "a slip": (json.dumps({**FIELDS, "nme": "X"}).encode(), "NewClient has no field 'nme'; did you mean 'name'?"),
    "a slip within": (json.dumps({**FIELDS, "bank": {"account": "1"}}).encode(), "Bank has no field 'account'"),
}


@pytest.mark.parametrize(("content", "named"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_wrong_file(cli_env: CliEnv, content: bytes, named: str) -> None:
    """What is wrong with a file is told with the field and the remedy, the code is 2, and nothing is sent."""
    path = cli_env.folder / "client.json"
    path.write_bytes(content)
    result = cli_env.run("clients", "create", str(path))
    assert result.exit_code == 2, result.output
    assert named in result.stderr
    assert cli_env.sandbox.ledger.count("clients.create") == 1

"""The everyday commands, as a person runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from account import Account
from anyio.from_thread import start_blocking_portal
from typer.testing import CliRunner

from billingo_async.cli.app import app
from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """An account on loopback that the environment names."""
    sandbox = Sandbox()
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(sandbox.serve()) as url:
        monkeypatch.setenv("BILLINGO_BASE_URL", url)
        monkeypatch.setenv("BILLINGO_PUBLIC_KEY", sandbox.public_key)
        monkeypatch.setenv("BILLINGO_PRIVATE_KEY", sandbox.private_key)
        yield Account(sandbox, sandbox._now)


def _run(*arguments: str, answer: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), input=answer)
    return result.exit_code, result.output


def test_looking(account: Account) -> None:
    """Invoices and customers are listed in lines or as JSON, and shown in full."""
    uid, client = account.invoice(), account.client()
    assert str(uid) in _run("invoices", "list")[1]
    assert json.loads(_run("invoices", "list", "--json", "--limit", "1")[1])["id"] == uid
    assert json.loads(_run("invoices", "show", str(uid))[1])["client_uid"] == client
    assert str(client) in _run("clients", "list")[1]
    assert json.loads(_run("clients", "show", str(client))[1])["id"] == client


def test_a_list_that_is_cut_says_so(account: Account) -> None:
    """Of two invoices one is shown, with a word on standard error; two are all, and nothing is said."""
    account.invoice()
    account.invoice()
    cut = CliRunner().invoke(app, ["invoices", "list", "--limit", "1"])
    assert len(cut.stdout.splitlines()) == 1
    assert cut.stderr == "billingo-async: only the first 1 are shown; --limit shows more\n"
    whole = CliRunner().invoke(app, ["invoices", "list", "--limit", "2"])
    assert (len(whole.stdout.splitlines()), whole.stderr) == (2, "")


def test_doing(account: Account) -> None:
    """Paying, mailing and cancelling do what they say, the last two only after a yes."""
    uid = account.invoice()
    assert _run("invoices", "pay", str(uid), "--amount", "270")[1] == "outstanding: 1 000\n"
    assert _run("invoices", "send", str(uid), answer="n\n")[0] == 1
    assert not account.sandbox.outbox
    assert _run("invoices", "send", str(uid), "--yes") == (0, "mailed\n")
    assert _run("invoices", "cancel", str(uid), answer="y\n")[0] == 0
    assert account.sandbox.ledger.count("invoices.cancel") == 1
    assert _run("invoices", "cancel", str(uid), "--yes")[0] == 1
    assert "is no number" in _run("invoices", "pay", str(uid), "--amount", "much")[1]


def test_doctor(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor finds a healthy account healthy, wrong keys refused, and missing keys missing."""
    code, told = _run("doctor")
    assert code == 0
    assert "keys: accepted" in told
    monkeypatch.setenv("BILLINGO_PRIVATE_KEY", "some-other-private-key-of-32-bytes-or-more")
    code, told = _run("doctor")
    assert code == 1
    assert "AuthenticationError" in told
    assert "what to do: set both keys" in told
    monkeypatch.delenv("BILLINGO_PRIVATE_KEY")
    code, told = _run("doctor")
    assert code == 1
    assert "set BILLINGO_PRIVATE_KEY" in told


@pytest.mark.parametrize("command", ["list", "show", "create", "pay", "cancel", "send"])
def test_help(command: str) -> None:
    """Every command explains itself."""
    assert _run("invoices", command, "--help")[0] == 0

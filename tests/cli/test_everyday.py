"""Single invoices by number or id, lists with filters, and what a terminal is shown of a server's text."""

from __future__ import annotations

import json
import os
import re
import socket
from contextlib import ExitStack
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock

import pytest
import trustme
from account import CLIENT, Account
from anyio.from_thread import start_blocking_portal
from loopback import answer_all, serving
from typer.testing import CliRunner

from billingo_async.cli import doctor
from billingo_async.cli.app import app
from billingo_async.cli.doctor import CONNECTION_REMEDIES
from billingo_async.cli.output import money
from billingo_async.sandbox import Sandbox
from billingo_async.transport.connections import dial
from billingo_async.transport.connections.dial import REASONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typer.testing import Result


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """An account on loopback that the environment names."""
    sandbox = Sandbox()
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(sandbox.serve()) as url:
        monkeypatch.setenv("BILLINGO_BASE_URL", url)
        monkeypatch.setenv("BILLINGO_PUBLIC_KEY", sandbox.public_key)
        monkeypatch.setenv("BILLINGO_PRIVATE_KEY", sandbox.private_key)
        yield Account(sandbox, sandbox._now)


def run(*arguments: str, answer: str = "") -> Result:
    """Run a command."""
    return CliRunner().invoke(app, list(arguments), input=answer)


def shown(uid: int) -> dict[str, Any]:
    """An invoice as the account has it."""
    read: dict[str, Any] = json.loads(run("invoices", "show", str(uid)).stdout)
    return read


def test_a_list_that_is_cut_says_so(account: Account) -> None:
    """Of two invoices one is shown, with a word on standard error; two are all, and nothing is said."""
    account.invoice()
    account.invoice()
    cut = run("invoices", "list", "--limit", "1")
    assert len(cut.stdout.splitlines()) == 1
    assert cut.stderr == "billingo-async: only the first 1 are shown; --limit shows more\n"
    full = run("invoices", "list", "--limit", "2")
    assert (len(full.stdout.splitlines()), full.stderr) == (2, "")


def test_filters(account: Account) -> None:
    """Lists are narrowed by day, customer, what is unpaid, name and tax number; nothing else is shown."""
    paid, unpaid = account.invoice(), account.invoice()
    run("invoices", "pay", str(paid), "--amount", str(shown(paid)["total"]))
    customer = json.loads(run("clients", "show", str(account.client())).stdout)
    for arguments, expected in (
        (("--unpaid",), {unpaid}),
        (("--name", customer["name"][:4].upper()), {paid, unpaid}),
        (("--name", "nobody at all"), set[int]()),
        (("--from", "2000-01-01"), {paid, unpaid}),
        (("--from", "2000-01-01", "--to", "2000-01-02"), set[int]()),
    ):
        lines = run("invoices", "list", "--json", *arguments).stdout.splitlines()
        assert {json.loads(line)["id"] for line in lines} == expected, arguments
    assert run("clients", "list", "--name", "nobody at all").stdout == ""
    assert customer["name"] in run("clients", "list", "--name", customer["name"].lower()).stdout
    assert run("clients", "list", "--taxcode", "no such number").stdout == ""


def test_doing(account: Account) -> None:
    """Paying, mailing and cancelling do what they say, by number or by id, the last two only after a yes."""
    uid = account.invoice()
    number = shown(uid)["invoice_no"]
    assert run("invoices", "pay", number, "--amount", "270").output == "outstanding: 1 000\n"
    assert run("invoices", "pay", number, "--amount", "1 000,00").output == "fully paid\n"
    refused = run("invoices", "send", number, answer="n\n")
    assert (refused.exit_code, refused.stderr) == (1, "billingo-async: nothing was done\n")
    assert not account.sandbox.outbox
    assert run("invoices", "send", number, "--yes").output == "mailed\n"
    other = account.invoice()
    customer = shown(other)["client"]["name"]
    asked = run("invoices", "cancel", str(other), answer="y\n")
    assert asked.exit_code == 0, asked.output
    assert f"Cancel invoice {shown(other)['prefixed_invoice_no']} of {customer}, 1 270 HUF? [y/N]" in asked.output
    assert account.sandbox.ledger.count("invoices.cancel") == 1
    assert run("invoices", "cancel", str(other), "--yes").exit_code == 1


def test_a_list_is_typed_from(account: Account) -> None:
    """What the list shows in the place of a number is one word, and names that very invoice."""
    uid = account.invoice()
    number = run("invoices", "list").stdout.split()[1]
    assert number == "TST/2026-000001"
    assert json.loads(run("invoices", "show", number).stdout)["id"] == uid


@pytest.mark.parametrize("command", ["invoices list --from", "pdf papers --from", "journal erase x.db --before"])
def test_days(account: Account, command: str) -> None:
    """A day is written as in a file, the year first; any other is refused with the remedy."""
    refused = run(*command.split(), "01.11.2026")
    assert refused.exit_code == 2
    assert "'01.11.2026' is no day; write the year first, such as 2026-11-01" in " ".join(refused.stderr.split())
    for day in ("2026-11-01", "2026.11.01.", "2026. 11. 01."):
        assert "is no day" not in run(*command.split(), day).stderr


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234567", "HUF", "1 234 567"),
        ("1234567.5", "HUF", "1 234 567.50"),
        ("338.625", "EUR", "338.63"),
        ("-0.005", "EUR", "-0.01"),
        ("12", "EUR", "12.00"),
    ],
)
def test_amounts(amount: str, currency: str, text: str) -> None:
    """Amounts have the two decimals that can be paid, rounded half up; whole forints have none."""
    assert money(Decimal(amount), currency) == text


def test_without_an_answer(account: Account) -> None:
    """Where no answer can come, nothing is done, and the option that does without is named."""
    result = run("invoices", "cancel", str(account.invoice()))
    assert result.exit_code == 2
    remedy = "nobody can answer here, so nothing was done; --yes does it without asking"
    assert result.stderr.splitlines()[-1] == f"billingo-async: {remedy}"
    assert account.sandbox.ledger.count("invoices.cancel") == 0


@pytest.mark.parametrize(
    ("number", "named"),
    [("2026-999999", "there is no invoice 2026-999999"), ("x", "there is no invoice x"), ("7", "404")],
)
def test_a_number_that_is_none(account: Account, number: str, named: str) -> None:
    """A number or an id that the account does not have is named, and the code is 1."""
    account.invoice()
    result = run("invoices", "show", number)
    assert result.exit_code == 1
    assert named in result.stderr


@pytest.mark.parametrize("amount", ["much", "1,234"])
def test_an_amount_that_cannot_be_read(account: Account, amount: str) -> None:
    """An amount that is none, or may be two, is refused before anything is recorded."""
    result = run("invoices", "pay", str(account.invoice()), "--amount", amount)
    assert result.exit_code == 1
    assert f"--amount holds '{amount}'" in result.stderr
    assert "--decimal" not in result.stderr  # that is for files
    assert account.sandbox.ledger.count("invoices.pay") == 0


def test_one_pdf(account: Account, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF of one invoice is saved under its number, here or in a folder."""
    number = shown(account.invoice())["invoice_no"]
    monkeypatch.chdir(tmp_path)
    assert run("invoices", "pdf", number).exit_code == 0
    assert run("invoices", "pdf", number, "papers").exit_code == 0
    assert len(list(tmp_path.rglob(f"*{number}.pdf"))) == 2


HOSTILE = "Minta\x1b]0;you are root\x07\r\u202egnp.exe\x9b2J\x7f\u2066 Kft."


LOOKING = ("clients list", "clients list --json", "clients show", "invoices list", "invoices show", "invoices cancel")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1250", "ascii"])
@pytest.mark.parametrize("command", [words.split() for words in LOOKING], ids=LOOKING)
def test_no_terminal_obeys_a_servers_text(
    account: Account, command: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control characters of a customer's name are spelled out, and JSON is whole under any console's encoding."""
    monkeypatch.setitem(CLIENT, "name", HOSTILE)
    uid, client = account.invoice(), account.client()
    which = {"show": [str(client if command[0] == "clients" else uid)], "cancel": [str(uid)]}.get(command[1], [])
    result = CliRunner(charset=encoding).invoke(app, [*command, *which], input="n\n")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]", result.output.replace("\r\n", "\n"))
    if "--json" in command or command[1] == "show":
        read: dict[str, Any] = json.loads(result.stdout)
        client_of: dict[str, Any] = read.get("client") or {}
        names = {read.get("name"), client_of.get("name")}
        assert HOSTILE in names


def test_doctor(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor finds a healthy account healthy, wrong keys refused, and missing keys missing."""
    healthy = run("doctor")
    assert healthy.exit_code == 0
    assert "keys: accepted" in healthy.output
    monkeypatch.setenv("BILLINGO_PRIVATE_KEY", "some-other-private-key-of-32-bytes-or-more")
    refused = run("doctor")
    assert refused.exit_code == 1
    assert "AuthenticationError" in refused.output
    assert "what to do: set BILLINGO_PUBLIC_KEY and BILLINGO_PRIVATE_KEY as Billingo's settings show" in refused.output
    monkeypatch.delenv("BILLINGO_PRIVATE_KEY")
    missing = run("doctor")
    assert missing.exit_code == 1
    assert "BILLINGO_PRIVATE_KEY" in missing.output


def silent(stack: ExitStack, scheme: str) -> str:
    """Return the address of a port that takes connections and says nothing."""
    port = stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
    return f"{scheme}://127.0.0.1:{port}/api"


def untrusted(stack: ExitStack) -> str:
    """Return the address of a server whose certificate no authority has signed that is known here."""
    portal = stack.enter_context(start_blocking_portal())
    return stack.enter_context(portal.wrap_async_context_manager(serving(answer_all, trustme.CA())))


def nothing(stack: ExitStack) -> str:
    """Return the address of a port where nothing listens."""
    address = silent(stack, "http")
    stack.close()
    return address


CAUSES: dict[str, tuple[Callable[[ExitStack], str], str, str]] = {
    "no answer": (lambda stack: silent(stack, "https"), "no connection in time", "try again; a firewall may drop what"),
    "no trust": (untrusted, "TLS not verified", "if a private authority has signed for it, name its file in SSL_CERT"),
    "no server": (nothing, "refused, nothing listens", "check the port in BILLINGO_BASE_URL; is the server running?"),
}


@pytest.mark.parametrize(("server", "why", "remedy"), CAUSES.values(), ids=CAUSES)
def test_doctor_tells_what_keeps_the_line_from_coming_about(
    account: Account, monkeypatch: pytest.MonkeyPatch, server: Callable[[ExitStack], str], why: str, remedy: str
) -> None:
    """Silence, a certificate that is not trusted and a port without a server are told apart, with a remedy each."""
    monkeypatch.setattr(doctor, "TIMEOUT", 0.3)
    with ExitStack() as stack:
        monkeypatch.setenv("BILLINGO_BASE_URL", server(stack))
        result = run("doctor")
    assert result.exit_code == 1
    assert why in result.output
    assert f"what to do: {remedy}" in result.output


def test_doctor_tells_of_names_proxies_and_plain_ports(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that DNS does not know, a port that speaks no TLS, and a proxy that is away, without its password."""
    with ExitStack() as stack:
        proxy = nothing(stack).replace("127", "clerk:secret@127").removesuffix("/api")
    plain = os.environ["BILLINGO_BASE_URL"]
    monkeypatch.setenv("BILLINGO_BASE_URL", plain.replace("http:", "https:"))
    assert "what to do: check BILLINGO_BASE_URL: https for an address that speaks it" in run("doctor").output
    with monkeypatch.context() as patch:
        patch.setattr(dial, "_addresses", AsyncMock(side_effect=socket.gaierror(socket.EAI_NONAME, "not known")))
        assert "what to do: check the host in BILLINGO_BASE_URL" in run("doctor").output
    monkeypatch.setenv("BILLINGO_BASE_URL", plain)
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setenv("NO_PROXY", "")
    away = run("doctor")
    assert "what to do: check HTTPS_PROXY and HTTP_PROXY" in away.output
    assert "secret" not in away.output


def test_every_reason_has_its_remedy() -> None:
    """What the library says of a connection that does not come about is what the doctor looks for."""
    reasons = [reason for _, reason in REASONS]
    assert all(any(words in reason for words in CONNECTION_REMEDIES) for reason in reasons)
    assert sum(any(words in reason for reason in reasons) for words in CONNECTION_REMEDIES) == len(reasons)

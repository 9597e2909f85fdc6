"""The commands as a person types them: what they print, leave behind and end with."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from cli_env import started
from pypdf import PdfReader
from sandbox_caller import Caller, Clock
from typer.testing import CliRunner

from billingo_async import __main__ as door
from billingo_async.cli.app import COMMANDS, app
from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CUSTOMERS = ("Lánchíd Szoftverház Zrt.", "Fehér Holló Könyvesház Kft.")


def bad_orders(folder: Path) -> Path:
    """A file that can be read, and whose VAT rate nobody knows."""
    row = {
        "key": "1", "name": "X", "street_name": "Fő", "city": "Pécs", "postcode": "7621", "payment_method": "Cash",
        "fulfillment_date": "2026-03-01", "due_date": "2026-03-01", "description": "y", "qty": "1", "unit": "db",
        "net_unit_price": "1", "vat": "26%",
    }  # fmt: skip
    path = folder / "bad.csv"
    path.write_text(f"{','.join(row)}\n{','.join(row.values())}\n", encoding="utf-8")
    return path


def test_the_demo_shows_and_saves_what_it_made(tmp_path: Path) -> None:
    """It ends with 0, prints a table of forty-nine papers, and leaves five PDFs that name their customers."""
    folder = tmp_path / "a" / "papers"
    result = CliRunner().invoke(app, ["demo", "--folder", str(folder)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert len(re.findall(r"^ *\d+  (?:D-)?TST/(?:D-)?\d{4}-\d{6} ", result.output, re.MULTILINE)) == 49
    stages = ("orders.csv, against a sandbox", "Create invoices", "partly paid", "proforma", "cancelling")
    for wanted in (*stages, "All of it took", *CUSTOMERS):
        assert wanted in result.output
    assert "\x1b" not in result.output
    assert "nothing was sent" not in result.output
    papers = sorted(folder.iterdir())
    assert len(papers) == 5
    texts = [PdfReader(paper).pages[0].extract_text() for paper in papers]
    for paper, text in zip(papers, texts, strict=True):
        assert str(paper) in result.output
        assert paper.stem.removeprefix("sandbox-") in text
    for customer in CUSTOMERS:
        assert any(customer in text for text in texts)


def test_a_failure_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    """An order that cannot be invoiced ends the demo with 2; no new folder is left, and all that was in an old one."""
    old = tmp_path / "papers" / "sandbox-2026-000001.pdf"
    old.parent.mkdir()
    old.write_bytes(b"old")
    orders = bad_orders(tmp_path)
    for folder in (tmp_path / "a" / "papers", old.parent):
        result = CliRunner().invoke(app, ["demo", "--orders", str(orders), "--folder", str(folder)])
        assert result.exit_code == 2
        line, last = result.stderr.splitlines()
        assert line.startswith(f"{orders}, line 2: the column vat holds '26%', which the account does not have")
        assert last == f"billingo-async: {orders} has 1 mistake; nothing was sent"
    assert not (tmp_path / "a").exists()
    assert list(old.parent.iterdir()) == [old]


def test_a_missing_file_of_orders_is_one_line(tmp_path: Path) -> None:
    """The file is named, nothing is started and nothing made."""
    result = CliRunner().invoke(app, ["demo", "--orders", "nowhere.csv", "--folder", str(tmp_path / "papers")])
    assert result.exit_code == 2
    assert "nowhere.csv: cannot be read" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_interrupting_the_demo_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the middle of the story ends it with 130; neither folder nor paper is left."""
    process = started("demo", "--folder", "papers", cwd=tmp_path)
    assert process.stdout is not None
    assert "orders.csv, against" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors == "billingo-async: interrupted; nothing is left behind\n"
    assert list(tmp_path.iterdir()) == []


def _until(lines: Iterator[str], wanted: str) -> str:
    """The first line that holds the words."""
    return next(line for line in lines if wanted in line)


def test_the_sandbox_prints_its_keys_and_logs_requests(tmp_path: Path) -> None:
    """The page and ready export lines first, then one line a request of the API, without query and code."""
    process = started("sandbox", "--port", "0", cwd=tmp_path)
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    page = _until(lines, "What it holds").strip().rpartition(" ")[2]
    origin = _until(lines, "export BILLINGO_BASE_URL=").strip().partition("=")[2].removesuffix("/api")
    assert next(lines) == "export BILLINGO_PUBLIC_KEY=sandbox-public-key\n"
    assert next(lines).startswith("export BILLINGO_PRIVATE_KEY=")
    assert page == f"{origin}/"
    assert "<h1>" in httpx.get(page).text  # looking is no request of the API: it has no line
    assert httpx.get(f"{origin}/time?type=json").status_code == 200
    assert re.fullmatch(r"\d\d:\d\d:\d\d GET    /time 200 \d+\.\d ms\n", next(lines))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(("switch", "status"), [((), 401), (("--lenient",), 200)])
def test_other_programs_tokens_need_a_switch(tmp_path: Path, switch: tuple[str, ...], status: int) -> None:
    """A token of 60 seconds, its times as text, under the word `Beamer`: refused by default, and taken with it."""
    process = started("sandbox", "--port", "0", *switch, cwd=tmp_path)
    assert process.stdout is not None
    url = _until(iter(process.stdout.readline, ""), "export BILLINGO_BASE_URL=").strip().partition("=")[2]
    at, sandbox = int(time.time()), Sandbox()
    caller = Caller(sandbox, Clock(at), httpx.AsyncClient(transport=sandbox.transport()))
    token = caller.token(iat=str(at), exp=str(at + 60))
    answer = httpx.get(f"{url}/clients", headers={"Authorization": f"Beamer {token}"})
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert answer.status_code == status, answer.text


def test_a_taken_port_is_one_line() -> None:
    """A port that somebody else listens on ends the command with 1, and with the remedy."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = CliRunner().invoke(app, ["sandbox", "--port", str(taken.getsockname()[1])])
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.endswith("is taken; name another with --port, or --port 0 for any free one")


@pytest.mark.parametrize("command", [("demo", "--folder"), ("pdf", "--from", "2026-01-01")])
def test_a_file_is_no_folder(tmp_path: Path, command: tuple[str, ...]) -> None:
    """A file in the place of the folder for the PDFs is refused before anything begins."""
    file = tmp_path / "here"
    file.touch()
    result = CliRunner().invoke(app, [*command, str(file)])
    assert result.exit_code == 2
    assert "Invalid value for" in result.output
    assert list(tmp_path.iterdir()) == [file]


def test_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--version` tells the version that is installed."""
    monkeypatch.setattr("importlib.metadata.version", {"billingo-async": "9.8.7"}.__getitem__)
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, "billingo-async 9.8.7\n")


@pytest.mark.parametrize(
    "case", [(extra, name, at) for extra in door.EXTRAS for name in door.EXTRAS[extra] for at in (True, False)]
)
def test_missing_extras_are_named_with_the_remedy(
    case: tuple[str, str, bool], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an extra that it needs a command says in one line how to get it, and ends with 1; in a checkout, too."""
    extra, missing, is_checkout = case
    if is_checkout:
        (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(door, "__file__", str(tmp_path / "billingo_async" / "__main__.py"))
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setattr(sys, "argv", ["billingo-async", "sandbox", "--help"])
    with pytest.raises(SystemExit) as ended:
        door.main()
    assert ended.value.code == 1
    remedy = f'pip install "{tmp_path if is_checkout else "billingo-async"}[{extra}]"'
    assert capsys.readouterr().err == f"billingo-async: this command needs {missing}; run: {remedy}\n"


@pytest.mark.parametrize("missing", door.EXTRAS["sandbox"])
def test_other_commands_need_nothing_of_the_sandbox(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra `cli` alone all commands run but the two that open a sandbox."""
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setattr(sys, "argv", ["billingo-async", "invoices", "--help"])
    with pytest.raises(SystemExit) as ended:
        door.main()
    assert ended.value.code == 0


def test_help_waits_for_no_command() -> None:
    """Every command stands in `--help` with a line of its own, and neither a library nor a command is loaded for it."""
    code = "import sys; from billingo_async.cli.app import app; app(['--help'], standalone_mode=False)"
    code += "; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    *help_, loaded = result.stdout.splitlines()
    lines = help_[help_.index("Commands:") + 1 :]
    assert [line.split()[0] for line in lines] == list(COMMANDS)
    assert not any(line.endswith("...") for line in lines)
    modules = set(loaded.split())
    assert not modules & {"asyncio", "httpx", "pydantic", "rich", "sqlalchemy", "aiohttp"}
    assert {name for name in modules if name.startswith("billingo_async.cli.")} == {"billingo_async.cli.app"}

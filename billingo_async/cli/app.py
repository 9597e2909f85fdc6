"""The commands by their names. Each is loaded when it runs, so that `--help` waits for none of them."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

COMMANDS: Final = {
    "demo": ("demo:demo", "Watch a month of orders become invoices and PDFs."),
    "sandbox": ("demo:sandbox", "Serve a Billingo of your own until Ctrl-C."),
    "doctor": ("doctor:doctor", "Check what can go wrong, and say what to do."),
    "bulk": ("bulk:bulk", "Make thousands of invoices, none of them twice."),
    "pdf": ("bulk:pdf", "Save the PDFs of many invoices in a folder."),
    "journal": ("bulk:journal", "Look into what remembers the keys of a run."),
    "invoices": ("nouns:invoices", "Look at invoices over API v2, pay, mail, cancel."),
    "clients": ("nouns:clients", "Look at customers over API v2."),
    "documents": ("nouns:documents", "Look at documents over API v3, pay, mail, cancel."),
    "partners": ("nouns:partners", "Look at customers over API v3."),
}
"""By name: the module and what it holds, a command or a group of them, and a line of help."""


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and help, and loads the one that is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, in the order of `--help`."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return what stands for a command in `--help`."""
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name][1]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is to run, loaded, and what it is given."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and load(str(name)), rest


def load(name: str) -> Any:
    """Return a command as it is."""
    module, _, member = COMMANDS[name][0].partition(":")
    content = getattr(import_module(f"billingo_async.cli.{module}"), member)
    if isinstance(content, typer.Typer):
        command: Any = get_group(content)
    else:
        single = typer.Typer(add_completion=False)
        single.command(name)(content)
        command = get_command(single)
    command.name = name
    return command


app: typer.Typer = typer.Typer(
    cls=LazyGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)


def _show_version(shown: bool) -> None:  # noqa: FBT001 - how typer calls it
    if shown:
        from importlib.metadata import version  # noqa: PLC0415 - loaded where it is asked for

        typer.echo(f"billingo-async {version('billingo-async')}")
        raise typer.Exit


@app.callback()
def start(
    *,
    _: Annotated[bool, typer.Option("--version", help="Show it.", callback=_show_version, is_eager=True)] = False,
) -> None:
    """An asyncio client for the Billingo invoicing service, and a Billingo of your own to try it on."""

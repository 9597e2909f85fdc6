"""Writes the page of the command line when the documentation is built, from the commands themselves.

What a command is for, what it takes and what it is by default are its own words, as `--help` prints them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billingo_async.cli.app import COMMANDS, load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from properdocs.config.defaults import MkDocsConfig
    from properdocs.structure.files import Files

PROGRAM = "billingo-async"
OPENING = f"""\
# The command line

`pip install "billingo-async[cli]"` brings the program `{PROGRAM}`; `python -m billingo_async` is the same. What else
a command needs it names: `bulk` and `journal` the extra `journal`, `demo` and `sandbox` the extra `sandbox`; `all`
brings everything. It reads
`BILLINGO_API_KEY` and `BILLINGO_V3_BASE_URL` from the environment for API v3, `BILLINGO_PUBLIC_KEY`,
`BILLINGO_PRIVATE_KEY` and `BILLINGO_BASE_URL` for API v2; `demo` and `sandbox` need none of them. `documents` and
`partners` are of API v3, `invoices` and `clients` of API v2; the others take the API whose key is set, or `--api`.

| it ends with | when |
| --- | --- |
| 0 | all is well |
| 1 | something failed; why is one line on standard error |
| 2 | what was asked for was not understood |
| 3 | something may or may not have happened: look before you run it again |
| 130, 143, 129 | it was interrupted by Ctrl-C, by SIGTERM, or its terminal was closed |
| 141 | its output is not read any more, as in `… \\| head`, and something is left to do: run it again to go on |

A command that only shows something ends as ever, and in silence, when its output is not read on.

"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page to the documentation."""
    from properdocs.structure.files import File  # noqa: PLC0415 - the tests look at the page without properdocs

    files.append(File.generated(config, "reference/command-line.md", content=page()))
    return files


def page() -> str:
    """The whole page, in Markdown."""
    loaded = ((f"{PROGRAM} {name}", load(name)) for name in COMMANDS)
    sections = (section(*each) for name, command in loaded for each in commands(command, name))
    return "\n".join([OPENING, *sections])


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, with its whole name, in the order of `--help`."""
    below: dict[str, Any] | None = getattr(command, "commands", None)
    if below is None:
        yield name, command
        return
    for word, each in below.items():
        yield from commands(each, f"{name} {word}")


def section(name: str, command: Any) -> str:
    """A command: how it is called, what it does, and a row for each thing that it takes."""
    arguments = " ".join(
        _called(each) for each in command.params if each.param_type_name == "argument" or each.required
    )
    rows = [_row(each) for each in command.params if each.name != "help"]
    table = ["| takes | what it is | by default |", "| --- | --- | --- |", *rows, ""] if rows else []
    return "\n".join(
        [
            f"## {name.removeprefix(f'{PROGRAM} ')}",
            "",
            f"`{f'{name} {arguments}'.strip()}`",
            "",
            command.help,
            "",
            *table,
        ]
    )


def _called(parameter: Any) -> str:
    named = str(parameter.metavar or parameter.name).upper().strip("[]{}")
    if parameter.param_type_name == "option":
        return f"{parameter.opts[0]} {named}"
    return named if parameter.required else f"[{named}]"


def _row(parameter: Any) -> str:
    name = _called(parameter) if parameter.param_type_name == "argument" else ", ".join(parameter.opts)
    default = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    if parameter.required:
        default = "has to be given"
    elif default is None or default is False or callable(default):
        default = ""
    elif not isinstance(parameter.show_default, str):
        default = f"`{default}`"
    return f"| `{name}` | {(parameter.help or '').replace('|', chr(92) + '|')} | {default} |"

"""The command line's door: `python -m billingo_async` and `billingo-async`.

No command stands here: those are loaded by `cli`.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Final

from billingo_async.cli.pipes import prepare

_EXTRAS: Final = ("typer", "rich", "aiohttp", "fpdf", "jsonschema")  # what the commands need beyond the library itself


def main() -> None:
    """Run the command line; without its extras, say how to get them and end with code 1."""
    prepare()
    missing = [name for name in _EXTRAS if find_spec(name) is None]
    if missing:
        named = ", ".join(missing)
        sys.stderr.write(f'billingo-async: the command line needs {named}; run: pip install "billingo-async[all]"\n')
        raise SystemExit(1)
    from billingo_async.cli.app import app  # noqa: PLC0415 - only now is it sure that typer is there

    app()


if __name__ == "__main__":
    main()

"""The command line's door: `python -m billingo_async` and `billingo-async`."""

from __future__ import annotations

import io
import sys
from typing import Final

_EXTRAS: Final = frozenset({"aiohttp", "fpdf", "jsonschema", "rich", "typer"})


def main() -> None:
    """Run the command line; without its extras, say how to get them and end with code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no ű shows a question mark, not a traceback
    try:
        from billingo_async.cli.app import app  # noqa: PLC0415 - typer may be missing, and then it is said how to get it
    except ModuleNotFoundError as missing:
        if missing.name not in _EXTRAS:
            raise
        message = f'billingo-async: the command line needs {missing.name}; run: pip install "billingo-async[all]"\n'
        sys.stderr.write(message)
        raise SystemExit(1) from None
    app()


if __name__ == "__main__":
    main()

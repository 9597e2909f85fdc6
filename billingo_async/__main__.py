"""The command line's door: `python -m billingo_async` and `billingo-async`.

No command stands here: those are loaded by `cli`.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from billingo_async.cli.pipes import prepare

EXTRAS: Final[dict[str, tuple[str, ...]]] = {
    "cli": ("typer", "rich", "platformdirs"),
    "sandbox": ("aiohttp", "fpdf", "jsonschema"),
}
"""What each extra brings that commands need beyond the library itself."""
OF_SANDBOX: Final = frozenset({"demo", "sandbox"})
"""The commands that need the extra `sandbox` as well."""


def main() -> None:
    """Run the command line; without the extras that the command needs, say how to get them and end with code 1."""
    prepare()
    extras = {name: EXTRAS[name] for name in EXTRAS if name == "cli" or OF_SANDBOX.intersection(sys.argv[1:2])}
    missing = {extra: [name for name in names if find_spec(name) is None] for extra, names in extras.items()}
    if any(missing.values()):
        named = ", ".join(name for names in missing.values() for name in names)
        checkout = Path(__file__).parents[1]
        source = checkout if (checkout / "pyproject.toml").exists() else "billingo-async"
        remedy = f'pip install "{source}[{",".join(extra for extra in missing if missing[extra])}]"'
        sys.stderr.write(f"billingo-async: this command needs {named}; run: {remedy}\n")
        raise SystemExit(1)
    from billingo_async.cli.app import app  # noqa: PLC0415 - only now is it sure that typer is there

    app()


if __name__ == "__main__":
    main()

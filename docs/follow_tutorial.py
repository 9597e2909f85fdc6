"""Follows a tutorial as a reader would: `python -I follow_tutorial.py quickstart.md`, in a folder of its own.

Nothing but the installed package and the standard library is at hand, no checkout is near. The block that installs is
taken as done; the sandbox is started as its block says, on a free port; the Python blocks run one after the other.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import billingo_async

BLOCK = re.compile(r"^( *)```(bash|python)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
INSTALL = "python3 -m venv "
SANDBOX = "billingo-async sandbox --port "
PATIENCE = 30.0
LINES = 5
"""Two for API v3, three for API v2."""


def follow(page: Path) -> int:
    """Do what the page says, block by block; return how many blocks ran."""
    found = BLOCK.findall(page.read_text("utf-8"))
    blocks = [(language, textwrap.dedent(code)) for _, language, code in found]
    namespace: dict[str, Any] = {"__name__": "__main__"}
    sandbox: subprocess.Popen[str] | None = None
    try:
        for number, (language, code) in enumerate(blocks, 1):
            print(f"-- {page.name}, block {number} of {len(blocks)}: {code.splitlines()[0]}", flush=True)
            if language == "python":
                exec(compile(code, f"{page.name}, block {number}", "exec"), namespace)  # noqa: S102 - this is what a reader does
            elif code.startswith(SANDBOX):
                sandbox = started_sandbox()
            elif not code.startswith(INSTALL):
                raise SystemExit(f"block {number}: nobody told me how to follow {code.strip()!r}")
    finally:
        if sandbox is not None:
            sandbox.terminate()
            sandbox.communicate(timeout=PATIENCE)
    return len(blocks)


def started_sandbox() -> subprocess.Popen[str]:
    """Start the sandbox on a free port and put its lines into the environment, as if pasted."""
    command = [str(Path(sys.executable).parent / "billingo-async"), "sandbox", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    assert process.stdout is not None  # noqa: S101 - it is piped
    pasted = 0
    for line in process.stdout:
        if exported := re.fullmatch(r"export (\w+)=(.*)\n", line):
            os.environ[exported[1]] = exported[2]
            pasted += 1
        if pasted == LINES:
            return process
    raise SystemExit("the sandbox did not print the lines that the page speaks of")


if __name__ == "__main__":
    ran = follow(Path(sys.argv[1]))
    print(f"{ran} blocks followed with {billingo_async.__file__}; left behind: {sorted(map(str, Path().iterdir()))}")

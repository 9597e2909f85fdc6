"""Commands as typed in a terminal of their own, and what they left on its screen, drawn as SVG."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 112
OWN_FONTS = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
_UP = "\x1b[1A"
_MOVE = re.compile(r"\x1b\[(?:\d*[A-HJKf]|\?\d+[hl])")  # the cursor goes somewhere, a line is wiped: not for a picture


class Screen:
    """A terminal of a folder and an environment, whose commands and output are written down."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Begin with an empty screen."""
        self._folder = folder
        self._environment = {**os.environ, "COLUMNS": str(WIDTH), "TERM": "xterm-256color", **environment}
        self.console = Console(
            record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", legacy_windows=False
        )

    async def run(self, *arguments: str, answer: str = "", killed_after: int | None = None) -> str:
        """Run a command and show it with what it wrote; it may be killed when its bar has come so far."""
        self.console.print(f"[bold green]$[/] billingo-async {' '.join(arguments)}", highlight=False)
        written = await self._typed(arguments, answer, killed_after)
        for line in _shown(written):
            self.console.print(Text.from_ansi(line))
        if killed_after is not None:
            self.console.print("Killed (kill -9)", style="bold red", highlight=False)
        return written

    async def _typed(self, arguments: tuple[str, ...], answer: str, killed_after: int | None) -> str:
        ours, theirs = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "billingo_async", *arguments),
            cwd=self._folder,
            env=self._environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        written = b""
        with suppress(OSError):  # so a terminal ends that nothing writes to any more
            while chunk := await asyncio.to_thread(os.read, ours, 65536):
                written += chunk
                if answer and b"[y/N]: " in written:
                    os.write(ours, answer.encode())
                    answer = ""
                done = re.findall(rb"(\d+)/\d+", written)
                if killed_after is not None and done and int(done[-1]) >= killed_after:
                    process.kill()
        os.close(ours)
        await process.wait()
        return written.decode("utf-8", "ignore")

    def svg(self, name: str) -> str:
        """Return the screen as a picture."""
        return self.console.export_svg(
            title=f"billingo-async {name}", theme=MONOKAI, code_format=OWN_FONTS, unique_id=name
        )


def _shown(written: str) -> list[str]:
    """Return the lines that are left on the screen: of a line that was written over, the last; none that was wiped."""
    lines: list[str] = []
    for line in written.replace("\r\n", "\n").split("\n"):
        for _ in range(line.count(_UP)):
            lines = lines[:-1]
        left = _MOVE.sub("", line.rpartition("\r")[2])
        if Text.from_ansi(left).plain.strip():
            lines.append(left)
    return lines

"""Writes what was measured, and nothing else: a page of tables, with the machine's facts."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.claims import claims
from benchmarks.contenders import FLOOR, HTTPX, OURS
from benchmarks.keyed import PLAIN
from benchmarks.listing import JSON, SEQUENTIAL
from benchmarks.wing import GENERATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from benchmarks.claims import Claim, Results
    from benchmarks.rounds import Figure

PACKAGES = (
    "httpx", "httpcore", "httpx2", "aiohttp", "pydantic", "PyJWT", "simplejson", "tenacity",
    "aiolimiter", "aiohappyeyeballs", "clientapi-billingo",
)  # fmt: skip

QUIET = 0.1
"""The share of the processor's time that others may take on a machine that is called quiet."""

GENERATED_IS = """The generated client is synchronous, repeats nothing, waits under no limit and reads numbers into
`float`; both ask one sandbox in a process of its own."""

HEAD = """# Performance

Every figure on this page comes from one run of one command, which wrote the page:

```bash
python -m pip install nox && python -m nox -s bench
```

The contenders take turns, round after round, against a raw loopback server in a process of its own; medians are
compared, and the lowest and highest round stand beside them. Ratios carry over to other machines, absolute figures do
not. The floor is raw asyncio streams with `json.loads`: it signs nothing, checks nothing, repeats nothing.
"""


def page(results: Results, chart: str, busy: float | None) -> str:
    """Return the Markdown page; `busy` is the share of the processor's time that others took before the run."""
    rows = claims(results)
    parts = [HEAD, _facts(), _quiet(busy), "## What is claimed", _claims(rows), _reasons(rows)]
    parts += ["## Invoices a second", f"![Invoices a second, 50 ms away: the tables below as bars]({chart})"]
    for (latency, width), figures in results.throughput.items():
        parts.append(f"### {latency * 1e3:.0f} ms of latency, {width} at a time")
        parts.append(_figures(figures, "invoices/s", against=FLOOR))
    for width, costs in results.keyed.items():
        parts.append(f"## With a key each, 50 ms away, {width} at a time")
        parts.append(_figures({name: cost.rate for name, cost in costs.items()}, "invoices/s", against=PLAIN))
        parts.append(_figures({name: cost.cpu for name, cost in costs.items()}, "µs of CPU", against=PLAIN))
    parts += ["## CPU time of one call", _figures(results.cost_of_one, "µs", against=HTTPX)]
    if results.instructions is not None:
        parts.append(
            f"Counted by cachegrind, {OURS}'s call takes {results.instructions / 1e3:,.0f} thousand instructions."
        )
    parts += [
        "## Going through 10,000 invoices, 50 ms away",
        _figures(results.overlapping, "s", against=SEQUENTIAL),
    ]
    parts += ["## Reading a page of 50 invoices", _figures(results.decoding, "µs", against=JSON)]
    wing = results.wing
    parts += [
        "## API v3: CPU time of one created document",
        GENERATED_IS,
        _figures(wing.created, "µs", against=GENERATED),
    ]
    parts += ["## API v3: CPU time of a page of 100 documents", _figures(wing.page, "µs", against=GENERATED)]
    parts += ["## API v3: reading that page from its bytes", _figures(wing.decoding, "µs", against=JSON)]
    parts += ["## Import, beyond the interpreter's own start", _figures(results.import_time, "ms", "its dependencies")]
    parts += ["## Growth of the process's peak memory", _figures(results.memory, "MB")]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def printed(results: Results) -> str:
    """Return the claims as lines for the terminal."""
    return "\n".join(
        f"{'met   ' if claim.met else 'MISSED'}  {claim.measured:8.3f} {claim.unit:5}  "
        f"{'≥' if claim.at_least else '≤'} {claim.bound:.3g}  {claim.what}"
        for claim in claims(results)
    )


def _claims(rows: Iterable[Claim]) -> str:
    lines = ["| what | measured | bound | |", "| --- | ---: | ---: | --- |"]
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        verdict = "met" if row.met else "**missed**"
        lines.append(f"| {row.what} | {row.measured:.3f} {row.unit} | {sign} {row.bound:.3g} {row.unit} | {verdict} |")
    return "\n".join(lines)


def _reasons(rows: Iterable[Claim]) -> str:
    missed = [f"- **{row.what}**: {row.why_missed}" for row in rows if not row.met]
    return "\n".join(["Why a bound is missed:", "", *missed]) if missed else ""


def _figures(figures: Mapping[str, Figure], unit: str, against: str | None = None) -> str:
    lines = [f"| | {unit} | rounds | ratio |", "| --- | ---: | ---: | ---: |"]
    base = figures[against].median if against else None
    for name, figure in figures.items():
        ratio = f"{figure.median / base:.2f}" if base else ""
        lines.append(f"| {name} | {figure} | {figure.spread} | {ratio} |")
    return "\n".join(lines)


def _facts() -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return (
        f"The machine of this run: {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()}; {versions}."
    )


def _quiet(busy: float | None) -> str:
    if busy is None or busy < QUIET:
        return "" if busy is None else f"Other programs took {busy:.0%} of the processor's time when the run began."
    return (
        f"!!! warning\n\n    The machine was busy: other programs took {busy:.0%} of the processor's time when the run "
        "began. The figures below suffer from it."
    )


def _processor() -> str:
    """Name the processor as Linux tells it; elsewhere as Python does."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())

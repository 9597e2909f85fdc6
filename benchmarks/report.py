"""Writes what was measured, and nothing else: a page of tables and a chart, with the machine's facts."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("svg")  # draws into a file, without any screen
from matplotlib import pyplot as plt

from benchmarks.claims import claims
from benchmarks.keyed import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from benchmarks.claims import Claim, Results
    from benchmarks.rounds import Figure

PACKAGES = ("httpx", "httpcore", "httpx2", "aiohttp", "pydantic", "tenacity", "aiolimiter", "clientapi-billingo")

HEAD = """# Performance

Every figure on this page comes from one run of one command, which wrote the page:

```
python -m pip install nox && python -m nox -s bench
```

The contenders take turns, round after round, against a raw loopback server in a process of its own; medians are
compared, and the lowest and highest round stand beside them. Ratios carry over to other machines, absolute figures do
not. The floor is raw asyncio streams with `json.loads`: it signs nothing, checks nothing, repeats nothing.
"""


def page(results: Results, chart: str) -> str:
    """Return the Markdown page."""
    parts = [HEAD, _facts(), "## What is claimed", _claims(claims(results)), f"![Invoices a second]({chart})"]
    parts.append("## Invoices a second")
    for (latency, width), figures in results.throughput.items():
        parts.append(f"### {latency * 1e3:.0f} ms of latency, {width} at a time")
        parts.append(_figures(figures, "invoices/s", against="raw asyncio streams (floor)"))
    parts += ["## With a key each, 50 ms away, 50 at a time", _figures(results.keyed, "invoices/s", against=PLAIN)]
    parts += ["## CPU time of one call", _figures(results.cost_of_one, "µs", against="httpx and json.loads")]
    parts += [
        "## Going through 10,000 invoices, 50 ms away",
        _figures(results.overlapping, "s", against="page after page, no work"),
    ]
    parts += ["## Reading a page of 50 invoices", _figures(results.decoding, "µs", against="json.loads")]
    parts += ["## Import, beyond the interpreter's own start", _figures(results.import_time, "ms", "its dependencies")]
    parts += ["## Growth of the process's peak memory", _figures(results.memory, "MB")]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def draw(results: Results, path: Path) -> None:
    """Draw the throughput at 50 ms as bars, for each number at a time."""
    widths = sorted({width for latency, width in results.throughput if latency})
    names = list(next(iter(results.throughput.values())))
    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    bar = 0.8 / len(names)
    for index, name in enumerate(names):
        heights = [results.throughput[0.05, width][name].median for width in widths]
        places = [place + index * bar for place in range(len(widths))]
        bars = axes.bar(places, heights, bar, label=name)
        axes.bar_label(bars, [f"{height:,.0f}" for height in heights], fontsize=7)
    axes.set_xticks([place + 0.4 - bar / 2 for place in range(len(widths))], [f"{width} at a time" for width in widths])
    axes.set_ylabel("invoices a second")
    axes.set_title("50 ms away")
    axes.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})


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
        f"The machine of this run: {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.python_implementation()} {platform.python_version()}; {versions}."
    )

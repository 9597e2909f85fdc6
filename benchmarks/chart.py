"""The chart of `docs/performance.md`: invoices a second, 50 ms away, on a card that is legible on any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("svg")  # draws into a file, without any screen
from matplotlib import pyplot as plt

from benchmarks.contenders import OURS

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.claims import Results

CARD, INK, FAINT, ACCENT = "#ffffff", "#1f2430", "#9aa3b5", "#3f51b5"
"""The card keeps its own ground, so that the words on it are dark on light where the page is dark, too."""
OTHERS = ("#c3cad9", "#a9b3c9", "#8d9ab8", "#7383a8")


def draw(results: Results, path: Path) -> None:
    """Draw bars for each number at a time; the library's own stand out."""
    mpl.rcParams.update({"svg.hashsalt": "performance", "font.size": 9, "text.color": INK, "axes.labelcolor": INK})
    widths = sorted({width for latency, width in results.throughput if latency})
    names = list(next(iter(results.throughput.values())))
    others = iter(OTHERS)
    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained", facecolor=CARD)
    bar = 0.84 / len(names)
    for index, name in enumerate(names):
        heights = [results.throughput[0.05, width][name].median for width in widths]
        places = [place + index * bar for place in range(len(widths))]
        colour = ACCENT if name == OURS else next(others)
        bars = axes.bar(places, heights, bar * 0.92, label=name, color=colour)
        axes.bar_label(bars, [f"{height:,.0f}" for height in heights], fontsize=7, padding=2, color=INK)
    middle = 0.42 - bar / 2
    axes.set_xticks([place + middle for place in range(len(widths))], [f"{width} at a time" for width in widths])
    axes.set_ylabel("invoices a second")
    axes.set_title("Invoices made a second, 50 ms away: more is better", loc="left", fontsize=10)
    axes.tick_params(colors=INK, length=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.legend(fontsize=8, frameon=False, loc="upper left")
    figure.savefig(path, facecolor=CARD, metadata={"Date": None, "Creator": None})
    plt.close(figure)

"""Measure everything, print the claims, and write `docs/performance.md` with its chart.

Run as `python -m benchmarks`, or `python -m benchmarks --rounds 1 --dry-run` for a look.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import chart, creating, footprint, instructions, keyed, listing, report, wing
from benchmarks.claims import Results, claims
from benchmarks.rounds import busy_share

CLAIM_MISSED = 3
DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> int:
    """Return 0 if every claim is met, 3 if one is missed: 1 is what a program ends with that broke off."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contender")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args()
    busy = busy_share()
    rounds, fewer = options.rounds, max(1, options.rounds // 2)
    results = Results(
        keyed=keyed.compared(fewer),  # first, since it has an address that may be wrong
        throughput=creating.throughput(rounds),
        cost_of_one=creating.cost_of_one(rounds),
        instructions=instructions.of_one_create(),
        overlapping=listing.overlapping(fewer),
        decoding=listing.decoding(rounds),
        import_time=footprint.import_time(3 * rounds),
        memory={**footprint.memory(fewer), **keyed.memory()},
        wing=wing.compared(rounds),
    )
    print(report.printed(results))
    if not options.dry_run:
        chart.draw(results, DOCS / "assets" / "performance.svg")
        (DOCS / "performance.md").write_text(report.page(results, "assets/performance.svg", busy), "utf-8")
        print("written: docs/performance.md and its chart")
    return 0 if all(claim.met for claim in claims(results)) else CLAIM_MISSED


if __name__ == "__main__":
    sys.exit(main())

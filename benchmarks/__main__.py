"""Measure everything, print the claims, and write `docs/performance.md` with its chart.

Run as `python -m benchmarks`, or `python -m benchmarks --rounds 1 --dry-run` for a look.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import creating, footprint, keyed, listing, report
from benchmarks.claims import Results, claims

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> int:
    """Return 0 if every claim is met, 1 if one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contender")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    options = parser.parse_args()
    rounds = options.rounds
    results = Results(
        throughput=creating.throughput(rounds),
        cost_of_one=creating.cost_of_one(rounds),
        overlapping=listing.overlapping(max(1, rounds // 2)),
        decoding=listing.decoding(rounds),
        import_time=footprint.import_time(3 * rounds),
        memory={**footprint.memory(max(1, rounds // 2)), **keyed.memory()},
        keyed=keyed.throughput(rounds),
    )
    print(report.printed(results))
    if not options.dry_run:
        report.draw(results, DOCS / "performance.svg")
        (DOCS / "performance.md").write_text(report.page(results, "performance.svg"))
        print(f"written: {DOCS / 'performance.md'}")
    return 0 if all(claim.met for claim in claims(results)) else 1


if __name__ == "__main__":
    sys.exit(main())

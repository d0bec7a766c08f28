"""python -m benchmarks [NAME ...] [--rounds N] [--scale F] [--json]."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module

from benchmarks.interleaving import FEWEST_ROUNDS
from benchmarks.results import Report, printed

BENCHMARKS = (
    "calendar",
    "recording",
    "writers",
    "growth",
    "national",
    "report_facts",
    "cockpit",
    "outbox",
    "digest",
)
"""Modules of this folder, each with `measure(rounds, scale) -> Report`."""

QUICK = ("calendar",)
"""What runs without a name; the others fill databases for minutes, at full scale for hours."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks named, the quick ones without a name; exit code 1 when a bar is missed."""
    chosen = _parsed(arguments)
    reports: list[Report] = [
        import_module(f"benchmarks.{name}").measure(chosen.rounds, chosen.scale)
        for name in chosen.names or QUICK
    ]
    if chosen.json:
        print(json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=2))
    else:
        print("\n\n".join(map(printed, reports)))
    return 0 if all(report.reached for report in reports) else 1


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--rounds", type=int, default=7, help=f"at least {FEWEST_ROUNDS}")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full sizes")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())

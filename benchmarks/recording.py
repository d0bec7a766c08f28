"""Recording one outcome, durably: ours beside the floor, bare SQL and the libraries others use."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.interleaving import in_turn
from benchmarks.recording_contenders import (
    BARE,
    FLOOR,
    OURS,
    Site,
    check_ours,
    our_contenders,
    sites,
)
from benchmarks.recording_peers import PEERS, installed_peers
from benchmarks.results import Bar, Report, Table, at_least, at_most

EACH = 60
"""Recordings a round and contender."""

MOST: Mapping[str, float] = {"sqlite": 4, "postgresql": 6}
"""Times a one-row durable commit of the same run."""

MICRO = 1e6
ELEVEN = 11
MORE = (
    "ours does more than the others: it folds the task from its rows, opens a round, and tells "
    "the owner in Vietnamese; afterwards the chain and its projection were verified"
)


def measure(rounds: int = 7, scale: float = 1.0) -> Report:
    """Each recorder in turn for each task, so that a noisy moment hits all of them."""
    times = max(10, int(rounds * EACH * scale))
    tables, bars, notes = [], [], [MORE]
    missing: set[str] = set()
    with TemporaryDirectory(prefix="khcn-bench-") as folder, sites(Path(folder), times) as found:
        for site in found:
            peers, absent = installed_peers(site)
            missing |= set(absent)
            held: list[float] = []
            taken = in_turn({**our_contenders(site, held), **peers}, times)
            check_ours(site.app, times, site.tasks)
            tables.append(_table(site, taken))
            bars += _bars(site, taken)
            if site.kind == "postgresql":
                notes.append(f"the ledger is locked for {median(held) * MICRO:.0f} µs a recording")
    notes += [f"{name} is not installed: its row is left out" for name in PEERS if name in missing]
    return Report("Recording an outcome", tuple(tables), tuple(bars), tuple(notes))


def _table(site: Site, taken: Mapping[str, float]) -> Table:
    rows = tuple(
        (
            name,
            seconds * MICRO,
            f"{seconds / taken[FLOOR]:.1f} ×",
            f"{seconds / taken[OURS]:.2f} ×",
        )
        for name, seconds in taken.items()
    )
    title = f"one outcome on {site.kind}, durable, {site.tasks} of each in turn"
    return Table(title, ("", "median µs", "to one-row commit", "to ours"), rows)


def _bars(site: Site, taken: Mapping[str, float]) -> Iterator[Bar]:
    ratio = taken[OURS] / taken[FLOOR]
    yield at_most(ELEVEN, f"ours to {FLOOR}, {site.kind}", ratio, MOST[site.kind])
    for name, seconds in taken.items():
        if name not in (OURS, FLOOR, BARE):
            yield at_least(ELEVEN, f"faster than {name}, {site.kind}", seconds / taken[OURS], 1)

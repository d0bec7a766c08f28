"""Working-day arithmetic: ours against the libraries one would use, all on the same calendar."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from benchmarks.calendar_contenders import (
    LIBRARY,
    NUMPY,
    OURS,
    SEVEN_DAYS,
    Contender,
    corrected_library,
    days_off,
    each_day,
    installed_contenders,
)
from benchmarks.interleaving import assert_equal, interleaved
from benchmarks.results import Bar, Report, Table, at_least, at_most
from khcn_workflow.domain.calendar import WorkingCalendar
from khcn_workflow.domain.deadlines import derive
from khcn_workflow.domain.rules import Force, TimeLimit, Unit
from khcn_workflow.regulations.calendars import load_calendar

EMPTY = "empty call"
FIRST, LAST = date(2016, 1, 1), date(2027, 12, 31)
AMOUNTS = (5, 30, 90)
DATES, CHECKED, VECTOR, DEADLINES = 500, 50_000, 1_000_000, 100_000
MICRO, NANO = 1e6, 1e9


def measure(rounds: int = 7, scale: float = 1.0) -> Report:
    """All tables and bars; a library that is not installed is left out, and a note says so."""
    calendar, notes = load_calendar(), []
    contenders, missing = installed_contenders(calendar)
    notes += [f"{name} is not installed: its column is left out" for name in missing]
    dates = [*_random_days(Random(1), _sized(DATES, scale))]  # noqa: S311 - the same each run
    adds = {n: _scalar_adds(contenders, dates, n, rounds) for n in AMOUNTS}
    counts = {n: _scalar_counts(contenders, dates, n, rounds) for n in AMOUNTS}
    tables = [
        _scalar_table("add n working days, µs per call", adds),
        _scalar_table("count working days of a span of n days, µs per call", counts),
    ]
    bars = [
        *_bar_one(calendar, contenders, _sized(CHECKED, scale)),
        *_bar_two(adds[30]),
        _flatness(contenders[OURS], dates, rounds),
    ]
    if NUMPY in contenders:
        vector = _vector_times(calendar, _sized(VECTOR, scale), rounds)
        tables += [_vector_table(vector), _deadline_table(calendar, scale, rounds)]
        bars += _bar_three(vector)
    notes.append("all variants gave equal answers before they were timed")
    return Report("Calendar", tuple(tables), tuple(bars), tuple(notes))


# --- one date at a time


def _scalar_adds(
    contenders: Mapping[str, Contender], dates: list[date], n: int, rounds: int
) -> Mapping[str, float]:
    adders = {name: contender.adder(n) for name, contender in contenders.items()}
    variants = {name: partial(_mapped, adder, dates) for name, adder in adders.items()}
    assert_equal(variants)
    return _per(interleaved({**variants, EMPTY: partial(_mapped, _nothing, dates)}, rounds), dates)


def _scalar_counts(
    contenders: Mapping[str, Contender], dates: list[date], n: int, rounds: int
) -> Mapping[str, float]:
    ends = [on + timedelta(days=n) for on in dates]
    variants = {
        name: partial(_mapped, contender.count, dates, ends)
        for name, contender in contenders.items()
    }
    assert_equal(variants)
    empty = partial(_mapped, _nothing, dates, ends)
    return _per(interleaved({**variants, EMPTY: empty}, rounds), dates)


def _mapped(function: Callable[..., Any], *columns: list[date]) -> list[Any]:
    return list(map(function, *columns))


def _nothing(*_days: date) -> None:
    """What a call costs that does nothing."""


def _per(taken: Mapping[str, float], dates: list[date]) -> Mapping[str, float]:
    return {name: seconds / len(dates) for name, seconds in taken.items()}


# --- a million at a time


def _vector_times(
    calendar: WorkingCalendar, size: int, rounds: int
) -> Mapping[str, Mapping[str, float]]:
    import numpy as np  # noqa: PLC0415 - may be missing

    from khcn_workflow.regulations.calendar_vectors import VectorCalendar  # noqa: PLC0415

    vectors = VectorCalendar(calendar)
    told = np.busdaycalendar(SEVEN_DAYS, days_off(calendar))
    random = np.random.default_rng(1)
    days = np.datetime64(FIRST) + random.integers(0, (LAST - FIRST).days, size)
    amounts = random.integers(1, 91, size, dtype=np.int32)
    ends, numbers = days + amounts, days.astype(np.int32)
    end_numbers = ends.astype(np.int32)
    operations: dict[str, dict[str, Callable[[], Any]]] = {
        "add": {
            OURS: lambda: vectors.add(days, amounts),
            f"{OURS}, int32": lambda: vectors.add(numbers, amounts),
            NUMPY: lambda: np.busday_offset(days, amounts, roll="backward", busdaycal=told),
        },
        "count": {
            OURS: lambda: vectors.count(days, ends),
            f"{OURS}, int32": lambda: vectors.count(numbers, end_numbers),
            NUMPY: lambda: np.busday_count(days + 1, ends + 1, busdaycal=told),
        },
    }
    for variants in operations.values():
        assert_equal({name: partial(_as_integers, variant) for name, variant in variants.items()})
    return {
        operation: {name: taken / size for name, taken in interleaved(variants, rounds).items()}
        for operation, variants in operations.items()
    }


def _as_integers(variant: Callable[[], Any]) -> list[int]:
    integers: list[int] = variant().astype("int64").tolist()
    return integers


def _deadline_table(calendar: WorkingCalendar, scale: float, rounds: int) -> Table:
    """The arithmetic of a re-projection: every deadline anew, after the calendar changed."""
    import numpy as np  # noqa: PLC0415 - may be missing

    anchors = [*_random_days(Random(2), _sized(DEADLINES, scale))]  # noqa: S311 - as above
    days = np.array(anchors, dtype="datetime64[D]")
    rows = []
    for unit, amount in zip(Unit, (30, 15, 6), strict=True):
        limit = TimeLimit("", amount, unit, "opened", Force.STATUTORY, "")
        variants = {
            OURS: partial(_due_of_all, calendar, days, amount, unit),
            "loop": partial(_due_of_each, calendar, anchors, limit),
        }
        assert_equal({name: partial(_as_dates, variant) for name, variant in variants.items()})
        taken = interleaved(variants, rounds)
        loop, ours = (taken[name] / len(anchors) * NANO for name in ("loop", OURS))
        rows.append((f"{amount} {unit}", ours, loop, f"{loop / ours:.0f} ×"))
    columns = ("limit", "VectorCalendar.due", "loop of derive()", "ratio")
    title = f"due dates of {len(anchors):,} anchors, ns each, the index built anew"
    return Table(title, columns, tuple(rows))


def _due_of_all(calendar: WorkingCalendar, days: Any, amount: int, unit: Unit) -> Any:
    """The index built anew each time: the calendar has just changed."""
    from khcn_workflow.regulations.calendar_vectors import VectorCalendar  # noqa: PLC0415

    return VectorCalendar(calendar).due(days, amount, unit)


def _as_dates(variant: Callable[[], Any]) -> list[date]:
    answer = variant()
    return answer if isinstance(answer, list) else answer.tolist()


def _due_of_each(calendar: WorkingCalendar, anchors: list[date], limit: TimeLimit) -> list[date]:
    return [derive(limit, on, calendar).due_on for on in anchors]


# --- tables and bars


def _scalar_table(title: str, taken: Mapping[int, Mapping[str, float]]) -> Table:
    names = next(iter(taken.values()))
    rows: tuple[tuple[str | float, ...], ...] = tuple(
        (
            name,
            *(taken[n][name] * MICRO for n in AMOUNTS),
            *(f"{taken[n][name] / taken[n][OURS]:.3g} ×" for n in AMOUNTS),
        )
        for name in names
    )
    columns = (*(f"n = {n}" for n in AMOUNTS), *(f"to ours, {n}" for n in AMOUNTS))
    return Table(title, ("", *columns), rows)


def _vector_table(taken: Mapping[str, Mapping[str, float]]) -> Table:
    rows = tuple(
        (operation, name, seconds * NANO, f"{seconds / each[OURS]:.3g} ×")
        for operation, each in taken.items()
        for name, seconds in each.items()
    )
    return Table("arrays, ns per element", ("operation", "", "ns", "to ours"), rows)


def _bar_one(
    calendar: WorkingCalendar, contenders: Mapping[str, Contender], cases: int
) -> Iterator[Bar]:
    if LIBRARY not in contenders:
        return
    library, random = corrected_library(), Random(3)  # noqa: S311 - the same each run
    every = [*each_day(FIRST, LAST)]
    wrong = sum(calendar.is_working_day(on) != library.is_working_day(on) for on in every)
    yield Bar(
        1, "days 2016-2027 unlike the corrected library", "0", f"{wrong} of {len(every)}", not wrong
    )
    theirs = contenders[LIBRARY]
    wrong = sum(
        _differs(calendar, theirs, on, random.randint(1, 30))
        for on in _random_days(random, cases // 2)
    )
    yield Bar(1, "random adds and counts unlike it", "0", f"{wrong} of {cases}", not wrong)


def _differs(calendar: WorkingCalendar, theirs: Contender, on: date, n: int) -> int:
    until = on + timedelta(days=n)
    added = calendar.add(on, n) != theirs.adder(n)(on)
    return added + (calendar.count(on, until) != theirs.count(on, until))


def _bar_two(taken: Mapping[str, float]) -> Iterator[Bar]:
    for name, wanted in ((LIBRARY, 100), (NUMPY, 8)):
        if name in taken:
            yield at_least(2, f"add(30) faster than {name}", taken[name] / taken[OURS], wanted)


def _flatness(ours: Contender, dates: list[date], rounds: int) -> Bar:
    taken = interleaved({str(n): partial(_mapped, ours.adder(n), dates) for n in AMOUNTS}, rounds)
    return at_most(2, "time of add(90) to add(5)", taken["90"] / taken["5"], 1.3)


def _bar_three(vector: Mapping[str, Mapping[str, float]]) -> Iterator[Bar]:
    for operation, wanted in (("add", 30), ("count", 10)):
        taken = vector[operation]
        ratio = taken[NUMPY] / taken[OURS]
        yield at_least(3, f"{operation} over an array faster than {NUMPY}", ratio, wanted)


# --- cases


def _random_days(random: Random, cases: int) -> Iterator[date]:
    for _ in range(cases):
        yield date.fromordinal(random.randint(FIRST.toordinal(), LAST.toordinal()))


def _sized(full: int, scale: float) -> int:
    return max(2, int(full * scale))

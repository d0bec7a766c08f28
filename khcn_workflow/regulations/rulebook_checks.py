"""What a rulebook's tables mean together: names that exist, steps that can be reached.

The checks read the file's raw data and skip what has a wrong shape, which pydantic
tells, so that everything wrong with a file is told at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from khcn_workflow.domain.rules import EVENT, OPENED, STAGE_IDS, Direction, FieldType, Rulebook
from khcn_workflow.regulations.rulebook_problems import Finding
from khcn_workflow.regulations.toml_lines import Location

Raw: TypeAlias = Mapping[str, Any]
Placed: TypeAlias = tuple[Location, Raw]


@dataclass(slots=True)
class _Names:
    """The names that a file and its base know, by what they name."""

    steps: set[str] = field(default_factory=set)
    outcomes: set[str] = field(default_factory=set)
    limits: set[str] = field(default_factory=set)
    duties: set[str] = field(default_factory=set)
    councils: set[str] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    not_loaded: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)


def mistakes(raw: Raw, base: Rulebook | None) -> list[Finding]:
    """What makes a file unusable besides the shape of its keys.

    Args:
        base: The rulebook it extends, None without one.
    """
    inherited = _names_of(base)
    return [
        *_unknown_drops(raw, inherited),
        *_missing_stages(raw, base),
        *_repeated(raw, _without(inherited, raw)),
        *_unknown(raw, inherited),
        *_unknown_outcomes(raw, inherited),
        *_impossible(raw),
    ]


def doubts(raw: Raw, base: Rulebook | None) -> list[Finding]:
    """What looks like a mistake yet can be used: steps and outcomes that lead nowhere."""
    return [*_unreachable(raw, base), *_dead_ends(raw)]


def _names_of(base: Rulebook | None) -> _Names:
    if base is None:
        return _Names()
    side = {limit.id for duty in base.duties for limit in duty.limits}
    return _Names(
        steps={step.id for step in base.steps()},
        outcomes={f"{step.id}.{o.id}" for step in base.steps() for o in step.outcomes},
        limits={limit.id for step in base.steps() for limit in step.limits} | side,
        duties={duty.id for duty in base.duties},
        councils={council.id for council in base.councils},
        causes={cause.id for cause in base.causes},
        events={event.id for event in base.events},
        not_loaded={norm.id for norm in base.not_loaded},
        dates={
            f"{step.id}.{given.id}"
            for step in base.steps()
            for outcome in step.outcomes
            for given in outcome.fields
            if given.type is FieldType.DATE
        },
    )


def _without(names: _Names, raw: Raw) -> _Names:
    dropped = set(_texts(raw, "drops"))
    return _Names(
        steps=names.steps,
        outcomes=names.outcomes,
        limits=names.limits - dropped,
        duties=names.duties - dropped,
        councils=names.councils - dropped,
        causes=names.causes,
        events=names.events,
        not_loaded=names.not_loaded - dropped,
    )


def _unknown_drops(raw: Raw, inherited: _Names) -> Iterator[Finding]:
    rows = inherited.limits | inherited.duties | inherited.councils | inherited.not_loaded
    for number, name in enumerate(_texts(raw, "drops")):
        if name not in rows:
            yield Finding(("drops", number), f"bộ gốc không có dòng «{name}» để bỏ")


def _missing_stages(raw: Raw, base: Rulebook | None) -> Iterator[Finding]:
    given = raw.get("stages", {})
    if base is not None or not isinstance(given, Mapping):
        return
    for stage in STAGE_IDS:
        if stage not in given:
            yield Finding(("stages", stage), "thiếu tên giai đoạn này")


def _repeated(raw: Raw, inherited: _Names) -> Iterator[Finding]:
    """Ids that stand twice where each must be its own."""
    kinds: tuple[tuple[str, Iterator[Placed], set[str]], ...] = (
        ("bước", _tables(raw, "step"), inherited.steps),
        ("thời hạn", _limits(raw), inherited.limits),
        ("điều luật", _tables(raw, "duty"), inherited.duties),
        ("hội đồng", _tables(raw, "council"), inherited.councils),
        ("nguyên nhân", _tables(raw, "cause"), inherited.causes),
        ("sự kiện", _tables(raw, "event"), inherited.events),
        ("văn bản chưa nạp", _tables(raw, "not_loaded"), inherited.not_loaded),
    )
    for what, placed, taken in kinds:
        yield from _twice(what, placed, taken)
    for at, step in _tables(raw, "step"):
        yield from _twice("kết quả", _tables(step, "outcome", at), set())
        for inner, outcome in _tables(step, "outcome", at):
            yield from _twice("trường", _tables(outcome, "field", inner), set())


def _twice(what: str, placed: Iterator[Placed], taken: set[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, table in placed:
        name = table.get("id")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield Finding((*at, "id"), f"mã {what} «{name}» đã dùng ở trên")
        elif name in taken:
            yield Finding((*at, "id"), f"mã {what} «{name}» đã có trong bộ gốc")
        seen.add(name)


def _unknown(raw: Raw, inherited: _Names) -> Iterator[Finding]:
    """Names that are mentioned and stand nowhere."""
    steps = inherited.steps | set(_ids(_tables(raw, "step")))
    for at, name in _mentioned_steps(raw):
        if name not in steps:
            yield Finding(at, f"không có bước «{name}»")
    events = inherited.events | set(_ids(_tables(raw, "event")))
    dates = inherited.dates | set(_own_dates(raw))
    for at, anchor in _anchors(raw):
        if not _is_known(anchor, steps, events, dates):
            yield Finding(at, f"không có mốc tính «{anchor}»")
    duties = (inherited.duties | set(_ids(_tables(raw, "duty")))) - set(_texts(raw, "drops"))
    for at, council in _tables(raw, "council"):
        if (named := council.get("documents")) and named not in duties:
            yield Finding((*at, "documents"), f"không có điều luật [[duty]] «{named}»")


def _unknown_outcomes(raw: Raw, inherited: _Names) -> Iterator[Finding]:
    outcomes = inherited.outcomes | {
        f"{step.get('id')}.{outcome.get('id')}"
        for at, step in _tables(raw, "step")
        for _, outcome in _tables(step, "outcome", at)
    }
    for at, row in _tables(raw, "recorder"):
        if (name := row.get("outcome")) and f"{row.get('step')}.{name}" not in outcomes:
            yield Finding((*at, "outcome"), f"bước này không có kết quả «{name}»")


def _mentioned_steps(raw: Raw) -> Iterator[tuple[Location, str]]:
    for key in ("duty", "limit", "target", "council", "recorder"):
        for at, table in _tables(raw, key):
            if isinstance(name := table.get("step"), str):
                yield (*at, "step"), name
    for at, step in _tables(raw, "step"):
        yield from _listed(step, "requires", at)
        for inner, outcome in _tables(step, "outcome", at):
            yield from _listed(outcome, "opens", inner)
    for at, norm in _tables(raw, "not_loaded"):
        yield from _listed(norm, "steps", at)


def _anchors(raw: Raw) -> Iterator[tuple[Location, str]]:
    for at, limit in _limits(raw):
        for key in ("anchor", "in_force_by"):
            if isinstance(anchor := limit.get(key), str) and anchor:
                yield (*at, key), anchor


def _is_known(anchor: str, steps: set[str], events: set[str], dates: set[str]) -> bool:
    step, _, inner = anchor.partition(".")
    if step == EVENT:
        return inner in events
    return anchor == OPENED or anchor in dates or (anchor in steps and not inner)


def _own_dates(raw: Raw) -> Iterator[str]:
    for at, step in _tables(raw, "step"):
        for inner, outcome in _tables(step, "outcome", at):
            for _, given in _tables(outcome, "field", inner):
                if given.get("type") == FieldType.DATE:
                    yield f"{step.get('id')}.{given.get('id')}"


def _impossible(raw: Raw) -> Iterator[Finding]:
    """Values that contradict one another."""
    for at, limit in _limits(raw):
        if limit.get("direction") == Direction.BEFORE and limit.get("anchor", OPENED) == OPENED:
            yield Finding((*at, "direction"), "không thể đến hạn trước ngày mở bước; cần anchor")
    yield from _backwards((), raw, "effective_from", "effective_to")
    for at, table in _scoped(raw):
        yield from _backwards(at, table, "in_force_from", "in_force_until")
    for at, council in _tables(raw, "council"):
        yield from _backwards(at, council, "size_min", "size_max")
        yield from _unequal_scales(at, council)


def _backwards(at: Location, table: Raw, first: str, last: str) -> Iterator[Finding]:
    if _is_later(table.get(first), table.get(last)):
        yield Finding((*at, last), f"nhỏ hơn {first}")


def _is_later(low: Any, high: Any) -> bool:
    both_days = isinstance(low, date) and isinstance(high, date)
    both_numbers = isinstance(low, int) and isinstance(high, int)
    return bool(low > high) if both_days or both_numbers else False


def _unequal_scales(at: Location, council: Raw) -> Iterator[Finding]:
    passes = council.get("passes")
    scales = passes.get("scales") if isinstance(passes, Mapping) else None
    if not isinstance(passes, Mapping) or not isinstance(scales, Mapping):
        return
    for name, marks in scales.items():
        total = sum(mark for mark in marks if isinstance(mark, int))
        if total != passes.get("out_of", 100):
            yield Finding((*at, "passes", "scales", name), f"tổng các điểm là {total}")


def _unreachable(raw: Raw, base: Rulebook | None) -> Iterator[Finding]:
    places = {str(t.get("id")): at for at, t in _tables(raw, "step")}
    leads, entries = _graph(raw, base)
    reached: set[str] = set()
    waiting = list(entries)
    while waiting:
        step = waiting.pop()
        if step not in reached:
            reached.add(step)
            waiting += leads.get(step, ())
    for step, at in places.items():
        if step not in reached:
            yield Finding(at, f"không kết quả nào mở được bước «{step}», bước này cũng không entry")


def _graph(raw: Raw, base: Rulebook | None) -> tuple[dict[str, list[str]], list[str]]:
    """Which steps each step may open, and where a task may begin."""
    leads: dict[str, list[str]] = {}
    entries: list[str] = []
    for step in base.steps() if base else ():
        leads[step.id] = [opened for outcome in step.outcomes for opened in outcome.opens]
        entries += [step.id] if step.entry or not entries else []
    for at, table in _tables(raw, "step"):
        name = str(table.get("id"))
        opened = (o for _, out in _tables(table, "outcome", at) for o in _texts(out, "opens"))
        leads.setdefault(name, []).extend(opened)
        entries += [name] if table.get("entry") or not entries else []
    return leads, entries


def _dead_ends(raw: Raw) -> Iterator[Finding]:
    for at, step in _tables(raw, "step"):
        for inner, outcome in _tables(step, "outcome", at):
            if text := _dead_end(outcome):
                yield Finding(inner, f"kết quả «{outcome.get('id')}» {text}")


def _dead_end(outcome: Raw) -> str:
    opens, ends = bool(outcome.get("opens")), bool(outcome.get("ends"))
    if outcome.get("interim"):
        return "giữa chừng nên không mở, không kết thúc gì được" if opens or ends else ""
    if opens and ends:
        return "kết thúc nhiệm vụ nên không mở bước nào được"
    return "" if opens or ends else "không mở bước nào, cũng không kết thúc nhiệm vụ"


def _limits(raw: Raw) -> Iterator[Placed]:
    """Every limit of a file: of steps, of the overlay, of duties."""
    for key in ("step", "duty"):
        for at, table in _tables(raw, key):
            yield from _tables(table, "limit", at)
    for key in ("limit", "target"):
        yield from _tables(raw, key)


def _scoped(raw: Raw) -> Iterator[Placed]:
    """Every table that is the law during some time only."""
    yield from _limits(raw)
    for key in ("duty", "council", "not_loaded"):
        yield from _tables(raw, key)


def _tables(raw: Raw, key: str, at: Location = ()) -> Iterator[Placed]:
    rows = raw.get(key)
    if isinstance(rows, list):
        for number, table in enumerate(rows):
            if isinstance(table, Mapping):
                yield (*at, key, number), table


def _ids(placed: Iterator[Placed]) -> Iterator[str]:
    return (str(table.get("id")) for _, table in placed)


def _listed(table: Raw, key: str, at: Location) -> Iterator[tuple[Location, str]]:
    for number, name in enumerate(_texts(table, key)):
        yield (*at, key, number), name


def _texts(table: Raw, key: str) -> list[str]:
    values = table.get(key)
    return [v for v in values if isinstance(v, str)] if isinstance(values, list) else []

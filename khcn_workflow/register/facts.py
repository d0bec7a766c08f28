"""From a row of the register to the fact it asserts, and whether a task knows it already."""

from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import TERMINATED, Progress
from khcn_workflow.register.rows import ClockRow, DelayRow, Event, ResultRow


def fact_of(row: Event, actor: str) -> Fact:
    """The fact that a row asserts, recorded by whom it names or else by `actor`."""
    match row:
        case ClockRow():
            return _clock(row, row.actor or actor)
        case DelayRow():
            return _step(row, EntryKind.DELAY, row.actor or actor)
        case ResultRow():
            return _step(row, EntryKind.OUTCOME, row.actor or actor)


def is_known(progress: Progress, row: Event) -> bool:
    """Whether the ledger says already what the row says."""
    if isinstance(row, ClockRow):
        return _knows_clock(progress, row)
    rounds = [r for r in progress.rounds if r.step == row.step and row.round in (None, r.round)]
    if isinstance(row, DelayRow):
        return any((d.on, d.cause) == (row.on, row.cause) for r in rounds for d in r.delays)
    if any((r.outcome, r.closed_on) == (row.outcome, row.on) for r in rounds):
        return True
    return any((m.outcome, m.on) == (row.outcome, row.on) for r in rounds for m in r.remarks)


def says(fact: Fact, row: Event) -> bool:
    """Whether a fact of the ledger is what the row says."""
    if isinstance(row, ClockRow):
        return (fact.kind, fact.valid_on) == (row.kind, row.on)
    if fact.step != row.step or row.round not in (None, fact.round):
        return False
    if isinstance(row, DelayRow):
        return (fact.kind, fact.valid_on, fact.cause) == (EntryKind.DELAY, row.on, row.cause)
    return (fact.outcome, fact.valid_on) == (row.outcome, row.on)


def _step(row: ResultRow | DelayRow, kind: EntryKind, actor: str) -> Fact:
    return Fact(
        kind=kind,
        subject=row.task,
        valid_on=row.on,
        actor=actor,
        step=row.step,
        round=row.round or 0,
        outcome=row.outcome if isinstance(row, ResultRow) else "",
        document=row.document,
        cause=row.cause,
        commitment=row.commitment,
        note=row.note,
        data=dict(row.fields) if isinstance(row, ResultRow) else {},
    )


def _clock(row: ClockRow, actor: str) -> Fact:
    dates = {"ends_on": row.ends_on, "asked_on": row.asked_on}
    return Fact(
        kind=row.kind,
        subject=row.task,
        valid_on=row.on,
        actor=actor,
        document=row.document,
        note=row.reason,
        data={name: day.isoformat() for name, day in dates.items() if day},
    )


def _knows_clock(progress: Progress, row: ClockRow) -> bool:
    match row.kind:
        case EntryKind.SUSPENDED:
            return any(s.since == row.on for s in progress.suspensions)
        case EntryKind.RESUMED:
            return any(s.until == row.on for s in progress.suspensions)
        case EntryKind.EXTENDED:
            return any((e.on, e.ends_on) == (row.on, row.ends_on) for e in progress.extensions)
        case _:
            return (progress.ending, progress.ended_on) == (TERMINATED, row.on)

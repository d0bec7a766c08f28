"""Chốt số liệu: keep a report as it is now, write it again, and say what came after it."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from khcn_workflow.context import Context
from khcn_workflow.domain.corrections import what
from khcn_workflow.domain.ledger import EntryKind, Fact, Json, LedgerEntry
from khcn_workflow.domain.snapshot import Snapshot
from khcn_workflow.reporting import build, gather
from khcn_workflow.reports.json_writer import to_data
from khcn_workflow.reports.pdf import to_pdf
from khcn_workflow.reports.report_input import ReportInput
from khcn_workflow.reports.sections import build_report
from khcn_workflow.reports.writer import FORMS, PDF, ReportFormatError, in_form, write_bytes
from khcn_workflow.signing import FREEZERS, signed_by_office
from khcn_workflow.storage.ledger_reading import TASK_KINDS

Figures = Mapping[str, Json]
"""Figures by id, as the report's JSON file has them."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One line of the list of snapshots."""

    id: str
    period: str
    as_of: date
    known_at: datetime
    rulebooks: Mapping[str, str]
    calendar: str


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that says something else than it did.

    Attributes:
        before: As the report printed it; empty where it had no such figure.
        came: Codes that are counted now and were not.
        went: Codes that were counted and are not now.
    """

    id: str
    title: str
    before: str
    after: str
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LateFact:
    """A fact that belongs before the cut-off but was recorded after the freeze.

    Attributes:
        on: The date on the paper, None for work that goes on.
        what: The step and its result, or what sort of fact it is.
    """

    seq: int
    recorded_at: datetime
    on: date | None
    subject: str
    what: str
    document: str
    actor: str


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed since a snapshot.

    Attributes:
        after: Id of the later snapshot, empty when compared with now.
    """

    before: str
    after: str
    figures: tuple[FigureChange, ...]
    late: tuple[LateFact, ...]


def freeze(context: Context, period_id: str, as_of: date | None = None, by: str = "") -> Frozen:
    """Keep the report of a period as it is now: a snapshot, and a ledger row with its hash.

    Raises:
        KhcnError: As `reporting.build`.
    """
    made_of = gather(context, period_id, as_of, context.now)
    snapshot = _snapshot(context, made_of)
    fact = Fact(
        kind=EntryKind.FROZEN,
        subject=snapshot.id,
        valid_on=snapshot.as_of,
        actor=by,
        data={"sha256": context.work.snapshots.add(snapshot)},
    )
    fact = signed_by_office(context, fact, "chốt báo cáo", FREEZERS)
    context.work.append(fact, context.now)
    return _line(snapshot)


def list_frozen(context: Context) -> list[Frozen]:
    """Every snapshot, oldest first."""
    return [_line(snapshot) for snapshot in context.work.snapshots.all()]


def write_frozen(context: Context, snapshot_id: str, paths: Sequence[Path]) -> Frozen:
    """Write a kept report to each path, byte for byte as it was frozen; a PDF of its .docx.

    Raises:
        NotFoundError: Nothing was frozen under that id.
        SnapshotDiffersError: The snapshot was changed since.
        KhcnError: A suffix names no form, or a file cannot be written.
    """
    snapshot = context.work.snapshots.get(snapshot_id)
    for path in paths:
        suffix = path.suffix.lower()
        content = snapshot.content(".docx" if suffix == PDF else suffix)
        if content is None:
            raise ReportFormatError(path)
        write_bytes(path, to_pdf(content) if suffix == PDF else content)
    return _line(snapshot)


def compare_frozen(context: Context, before_id: str, after_id: str = "") -> Drift:
    """What changed between a snapshot and a later one, or now.

    Raises:
        NotFoundError: Nothing was frozen under an id.
    """
    before = context.work.snapshots.get(before_id)
    after = context.work.snapshots.get(after_id) if after_id else None
    figures = after.figures if after else _figures_now(context, before)
    late = (
        _late_fact(context, entry)
        for entry in context.work.queries.entries_between(
            _frozen_at(context, before.id), _frozen_at(context, after.id) if after else None
        )
        if _belongs(context, entry.fact, before.as_of)
    )
    return Drift(before_id, after_id, tuple(_changes(before.figures, figures)), tuple(late))


def _snapshot(context: Context, made_of: ReportInput) -> Snapshot:
    report = build_report(made_of)
    number, own = context.work.snapshots.count() + 1, context.settings.own_templates
    return Snapshot(
        id=f"CHOT-{number:03d}-{made_of.period.id}",
        period=made_of.period.id,
        as_of=made_of.as_of,
        known_at=context.now,
        figures=to_data(report)["figures"],
        rulebooks={d.rulebook.id: d.rulebook.version for d in made_of.dossiers},
        calendar=context.calendar.version,
        files={suffix: b64encode(in_form(report, suffix, own)).decode() for suffix in FORMS},
    )


def _line(snapshot: Snapshot) -> Frozen:
    return Frozen(
        snapshot.id,
        snapshot.period,
        snapshot.as_of,
        snapshot.known_at,
        snapshot.rulebooks,
        snapshot.calendar,
    )


def _figures_now(context: Context, before: Snapshot) -> Figures:
    figures: Figures = to_data(build(context, before.period, before.as_of))["figures"]
    return figures


def _frozen_at(context: Context, snapshot_id: str) -> int:
    """The ledger row that tells of a snapshot."""
    rows = (e for e in context.work.entries(snapshot_id) if e.fact.kind is EntryKind.FROZEN)
    return next(rows).seq


def _belongs(context: Context, fact: Fact, as_of: date) -> bool:
    """Whether a report as of that day would have counted the fact, or what it corrects."""
    if fact.kind is EntryKind.CORRECTED and fact.corrects and fact.valid_on > as_of:
        return _belongs(context, context.work.queries.entry(fact.corrects).fact, as_of)
    if fact.kind in TASK_KINDS:
        return fact.valid_on <= as_of
    on = _told_day(fact)
    return fact.kind is EntryKind.ACTIVITY and (on is None or on <= as_of)


def _told_day(fact: Fact) -> date | None:
    """The day of the deed: an activity is registered later, on another day."""
    if fact.kind is not EntryKind.ACTIVITY:
        return fact.valid_on
    on = fact.data.get("on")
    return date.fromisoformat(on) if on else None


def _late_fact(context: Context, entry: LedgerEntry) -> LateFact:
    fact = entry.fact
    return LateFact(
        seq=entry.seq,
        recorded_at=entry.recorded_at,
        on=_told_day(fact),
        subject=fact.subject,
        what=what(fact, context.rulebooks),
        document=fact.document.number,
        actor=fact.actor,
    )


def _changes(before: Figures, after: Figures) -> Iterator[FigureChange]:
    for key in {**before, **after}:
        was, now = before.get(key, _NOTHING), after.get(key, _NOTHING)
        if was != now:
            yield FigureChange(
                id=key,
                title=now["title"] or was["title"],
                before=was["text"],
                after=now["text"],
                came=tuple(code for code in now["rows"] if code not in was["rows"]),
                went=tuple(code for code in was["rows"] if code not in now["rows"]),
            )


_NOTHING: Json = {"title": "", "text": "", "rows": []}

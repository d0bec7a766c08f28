"""Sửa dòng đã ghi: the facts that stand once corrections are in their places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.clock_events import check_clock_event
from khcn_workflow.domain.errors import KhcnError, LaterRowFallsError
from khcn_workflow.domain.ledger import EntryKind, Fact, Json, LedgerEntry
from khcn_workflow.domain.progress import CLOCK_EVENTS, Progress, advance, check_outcome
from khcn_workflow.domain.rules import Rulebook, Step

RESULTS = (EntryKind.OUTCOME, EntryKind.DELAY)
CORRECTABLE = (*RESULTS, *CLOCK_EVENTS)
"""What another row may stand in the place of."""

ANNULS, FIELDS, KIND, NOTE = "annuls", "fields", "kind", "note"
"""Keys of a correction's data; its own note says why the row is corrected."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact at its place in the ledger, with every row that told it.

    Attributes:
        rows: The row it was first told by, then its corrections, oldest first.
    """

    rows: tuple[LedgerEntry, ...]

    @property
    def seq(self) -> int:
        """Its place in the order of facts, which no correction moves."""
        return self.rows[0].seq

    @property
    def newest(self) -> LedgerEntry:
        """The row that holds now."""
        return self.rows[-1]

    @property
    def is_annulled(self) -> bool:
        """Whether it is taken as never recorded."""
        return bool(self.newest.fact.data.get(ANNULS)) and len(self.rows) > 1

    @property
    def fact(self) -> Fact:
        """What holds now; of an annulled fact what would hold."""
        return self.as_of_row(len(self.rows) - 1)

    def as_of_row(self, number: int) -> Fact:
        """What held by the first row (0) or a correction (1, 2, …)."""
        first, row = self.rows[0].fact, self.rows[number].fact
        if number == 0:
            return first
        return replace(
            first,
            valid_on=row.valid_on,
            actor=row.actor,
            role=row.role,
            on_behalf_of=row.on_behalf_of,
            outcome=row.outcome,
            document=row.document,
            cause=row.cause,
            commitment=row.commitment,
            note=row.data[NOTE],
            data=row.data[FIELDS],
        )


Replaced = tuple[LedgerEntry, Fact]
"""The row that took a fact's place, and the fact as it was told before."""


def told(entries: Iterable[LedgerEntry], known_at: datetime | None = None) -> list[Told]:
    """The facts of one subject in the order they were first recorded.

    Args:
        entries: All its rows, oldest first, also those that were not known yet.
        known_at: Only rows that stood in the ledger at this instant.
    """
    place: dict[int, int] = {}
    rows: dict[int, list[LedgerEntry]] = {}
    for entry in entries:
        first = entry.seq
        if entry.fact.kind is EntryKind.CORRECTED:
            first = place.get(entry.fact.corrects or 0, 0)
        place[entry.seq] = first
        if known_at is None or entry.recorded_at <= known_at:
            rows.setdefault(first, []).append(entry)
    return [Told(tuple(rows[seq])) for seq in sorted(rows) if rows[seq][0].seq == seq]


def effective(
    entries: Iterable[LedgerEntry], until: date | None = None, known_at: datetime | None = None
) -> list[Fact]:
    """The facts of one subject that hold, each at the place where it was first recorded.

    Args:
        until: Only facts whose date, as corrected, lies up to this day.
        known_at: By rows that stood in the ledger at this instant.
    """
    return [
        one.fact
        for one in told(entries, known_at)
        if not one.is_annulled and (until is None or one.fact.valid_on <= until)
    ]


def replaced(history: Iterable[Told]) -> list[Replaced]:
    """What was told once and holds no longer."""
    return [
        (one.rows[number + 1], one.as_of_row(number))
        for one in history
        for number in range(len(one.rows) - 1)
    ]


def correction(
    of: Told, fact: Fact, reason: str, *, annuls: bool, actor: str, request_key: str = ""
) -> Fact:
    """The ledger fact that makes `of` say what `fact` says, or takes it back.

    Args:
        fact: The whole fact as it is to hold.
        reason: Why; becomes the note of the correcting row.
    """
    data: dict[str, Json] = {KIND: fact.kind, NOTE: fact.note, FIELDS: dict(fact.data)}
    if annuls:
        data[ANNULS] = True
    return replace(
        fact,
        kind=EntryKind.CORRECTED,
        actor=actor,
        role="",
        on_behalf_of="",
        note=reason,
        data=data,
        request_key=request_key,
        corrects=of.newest.seq,
    )


def check_history(
    history: Sequence[Told], changed: int, rulebooks: Mapping[str, Rulebook], today: date
) -> Progress:
    """The task that a corrected history makes, each row checked as when it was recorded.

    Args:
        history: The facts with the correction already among them.
        changed: Place of the fact that is corrected.

    Raises:
        LaterRowFallsError: Names the first other row that could not have been recorded.
        KhcnError: The corrected fact itself is refused.
    """
    progress: Progress | None = None
    for one in history:
        if one.is_annulled:
            continue
        try:
            _check(progress, one.fact, rulebooks, today)
        except KhcnError as refusal:
            if one.seq == changed:
                raise
            raise LaterRowFallsError(
                one.newest.seq, what(one.fact, rulebooks), one.fact.valid_on, str(refusal)
            ) from refusal
        progress = advance(progress, one.fact, rulebooks)
    assert progress is not None  # noqa: S101 - a registration is never corrected
    return progress


def settled_by(
    history: Iterable[Told], step: str, number: int, rulebooks: Mapping[str, Rulebook]
) -> LedgerEntry | None:
    """The row after which a step was owed no longer, or else the one that ended the task.

    Args:
        number: The round that is meant; 0 for the last one.
    """
    progress: Progress | None = None
    settled: LedgerEntry | None = None
    ended: LedgerEntry | None = None
    for one in history:
        if one.is_annulled:
            continue
        owed = progress.open_round(step) if progress else None
        progress = advance(progress, one.fact, rulebooks)
        now = progress.open_round(step) if progress else None
        if owed and number in (0, owed.round) and (now is None or now.round != owed.round):
            settled = one.newest
        if progress and progress.ended_on and not ended:
            ended = one.newest
    return settled or ended


def suspended_by(history: Iterable[Told]) -> LedgerEntry | None:
    """The row that suspended a task last."""
    rows = [
        one.newest
        for one in history
        if one.fact.kind is EntryKind.SUSPENDED and not one.is_annulled
    ]
    return rows[-1] if rows else None


def what(fact: Fact, rulebooks: Mapping[str, Rulebook]) -> str:
    """A fact in a few Vietnamese words: the step and its result, or what sort it is."""
    step = _step(fact, rulebooks)
    said = result(fact, rulebooks)
    return f"{step.title}: {said}" if step else said


def result(fact: Fact, rulebooks: Mapping[str, Rulebook]) -> str:
    """What a fact says of its step, or what sort it is."""
    if fact.kind is EntryKind.CORRECTED:
        deed = "Hủy" if fact.data.get(ANNULS) else "Sửa"
        corrected = replace(fact, kind=EntryKind(fact.data[KIND]))
        return f"{deed} dòng {fact.corrects}: {result(corrected, rulebooks)}"
    if fact.kind is EntryKind.SNOOZED and fact.commitment:
        return f"{fact.kind.label} đến {vietnamese.day(fact.commitment)}"
    step = _step(fact, rulebooks)
    return step.outcome(fact.outcome).title if step and fact.outcome else fact.kind.label


def _check(
    progress: Progress | None, fact: Fact, rulebooks: Mapping[str, Rulebook], today: date
) -> None:
    if progress is None or fact.kind not in CORRECTABLE:
        return
    check = check_outcome if fact.kind in RESULTS else check_clock_event
    check(progress, rulebooks[progress.task.rulebook], fact, today)


def _step(fact: Fact, rulebooks: Mapping[str, Rulebook]) -> Step | None:
    known = fact.step and fact.rulebook in rulebooks
    return rulebooks[fact.rulebook].step(fact.step) if known else None

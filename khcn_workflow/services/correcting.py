"""Sửa dòng đã ghi: a new row that stands in the place of an earlier one, or takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from khcn_workflow.context import Context, Moved
from khcn_workflow.domain.corrections import (
    CORRECTABLE,
    Told,
    check_history,
    correction,
    told,
    what,
)
from khcn_workflow.domain.errors import (
    AlreadyCorrectedError,
    MissingFieldError,
    NotCorrectableError,
    NotFoundError,
)
from khcn_workflow.domain.ledger import Document, EntryKind, Fact, LedgerEntry
from khcn_workflow.domain.progress import Progress
from khcn_workflow.domain.rules import Field, FieldType, Rulebook
from khcn_workflow.register.field_values import read_fields
from khcn_workflow.signing import signed

EXTENSION_FIELDS = (
    Field("ends_on", "Ngày kết thúc hợp đồng mới", FieldType.DATE, required=True),
    Field("asked_on", "Ngày tổ chức đề nghị", FieldType.DATE, required=True),
)
"""What an extension says besides its own date."""

ELSEWHERE = {
    EntryKind.ASSIGNED: "giao lại bằng: khcn assign",
    EntryKind.SNOOZED: "hoãn lại đến ngày khác bằng: khcn ack",
    EntryKind.PERSON: "nhập lại sổ cán bộ bằng: khcn import",
    EntryKind.REGISTERED: "nhập lại sổ nhiệm vụ bằng: khcn import",
    EntryKind.AMENDED: "nhập lại sổ nhiệm vụ bằng: khcn import",
    EntryKind.ACTIVITY: "nhập lại sổ hoạt động bằng: khcn import",
}
"""How to set right what no row can stand in the place of."""


@dataclass(frozen=True, slots=True)
class Correction:
    """How a row should have been; None where it was right.

    Attributes:
        seq: Number of the row.
        reason: Why it is corrected.
        annuls: It should not have been recorded at all.
        fields: The step's own facts that were wrong, as typed.
        day_off_confirmed: The paper really bears a date that is a day off.
        request_key: Names this request; the same one is recorded once.
        seen: Version of the task that was looked at, None to record without looking.
    """

    seq: int
    reason: str
    actor: str
    annuls: bool = False
    outcome: str | None = None
    on: date | None = None
    document: Document | None = None
    cause: str | None = None
    commitment: date | None = None
    note: str | None = None
    fields: Mapping[str, str] | None = None
    day_off_confirmed: bool = False
    request_key: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction led to.

    Attributes:
        seq: Number of the correcting row.
        what: The correction in a few words.
        opened: Titles of the steps that are owed now and were not.
        gone: Titles of the steps that were owed and are not now.
        moved: Due dates of steps that were owed and still are.
    """

    seq: int
    corrects: int
    task_code: str
    what: str
    opened: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()


def correct(context: Context, wanted: Correction) -> Corrected:
    """Put a row in the place of another and derive anew what follows from the whole history.

    In order: guard (the row can be corrected and was not yet; every later row still
    stands), ledger row, rounds and deadlines with the correction as reason.

    Raises:
        AlreadyCorrectedError: Names the row that took its place.
        LaterRowFallsError: Names the first later row that could not stand.
        KhcnError: Refused otherwise; the sentence says why and what to do.
    """
    code = task_of(context, wanted.seq)
    before = context.progress(code)
    if wanted.request_key and (entry := context.work.find_request(wanted.request_key)):
        return _corrected(context, entry)
    context.refuse_if_changed(code, wanted.seen)
    history = told(context.work.entries(code))
    row = _standing(context, history, wanted.seq)
    fact = _fact(context, row, wanted, before)
    after = check_history(
        _with(history, row, fact, context), row.seq, context.rulebooks, context.today
    )
    context.work.append(fact, context.now)
    context.save(after, f"sửa dòng số {row.newest.seq}: {wanted.reason}", reopening=True)
    context.work.projections.correct_rounds(after)
    (entry,) = context.work.write_facts()
    opened, gone = _newly_owed(context, before, after), _newly_owed(context, after, before)
    still = {(r.step, r.round) for r in after.open_rounds()}
    moved = [m for m in context.moves(before, after) if (m.step, m.round) in still]
    return replace(_corrected(context, entry), opened=opened, gone=gone, moved=tuple(moved))


def task_of(context: Context, seq: int) -> str:
    """The task a row is about, if it may be corrected at all.

    Raises:
        NotFoundError: The ledger has no row of that number.
        NotCorrectableError: It is about something else; the sentence says what to do.
    """
    fact = context.work.queries.entry(seq).fact
    if fact.kind not in (*CORRECTABLE, EntryKind.CORRECTED):
        way = ELSEWHERE.get(fact.kind, "dòng này chỉ kể lại việc máy đã làm")
        raise NotCorrectableError(seq, f"«{fact.kind.label}» không sửa bằng lệnh này; {way}")
    return fact.subject


def _standing(context: Context, history: list[Told], seq: int) -> Told:
    """The fact whose newest row has that number."""
    for row in history:
        if row.newest.seq == seq:
            return row
        if any(entry.seq == seq for entry in row.rows):
            newest = row.newest
            raise AlreadyCorrectedError(seq, newest.seq, context.tell(newest))
    raise NotFoundError("dòng sổ cái số", str(seq))


def _fact(context: Context, row: Told, wanted: Correction, progress: Progress) -> Fact:
    """The ledger fact of the correction, signed by whoever may record what it puts there.

    Raises:
        AuthorityError: She may not.
        KhcnError: It has no reason, changes nothing, or cannot be read.
    """
    if not wanted.reason.strip():
        raise MissingFieldError(EntryKind.CORRECTED.label, "Lý do sửa")
    was = row.fact
    rulebook = context.rulebook(progress)
    fact = was if wanted.annuls else _as_wanted(was, wanted, rulebook)
    if wanted.annuls and row.is_annulled:
        raise NotCorrectableError(wanted.seq, "dòng này đã hủy")
    if fact == was and not wanted.annuls and not row.is_annulled:
        raise NotCorrectableError(wanted.seq, "chưa có gì khác; hãy ghi điều cần sửa hoặc --annul")
    if fact.valid_on != was.valid_on and not wanted.day_off_confirmed:
        context.refuse_day_off(fact.valid_on)
    by = signed(context, replace(fact, actor=wanted.actor), progress)
    made = correction(
        row,
        fact,
        wanted.reason.strip(),
        annuls=wanted.annuls,
        actor=by.actor,
        request_key=wanted.request_key,
    )
    return replace(made, role=by.role, on_behalf_of=by.on_behalf_of)


def _as_wanted(was: Fact, wanted: Correction, rulebook: Rulebook) -> Fact:
    given = {
        "outcome": wanted.outcome,
        "valid_on": wanted.on,
        "document": wanted.document,
        "cause": wanted.cause,
        "commitment": wanted.commitment,
        "note": wanted.note,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    fact = replace(was, **changes)  # type: ignore[arg-type]  # each has its field's type
    if wanted.outcome is not None and was.kind is not EntryKind.OUTCOME:
        raise NotCorrectableError(wanted.seq, f"«{was.kind.label}» không có kết quả để đổi")
    fields = _fields_of(fact, rulebook)
    known = {field.id for field in fields}
    unknown = [name for name in wanted.fields or {} if name not in known]
    if unknown:
        allowed = ", ".join(sorted(known)) or "không có"
        raise NotCorrectableError(
            wanted.seq, f"không có dữ kiện «{unknown[0]}» (được ghi: {allowed})"
        )
    same = fact.outcome == was.outcome
    kept = {name: value for name, value in was.data.items() if same or name in known}
    return replace(fact, data={**kept, **read_fields(fields, wanted.fields or {})})


def _fields_of(fact: Fact, rulebook: Rulebook) -> tuple[Field, ...]:
    if fact.kind is EntryKind.EXTENDED:
        return EXTENSION_FIELDS
    if fact.kind is EntryKind.OUTCOME:
        return rulebook.step(fact.step).outcome(fact.outcome).fields
    return ()


def _with(history: list[Told], row: Told, fact: Fact, context: Context) -> list[Told]:
    """The history as it would be with the correction."""
    unwritten = LedgerEntry(row.newest.seq, context.now, fact, "", "")
    return [Told((*one.rows, unwritten)) if one is row else one for one in history]


def _newly_owed(context: Context, before: Progress, after: Progress) -> tuple[str, ...]:
    """Titles of the rounds that are open in `after` and not in `before`."""
    known = {(r.step, r.round) for r in before.open_rounds()}
    rulebook = context.rulebook(after)
    return tuple(
        rulebook.step(r.step).title for r in after.open_rounds() if (r.step, r.round) not in known
    )


def _corrected(context: Context, entry: LedgerEntry) -> Corrected:
    fact = entry.fact
    return Corrected(entry.seq, fact.corrects or 0, fact.subject, what(fact, context.rulebooks))

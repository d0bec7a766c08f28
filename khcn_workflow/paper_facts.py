"""Điều một văn bản được nói: facts of a task by the names that templates of papers use."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.council import CouncilRule, Seat
from khcn_workflow.domain.deadlines import derive
from khcn_workflow.domain.errors import FieldValueError
from khcn_workflow.domain.progress import CONTRACT_END, Progress, StepRound
from khcn_workflow.domain.rules import BODIES, Direction, Duty, Rulebook, Step, body_named_by
from khcn_workflow.regulations.rulebook_words import quorum_words, size_words
from khcn_workflow.reports.composing import listed

MEETING_DAY = "ngay"
"""Name under which a template asks for the day of a meeting or a check."""

_UNDER_CONTRACT = ("periodic_check", "acceptance")


@dataclass(frozen=True, slots=True)
class StepFact:
    """An open step as a template names it; `due_on` is None without a limit."""

    id: str
    title: str
    noun: str
    document: str
    due_on: date | None
    days_late: int
    force: str
    article: str
    cause: str


@dataclass(frozen=True, slots=True)
class DoneFact:
    """Something that happened to the task."""

    on: date
    title: str
    result: str
    document: str


@dataclass(frozen=True, slots=True)
class DivisionFact:
    """The division that drafts ("Phòng Quản lý khoa học", "QLKH")."""

    name: str
    initials: str

    @property
    def inside(self) -> str:
        """The name as it stands inside a sentence."""
        return _lower_first(self.name) if self.name.startswith("Phòng ") else self.name


@dataclass(frozen=True, slots=True)
class CouncilFact:
    """The council, group or team of a step; what nobody has read of it is empty.

    Attributes:
        body: What it is called after the first mention ("Hội đồng", "Tổ").
        purpose: What it is for ("tư vấn tuyển chọn, giao trực tiếp").
        seats: One line for each member that the rule wants at least.
    """

    title: str
    body: str
    purpose: str
    article: str
    articles: tuple[str, ...]
    size: str
    quorum: str
    seats: tuple[str, ...]


def paper_facts(
    context: Context, progress: Progress, owed: Sequence[StepRound], given: Mapping[str, str]
) -> dict[str, Any]:
    """Everything a template may name.

    Args:
        owed: The open rounds the paper is about, the first the main one; none for a paper
            about the task as a whole.
        given: What the person who drafts knows.

    Raises:
        FieldValueError: The day of the meeting is no day.
    """
    task, rulebook = progress.task, context.rulebook(progress)
    officer = context.work.queries.person(task.officer)
    open_steps = [_step(context, progress, r) for r in progress.open_rounds()]
    about = [_step(context, progress, r) for r in owed]
    rule, decided = (
        rulebook.council_around(owed[0].step, task.level, context.today) if owed else (None, None)
    )
    sending = _sending(rulebook, rule)
    return {
        "agency": context.agency,
        "task": task,
        "today": context.today,
        "officer": officer.name,
        "division": DivisionFact(officer.division, initials(officer.division)),
        "rulebook": rulebook.title,
        "stage": _stage(progress, rulebook),
        "ending": progress.ending,
        "step": about[0] if about else None,
        "owed": about,
        "owed_papers": listed(_lower_first(step.document) for step in about),
        "open": open_steps,
        "done": sorted(_done(progress, rulebook), key=lambda done: done.on),
        "contract": _contract(progress),
        "under_contract": any(r.stage in _UNDER_CONTRACT for r in progress.rounds),
        "starts_on": task.starts_on,
        "ends_on": progress.anchor(CONTRACT_END, progress.rounds[-1]) or task.ends_on,
        "last_check": _closed_on(progress, "periodic_check"),
        "report_owed": next((s.due_on for s in open_steps if s.id == "progress_report"), None),
        "council": _council(rule, decided) if decided else None,
        "papers_rule": f"{sending.text} ({sending.article})" if sending else "",
        "papers_due": _papers_due(context, sending, given),
        "given": dict(given),
    }


def initials(division: str) -> str:
    """The abbreviation of a division ("Phòng Quản lý khoa học" → "QLKH").

    A word that is an abbreviation itself ("KH&CN") stays whole.
    """
    words = division.removeprefix("Phòng ").split()
    return "".join(word if word.isupper() else word[:1].upper() for word in words)


def _step(context: Context, progress: Progress, owed: StepRound) -> StepFact:
    rulebook = context.rulebook(progress)
    step, deadline = rulebook.step(owed.step), context.deadline(progress, owed)
    return StepFact(
        id=step.id,
        title=step.title,
        noun=step.noun or _lower_first(step.title),
        document=step.document,
        due_on=deadline.due_on if deadline else None,
        days_late=deadline.days_late(context.today, context.calendar) if deadline else 0,
        force=deadline.limit.force.label
        if deadline
        else rulebook.limit_status(step.id, progress.task.level, owed.opened_on).label,
        article=deadline.limit.article if deadline else "",
        cause=listed(rulebook.cause_phrase(delay.cause) for delay in owed.delays),
    )


def _stage(progress: Progress, rulebook: Rulebook) -> str:
    open_rounds = progress.open_rounds()
    return rulebook.stage(open_rounds[0].stage).title.lower() if open_rounds else ""


def _done(progress: Progress, rulebook: Rulebook) -> Iterator[DoneFact]:
    yield DoneFact(progress.registered_on, "Vào sổ", "", "")
    for done in progress.rounds:
        if done.closed_on is not None and done.outcome:
            step = rulebook.step(done.step)
            result = step.outcome(done.outcome).title
            yield DoneFact(done.closed_on, step.title, result, done.document)
    for pause in progress.suspensions:
        yield DoneFact(pause.since, "Tạm dừng", pause.reason, pause.document)
        if pause.until:
            yield DoneFact(pause.until, "Tiếp tục", "", "")
    for longer in progress.extensions:
        result = f"đến {vietnamese.day(longer.ends_on)}"
        yield DoneFact(longer.on, "Gia hạn hợp đồng", result, longer.document)


def _contract(progress: Progress) -> DoneFact | None:
    signed = progress.closed("contract_signing")
    if signed is None or signed.closed_on is None or "ends_on" not in signed.fields:
        return None
    return DoneFact(signed.closed_on, "", "", signed.document)


def _closed_on(progress: Progress, step: str) -> date | None:
    closed = progress.closed(step)
    return closed.closed_on if closed else None


def _council(rule: CouncilRule | None, step: Step) -> CouncilFact:
    title = _without_remark(rule.title) if rule else body_named_by(step)
    body = next((word for word in BODIES if title.startswith(word)), BODIES[0])
    return CouncilFact(
        title=title,
        body=body,
        purpose=title.removeprefix(body).strip() or step.noun,
        article=rule.article if rule else "",
        articles=tuple(part.strip() for part in rule.article.split(";")) if rule else (),
        size=size_words(rule) if rule else "",
        quorum=quorum_words(rule) if rule else "",
        seats=tuple(_seats(rule, body)),
    )


def _seats(rule: CouncilRule | None, body: str) -> Iterator[str]:
    """As many lines as the rule wants members at least; one line more where it does not say."""
    wanted = (rule.size_min if rule else None) or 0
    if body != BODIES[0]:
        head, member = ("Tổ trưởng", "Thành viên") if body == "Tổ" else ("Trưởng đoàn", "Ủy viên")
        yield from (head, *[member] * max(wanted - 1, 1))
        return
    duties = rule.obligations if rule else ()
    bound = {seat for duty in duties for seat in duty.seats}
    first = [seat for seat in (Seat.CHAIR, Seat.VICE) if seat in bound or seat is Seat.CHAIR]
    reviewers = max((d.count or 1 for d in duties if Seat.REVIEWER in d.seats), default=0)
    last = [Seat.SECRETARY] if Seat.SECRETARY in bound else []
    named = [*first, *[Seat.REVIEWER] * reviewers]
    members = max(wanted - len(named) - len(last), 1)
    for seat in (*named, *[Seat.MEMBER] * members, *last):
        yield _upper_first(f"ủy viên, {seat.label}" if seat is Seat.SECRETARY else seat.label)


def _sending(rulebook: Rulebook, rule: CouncilRule | None) -> Duty | None:
    """The duty to send papers so long before a meeting, where the council's rule has one."""
    if rule is None or not rule.documents:
        return None
    return next((duty for duty in rulebook.duties if duty.id == rule.documents), None)


def _papers_due(context: Context, sending: Duty | None, given: Mapping[str, str]) -> date | None:
    """The last day to send them, where the day of the meeting is known."""
    text = given.get(MEETING_DAY, "")
    if not text:
        return None
    try:
        meeting = vietnamese.read_day(text)
    except ValueError:
        raise FieldValueError(MEETING_DAY, text, "ngày viết dd/mm/yyyy") from None
    limits = [x for x in (sending.limits if sending else ()) if x.direction is Direction.BEFORE]
    return min((derive(limit, meeting, context.calendar).due_on for limit in limits), default=None)


def _without_remark(title: str) -> str:
    return re.sub(r"\s*\([^)]*\)$", "", title)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]

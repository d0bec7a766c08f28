"""From domain facts to messages: who is told, and with which facts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from khcn_workflow.clock import HANOI
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.agency import Agency
from khcn_workflow.domain.alerts import Alert
from khcn_workflow.domain.deadlines import Deadline, sentence
from khcn_workflow.domain.ledger import Fact
from khcn_workflow.domain.progress import Progress, StepRound
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.settings import Settings
from khcn_workflow.storage.outbox_rows import Owed
from khcn_workflow.storage.sweeping import Crossing
from khcn_workflow.storage.told import Told
from notifications.ladder import BEFORE_DUE, Audience, Rung
from notifications.messages import (
    AlertContext,
    Event,
    Message,
    MovedContext,
    MovedDeadline,
    NextStep,
    OutcomeContext,
    PreviewContext,
    Recipient,
    ReportContext,
    StepContext,
)
from notifications.messages import Context as Facts
from notifications.reach import ADMIN, MAIL

DEDUPE_LENGTH = 200
"""Characters that the outbox keeps of a key."""


def reminders(
    context: Context, reached: Sequence[tuple[Crossing, Rung]]
) -> Iterator[tuple[Message, Owed]]:
    """The messages that rungs reached by deadlines ask for, each with its deadline.

    Each task is folded once, however many of its deadlines reached something.
    """
    by_task: dict[str, list[tuple[Crossing, Rung]]] = defaultdict(list)
    for crossing, rung in reached:
        by_task[crossing.task_code].append((crossing, rung))
    if not by_task:
        return
    escalated = {c.step_round_id for c, rung in reached if rung.event in _ESCALATIONS}
    told = context.work.reminded.of(escalated) if escalated else {}
    for progress in context.tasks(codes=list(by_task)):
        for crossing, rung in by_task[progress.task.code]:
            about = Owed(crossing.step_round_id, crossing.deadline_version)
            earlier = told.get(crossing.step_round_id, []) if rung.event in _ESCALATIONS else []
            for message in _reminder(context, progress, crossing, rung, earlier):
                yield message, about


def _reminder(
    context: Context, progress: Progress, crossing: Crossing, rung: Rung, earlier: Sequence[Told]
) -> Iterator[Message]:
    owed = progress.open_round(crossing.step)
    deadline = context.deadline(progress, owed) if owed else None
    if owed is None or deadline is None:
        return
    owner = context.work.staffing.staff().person(progress.task.officer)
    told = _who_was_told(earlier)
    for person in with_delegates(context, _audience(context, owner, rung.audience)):
        facts = _step_context(context, progress, owed, deadline, person, owner)
        yield mail_to(
            context,
            person,
            rung.event,
            f"{crossing.due_on}|{rung.id}|{crossing.step_round_id}|v{crossing.deadline_version}",
            {**facts, "told": told},
            thread=progress.task.code,
            expires_at=midnight_after(deadline.due_on) if rung.event in BEFORE_DUE else None,
        )


def _who_was_told(earlier: Sequence[Told]) -> str:
    """Each day with those whom mails about the step reached on it."""
    by_day = groupby(earlier, lambda told: told.at.astimezone(HANOI).date())
    return "; ".join(
        f"{vietnamese.day(day)}: {', '.join(dict.fromkeys(told.reader for told in some))}"
        for day, some in by_day
    )


def step_messages(
    context: Context, progress: Progress, owed: StepRound, event: Event
) -> list[Message]:
    """What an event of a round's deadline would tell today, whether or not it is its day."""
    deadline = context.deadline(progress, owed)
    owner = context.work.staffing.staff().person(progress.task.officer)
    audience = _ESCALATIONS.get(event, Audience.OWNER)
    return [
        mail_to(
            context,
            person,
            event,
            f"{event.value}|{progress.task.code}|{owed.step}",
            _step_context(context, progress, owed, deadline, person, owner),
            thread=progress.task.code,
        )
        for person in with_delegates(context, _audience(context, owner, audience))
    ]


_ESCALATIONS = {
    Event.OVERDUE_HEAD: Audience.HEAD_OF_DIVISION,
    Event.OVERDUE_DIRECTOR: Audience.DIRECTOR,
}


def outcome_recorded(
    context: Context, before: Progress, after: Progress, owed: StepRound, fact: Fact, key: str
) -> list[Message]:
    """The messages to the task's owner, and who stands in for her, about a result.

    Whoever recorded it is told nothing.
    """
    owner = context.work.staffing.staff().person(after.task.officer)
    return [
        _outcome_message(context, before, after, owed, fact, key, (person, owner))
        for person in with_delegates(context, [owner])
        if person.code != fact.actor
    ]


def _outcome_message(
    context: Context,
    before: Progress,
    after: Progress,
    owed: StepRound,
    fact: Fact,
    key: str,
    people: tuple[Person, Person],
) -> Message:
    """The message to the first of two people about the second one's task."""
    person, owner = people
    rulebook = context.rulebook(after)
    deadline = context.deadline(before, owed)
    facts = _step_context(context, before, owed, deadline, person, owner)
    told = OutcomeContext(
        **facts,
        outcome=rulebook.step(owed.step).outcome(fact.outcome).title,
        valid_on=vietnamese.day(fact.valid_on),
        recorded_by=_recorder(context, fact),
        next_steps=_next_steps(context, before, after),
    )
    unique = f"{fact.valid_on}|outcome|{key}"
    return mail_to(context, person, Event.OUTCOME_RECORDED, unique, told, thread=after.task.code)


def report_ready(
    context: Context, title: str, period: str, as_of: str, file_names: Sequence[str], key: str
) -> list[Message]:
    """The message to the Department's leaders that a report was written."""
    return [
        mail_to(
            context,
            person,
            Event.REPORT_READY,
            f"report|{key}",
            ReportContext(
                recipient_name=person.name,
                agency=agency_words(context),
                today=vietnamese.day(context.today),
                link=context.settings.ui_url,
                report_title=title,
                period=period,
                as_of=as_of,
                file_names=list(file_names),
            ),
            thread=key,
        )
        for person in with_delegates(context, context.work.queries.persons_of(Role.DIRECTOR))
    ]


def report_preview(
    context: Context,
    title: str,
    period: str,
    as_of: str,
    cut_off: str,
    missing: Sequence[str],
    key: str,
) -> list[Message]:
    """The message to leaders and heads of division about what a report would lack."""
    queries = context.work.queries
    told = [*queries.persons_of(Role.DIRECTOR), *queries.persons_of(Role.HEAD_OF_DIVISION)]
    return [
        mail_to(
            context,
            person,
            Event.REPORT_PREVIEW,
            key,
            PreviewContext(
                recipient_name=person.name,
                agency=agency_words(context),
                today=vietnamese.day(context.today),
                link=context.settings.ui_url,
                report_title=title,
                period=period,
                as_of=as_of,
                cut_off=cut_off,
                missing=list(missing),
            ),
            thread=key,
        )
        for person in with_delegates(context, told)
    ]


@dataclass(frozen=True, slots=True)
class Move:
    """An open deadline that moves.

    Attributes:
        reason: The days or the limit that moved it, in Vietnamese.
    """

    task_code: str
    step: str
    title: str
    round: int
    officer: str
    before: date | None
    after: date | None
    reason: str


def deadlines_moved(context: Context, owner: str, moves: Sequence[Move], key: str) -> list[Message]:
    """The messages to an owner whose due dates moved, and to who stands in for her.

    A new calendar or rulebook moved them.
    """
    persons = with_delegates(context, [context.work.staffing.staff().person(owner)])
    keys = {p.code: key if p.code == owner else f"{key}/{owner}" for p in persons}
    return [_moved_message(context, person, moves, keys[person.code]) for person in persons]


def _moved_message(context: Context, person: Person, moves: Sequence[Move], key: str) -> Message:
    return mail_to(
        context,
        person,
        Event.DEADLINES_MOVED,
        f"{context.today}|moved|{key}",
        MovedContext(
            recipient_name=person.name,
            agency=agency_words(context),
            today=vietnamese.day(context.today),
            link=waiting_link(context),
            moves=[
                MovedDeadline(
                    task_code=move.task_code,
                    step=move.title,
                    before=vietnamese.day(move.before) if move.before else "",
                    after=vietnamese.day(move.after) if move.after else "",
                    reason=move.reason,
                )
                for move in moves
            ],
        ),
        thread="thoi-han",
    )


def admin_alert(
    settings: Settings, agency: Agency, today: date, now: datetime, alert: Alert
) -> Message:
    """The message to the administrator; the same alert on the same day is the same message."""
    key = f"{today}|{ADMIN}|{alert.kind}|{alert.subject}"
    link = f"{settings.ui_url}{alert.path}" if settings.ui_url and alert.path else ""
    return Message(
        dedupe_key=key[:DEDUPE_LENGTH],
        event=Event.ADMIN_ALERT,
        channel=ADMIN,
        recipient=Recipient("quan-tri", "Quản trị hệ thống", settings.admin_email),
        context=AlertContext(
            recipient_name="Quản trị hệ thống",
            agency=f"{agency.name} {agency.province}",
            today=vietnamese.day(today),
            link=link,
            title=alert.title,
            detail=alert.detail,
            remedy=alert.remedy,
        ),
        created_at=now,
        expires_at=None,
        thread="he-thong",
    )


def _audience(context: Context, owner: Person, audience: Audience) -> list[Person]:
    """Those whose task it is to act on a reminder about a task of an owner.

    The register holds no address of hosts and investigators: the owner passes it on.
    """
    persons = context.work.staffing.staff().persons.values()
    match audience:
        case Audience.OWNER | Audience.HOST:
            return [owner]
        case Audience.HEAD_OF_DIVISION:
            heads = (p for p in persons if p.role is Role.HEAD_OF_DIVISION)
            return [head for head in heads if head.division == owner.division]
        case Audience.DIRECTOR:
            return [person for person in persons if person.role is Role.DIRECTOR]


def with_delegates(context: Context, persons: Iterable[Person]) -> list[Person]:
    """Each of them once, and for who is away today those who stand in for her."""
    staff, told = context.work.staffing.staff(), {}
    for person in persons:
        told[person.code] = person
        if staff.absence_of(person.code, context.today):
            told |= {d.code: d for d in staff.delegates_of(person.code, context.today)}
    return list(told.values())


def _step_context(
    context: Context,
    progress: Progress,
    owed: StepRound,
    deadline: Deadline | None,
    person: Person,
    owner: Person,
) -> StepContext:
    task, rulebook = progress.task, context.rulebook(progress)
    cause = owed.delays[-1].cause if owed.delays else ""
    return StepContext(
        recipient_name=person.name,
        agency=agency_words(context),
        today=vietnamese.day(context.today),
        link=task_link(context, task.code),
        task_code=task.code,
        task_title=task.title,
        stage=rulebook.stage(owed.stage).title,
        step=rulebook.step(owed.step).title,
        due_on=vietnamese.day(deadline.due_on) if deadline else "",
        due_weekday=vietnamese.weekday(deadline.due_on) if deadline else "",
        proof=sentence(deadline, context.calendar) if deadline else "",
        legal_basis=deadline.limit.article if deadline else "",
        force="luật định" if deadline and deadline.is_statutory else "mục tiêu nội bộ",
        days_left=deadline.days_left(context.today, context.calendar) if deadline else 0,
        days_late=deadline.days_late(context.today, context.calendar) if deadline else 0,
        host=task.host,
        principal_investigator=task.principal_investigator,
        officer_name=owner.name,
        division=owner.division,
        cause=rulebook.cause_phrase(cause),
        told="",
    )


def task_link(context: Context, code: str) -> str:
    """The Prefect UI's list of a task's waiting runs, empty without a UI address."""
    every = waiting_link(context)
    return f"{every}&tags=nv:{code}" if every else ""


def waiting_link(context: Context) -> str:
    """The Prefect UI's list of all waiting runs, empty without a UI address."""
    ui_url = context.settings.ui_url
    return f"{ui_url}/v2/runs?state=Suspended" if ui_url else ""


def _next_steps(context: Context, before: Progress, after: Progress) -> list[NextStep]:
    known = {(r.step, r.round) for r in before.rounds}
    rulebook = context.rulebook(after)
    return [
        NextStep(
            step=rulebook.step(owed.step).title,
            due_on=vietnamese.day(deadline.due_on) if deadline else "",
        )
        for owed in after.open_rounds()
        if (owed.step, owed.round) not in known
        for deadline in [context.deadline(after, owed)]
    ]


def _recorder(context: Context, fact: Fact) -> str:
    """Who recorded a fact, and in whose place."""
    in_place = f" (thay {_name(context, fact.on_behalf_of)})" if fact.on_behalf_of else ""
    return f"{_name(context, fact.actor)}{in_place}"


def _name(context: Context, code: str) -> str:
    person = context.work.staffing.staff().persons.get(code)
    return person.name if person else code


def agency_words(context: Context) -> str:
    """The Department with its province, as letters name it."""
    return f"{context.agency.name} {context.agency.province}"


def mail_to(
    context: Context,
    person: Person,
    event: Event,
    key: str,
    facts: Facts,
    *,
    thread: str,
    expires_at: datetime | None = None,
) -> Message:
    """A message of now to a person of the Department, by mail.

    Args:
        key: What it is about; with the person it makes the message the same message.
        expires_at: From when on it is worth nothing; None for what stays true.
    """
    return Message(
        dedupe_key=f"{key}|{person.code}|{MAIL}",
        event=event,
        channel=MAIL,
        recipient=Recipient(person.code, person.name, person.email),
        context=facts,
        created_at=context.now,
        expires_at=expires_at,
        thread=thread,
    )


def midnight_after(day: date) -> datetime:
    """The midnight in Hà Nội at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), HANOI)

"""Giao người theo dõi: a science task gets another owner, as a fact of its own."""

from dataclasses import dataclass
from datetime import date

from khcn_workflow.context import Context
from khcn_workflow.domain.errors import FutureDateError, KhcnError, TaskEndedError
from khcn_workflow.domain.ledger import NO_DOCUMENT, Document
from khcn_workflow.domain.progress import advance, assignment
from khcn_workflow.domain.science_task import Person
from khcn_workflow.signing import signed


class SameOwnerError(KhcnError):
    """A task was given to the person who has it."""

    def __init__(self, code: str, officer: str) -> None:
        self.code, self.officer = code, officer
        super().__init__(f"Nhiệm vụ {code} đang do «{officer}» theo dõi; không có gì để giao lại.")


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to own a task from a day on.

    Attributes:
        officer: Code of the new owner.
        on: The day of the decision.
        seen: Version of the task that was looked at, None to record without looking.
    """

    task_code: str
    officer: str
    on: date
    actor: str
    document: Document = NO_DOCUMENT
    note: str = ""
    request_key: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who owned the task, and who owns it now."""

    task_code: str
    before: Person
    after: Person


def assign(context: Context, given: Assignment) -> Assigned:
    """Record the new owner; reminders and waiting runs go to him from now on.

    Raises:
        NotFoundError: No task or nobody has that code.
        AuthorityError: Whoever speaks may not give tasks to people.
        TaskEndedError: The task has ended.
        SameOwnerError: The person has the task already.
        FutureDateError: The decision is dated after today.
        ChangedMeanwhileError: Lists what was recorded since it was looked at.
    """
    progress = context.progress(given.task_code)
    task, queries = progress.task, context.work.queries
    done = Assigned(task.code, queries.person(task.officer), queries.person(given.officer))
    if given.request_key and context.work.find_request(given.request_key):
        return done
    context.refuse_if_changed(task.code, given.seen)
    if progress.ended_on is not None:
        raise TaskEndedError(task.code, progress.ending, progress.ended_on)
    if given.officer == task.officer:
        raise SameOwnerError(task.code, given.officer)
    if given.on > context.today:
        raise FutureDateError(given.on, context.today)
    fact = assignment(
        task.code,
        given.officer,
        given.on,
        given.actor,
        document=given.document,
        note=given.note,
        rulebook=task.rulebook,
        request_key=given.request_key,
    )
    fact = signed(context, fact, progress)
    context.work.append(fact, context.now)
    after = advance(progress, fact, context.rulebooks)
    assert after is not None  # noqa: S101 - the task was there before
    context.save(after)
    return done

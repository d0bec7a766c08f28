"""Dựng lại: the derived tables, made again from the ledger alone."""

from dataclasses import dataclass

from khcn_workflow.context import Context
from khcn_workflow.domain.ledger import verify
from khcn_workflow.storage.ledger_reading import SUBJECTS, chunks

REBUILT = "dựng lại từ sổ cái"
"""Why a due date is there that the tables had lost or had otherwise."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How much the ledger holds."""

    persons: int
    tasks: int
    rounds: int
    activities: int


def rebuild(context: Context) -> Rebuilt:
    """Make people, delegations, absences, tasks, rounds and activities say what the ledger says.

    Rounds keep their ids, which reminders and waiting runs name, and due dates keep their
    versions; a date that differs is a new version with its reason.

    Raises:
        BrokenChainError: The ledger itself does not hold; nothing is derived from it.
    """
    work = context.work
    work.locks.whole_office()
    verify(work.queries.ledger())
    persons, activities = work.queries.persons_told(), work.queries.activities_told()
    for person in persons:
        work.save_person(person)
    for activity in activities:
        work.save_activity(activity)
    codes: set[str] = set()
    rounds = 0
    for tasks in chunks(context.tasks(), SUBJECTS):
        for progress in context.differing(tasks):
            context.save(progress, REBUILT)
            work.projections.correct_rounds(progress)
        codes.update(progress.task.code for progress in tasks)
        rounds += sum(len(progress.rounds) for progress in tasks)
    work.projections.drop_other_tasks(codes)
    work.projections.drop_other_persons([person.code for person in persons])
    work.projections.drop_other_activities([activity.code for activity in activities])
    work.staffing.make_as_told()
    work.calendars.carry_all(context.calendar, context.now)
    return Rebuilt(len(persons), len(codes), rounds, len(activities))

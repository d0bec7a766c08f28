"""Dựng lại: the derived tables, made again from the ledger alone."""

from dataclasses import dataclass

from khcn_workflow.context import Context
from khcn_workflow.domain.ledger import verify

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
    verify(work.queries.ledger())
    persons = work.queries.persons_told()
    for person in persons:
        work.save_person(person)
    tasks = list(context.tasks())
    for progress in tasks:
        context.save(progress, REBUILT)
        work.projections.correct_rounds(progress)
    activities = work.queries.activities_told()
    for activity in activities:
        work.save_activity(activity)
    work.projections.drop_other_tasks([progress.task.code for progress in tasks])
    work.projections.drop_other_persons([person.code for person in persons])
    work.projections.drop_other_activities([activity.code for activity in activities])
    work.staffing.make_as_told()
    return Rebuilt(
        persons=len(persons),
        tasks=len(tasks),
        rounds=sum(len(progress.rounds) for progress in tasks),
        activities=len(activities),
    )

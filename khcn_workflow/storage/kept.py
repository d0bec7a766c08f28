"""What is kept of tasks beside the ledger, many at once, to be compared with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from khcn_workflow.domain.progress import Progress
from khcn_workflow.domain.science_task import task_to_data
from khcn_workflow.storage.records import StepRoundRow, TaskRow

RoundKey = tuple[str, int]
"""Step id and round number: what names a round within its task."""


@dataclass(frozen=True, slots=True)
class KeptRound:
    """A round as its row has it."""

    stage: str
    opened_on: date
    closed_on: date | None
    outcome: str
    due_on: date | None
    exact_from: date


@dataclass(frozen=True, slots=True)
class Kept:
    """A task and its rounds as their rows have them."""

    title: str
    level: str
    officer: str
    rulebook: str
    data: Mapping[str, Any]
    registered_on: date
    ending: str
    ended_on: date | None
    rounds: Mapping[RoundKey, KeptRound] = field(kw_only=True)

    def dues(self) -> dict[RoundKey, date | None]:
        """The due date of each round."""
        return {key: kept.due_on for key, kept in self.rounds.items()}


def kept(session: Session, codes: Sequence[str]) -> dict[str, Kept]:
    """The tasks of these codes that are kept, by code: two queries, however many."""
    rounds: dict[str, dict[RoundKey, KeptRound]] = {code: {} for code in codes}
    r = StepRoundRow
    columns = (r.stage, r.opened_on, r.closed_on, r.outcome, r.due_on, r.exact_from)
    statement = select(r.task_code, r.step, r.round, *columns).where(r.task_code.in_(codes))
    for code, step, number, *values in session.execute(statement):
        rounds[code][step, number] = KeptRound(*values)
    t = TaskRow
    of_task = (t.title, t.level, t.officer, t.rulebook, t.data, t.registered_on)
    tasks = select(t.code, *of_task, t.ending, t.ended_on).where(t.code.in_(codes))
    return {code: Kept(*values, rounds=rounds[code]) for code, *values in session.execute(tasks)}


def to_keep(progress: Progress, dues: Mapping[RoundKey, date | None], exact_from: date) -> Kept:
    """What the rows of a task must say.

    Args:
        dues: The due date of each round.
        exact_from: See `domain.standing.exact_from`.
    """
    task = progress.task
    rounds = {
        (r.step, r.round): KeptRound(
            r.stage,
            r.opened_on,
            r.closed_on,
            r.outcome,
            dues[r.step, r.round],
            max(r.opened_on, exact_from),
        )
        for r in progress.rounds
    }
    return Kept(
        task.title,
        task.level.value,
        task.officer,
        task.rulebook,
        task_to_data(task),
        progress.registered_on,
        progress.ending,
        progress.ended_on,
        rounds=rounds,
    )

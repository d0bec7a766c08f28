"""Đọc cho báo cáo: tasks and rounds as they stood on a day, from the rows and not by folding.

Only what a report asks for is read: rounds that were open on the day, closed in the period, of
the steps that are counted, or the ones by which the tasks entered.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import and_, or_, select, text
from sqlalchemy.orm import Session

from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.progress import Delay, Progress, Remark, StepRound
from khcn_workflow.domain.science_task import task_from_data
from khcn_workflow.storage.kept import RoundKey
from khcn_workflow.storage.ledger_reading import NO_RESULT, SUBJECTS, chunks
from khcn_workflow.storage.records import LedgerRow, StepRoundRow, TaskRow

Dues = dict[RoundKey, tuple[date, str]]
"""Due date and limit of each round that has one."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the ledger holds of a round besides its dates: an interim result, or a delay."""

    code: str
    step: str
    round: int
    said: Remark | Delay


class ReportRows:
    """Reads of one transaction for reports."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def standing(
        self, day: date, since: date, steps: Collection[str]
    ) -> Iterator[tuple[Progress, Dues]]:
        """Tasks as of a day, without what only the ledger tells, with the dues of their rounds.

        Args:
            since: Tasks that ended before are left out, and rounds closed before that are of
                no step in `steps`.
        """
        task, round_ = TaskRow, StepRoundRow
        concerned = (
            or_(task.ended_on.is_(None), task.ended_on >= since),
            task.registered_on <= day,
        )
        tasks = select(task.code, task.data, task.registered_on, task.ending, task.ended_on)
        by_code = {row.code: row for row in self._session.execute(tasks.where(*concerned))}
        rounds = (
            select(
                round_.task_code, round_.step, round_.stage, round_.round, round_.opened_on,
                round_.closed_on, round_.outcome, round_.due_on, round_.limit_id,
            )
            .join(task, task.code == round_.task_code)
            .where(
                *concerned,
                round_.opened_on <= day,
                or_(
                    round_.closed_on.is_(None),
                    round_.closed_on >= since,
                    round_.step.in_(sorted(steps)),
                    round_.opened_on == task.registered_on,
                ),
            )
            .order_by(round_.task_code, round_.opened_on, round_.id)
        )  # fmt: skip
        found = self._session.execute(rounds, execution_options={"yield_per": 5000})
        for code, owed in groupby(found, key=lambda row: row.task_code):
            yield _standing(by_code[code], owed, day)

    def corrected(self) -> set[str]:
        """Codes of the tasks of which a row was corrected."""
        statement = select(LedgerRow.subject).where(
            LedgerRow.kind == EntryKind.CORRECTED.value, text(NO_RESULT)
        )
        return set(self._session.scalars(statement))

    def remembered(self, codes: Sequence[str], day: date, interim: str) -> Iterator[Remembered]:
        """What was told of these tasks' rounds up to a day: causes, promises, an interim result.

        Args:
            interim: The step whose interim results are wanted.
        """
        row = LedgerRow
        told = or_(
            row.kind == EntryKind.DELAY.value,
            and_(row.kind == EntryKind.OUTCOME.value, or_(row.cause != "", row.step == interim)),
        )
        for chunk in chunks(sorted(codes), SUBJECTS):
            statement = (
                select(
                    row.subject, row.kind, row.step, row.round, row.outcome, row.valid_on,
                    row.cause, row.commitment, row.document_number,
                )
                .where(row.subject.in_(chunk), row.valid_on <= day, told)
                .order_by(row.seq)
            )  # fmt: skip
            for found in self._session.execute(statement):
                if found.kind == EntryKind.OUTCOME.value and not found.cause:
                    said: Remark | Delay = Remark(found.outcome, found.valid_on)
                else:
                    promise = found.commitment if found.kind == EntryKind.DELAY.value else None
                    said = Delay(found.valid_on, found.cause, promise, found.document_number)
                yield Remembered(found.subject, found.step, found.round, said)


def _standing(task: Any, owed: Iterable[Any], day: date) -> tuple[Progress, Dues]:
    rounds, dues = [], {}
    for row in owed:
        is_closed = row.closed_on is not None and row.closed_on <= day
        rounds.append(
            StepRound(
                step=row.step,
                stage=row.stage,
                round=row.round,
                opened_on=row.opened_on,
                closed_on=row.closed_on if is_closed else None,
                outcome=row.outcome if is_closed else "",
            )
        )
        if row.due_on is not None:
            dues[row.step, row.round] = (row.due_on, row.limit_id)
    has_ended = task.ended_on is not None and task.ended_on <= day
    progress = Progress(
        task=task_from_data(task.data),
        registered_on=task.registered_on,
        rounds=tuple(rounds),
        ending=task.ending if has_ended else "",
        ended_on=task.ended_on if has_ended else None,
    )
    return progress, dues

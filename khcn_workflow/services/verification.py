"""Kiểm tra sổ: the chain holds, and what is derived from it says the same."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from khcn_workflow.context import Context
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import verify
from khcn_workflow.domain.progress import Progress
from khcn_workflow.storage.unit_of_work import RoundKey, running_due

Owed = dict[RoundKey, date | None]
"""The due dates of what one task owes, by step and round."""


class ProjectionDiffersError(KhcnError):
    """A table derived from the ledger does not say what the ledger says."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            f"Bảng tiến độ của nhiệm vụ {code} không khớp với sổ cái, lịch và bộ quy định; "
            "nếu lịch hay bộ quy định vừa đổi, hãy chạy: khcn reproject"
        )


@dataclass(frozen=True, slots=True)
class Verified:
    """The proof that the ledger is whole.

    Attributes:
        head: Hash of the last row, to be written down elsewhere.
    """

    rows: int
    head: str
    tasks: int


def verify_ledger(context: Context) -> Verified:
    """Walk the chain, then compare every task's open steps with the ledger.

    Raises:
        BrokenChainError: Names the first row that does not hold.
        ProjectionDiffersError: Names the first task whose tables differ.
    """
    rows, head = verify(context.work.queries.ledger())
    stored: dict[str, Owed] = defaultdict(dict)
    for owed in context.work.queries.owed_steps():
        stored[owed.task_code][owed.step, owed.round] = owed.due_on
    tasks = 0
    for progress in context.tasks():
        _compare(context, progress, stored.get(progress.task.code, {}))
        tasks += 1
    return Verified(rows, head, tasks)


def _compare(context: Context, progress: Progress, stored: Owed) -> None:
    derived = {
        (owed.step, owed.round): running_due(context.deadline(progress, owed))
        for owed in progress.open_rounds()
    }
    if derived != stored:
        raise ProjectionDiffersError(progress.task.code)

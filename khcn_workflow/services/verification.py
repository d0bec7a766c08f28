"""Kiểm tra sổ: the chain holds, and what is derived from it says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khcn_workflow.context import Context
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import Fact, verify
from khcn_workflow.domain.progress import fold
from khcn_workflow.storage.unit_of_work import running_due


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
    stored = {(s.task_code, s.step, s.round): s.due_on for s in context.work.queries.owed_steps()}
    facts = context.work.queries.facts_by_task()
    for code in facts:
        _compare(context, code, facts[code], stored)
    return Verified(rows, head, len(facts))


def _compare(
    context: Context,
    code: str,
    facts: Sequence[Fact],
    stored: Mapping[tuple[str, str, int], date | None],
) -> None:
    progress = fold(facts, context.rulebooks)
    if progress is None:
        raise ProjectionDiffersError(code)
    derived = {
        (code, owed.step, owed.round): running_due(context.deadline(progress, owed))
        for owed in progress.open_rounds()
    }
    if derived != {key: due_on for key, due_on in stored.items() if key[0] == code}:
        raise ProjectionDiffersError(code)

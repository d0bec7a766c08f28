"""Chuyển cơ sở dữ liệu: everything from the present database into an empty one, of either kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.storage.moving import CopyDiffersError

Proof = Callable[[Context], Any]
"""Shows that a ledger is whole, or raises; of equal ledgers the answers are equal."""


class Office(Protocol):
    """What moving needs of the application that receives: one transaction."""

    def run(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """Run a use case; all of it is committed, or nothing."""


class TargetNotEmptyError(KhcnError):
    """The target holds rows already; they would be mixed with ours."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        super().__init__(
            f"Cơ sở dữ liệu đích đã có {vietnamese.count(rows)} dòng; "
            "chỉ chuyển sang cơ sở dữ liệu trống. Chưa có gì được chuyển."
        )


@dataclass(frozen=True, slots=True)
class MovedDatabase:
    """What was copied.

    Attributes:
        rows: Rows by table.
        proof: The proof of the ledger, the same before and after.
    """

    rows: Mapping[str, int]
    proof: Any


def move_everything(context: Context, target: Office, prove: Proof) -> MovedDatabase:
    """Prove the ledger, copy every table, and prove the copy, in one transaction of the target.

    Raises:
        KhcnError: The ledger does not hold, or the target is not empty; nothing was copied.
    """
    moved: MovedDatabase = target.run(_receive, context, prove(context), prove)
    return moved


def _receive(context: Context, source: Context, proof: Any, prove: Proof) -> MovedDatabase:
    copying = context.work.copying
    context.work.locks.whole_office()
    present = sum(copying.counts().values())
    if present:
        raise TargetNotEmptyError(present)
    copying.take_all(source.work.copying)
    if prove(context) != proof:
        raise CopyDiffersError
    return MovedDatabase(copying.counts(), proof)

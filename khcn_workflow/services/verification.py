"""Kiểm tra sổ: the chain holds, and what is derived from it says the same."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from khcn_workflow.context import Context
from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import verify
from khcn_workflow.domain.progress import Progress
from khcn_workflow.domain.snapshot import SnapshotDiffersError
from khcn_workflow.storage.documents import compare_documents
from khcn_workflow.storage.unit_of_work import RoundKey, running_due

Owed = dict[RoundKey, date | None]
"""The due dates of what one task owes, by step and round."""


class ProjectionDiffersError(KhcnError):
    """A table derived from the ledger does not say what the ledger says."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            f"Bảng tiến độ của nhiệm vụ {code} không khớp với sổ cái, lịch và bộ quy định; "
            "nếu lịch hay bộ quy định vừa đổi, hãy chạy: khcn reproject; nếu không: khcn rebuild"
        )


class RegisterDiffersError(KhcnError):
    """A person or an activity is not what the ledger tells."""

    def __init__(self, what: str, code: str) -> None:
        self.code = code
        super().__init__(f"Bảng {what} không khớp với sổ cái ở «{code}»; hãy chạy: khcn rebuild")


@dataclass(frozen=True, slots=True)
class Verified:
    """The proof that the ledger is whole.

    Attributes:
        head: Hash of the last row, to be written down elsewhere.
        documents: Different files that rows name, each there with its hash.
    """

    rows: int
    head: str
    tasks: int
    snapshots: int
    documents: int


def verify_ledger(context: Context) -> Verified:
    """Walk the chain, then compare what is kept and derived with it.

    Raises:
        BrokenChainError: Names the first row that does not hold.
        SnapshotDiffersError: Names the first frozen report that was changed.
        DocumentDiffersError: Names the first document that is missing or was changed.
        RegisterDiffersError: Names the first person or activity whose row differs.
        ProjectionDiffersError: Names the first task whose tables differ.
    """
    rows, head = verify(context.work.queries.ledger())
    snapshots = _compare_snapshots(context)
    documents = compare_documents(context.settings.home, context.work.queries.documents_named())
    _compare_register(context)
    stored: dict[str, Owed] = defaultdict(dict)
    for owed in context.work.queries.owed_steps():
        stored[owed.task_code][owed.step, owed.round] = owed.due_on
    tasks = 0
    for progress in context.tasks():
        _compare(context, progress, stored.get(progress.task.code, {}))
        tasks += 1
    return Verified(rows, head, tasks, snapshots, documents)


def _compare_register(context: Context) -> None:
    """Everybody the ledger tells of is there as told, and exactly its activities."""
    queries = context.work.queries
    persons = queries.persons()
    for person in queries.persons_told():
        if persons.get(person.code) != person:
            raise RegisterDiffersError("cán bộ", person.code)
    told = sorted(queries.activities_told(), key=_code)
    stored = sorted(queries.activities(), key=_code)
    for ours, theirs in zip_longest(told, stored):
        if ours != theirs:
            raise RegisterDiffersError("hoạt động", _code(theirs or ours))


def _code(activity: Activity) -> str:
    return activity.code


def _compare_snapshots(context: Context) -> int:
    """Each snapshot has the hash that the ledger names; how many there are."""
    named = context.work.queries.frozen_digests()
    found = dict(context.work.snapshots.digests())
    for snapshot_id in sorted(named.keys() | found.keys()):
        if snapshot_id not in found:
            raise SnapshotDiffersError(snapshot_id, "không còn trong cơ sở dữ liệu")
        if snapshot_id not in named:
            raise SnapshotDiffersError(snapshot_id, "sổ cái không ghi bản này")
        if found[snapshot_id] != named[snapshot_id]:
            raise SnapshotDiffersError(snapshot_id, "nội dung khác với mã băm trong sổ cái")
    return len(found)


def _compare(context: Context, progress: Progress, stored: Owed) -> None:
    derived = {
        (owed.step, owed.round): running_due(context.deadline(progress, owed))
        for owed in progress.open_rounds()
    }
    if derived != stored:
        raise ProjectionDiffersError(progress.task.code)

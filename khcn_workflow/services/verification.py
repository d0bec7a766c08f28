"""Kiểm tra sổ: the chain holds, and what is derived from it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from khcn_workflow.context import Context
from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.anchors import Anchor, check_anchors, holding
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import GENESIS, verify
from khcn_workflow.domain.snapshot import SnapshotDiffersError
from khcn_workflow.domain.staff import Absence, Delegation
from khcn_workflow.storage.anchor_file import read_anchors
from khcn_workflow.storage.documents import compare_documents
from khcn_workflow.storage.ledger_reading import SUBJECTS, chunks


class ProjectionDiffersError(KhcnError):
    """A table derived from the ledger does not say what the ledger says."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(
            f"Bảng tiến độ của nhiệm vụ {code} không khớp với sổ cái, lịch và bộ quy định; "
            "nếu lịch hay bộ quy định vừa đổi, hãy chạy: khcn reproject; nếu không: khcn rebuild"
        )


class RegisterDiffersError(KhcnError):
    """A person, delegation, absence or activity is not what the ledger tells."""

    def __init__(self, what: str, code: str) -> None:
        self.code = code
        super().__init__(f"Bảng {what} không khớp với sổ cái ở «{code}»; hãy chạy: khcn rebuild")


class NeverToldError(KhcnError):
    """A table names somebody or something that the ledger does not."""

    def __init__(self, what: str, code: str) -> None:
        self.code = code
        super().__init__(
            f"Bảng {what} có «{code}» mà sổ cái không ghi; nếu không ai biết vì sao, hãy hỏi "
            "người giữ máy, rồi chạy: khcn rebuild"
        )


@dataclass(frozen=True, slots=True)
class Verified:
    """The proof that the ledger is whole.

    Attributes:
        head: Hash of the last row, to be written down elsewhere.
        documents: Different files that rows name, each there with its hash.
        anchors: How many notes of earlier heads agree with it.
    """

    rows: int
    head: str
    tasks: int
    snapshots: int
    documents: int
    anchors: int = 0


def verify_ledger(context: Context, against: Sequence[Anchor] = ()) -> Verified:
    """Walk the chain, then compare what is kept and derived with it.

    The notes of earlier heads beside the database are read first: one made while the chain
    is walked may speak of rows that this transaction does not see.

    Args:
        against: Notes of earlier heads that were kept elsewhere.

    Raises:
        BrokenChainError: Names the first row that does not hold.
        RowsGoneError: Names the rows that were removed at the end.
        RewrittenError: Names the rows among which the ledger was written anew.
        NeverToldError: Names the first person or task that the ledger does not know.
        SnapshotDiffersError: Names the first frozen report that was changed.
        DocumentDiffersError: Names the first document that is missing or was changed.
        RegisterDiffersError: Names the first person, delegation, absence or activity that differs.
        ProjectionDiffersError: Names the first task whose tables differ.
    """
    anchors = [*holding(read_anchors(context.settings.home)), *against]
    passed = {0: GENESIS}
    rows, head = verify(context.work.queries.ledger(), passed.__setitem__)
    check_anchors(anchors, passed)
    snapshots = _compare_snapshots(context)
    documents = compare_documents(context.settings.home, context.work.queries.documents_named())
    _compare_register(context)
    tasks = _compare_tasks(context)
    return Verified(rows, head, tasks, snapshots, documents, len(anchors))


def _compare_register(context: Context) -> None:
    """Everybody the ledger tells of is there as told, and exactly its activities."""
    queries = context.work.queries
    persons = dict(queries.persons())
    for person in queries.persons_told():
        if persons.pop(person.code, None) != person:
            raise RegisterDiffersError("cán bộ", person.code)
    for code in persons:
        raise NeverToldError("cán bộ", code)
    staffing = context.work.staffing
    _compare_spans("ủy quyền", staffing.delegations_told(), staffing.staff().delegations)
    _compare_spans("vắng mặt", staffing.absences_told(), staffing.staff().absences)
    told = sorted(queries.activities_told(), key=_code)
    stored = sorted(queries.activities(), key=_code)
    for ours, theirs in zip_longest(told, stored):
        if ours != theirs:
            raise RegisterDiffersError("hoạt động", _code(theirs or ours))


def _compare_spans(
    what: str, told: Sequence[Delegation | Absence], stored: Sequence[Delegation | Absence]
) -> None:
    for ours, theirs in zip_longest(told, stored):
        if ours != theirs:
            raise RegisterDiffersError(what, (theirs or ours).id)


def _code(activity: Activity) -> str:
    return activity.code


def _compare_snapshots(context: Context) -> int:
    """Each snapshot has the hash that the ledger names; how many there are."""
    named = context.work.queries.frozen_digests()
    found = {name: hashes for name, *hashes in context.work.snapshots.digests()}
    for snapshot_id in sorted(named.keys() | found.keys()):
        if snapshot_id not in found:
            raise SnapshotDiffersError(snapshot_id, "không còn trong cơ sở dữ liệu")
        if snapshot_id not in named:
            raise SnapshotDiffersError(snapshot_id, "sổ cái không ghi bản này")
        content, beside = found[snapshot_id]
        if content != named[snapshot_id]:
            raise SnapshotDiffersError(snapshot_id, "nội dung khác với mã băm trong sổ cái")
        if beside != content:
            raise SnapshotDiffersError(snapshot_id, "mã băm ghi bên cạnh đã bị sửa")
    return len(found)


def _compare_tasks(context: Context) -> int:
    """Each task and its rounds stand in the tables as told; how many tasks there are."""
    others = context.work.projections.task_codes()
    tasks = 0
    for some in chunks(context.tasks(), SUBJECTS):
        for progress in context.differing(some):
            raise ProjectionDiffersError(progress.task.code)
        others.difference_update(progress.task.code for progress in some)
        tasks += len(some)
    for code in sorted(others):
        raise NeverToldError("nhiệm vụ", code)
    return tasks

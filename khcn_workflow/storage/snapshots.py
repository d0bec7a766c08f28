"""Bản chốt in the database: written once, and read only while the text has its hash."""

from collections.abc import Iterator

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.domain.snapshot import (
    Snapshot,
    SnapshotDiffersError,
    digest,
    from_text,
    to_text,
)
from khcn_workflow.storage.records import SnapshotRow


class Snapshots:
    """Snapshots of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, snapshot: Snapshot) -> str:
        """Keep a snapshot; the hash that the ledger must name."""
        body = to_text(snapshot)
        values = {"id": snapshot.id, "sha256": digest(body), "body": body}
        self._session.execute(insert(SnapshotRow).values(values))
        return digest(body)

    def get(self, snapshot_id: str) -> Snapshot:
        """The snapshot of that id.

        Raises:
            NotFoundError: Nothing was frozen under that id.
            SnapshotDiffersError: Its text was changed.
        """
        row = self._session.get(SnapshotRow, snapshot_id)
        if row is None:
            raise NotFoundError(
                "bản chốt", snapshot_id, "Xem danh sách bằng lệnh: khcn freeze --list"
            )
        return _read(row)

    def all(self) -> list[Snapshot]:
        """Every snapshot, oldest first.

        Raises:
            SnapshotDiffersError: The text of one was changed.
        """
        read = [_read(row) for row in self._session.scalars(select(SnapshotRow))]
        return sorted(read, key=lambda s: (s.known_at, s.id))

    def digests(self) -> Iterator[tuple[str, str, str]]:
        """The id of each snapshot, the hash that its text has now, and the one beside it."""
        for row in self._session.scalars(select(SnapshotRow).order_by(SnapshotRow.id)):
            yield row.id, digest(row.body), row.sha256

    def count(self) -> int:
        """How many snapshots there are."""
        return self._session.scalar(select(func.count()).select_from(SnapshotRow)) or 0


def _read(row: SnapshotRow) -> Snapshot:
    if digest(row.body) != row.sha256:
        raise SnapshotDiffersError(row.id, "nội dung không khớp mã băm")
    return from_text(row.body)

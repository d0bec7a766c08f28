"""Bản chốt: a report as it was handed over, kept with all its numbers and its bytes."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import Json


class SnapshotDiffersError(KhcnError):
    """A kept report does not say what the ledger says was frozen."""

    def __init__(self, snapshot_id: str, why: str) -> None:
        self.snapshot_id, self.why = snapshot_id, why
        super().__init__(
            f"Bản chốt {snapshot_id} không còn nguyên vẹn: {why}. "
            "Hãy khôi phục từ bản sao lưu trước khi dùng số liệu này."
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen report.

    Attributes:
        as_of: The day the figures stand for.
        known_at: Facts recorded up to this instant are in it.
        figures: Each figure with its rows, by id, as the report's JSON file has it.
        rulebooks: Version of each rulebook that a task in it is pinned to, by id.
        calendar: Version of the calendar.
        files: The report's bytes in each form, by suffix, in Base64.
    """

    id: str
    period: str
    as_of: date
    known_at: datetime
    figures: Mapping[str, Json]
    rulebooks: Mapping[str, str]
    calendar: str
    files: Mapping[str, str]

    def content(self, suffix: str) -> bytes | None:
        """The bytes of one form, None where it was not kept."""
        return b64decode(self.files[suffix]) if suffix in self.files else None


def to_text(snapshot: Snapshot) -> str:
    """The one JSON text of a snapshot: sorted keys, no spaces, times as ISO 8601."""
    body = asdict(snapshot) | {
        "as_of": snapshot.as_of.isoformat(),
        "known_at": snapshot.known_at.isoformat(timespec="microseconds"),
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_text(text: str) -> Snapshot:
    """The snapshot that `to_text` wrote."""
    body = json.loads(text)
    body["as_of"] = date.fromisoformat(body["as_of"])
    body["known_at"] = datetime.fromisoformat(body["known_at"])
    return Snapshot(**body)


def digest(text: str) -> str:
    """SHA-256 of a snapshot's text, as the ledger keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()

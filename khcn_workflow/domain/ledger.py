"""Sổ cái: facts as they were asserted, and the chain that shows nobody changed them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from khcn_workflow.domain.errors import BrokenChainError

GENESIS = "0" * 64
"""The hash before the first row."""

Json = Any
"""A value that JSON can hold."""


class EntryKind(StrEnum):
    """What sort of fact a row of the ledger states."""

    PERSON = "person"
    REGISTERED = "registered"
    AMENDED = "amended"
    OUTCOME = "outcome"
    DELAY = "delay"
    ACTIVITY = "activity"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EXTENDED = "extended"
    TERMINATED = "terminated"
    REPROJECTED = "reprojected"
    FROZEN = "frozen"
    IMPORTED = "imported"
    CORRECTED = "corrected"
    ASSIGNED = "assigned"
    DELEGATED = "delegated"
    ABSENT = "absent"
    REFUSED = "refused"
    EDITED = "edited"
    SNOOZED = "snoozed"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    EntryKind.PERSON: "Ghi cán bộ",
    EntryKind.REGISTERED: "Vào sổ nhiệm vụ",
    EntryKind.AMENDED: "Sửa thông tin nhiệm vụ",
    EntryKind.OUTCOME: "Kết quả bước",
    EntryKind.DELAY: "Giải trình chậm",
    EntryKind.ACTIVITY: "Hoạt động khác",
    EntryKind.SUSPENDED: "Tạm dừng",
    EntryKind.RESUMED: "Tiếp tục sau tạm dừng",
    EntryKind.EXTENDED: "Gia hạn hợp đồng",
    EntryKind.TERMINATED: "Chấm dứt thực hiện",
    EntryKind.REPROJECTED: "Tính lại thời hạn",
    EntryKind.FROZEN: "Chốt báo cáo",
    EntryKind.IMPORTED: "Nhập sổ Excel",
    EntryKind.CORRECTED: "Sửa dòng đã ghi",
    EntryKind.ASSIGNED: "Giao người theo dõi",
    EntryKind.DELEGATED: "Ủy quyền",
    EntryKind.ABSENT: "Vắng mặt",
    EntryKind.REFUSED: "Từ chối ghi",
    EntryKind.EDITED: "Sửa lời báo cáo",
    EntryKind.SNOOZED: "Hoãn nhắc",
}


@dataclass(frozen=True, slots=True)
class Document:
    """Văn bản: the paper that proves a fact.

    Attributes:
        sha256: Hash of the file that was shown, empty where only its number was given.
    """

    number: str = ""
    on: date | None = None
    issuer: str = ""
    sha256: str = ""


NO_DOCUMENT = Document()
"""Where no paper is named."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What somebody asserts, before it stands in the ledger.

    Attributes:
        subject: Code of the science task, person or activity it is about.
        valid_on: The date on the paper.
        cause: Why a step was or is late: a cause id of the rulebook, or free words.
        commitment: The day by which the late step is promised.
        data: Attributes of what is registered, or the step-specific fields (JSON).
        request_key: Names the request, so that the same one is recorded once.
        role: The role in which `actor` spoke (`Role`), empty where none was asked for.
        on_behalf_of: Code of the person who delegated it to `actor`.
        corrects: Number of the row that this one stands in the place of.
    """

    kind: EntryKind
    subject: str
    valid_on: date
    actor: str
    stage: str = ""
    step: str = ""
    round: int = 0
    outcome: str = ""
    document: Document = NO_DOCUMENT
    cause: str = ""
    commitment: date | None = None
    note: str = ""
    rulebook: str = ""
    data: Mapping[str, Json] = field(default_factory=dict)
    request_key: str = ""
    role: str = ""
    on_behalf_of: str = ""
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A fact with its place in the ledger: both times, and the chain."""

    seq: int
    recorded_at: datetime
    fact: Fact
    previous_hash: str
    hash: str


def canonical(seq: int, recorded_at: datetime, fact: Fact) -> str:
    """The one JSON text of a row: sorted keys, no spaces, dates as ISO 8601.

    What came with revision 0004 stands there only where it says something, so that rows
    from before keep their hashes.
    """
    body = {
        "seq": seq,
        "recorded_at": recorded_at.isoformat(timespec="microseconds"),
        "kind": fact.kind.value,
        "subject": fact.subject,
        "stage": fact.stage,
        "step": fact.step,
        "round": fact.round,
        "outcome": fact.outcome,
        "valid_on": fact.valid_on.isoformat(),
        "actor": fact.actor,
        "document_number": fact.document.number,
        "document_on": fact.document.on.isoformat() if fact.document.on else None,
        "document_issuer": fact.document.issuer,
        "cause": fact.cause,
        "commitment": fact.commitment.isoformat() if fact.commitment else None,
        "note": fact.note,
        "rulebook": fact.rulebook,
        "data": fact.data,
        "request_key": fact.request_key,
    }
    later = {
        "role": fact.role,
        "on_behalf_of": fact.on_behalf_of,
        "corrects": fact.corrects,
        "document_sha256": fact.document.sha256,
    }
    body |= {name: value for name, value in later.items() if value}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(fact: Fact, seq: int, recorded_at: datetime, previous_hash: str) -> LedgerEntry:
    """The entry that `fact` becomes right after the row whose hash is given."""
    digest = _digest(previous_hash, canonical(seq, recorded_at, fact))
    return LedgerEntry(seq, recorded_at, fact, previous_hash, digest)


def verify(
    entries: Iterable[LedgerEntry], passed: Callable[[int, str], None] | None = None
) -> tuple[int, str]:
    """Walk the chain; the number of rows and the hash of the last one.

    Args:
        passed: Told the number and the hash of each row that holds.

    Raises:
        BrokenChainError: Names the first row that does not follow from the one before.
    """
    count, head = 0, GENESIS
    for entry in entries:
        if entry.seq != count + 1:
            raise BrokenChainError(count + 1, f"thiếu dòng, gặp dòng {entry.seq}")
        if entry.previous_hash != head:
            raise BrokenChainError(entry.seq, "không nối với dòng trước")
        if entry.hash != _digest(head, canonical(entry.seq, entry.recorded_at, entry.fact)):
            raise BrokenChainError(entry.seq, "nội dung không khớp mã băm")
        count, head = entry.seq, entry.hash
        if passed is not None:
            passed(count, head)
    return count, head


def _digest(previous_hash: str, body: str) -> str:
    return hashlib.sha256(f"{previous_hash}\n{body}".encode()).hexdigest()

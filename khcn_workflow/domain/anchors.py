"""Mốc sổ cái: heads of the ledger noted outside it, which show rows that were taken away."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from khcn_workflow.domain.errors import KhcnError


class Occasion(StrEnum):
    """What a head was noted for."""

    VERIFY = "verify"
    BACKUP = "backup"
    FREEZE = "freeze"
    RESTORE = "restore"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Anchor:
    """How long the ledger was once, and the hash of its last row then.

    Attributes:
        at: When it was noted, None where only rows and hash were written down.
    """

    rows: int
    head: str
    at: datetime | None = None
    occasion: Occasion = Occasion.OUTSIDE

    def __str__(self) -> str:
        """The one line that is written down: `ROWS:HASH INSTANT OCCASION`."""
        at = self.at.isoformat(timespec="seconds") if self.at else ""
        return " ".join(filter(None, (f"{self.rows}:{self.head}", at, self.occasion)))


class AnchorUnreadableError(KhcnError):
    """A line is no note of a head."""

    def __init__(self, text: str, place: str = "") -> None:
        self.text = text
        super().__init__(
            f"Mốc «{text}»{f' ({place})' if place else ''} không đọc được: cần SỐ_DÒNG:MÃ_BĂM, "
            "mã băm 64 chữ số hệ mười sáu, như khcn verify --anchor in ra."
        )


class RowsGoneError(KhcnError):
    """The ledger is shorter than it was once."""

    def __init__(self, anchor: Anchor, rows: int) -> None:
        self.anchor, self.first_gone = anchor, rows + 1
        gone = f"dòng {rows + 1}" if anchor.rows == rows + 1 else f"dòng {rows + 1}–{anchor.rows}"
        super().__init__(
            f"Sổ cái đã mất {gone}: mốc «{anchor}» ghi {anchor.rows} dòng, nay chỉ còn {rows}. "
            "Hãy khôi phục từ bản sao lưu. (Nếu đang mở một cơ sở dữ liệu khác, hãy dùng "
            "KHCN_HOME riêng cho nó.)"
        )


class RewrittenError(KhcnError):
    """The chain holds, but it is not the one that was noted."""

    def __init__(self, anchor: Anchor, last_good: int) -> None:
        self.anchor, self.last_good = anchor, last_good
        where = (
            f"dòng {anchor.rows}"
            if anchor.rows == last_good + 1
            else f"trong các dòng {last_good + 1}–{anchor.rows}"
        )
        super().__init__(
            f"Sổ cái đã bị viết lại ở {where}: chuỗi mã băm liền nhau nhưng không khớp mốc "
            f"«{anchor}». Hãy khôi phục từ bản sao lưu. (Nếu đang mở một cơ sở dữ liệu khác, "
            "hãy dùng KHCN_HOME riêng cho nó.)"
        )


def read_anchor(text: str, place: str = "") -> Anchor:
    """The note that one line holds; what stands after rows and hash may be left out.

    Args:
        place: Where the line stands, for the refusal.

    Raises:
        AnchorUnreadableError: It is no such line.
    """
    match = re.fullmatch(r"(\d+):([0-9a-f]{64})(?: (\d{4}-\S+))?(?: ([a-z]+))?", text.strip())
    if match is None:
        raise AnchorUnreadableError(text.strip(), place)
    rows, head, at, occasion = match.groups()
    try:
        noted = datetime.fromisoformat(at) if at else None
        return Anchor(int(rows), head, noted, Occasion(occasion or Occasion.OUTSIDE))
    except ValueError:
        raise AnchorUnreadableError(text.strip(), place) from None


def holding(anchors: Iterable[Anchor]) -> list[Anchor]:
    """The notes that must agree with the ledger: a restore gives up the rows after it."""
    held: list[Anchor] = []
    for anchor in anchors:
        if anchor.occasion is Occasion.RESTORE:
            held = [earlier for earlier in held if earlier.rows <= anchor.rows]
        held.append(anchor)
    return held


def check_anchors(anchors: Sequence[Anchor], hashes: Mapping[int, str]) -> None:
    """Compare notes with the hash of each row of the ledger, row 0 being before the first.

    Raises:
        RewrittenError: Names the rows among which the first difference lies.
        RowsGoneError: Names the rows that are not there any more.
    """
    last, good = max(hashes), 0
    for anchor in sorted(anchors, key=lambda noted: noted.rows):
        if anchor.rows > last:
            raise RowsGoneError(max(anchors, key=lambda noted: noted.rows), last)
        if hashes[anchor.rows] != anchor.head:
            raise RewrittenError(anchor, good)
        good = anchor.rows

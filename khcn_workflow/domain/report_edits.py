"""Lời đã sửa: an officer's words in the place of a report's generated section."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

SECTIONS: Mapping[str, str] = {
    "mo-dau": "Mở đầu",
    "I.1": "Kết quả đạt được",
    "I.2": "Tồn tại, hạn chế",
    "II": "Nhiệm vụ trọng tâm của kỳ sau",
    "ket": "Lời kết",
}
"""The sections whose words may be edited, by what an officer calls them."""


@dataclass(frozen=True, slots=True)
class SectionEdit:
    """What somebody wrote instead of a section.

    Attributes:
        text: Paragraphs, one a line, in the marks of `reports.editing`.
        over: The generated words that stood there then, numbers and all.
        by: Code of who wrote it.
    """

    section: str
    text: str
    over: str
    by: str
    at: datetime


def subject_of(period: str) -> str:
    """The ledger's subject of a period's edits; no task's code holds a space."""
    return f"báo cáo {period}"

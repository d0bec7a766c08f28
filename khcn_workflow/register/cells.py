"""Một ô: what may stand in a cell, and its text and counts."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError


@dataclass(frozen=True, slots=True)
class UnfinishedFormula:
    """A formula whose result is not in the file: no program ever calculated it."""

    formula: str


CellValue = str | int | float | bool | date | datetime | time | timedelta | UnfinishedFormula | None


class UnreadableError(KhcnError):
    """A cell holds something else than its column asks for."""

    def __init__(self, value: CellValue, expected: str) -> None:
        self.value, self.expected = value, expected
        super().__init__(f"không đọc được «{shown(value)}»; cần {expected}.")


class ImplausibleError(KhcnError):
    """A cell can be read, but what it says cannot be meant."""

    def __init__(self, value: CellValue, why: str) -> None:
        self.value = value
        super().__init__(f"«{shown(value)}» không hợp lý: {why}.")


class BrokenCellError(KhcnError):
    """A cell shows no value: an error of Excel, or a formula nobody calculated."""

    def __init__(self, shown_as: str) -> None:
        self.shown_as = shown_as
        super().__init__(shown_as)


def shown(value: CellValue) -> str:
    """A value as the officer sees it in the sheet."""
    if isinstance(value, date):
        return vietnamese.day(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def cleaned(text: str) -> str:
    """Text in NFC, trimmed, without invisible marks; Icelandic Ð of old fonts made Đ."""
    visible = re.sub("[\u200b\u200c\u200d\ufeff]", "", text)
    return vietnamese.nfc(visible.replace("\u00d0", "Đ").replace("\u00f0", "đ"))


def is_blank(value: CellValue) -> bool:
    """Whether nothing is written in the cell."""
    return value is None or (isinstance(value, str) and not cleaned(value))


def check_whole(value: CellValue) -> None:
    """Refuse cells that show no value.

    Raises:
        BrokenCellError: An error of Excel, or a formula without its result.
    """
    if isinstance(value, UnfinishedFormula):
        raise BrokenCellError(
            f"công thức «{value.formula}» chưa có kết quả trong tệp; "
            "hãy mở bằng Excel, lưu lại, hoặc ghi thẳng giá trị."
        )
    if isinstance(value, str) and re.fullmatch(r"#[A-Z/0]+[!?]?|#N/A", value.strip()):
        raise BrokenCellError(f"ô báo lỗi «{value.strip()}» của Excel; hãy sửa công thức.")


def read_text(value: CellValue) -> str:
    """The text of a cell; a whole number without ".0".

    Raises:
        UnreadableError: Excel made a date of it.
    """
    if isinstance(value, date):
        raise UnreadableError(value, "chữ (Excel đã đổi thành ngày; hãy định dạng ô là Text)")
    return cleaned(shown(value))


def read_count(value: CellValue) -> int:
    """How many: 37, "09", "1.000", "1.000 cuốn".

    Raises:
        UnreadableError: It is no whole number that is 0 or more.
    """
    expected = "số đếm, ví dụ 37 hoặc 1.000"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnreadableError(value, expected)
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{3})+|\d+)(?: ?[^\W\d].*)?", read_text(value))
    if not found:
        raise UnreadableError(value, expected)
    return int(found[1].replace(".", ""))

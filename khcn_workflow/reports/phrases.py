"""Cụm từ: titles, papers and money of the activity register as parts of a sentence."""

import re
from collections.abc import Sequence
from datetime import date

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.ledger import Document

_VERBS = (
    "Ban hành", "Cập nhật", "Chỉ đạo", "Chuẩn bị", "Duy trì", "Đánh giá", "Đăng ký", "Đẩy nhanh",
    "Giới thiệu", "Hoàn thành", "Hướng dẫn", "Kiểm tra", "Phối hợp", "Phục vụ", "Rà soát",
    "Tham gia", "Tham mưu", "Thẩm định", "Thanh tra", "Theo dõi", "Thực hiện", "Tiếp tục",
    "Tiếp đón", "Tổ chức", "Tổng hợp", "Trình", "Triển khai", "Tuyên truyền", "Tăng cường",
    "Xây dựng", "Xuất bản", "Xử phạt",
)  # fmt: skip
_SMALL = ("Bài", "Báo cáo thống kê", "Chương trình", "Cơ sở", "Cuốn", "Dự án", "Tài liệu", "Tin")
_SORTS = {
    "QĐ": "Quyết định",
    "NQ": "Nghị quyết",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "KH": "Kế hoạch",
    "BC": "Báo cáo",
    "TB": "Thông báo",
    "TTr": "Tờ trình",
}
_MILLION = 1_000_000
_ZERO_BELOW_MONTH = 3


def in_sentence(title: str) -> str:
    """A title without its end mark, small at the beginning unless it is a name."""
    text = title.strip().rstrip(".;")
    return _small(text) if _begins(text, (*_VERBS, *_SMALL)) else text


def says_deed(title: str) -> bool:
    """Whether the title says itself what is done, so that no verb is put before it."""
    return _begins(title.strip(), _VERBS)


def led(title: str, lead: str) -> str:
    """The title after `lead`, or alone where it says what is done itself.

    >>> led("Lễ kỷ niệm 60 năm", "tổ chức ")
    'tổ chức Lễ kỷ niệm 60 năm'
    >>> led("Tổ chức Lễ kỷ niệm 60 năm", "tổ chức ")
    'tổ chức Lễ kỷ niệm 60 năm'
    """
    text = title.strip().rstrip(".;")
    return _small(text) if says_deed(text) else lead + in_sentence(text)


def without(title: str, *leads: str) -> str:
    """The title without what the sentence around it says already."""
    text = title.strip().rstrip(".;")
    for lead in leads:
        if text.lower().startswith(lead.lower()):
            return text[len(lead) :].lstrip(" :")
    return text


def paper(document: Document, *, long_date: bool = False) -> str:
    """A paper by sort, number, day, issuer ("Quyết định số 491/QĐ-UBND ngày 25/4/2019 …")."""
    number = document.number.strip()
    if not number:
        return ""
    text = number if number.startswith(tuple(_SORTS.values())) else f"{_sort(number)} số {number}"
    if document.on:
        text += (
            f" ngày {long_day(document.on) if long_date else vietnamese.report_day(document.on)}"
        )
    return f"{text} của {document.issuer}" if document.issuer else text


def with_paper(activity: Activity) -> str:
    """The title with number and date of its paper, where the title lacks them."""
    title = activity.title.strip().rstrip(".;")
    document = activity.document
    if not document.number or document.number in title:
        return title
    sort = _sort(document.number)
    rest = without(title, f"{sort} của {document.issuer}", sort)
    return f"{paper(document)} {rest}" if rest != title else f"{title} ({paper(document)})"


def long_day(on: date) -> str:
    """A day in full words ("15 tháng 5 năm 2019")."""
    month = f"{on.month:02d}" if on.month < _ZERO_BELOW_MONTH else str(on.month)
    return f"{on.day:02d} tháng {month} năm {on.year}"


def month_of(on: date) -> str:
    """The month of a day ("tháng 6/2019")."""
    month = f"{on.month:02d}" if on.month < _ZERO_BELOW_MONTH else str(on.month)
    return f"tháng {month}/{on.year}"


def money(amount_vnd: int) -> str:
    """In millions ("06 triệu đồng"); in đồng where it is not a whole number of them."""
    millions, rest = divmod(amount_vnd, _MILLION)
    return vietnamese.dong(amount_vnd) if rest else f"{vietnamese.count(millions)} triệu đồng"


def names(activities: Sequence[Activity]) -> str:
    """The organisations of these activities, or their titles where none is given."""
    return ", ".join(a.organisation or a.title.strip().rstrip(".;") for a in activities)


def sentence(text: str) -> str:
    """Footnote text with one full stop and a capital at the beginning; empty stays empty."""
    text = text.strip().rstrip(".;")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _sort(number: str) -> str:
    found = re.search(r"/(?P<sort>QĐ|NQ|NĐ|TTr|TT|KH|BC|TB)-", number)
    return _SORTS[found["sort"]] if found else "Công văn"


def _begins(text: str, words: Sequence[str]) -> bool:
    return any(re.match(rf"{word}\b", text) for word in words)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]

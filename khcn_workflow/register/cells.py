"""Một ô: dates, durations, money and counts as Vietnamese offices type them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError

FIRST_YEAR, LAST_YEAR = 1990, 2060
"""Years outside are taken for a slip of the pen."""

LARGEST_VND = 1_000_000_000_000
SMALLEST_VND = 100_000
LONGEST_MONTHS = 180
_CENTURY, _PIVOT = 2000, 100
_MOST_DECIMAL_DIGITS = 2


@dataclass(frozen=True, slots=True)
class UnfinishedFormula:
    """A formula whose result is not in the file: no program ever calculated it."""

    formula: str


CellValue = str | int | float | bool | date | datetime | time | timedelta | UnfinishedFormula | None


class Edge(Enum):
    """Which day stands for a month that was given without one."""

    NONE = "none"
    FIRST = "first"
    LAST = "last"


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


_DAY = re.compile(r"(?P<d>\d{1,2}) ?[/.-] ?(?P<m>\d{1,2}) ?[/.-] ?(?P<y>\d{4}|\d{2})")
_WORDS = re.compile(r"(?P<d>\d{1,2}) tháng (?P<m>\d{1,2}) năm (?P<y>\d{4})")
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})")
_MONTH = re.compile(r"(?:(?:tháng|t) ?)?(?P<m>\d{1,2})(?: ?[/.-] ?| năm )(?P<y>\d{4})")
_DAY_EXPECTED = "ngày có trong lịch, ghi ngày/tháng/năm, ví dụ 15/05/2019"
_MONTH_EXPECTED = _DAY_EXPECTED + " (hoặc tháng 5/2019)"


def read_day(value: CellValue, edge: Edge = Edge.NONE, epoch: datetime = WINDOWS_EPOCH) -> date:
    """The day of a cell: a real Excel date, its serial number, or text, day before month.

    Args:
        edge: Which day a month without a day stands for; by default it is refused.
        epoch: Where the workbook's serial numbers begin.

    Raises:
        UnreadableError: It is no day of the calendar.
        ImplausibleError: Its year lies outside 1990-2060.
    """
    expected = _DAY_EXPECTED if edge is Edge.NONE else _MONTH_EXPECTED
    if isinstance(value, datetime):
        return _plausible(value.date(), value)
    if isinstance(value, date):
        return _plausible(value, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _plausible(_from_serial(value, expected, epoch), value)
    if not isinstance(value, str):
        raise UnreadableError(value, expected)
    return _plausible(_from_text(value, edge, expected), value)


def _from_serial(value: float, expected: str, epoch: datetime) -> date:
    if FIRST_YEAR <= value <= LAST_YEAR:
        raise UnreadableError(value, expected)
    try:
        found = from_excel(value, epoch)
    except (OverflowError, ValueError) as error:
        raise UnreadableError(value, expected) from error
    if isinstance(found, datetime):
        return found.date()
    raise UnreadableError(value, expected)


def _from_text(text: str, edge: Edge, expected: str) -> date:
    plain = re.sub(r"^ngày |[ T]00:00(:00)?$|[.;,]$", "", cleaned(text).lower())
    for shape in (_DAY, _WORDS, _ISO):
        if found := shape.fullmatch(plain):
            try:
                return date(_year(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError as error:
                raise UnreadableError(text, expected) from error
    found = _MONTH.fullmatch(plain)
    if edge is Edge.NONE or not found:
        raise UnreadableError(text, expected)
    return _edge_of(text, int(found["y"]), int(found["m"]), edge)


def _edge_of(text: str, year: int, month: int, edge: Edge) -> date:
    try:
        last = monthrange(year, month)[1]
        return date(year, month, last if edge is Edge.LAST else 1)
    except ValueError as error:
        raise UnreadableError(text, _MONTH_EXPECTED) from error


def _year(text: str) -> int:
    year = int(text)
    return year + _CENTURY if year < _PIVOT else year


def _plausible(on: date, value: CellValue) -> date:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        why = f"năm {on.year} nằm ngoài khoảng {FIRST_YEAR}-{LAST_YEAR}"
        raise ImplausibleError(value, why)
    return on


_END = r"\d{1,2}[/.]\d{1,2}[/.]\d{4}|(?:(?:tháng|t) ?)?\d{1,2}[/.]\d{4}|\d{4}"
_SPAN = re.compile(rf"(?:từ )?({_END}) ?(?:-|–|—|->|→|đến) ?({_END})")


def read_span(value: CellValue) -> tuple[date, date]:
    """The first and last day of a range of months, days or years ("8/2008-9/2010").

    Raises:
        UnreadableError: It is no such range.
        ImplausibleError: It ends before it begins, or in a year that cannot be meant.
    """
    expected = "khoảng thời gian, ví dụ 8/2018-7/2020"
    if not isinstance(value, str):
        raise UnreadableError(value, expected)
    found = _SPAN.fullmatch(cleaned(value).lower())
    if not found:
        raise UnreadableError(value, expected)
    first = read_day(_month_of_year(found[1], "1"), Edge.FIRST)
    last = read_day(_month_of_year(found[2], "12"), Edge.LAST)
    if last < first:
        raise ImplausibleError(value, "kết thúc trước khi bắt đầu")
    return first, last


def _month_of_year(text: str, month: str) -> str:
    return f"{month}/{text}" if re.fullmatch(r"\d{4}", text) else text


_MONTHS = re.compile(
    r"(?:(?P<years>\d+(?:[.,]\d+)?) ?năm)?(?: và)? ?(?:(?P<months>\d+) ?(?:tháng|th\.?)?)?"
)
_MONTHS_EXPECTED = "số tháng, ví dụ 24, «24 tháng» hoặc «2 năm»"


def read_months(value: CellValue) -> int:
    """A length in calendar months: 24, "24 tháng", "2 năm", "1,5 năm", "2 năm 6 tháng".

    Raises:
        UnreadableError: It is none of these, or not a whole number of months.
        ImplausibleError: It is longer than fifteen years, or nothing.
    """
    found = _MONTHS.fullmatch(read_text(value).lower())
    if not found or not (found["years"] or found["months"]):
        raise UnreadableError(value, _MONTHS_EXPECTED)
    months = Decimal((found["years"] or "0").replace(",", ".")) * 12 + int(found["months"] or 0)
    if months != int(months):
        raise UnreadableError(value, _MONTHS_EXPECTED)
    if not 0 < months <= LONGEST_MONTHS:
        raise ImplausibleError(value, f"thời gian phải từ 1 đến {LONGEST_MONTHS} tháng")
    return int(months)


_UNITS = (
    ("tỷ", 1_000_000_000), ("tỉ", 1_000_000_000), ("triệu", 1_000_000), ("tr", 1_000_000),
    ("nghìn", 1_000), ("ngàn", 1_000),
)  # fmt: skip
_UNIT = "|".join(name for name, _ in _UNITS)
_CURRENCY = re.compile(r"\.? ?(?:đồng|đ|vnđ|vnd)\.?$")
_PART = re.compile(rf"([\d.,]+) ?({_UNIT})? ?")
_AMBIGUOUS = "số tiền rõ nghĩa (dấu phẩy trước ba chữ số có thể hiểu hai cách)"
_MONEY_EXPECTED = "số tiền, ví dụ «980 triệu», «8,2 tỷ» hoặc 980.000.000"


def unit_of(title: str) -> int:
    """The unit that a column's title promises in VND ("Kinh phí (triệu đồng)"); 1 without."""
    for inside in re.findall(r"\(([^)]*)\)", cleaned(title).lower()):
        for name, amount in _UNITS:
            if re.search(rf"(?:^|\W){name}(?:\W|$)", inside):
                return amount
    return 1


def read_money(value: CellValue, unit: int = 1) -> int:
    """An amount in VND; a comma begins decimals and dots part thousands.

    Args:
        unit: What a number without a unit of its own is counted in.

    Raises:
        UnreadableError: It is no amount, or could mean two amounts.
        ImplausibleError: It is too small or too large to be meant, or no whole đồng.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnreadableError(value, _MONEY_EXPECTED)
    amount = _worded(value, unit) if isinstance(value, str) else Decimal(str(value)) * unit
    if amount != int(amount) or amount < 0:
        raise ImplausibleError(value, "số tiền phải là số đồng nguyên, không âm")
    if 0 < amount < SMALLEST_VND:
        raise ImplausibleError(value, "số tiền quá nhỏ; hãy ghi rõ đơn vị (triệu, tỷ)")
    if amount > LARGEST_VND:
        raise ImplausibleError(value, "số tiền quá lớn; hãy xem lại đơn vị và dấu chấm, dấu phẩy")
    return int(amount)


def _worded(text: str, unit: int) -> Decimal:
    """One number, or parts that each have a smaller unit ("1 tỷ 250 triệu")."""
    plain = cleaned(text).lower()
    bare = _CURRENCY.sub("", plain)
    parts = _PART.findall(bare)
    if not parts or _PART.sub("", bare):
        raise UnreadableError(text, _MONEY_EXPECTED)
    default = 0 if len(parts) > 1 else 1 if bare != plain else unit
    sizes = [dict(_UNITS).get(name, default) for _, name in parts]
    if 0 in sizes or sizes != sorted(set(sizes), reverse=True):
        raise UnreadableError(text, _MONEY_EXPECTED)
    return sum(
        (_number(number, text, scaled=size > 1) * size)
        for (number, _), size in zip(parts, sizes, strict=True)
    ) or Decimal(0)


def _number(number: str, text: str, *, scaled: bool) -> Decimal:
    """Digits with Vietnamese marks; the same with English ones where only that can be meant."""
    if re.fullmatch(r"\d+|\d{1,3}(\.\d{3})+", number):
        return Decimal(number.replace(".", ""))
    if re.fullmatch(r"\d{1,3}(,\d{3}){2,}", number) or (
        not scaled and re.fullmatch(r"\d{1,3},\d{3}", number)
    ):
        return Decimal(number.replace(",", ""))
    if re.fullmatch(r"\d{1,3},\d{3}", number):
        raise UnreadableError(text, _AMBIGUOUS)
    if re.fullmatch(r"\d{1,3}(\.\d{3})*,\d+|\d+,\d+", number):
        return Decimal(number.replace(".", "").replace(",", "."))
    if re.fullmatch(rf"\d+\.\d{{1,{_MOST_DECIMAL_DIGITS}}}", number):
        return Decimal(number)
    raise UnreadableError(text, _MONEY_EXPECTED)


def read_count(value: CellValue) -> int:
    """How many: 37, "09", "1.000", "1.000 cuốn".

    Raises:
        UnreadableError: It is no whole number that is 0 or more.
    """
    expected = "số đếm, ví dụ 37 hoặc 1.000"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnreadableError(value, expected)
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{3})+|\d+)(?: ?[^\d\s].*)?", read_text(value))
    if not found or "." in found[0][len(found[1]) :][:1] or "," in found[0][len(found[1]) :][:1]:
        raise UnreadableError(value, expected)
    return int(found[1].replace(".", ""))


def read_year(value: CellValue) -> int:
    """A plan year: 2019, "2019", "năm 2019", "KH 2019".

    Raises:
        UnreadableError: It names no year, or more than one.
        ImplausibleError: The year lies outside 1990-2060.
    """
    years = re.findall(r"(?<!\d)\d{4}(?!\d)", read_text(value))
    if len(years) != 1:
        raise UnreadableError(value, "một năm, ví dụ 2019")
    year = int(years[0])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ImplausibleError(value, f"năm nằm ngoài khoảng {FIRST_YEAR}-{LAST_YEAR}")
    return year

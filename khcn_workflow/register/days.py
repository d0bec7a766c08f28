"""Ngày tháng: days, ranges of months, lengths and plan years as offices type them."""

import re
from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from khcn_workflow.register.cells import (
    CellValue,
    ImplausibleError,
    UnreadableError,
    cleaned,
    read_text,
)

FIRST_YEAR, LAST_YEAR = 1990, 2060
"""Years outside are taken for a slip of the pen."""

LONGEST_MONTHS = 180
_CENTURY, _PIVOT = 2000, 100


class Edge(Enum):
    """Which day stands for a month that was given without one."""

    NONE = "none"
    FIRST = "first"
    LAST = "last"


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

"""Kỳ báo cáo: which days a report covers (NĐ 09/2019/NĐ-CP Điều 12) and what it is called."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError

_SHAPE = re.compile(r"(?P<year>20\d\d)(?:-(?P<part>H[12]|9M|Q[1-4]|0[1-9]|1[0-2]))?")
_DAYS = re.compile(r"(20\d\d-\d\d-\d\d)\.\.(20\d\d-\d\d-\d\d)")
_QUARTERS = ("I", "II", "III", "IV")
_CUT_OFF_DAY = 14


class PeriodError(KhcnError):
    """A reporting period is not written in one of the known ways."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"Không đọc được kỳ báo cáo «{text}». Cách ghi: 2019-H1 (6 tháng đầu năm), "
            "2019-H2 (6 tháng cuối năm), 2019-9M (9 tháng), 2019 (cả năm), 2019-Q3 (quý), "
            "2019-06 (tháng), 2019-03-01..2019-05-20 (từ ngày đến ngày); thêm @2019-06-20 để "
            "đổi ngày chốt số liệu."
        )


class CutOffError(KhcnError):
    """A cut-off was asked for that lies before the period's first day."""

    def __init__(self, period: "Period", cut_off: date) -> None:
        self.period, self.cut_off = period, cut_off
        super().__init__(
            f"Ngày chốt {vietnamese.day(cut_off)} ở trước ngày đầu kỳ {period.label} "
            f"({vietnamese.day(period.first)})."
        )


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period with its cut-offs.

    Attributes:
        id: As it is written ("2019-H1", "2019-H1@2019-06-20").
        year: The plan year it reports on.
        first: First day counted: the day after the last cut-off.
        last: Cut-off day (chốt số liệu).
        label: Inside a sentence ("6 tháng đầu năm 2019").
        next_label: The period that follows ("6 tháng cuối năm 2019").
        next_last: Cut-off day of the period that follows.
    """

    id: str
    year: int
    first: date
    last: date
    label: str
    next_label: str
    next_last: date

    @property
    def new_year(self) -> date:
        """The first day of the plan year: what began before it was carried over."""
        return date(self.year, 1, 1)

    @property
    def name(self) -> str:
        """The period whatever its cut-off: what edited words belong to."""
        return self.id.partition("@")[0]


def parse_period(text: str) -> Period:
    """The period that was written in one of the ways that `PeriodError` lists.

    The cut-off is that of the regime, unless `@` and a day follow.

    Raises:
        PeriodError: It is written in no known way; the sentence shows those there are.
        CutOffError: The day after `@` lies before the period.
    """
    name, at, cut_off = text.strip().partition("@")
    period = _named(name, text)
    if not at:
        return period
    day = _day(cut_off, text)
    if day < period.first:
        raise CutOffError(period, day)
    return replace(period, id=f"{period.id}@{day.isoformat()}", last=day)


def with_cut_off(text: str, cut_off: date) -> str:
    """A period with another cut-off, as it is written."""
    return f"{text.partition('@')[0]}@{cut_off.isoformat()}"


def year_before(period: Period) -> Period:
    """The same period of the year before, its cut-off moved with it."""
    name, at, cut_off = period.id.partition("@")
    if found := _DAYS.fullmatch(name):
        earlier = "..".join(day_before(date.fromisoformat(d)).isoformat() for d in found.groups())
    else:
        earlier = f"{period.year - 1}{name[4:]}"
    return parse_period(earlier + at + (day_before(date.fromisoformat(cut_off)).isoformat()
                                        if at else ""))  # fmt: skip


def day_before(on: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    return on.replace(year=on.year - 1, day=min(on.day, monthrange(on.year - 1, on.month)[1]))


def _named(name: str, text: str) -> Period:
    if found := _DAYS.fullmatch(name):
        return _between(_day(found[1], text), _day(found[2], text), text)
    found = _SHAPE.fullmatch(name.upper())
    if found is None:
        raise PeriodError(text)
    year, part = int(found["year"]), found["part"] or ""
    return _BUILDERS[part if part == "9M" else part[:1] if part[:1] in ("H", "Q", "") else "M"](
        year, part
    )


def _day(written: str, text: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise PeriodError(text) from None


def _between(first: date, last: date, text: str) -> Period:
    if last < first:
        raise PeriodError(text)
    label = f"từ ngày {vietnamese.report_day(first)} đến ngày {vietnamese.report_day(last)}"
    period_id = f"{first.isoformat()}..{last.isoformat()}"
    after = last + (last - first) + timedelta(days=1)
    return Period(period_id, last.year, first, last, label, "thời gian tới", after)


def _year(year: int, _part: str) -> Period:
    return _period(str(year), year, (1, 12), (f"năm {year}", f"năm {year + 1}"))


def _half(year: int, part: str) -> Period:
    first_half, second_half = f"6 tháng đầu năm {year}", f"6 tháng cuối năm {year}"
    if part == "H1":
        return _period(f"{year}-H1", year, (1, 6), (first_half, second_half))
    return _period(f"{year}-H2", year, (7, 12), (second_half, f"6 tháng đầu năm {year + 1}"))


def _nine_months(year: int, part: str) -> Period:
    labels = (f"9 tháng đầu năm {year}", f"3 tháng cuối năm {year}")
    return replace(
        _period(f"{year}-{part}", year, (1, 9), labels), next_last=date(year, 12, _CUT_OFF_DAY)
    )


def _quarter(year: int, part: str) -> Period:
    number = int(part[1])
    after = f"quý {_QUARTERS[number % 4]} năm {year + number // 4}"
    labels = (f"quý {_QUARTERS[number - 1]} năm {year}", after)
    return _period(f"{year}-{part}", year, (3 * number - 2, 3 * number), labels)


def _month(year: int, part: str) -> Period:
    month = int(part)
    after = f"tháng {month % 12 + 1} năm {year + month // 12}"
    return _period(f"{year}-{part}", year, (month, month), (f"tháng {month} năm {year}", after))


def _period(period_id: str, year: int, months: tuple[int, int], labels: tuple[str, str]) -> Period:
    first_month, last_month = months
    before = (year - 1, 12) if first_month == 1 else (year, first_month - 1)
    after = last_month + (last_month - first_month) + 1
    return Period(
        period_id,
        year,
        date(*before, _CUT_OFF_DAY + 1),
        date(year, last_month, _CUT_OFF_DAY),
        *labels,
        date(year + (after - 1) // 12, (after - 1) % 12 + 1, _CUT_OFF_DAY),
    )


_BUILDERS: Mapping[str, Callable[[int, str], Period]] = {
    "": _year,
    "H": _half,
    "9M": _nine_months,
    "Q": _quarter,
    "M": _month,
}

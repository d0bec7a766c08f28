"""Kỳ báo cáo: which days a report covers (NĐ 09/2019/NĐ-CP Điều 12) and what it is called."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from khcn_workflow.domain.errors import KhcnError

_SHAPE = re.compile(r"(?P<year>20\d\d)(?:-(?P<part>H[12]|Q[1-4]|0[1-9]|1[0-2]))?")
_QUARTERS = ("I", "II", "III", "IV")
_CUT_OFF_DAY = 14


class PeriodError(KhcnError):
    """A reporting period is not written in one of the known ways."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"Không đọc được kỳ báo cáo «{text}». Cách ghi: 2019-H1 (6 tháng đầu năm), "
            "2019-H2 (6 tháng cuối năm), 2019 (cả năm), 2019-Q3 (quý), 2019-06 (tháng)."
        )


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period with its cut-offs.

    Attributes:
        id: As it is written ("2019-H1").
        year: The plan year it reports on.
        first: First day counted: the day after the last cut-off.
        last: Cut-off day (chốt số liệu).
        label: Inside a sentence ("6 tháng đầu năm 2019").
        next_label: The period that follows ("6 tháng cuối năm 2019").
    """

    id: str
    year: int
    first: date
    last: date
    label: str
    next_label: str

    @property
    def new_year(self) -> date:
        """The first day of the plan year: what began before it was carried over."""
        return date(self.year, 1, 1)


def parse_period(text: str) -> Period:
    """The period that was written as "2019-H1", "2019-H2", "2019", "2019-Q3" or "2019-06".

    Raises:
        PeriodError: It is written in no known way; the sentence shows those there are.
    """
    found = _SHAPE.fullmatch(text.strip().upper())
    if found is None:
        raise PeriodError(text)
    year, part = int(found["year"]), found["part"] or ""
    return _BUILDERS[part[:1] if part[:1] in ("H", "Q", "") else "M"](year, part)


def _year(year: int, _part: str) -> Period:
    return _period(str(year), year, (1, 12), (f"năm {year}", f"năm {year + 1}"))


def _half(year: int, part: str) -> Period:
    first_half, second_half = f"6 tháng đầu năm {year}", f"6 tháng cuối năm {year}"
    if part == "H1":
        return _period(f"{year}-H1", year, (1, 6), (first_half, second_half))
    return _period(f"{year}-H2", year, (7, 12), (second_half, f"6 tháng đầu năm {year + 1}"))


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
    return Period(
        period_id,
        year,
        date(*before, _CUT_OFF_DAY + 1),
        date(year, last_month, _CUT_OFF_DAY),
        *labels,
    )


_BUILDERS: Mapping[str, Callable[[int, str], Period]] = {
    "": _year,
    "H": _half,
    "Q": _quarter,
    "M": _month,
}

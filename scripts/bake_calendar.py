"""Bakes base.csv from the `holidays` library, the only place that imports it.

    python scripts/bake_calendar.py            writes the file
    python scripts/bake_calendar.py --check    exit code 1 when the file is not what would be baked

What the Government announced differently stands in calendar/<year>.toml and wins.
Saturday is a day off in all years here; before October 1999 offices worked on it
(from memory, to be checked), so the first years are for old dates, not for old terms.
"""

import csv
import io
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import holidays

from khcn_workflow.domain.calendar import SATURDAY, DayKind
from khcn_workflow.regulations.calendars import BASE_FILE, FIRST, LAST

Row = tuple[date, DayKind, str, str]

SUBSTITUTED = re.compile(r"Ngày nghỉ \(thay cho ngày (\d\d/\d\d/\d{4})\)")
OBSERVED = " (nghỉ bù)"
CULTURE_DAY = "Ngày Văn hóa Việt Nam"
CULTURE_DAY_LAW = "Nghị quyết 28/2026/QH16"  # known from secondary sources
NO_DOCUMENT = "chưa có số văn bản (theo thư viện holidays)"
CODES = (
    (date(2021, 1, 1), "Bộ luật Lao động 2019, Điều 112"),
    (date(2013, 5, 1), "Bộ luật Lao động 2012, Điều 115"),
    (date(1995, 1, 1), "Bộ luật Lao động 1994, Điều 73"),
)
"""The labour code in force from a day on; what stood before is not recorded."""


def baked() -> str:
    """The text of base.csv: every weekday off and every working Saturday, in order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("on", "kind", "reason", "source"))
    writer.writerows(sorted(_rows()))
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Write the file, or compare it."""
    if "--check" in arguments:
        return int(BASE_FILE.read_text(encoding="utf-8") != baked())
    BASE_FILE.write_text(baked(), encoding="utf-8", newline="\n")
    return 0


def _rows() -> Iterator[Row]:
    names = holidays.country_holidays("VN", years=range(FIRST.year, LAST.year + 1), language="vi")
    made_up = set()
    for on in _weekdays():
        if on in names and (swap := SUBSTITUTED.fullmatch(names[on])):
            saturday = datetime.strptime(swap[1], "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
            made_up.add(saturday)
            yield on, DayKind.SWAPPED_OFF, f"nghỉ hoán đổi, làm bù ngày {swap[1]}", NO_DOCUMENT
            yield saturday, DayKind.SWAPPED_IN, f"làm bù cho ngày {on:%d/%m/%Y}", NO_DOCUMENT
        elif on in names:
            yield _day_off(on, names[on])
    if made_up != names.weekend_workdays:
        raise SystemExit(f"Working Saturdays without a day off: {names.weekend_workdays ^ made_up}")


def _weekdays() -> Iterator[date]:
    every = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return (on for on in every if on.weekday() < SATURDAY)


def _day_off(on: date, name: str) -> Row:
    names = sorted(name.split("; "), key=lambda part: part.endswith(OBSERVED))
    reason = "; ".join(_words(part) for part in names)
    observed = names[0].endswith(OBSERVED)
    kind = DayKind.COMPENSATORY if observed else DayKind.HOLIDAY
    return on, kind, reason, _law(on, names[0].removesuffix(OBSERVED), observed)


def _words(name: str) -> str:
    return f"nghỉ bù {name.removesuffix(OBSERVED)}" if name.endswith(OBSERVED) else name


def _law(on: date, name: str, observed: bool) -> str:
    code = next((title for since, title in CODES if on >= since), "")
    if observed and code == CODES[0][1]:
        return "Bộ luật Lao động 2019, Điều 111 khoản 3"
    return CULTURE_DAY_LAW if name == CULTURE_DAY else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

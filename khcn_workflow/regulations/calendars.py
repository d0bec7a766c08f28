"""Reads the calendar: the baked base, what was announced each year, a Department's own days."""

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.calendar import SATURDAY, Day, DayKind, WorkingCalendar
from khcn_workflow.domain.errors import KhcnError

PACKAGED = Path(__file__).parent / "calendar"
BASE_FILE = PACKAGED / "base.csv"
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)

ANNOUNCED, PROVISIONAL = "announced", "provisional"
UNKNOWN = "NF"
CONFIDENCES = ("SEEN", "SEC", "MEM", UNKNOWN)
"""Read in the text itself; in a secondary source; from memory; looked for and not found."""

FILE_KEYS = frozenset({"year", "status", "note", "day"})
DAY_KEYS = frozenset({"on", "kind", "reason", "document", "issuer", "decided_on", "confidence"})
ONLY_ON_WEEKDAYS = frozenset({DayKind.WORKING, DayKind.COMPENSATORY, DayKind.SWAPPED_OFF})
ONLY_ON_WEEKENDS = frozenset({DayKind.WEEKEND, DayKind.SWAPPED_IN})

V = TypeVar("V")


class CalendarFileError(KhcnError, ValueError):
    """A calendar file cannot be used."""

    def __init__(self, path: Path, problem: str, key: str = "", line: int | None = None) -> None:
        self.path, self.problem, self.key, self.line = path, problem, key, line
        place = f", dòng {line}" if line else ""
        where = f", khóa «{key}»" if key else ""
        super().__init__(f"Tệp lịch {path}{place}{where}: {problem}.")


@dataclass(frozen=True, slots=True)
class Announcement:
    """A day as a file gives it, with the paper that decided it.

    Attributes:
        day: As the file alone has it; the calendar knows whether its year is official.
        document: The paper's number; empty when it is not known.
        decided_on: The paper's date.
        confidence: One of `CONFIDENCES`: how the day is known.
    """

    day: Day
    document: str
    issuer: str
    decided_on: date | None
    confidence: str


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What one file says.

    Attributes:
        year: The year it speaks for; None for days of any year.
        status: Whether that year's days off were announced; None for a file that only
            adds days, which are then taken as decided.
    """

    path: Path
    year: int | None
    status: str | None
    note: str
    announcements: Mapping[date, Announcement]


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which what was announced is not what the baked base says.

    Attributes:
        document: Number of the paper that decided it; empty when it is not known.
        moves_terms: One works where the other rests; otherwise only the reason differs.
    """

    on: date
    base: Day
    ours: Day
    document: str
    moves_terms: bool


def load_calendar(overlay_dirs: Sequence[Path] = ()) -> WorkingCalendar:
    """The working calendar; days in later folders win over earlier ones and the package.

    Raises:
        CalendarFileError: A file or folder cannot be used; names it, the key and the line.
    """
    return _calendar(calendar_files(overlay_dirs)) if overlay_dirs else _packaged_calendar()


def calendar_files(overlay_dirs: Sequence[Path] = ()) -> tuple[CalendarFile, ...]:
    """The package's files, then those of each folder; a later file wins over an earlier one.

    Raises:
        CalendarFileError: As `load_calendar`.
    """
    return (*_packaged(), *(f for folder in overlay_dirs for f in read_folder(folder)))


def announcements(files: Iterable[CalendarFile]) -> Mapping[date, Announcement]:
    """The announcement that holds for each day that any file names."""
    return {on: told for file in files for on, told in file.announcements.items()}


def differences_from_base(overlay_dirs: Sequence[Path] = ()) -> tuple[Difference, ...]:
    """The days of another kind than in the baked base, in order.

    Raises:
        CalendarFileError: As `load_calendar`.
    """
    ours = load_calendar(overlay_dirs)
    base = replace(ours, exceptions=_base(ours.official_until))
    told = sorted(announcements(calendar_files(overlay_dirs)).items())
    found = (_difference(base.day(on), ours.day(on), each.document) for on, each in told)
    return tuple(each for each in found if each.base.kind is not each.ours.kind)


def read_folder(folder: Path) -> tuple[CalendarFile, ...]:
    """Every *.toml of a folder by name; no day may stand in two of them.

    Raises:
        CalendarFileError: There is no such folder, or a file cannot be used.
    """
    if not folder.is_dir():
        raise CalendarFileError(folder, "không có thư mục này")
    files = tuple(read_file(path) for path in sorted(folder.glob("*.toml")))
    seen: dict[date, Path] = {}
    for file in files:
        for on in file.announcements:
            if on in seen:
                problem = f"ngày {vietnamese.day(on)} đã có trong tệp {seen[on].name}"
                raise CalendarFileError(file.path, problem, "on")
            seen[on] = file.path
    return files


def read_file(path: Path) -> CalendarFile:
    """One file, checked key by key.

    Raises:
        CalendarFileError: It is not TOML, or a key is missing, unknown or unusable.
    """
    text = _text(path)
    head = _Table(path, text, _toml(path, text))
    head.refuse_unknown(FILE_KEYS)
    year, status = _year(head)
    told: dict[date, Announcement] = {}
    for table in _tables(head):
        on = _on(table, year)
        if on in told:
            raise table.error("on", f"ngày {vietnamese.day(on)} đã có trong tệp này")
        told[on] = _announcement(table, on, official=status is None)
    return CalendarFile(path, year, status, head.get("note", str, ""), told)


@dataclass(frozen=True, slots=True)
class _Table:
    """The head of a file, or its nth [[day]], with what it takes to name a place in it."""

    path: Path
    text: str
    values: Mapping[str, Any]
    number: int | None = None

    def get(self, key: str, kind: type[V], default: V | None) -> Any:
        value = self.values.get(key, default)
        if value is not default and type(value) is not kind:  # a datetime is a date, True an int
            raise self.error(key, f"«{value}» không dùng được: cần {_EXPECTED[kind]}")
        return vietnamese.nfc(value) if isinstance(value, str) else value

    def need(self, key: str, kind: type[V]) -> Any:
        value = self.get(key, kind, None)
        if value is None or value == "":
            raise self.error(key, "còn thiếu")
        return value

    def refuse_unknown(self, known: frozenset[str]) -> None:
        for key in self.values:
            if key not in known:
                raise self.error(key, f"không có khóa này; các khóa: {', '.join(sorted(known))}")

    def error(self, key: str, problem: str) -> CalendarFileError:
        return CalendarFileError(self.path, problem, key, self._line(key))

    def _line(self, key: str) -> int | None:
        start, stop = self._span()
        found = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*=", re.MULTILINE).search(
            self.text, start, stop
        )
        if found is None and self.number is None:
            return None
        return self.text.count("\n", 0, found.start() if found else start) + 1

    def _span(self) -> tuple[int, int]:
        starts = [
            m.start() for m in re.finditer(r"^[ \t]*\[\[\s*day\s*\]\]", self.text, re.MULTILINE)
        ]
        bounds = [0, *starts, len(self.text)]
        n = 0 if self.number is None else self.number + 1
        return (bounds[n], bounds[n + 1]) if n + 1 < len(bounds) else (0, len(self.text))


_EXPECTED: Mapping[type, str] = {
    int: "một năm, ví dụ 2026",
    str: "chữ trong ngoặc kép",
    date: "ngày viết năm-tháng-ngày không có ngoặc kép, ví dụ 2026-01-02",
    list: "các bảng [[day]]",
}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CalendarFileError(path, "không đọc được chữ: hãy lưu ở dạng UTF-8") from error
    except OSError as error:
        raise CalendarFileError(path, f"không mở được ({error.strerror})") from error


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        unreal = str(error).startswith("Invalid date")
        problem = "ngày không có thật" if unreal else f"không đúng cú pháp TOML ({error})"
        raise CalendarFileError(path, problem, line=int(at[1]) if at else None) from error


def _year(head: _Table) -> tuple[int | None, str | None]:
    year, status = head.get("year", int, None), head.get("status", str, None)
    if status not in (None, ANNOUNCED, PROVISIONAL):
        raise head.error("status", f"«{status}» không dùng được: cần announced hoặc provisional")
    if status and year is None:
        raise head.error("year", "còn thiếu: đã ghi status thì phải ghi năm")
    return year, status


def _tables(head: _Table) -> list[_Table]:
    days = head.get("day", list, []) or []
    if not all(isinstance(values, dict) for values in days):
        raise head.error("day", f"không dùng được: cần {_EXPECTED[list]}")
    return [_Table(head.path, head.text, values, n) for n, values in enumerate(days)]


def _announcement(table: _Table, on: date, official: bool) -> Announcement:
    document, issuer = table.get("document", str, ""), table.get("issuer", str, "")
    source = ", ".join(filter(None, (document, issuer)))
    day = Day(on, _kind(table, on), table.need("reason", str), source, official)
    confidence = table.get("confidence", str, UNKNOWN)
    if confidence not in CONFIDENCES:
        raise table.error("confidence", f"cần một trong: {', '.join(CONFIDENCES)}")
    return Announcement(day, document, issuer, table.get("decided_on", date, None), confidence)


def _on(table: _Table, year: int | None) -> date:
    table.refuse_unknown(DAY_KEYS)
    on: date = table.need("on", date)
    if year is not None and on.year != year:
        raise table.error("on", f"ngày {vietnamese.day(on)} không thuộc năm {year}")
    if not FIRST <= on <= LAST:
        span = f"{vietnamese.day(FIRST)}–{vietnamese.day(LAST)}"
        raise table.error("on", f"ngày {vietnamese.day(on)} ngoài lịch làm việc ({span})")
    return on


def _kind(table: _Table, on: date) -> DayKind:
    word = table.need("kind", str)
    if word not in tuple(DayKind):
        raise table.error("kind", f"không có loại ngày «{word}»; các loại: {', '.join(DayKind)}")
    kind = DayKind(word)
    if kind in (ONLY_ON_WEEKENDS if on.weekday() < SATURDAY else ONLY_ON_WEEKDAYS):
        day = f"{vietnamese.weekday(on)} {vietnamese.day(on)}"
        raise table.error("kind", f"{day} không thể là ngày «{kind}» ({kind.label})")
    return kind


def _difference(base: Day, ours: Day, document: str) -> Difference:
    return Difference(ours.on, base, ours, document, base.is_working is not ours.is_working)


@cache
def _packaged() -> tuple[CalendarFile, ...]:
    return read_folder(PACKAGED)


@cache
def _packaged_calendar() -> WorkingCalendar:
    return _calendar(_packaged())


@lru_cache(maxsize=4)
def _base(official_until: date) -> Mapping[date, Day]:
    days: dict[date, Day] = {}
    rows = csv.reader(_text(BASE_FILE).splitlines())
    next(rows, None)
    try:
        for day, kind, reason, source in rows:
            on = date.fromisoformat(day)
            days[on] = Day(on, DayKind(kind), reason, source, on <= official_until)
    except ValueError as error:
        raise CalendarFileError(BASE_FILE, "dòng không đọc được", line=rows.line_num) from error
    return days


def _calendar(files: Sequence[CalendarFile]) -> WorkingCalendar:
    until = _official_until(files)
    days = dict(_base(until))
    for file in files:
        for on, told in file.announcements.items():
            days[on] = _laid_over(days.get(on), told.day, until)
    return WorkingCalendar(_version(days.values(), until), FIRST, LAST, days, until)


def _official_until(files: Iterable[CalendarFile]) -> date:
    status = {file.year: file.status for file in files if file.year and file.status}
    announced = {year for year, word in status.items() if word == ANNOUNCED}
    year = min(announced, default=FIRST.year - 1)
    while year + 1 in announced:
        year += 1
    return date(year, 12, 31)


def _laid_over(under: Day | None, day: Day, official_until: date) -> Day:
    kept = under.source if under is not None and under.kind is day.kind else ""
    official = day.official or day.on <= official_until
    return replace(day, source=day.source or kept, official=official)


def _version(days: Iterable[Day], official_until: date) -> str:
    told = [f"{FIRST}|{LAST}|{official_until}"]
    told += sorted(f"{d.on}|{d.kind}|{d.reason}|{d.source}|{d.official}" for d in days)
    return sha256("\n".join(told).encode()).hexdigest()[:12]

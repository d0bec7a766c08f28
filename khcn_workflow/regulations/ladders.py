"""Reads the ladder of reminders from ladder.toml, and names what is wrong with it."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, StrictInt, StringConstraints, ValidationError

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.rules import STAGE_IDS
from khcn_workflow.domain.science_task import Level
from khcn_workflow.regulations.rulebook_problems import (
    Finding,
    Problem,
    shape_findings,
    syntax_finding,
)
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from khcn_workflow.regulations.tables import Amount, Table, told
from khcn_workflow.regulations.toml_lines import Location, line_of, lines_of
from notifications.ladder import Audience, By, Rung, Scope
from notifications.messages import Event

PACKAGED = Path(__file__).parent / "ladder.toml"

FARTHEST = 250
"""Working days from the due day beyond which a rung is surely a slip: about a year."""

LONGEST_ID = 32
"""Characters that the tables keep of a rung's id, the number of a repeat included."""

_EVENTS = {
    Audience.OWNER: (Event.DUE_SOON, Event.DUE_TODAY, Event.OVERDUE),
    Audience.HEAD_OF_DIVISION: (None, None, Event.OVERDUE_HEAD),
    Audience.DIRECTOR: (None, None, Event.OVERDUE_DIRECTOR),
    Audience.HOST: (Event.REPORT_DUE, None, None),
}
"""What is told to whom before, on and after the due day; None where there are no words."""

RungId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9+-]*$")]
Days = Annotated[StrictInt, Field(ge=-FARTHEST, le=FARTHEST)]


class RungTable(Table):
    """[[rung]]: one reminder, and its repeats."""

    model_config = ConfigDict(title="Bậc nhắc việc")

    id: RungId = told("Mã của bậc; đã dùng thì không đổi tên.")
    days: Days = told("Ngày làm việc so với ngày hạn: âm là trước, 0 là đúng ngày, dương là sau.")
    to: Audience = told("Ai được báo.")
    by: By = told("Thư riêng, hay một dòng trong thư tổng hợp.", By.MAIL)
    repeat_every: Amount | None = told("Quá hạn thì nhắc lại sau mỗi bấy nhiêu ngày.", None)
    repeat_times: Amount | None = told("Nhắc lại nhiều nhất bấy nhiêu lần.", None)
    stages: tuple[str, ...] = told("Chỉ cho các giai đoạn này.", ())
    levels: tuple[Level, ...] = told("Chỉ cho các cấp này.", ())
    steps: tuple[str, ...] = told("Chỉ cho các bước này.", ())


class LadderFile(Table):
    """The whole file."""

    model_config = ConfigDict(title="Bậc thang nhắc việc")

    rung: tuple[RungTable, ...] = Field(min_length=1, description="Các bậc.")


class LadderFileError(KhcnError):
    """A ladder file cannot be used; names each line and key."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.path, self.problems = path, tuple(problems)
        what = "".join(f"\n- {problem}" for problem in problems)
        remedy = (
            "" if path == PACKAGED else f"\nSửa tệp {path}, hoặc bỏ đi để dùng bậc thang có sẵn."
        )
        super().__init__(f"Bậc thang nhắc việc chưa dùng được:{what}{remedy}")


def ladder_path(own: Path | None) -> Path:
    """The file in force: the Department's own, in the folder of its templates, or ours."""
    path = own / PACKAGED.name if own else PACKAGED
    return path if path.is_file() else PACKAGED


@lru_cache(maxsize=8)
def load_ladder(own: Path | None = None, rulebooks: Path | None = None) -> tuple[Rung, ...]:
    """The rungs of the ladder in force, repeats included.

    Args:
        own: Folder of the Department's own templates; a `ladder.toml` there replaces ours.
        rulebooks: Folder of its own rulebooks, whose steps a rung may name.

    Raises:
        LadderFileError: The file cannot be used; names each line and key.
    """
    steps = {step.id for book in load_rulebooks(rulebooks).values() for step in book.steps()}
    return read_ladder(ladder_path(own), steps)


def read_ladder(path: Path, steps: set[str]) -> tuple[Rung, ...]:
    """The rungs of one file.

    Args:
        steps: Ids of the steps that a rung may name.

    Raises:
        LadderFileError: It cannot be used; names each line and key.
    """
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except OSError as error:
        raise _unread(path, None, f"không mở được tệp ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise _unread(path, None, "không phải văn bản UTF-8; lưu lại tệp bằng UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _unread(path, *syntax_finding(error)) from error
    lines = lines_of(text)
    try:
        table = LadderFile.model_validate(raw)
    except ValidationError as error:
        raise _wrong(path, lines, shape_findings(error, LadderFile)) from error
    if findings := [*_mistakes(table, steps)]:
        raise _wrong(path, lines, findings)
    return tuple(rung for row in table.rung for rung in _rungs(row))


def _rungs(row: RungTable) -> Iterator[Rung]:
    """The rung, and one more for each repeat."""
    event = _event(row)
    if event is None:
        raise AssertionError(row.id)  # _mistakes has found it
    for n in range(1 + (row.repeat_times or 0)):
        yield Rung(
            id=_repeat_id(row.id, n),
            offset=row.days + n * (row.repeat_every or 0),
            audience=row.to,
            event=event,
            by=row.by,
            scope=Scope(row.stages, tuple(level.value for level in row.levels), row.steps),
        )


def _repeat_id(rung_id: str, number: int) -> str:
    return f"{rung_id}/{number + 1}" if number else rung_id


def _event(row: RungTable) -> Event | None:
    before, on, after = _EVENTS[row.to]
    return before if row.days < 0 else after if row.days else on


def _mistakes(table: LadderFile, steps: set[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, row in enumerate(table.rung):
        at: Location = ("rung", number)
        if row.id in seen:
            yield Finding((*at, "id"), f"mã «{row.id}» đã dùng cho một bậc ở trên; đặt mã khác")
        seen.add(row.id)
        for key, check in _CHECKS:
            if text := check(row):
                yield Finding((*at, key), text)
        yield from _unknown((*at, "stages"), "giai đoạn", row.stages, STAGE_IDS)
        yield from _unknown((*at, "steps"), "bước", row.steps, sorted(steps))
    if not any(map(_tells_every_owner, table.rung)):
        yield Finding(
            ("rung", 0),
            'thiếu bậc báo người theo dõi khi quá hạn; thêm một [[rung]] có to = "owner", days từ '
            "1 trở lên, không giới hạn giai đoạn, cấp, bước",
        )


def _tells_every_owner(row: RungTable) -> bool:
    everywhere = not (row.stages or row.levels or row.steps)
    return row.to is Audience.OWNER and row.days > 0 and everywhere


def _id_mistake(row: RungTable) -> str:
    longest = _repeat_id(row.id, row.repeat_times or 0)
    room = LONGEST_ID - (len(longest) - len(row.id))
    return f"mã dài quá, viết trong {room} ký tự" if len(longest) > LONGEST_ID else ""


def _days_mistake(row: RungTable) -> str:
    if _event(row) is not None:
        return ""
    if row.to is Audience.HOST:
        return f'to = "{row.to}" chỉ được nhắc trước hạn; đặt days từ -1 trở xuống'
    return f'to = "{row.to}" chỉ được báo khi đã quá hạn; đặt days từ 1 trở lên'


def _steps_mistake(row: RungTable) -> str:
    if row.to is Audience.HOST and not row.steps:
        return 'to = "host" phải ghi steps: các bước mà tổ chức chủ trì phải nộp báo cáo'
    return ""


def _by_mistake(row: RungTable) -> str:
    if row.by is By.DIGEST and not (row.to is Audience.OWNER and row.days < 0):
        return (
            "chỉ lời nhắc người theo dõi trước ngày hạn mới vào thư tổng hợp; ngày hạn và quá hạn "
            'phải có thư riêng, đặt by = "mail"'
        )
    return ""


def _repeat_mistake(row: RungTable) -> str:
    if (row.repeat_every is None) != (row.repeat_times is None):
        return "phải có cả repeat_every và repeat_times, hoặc bỏ cả hai"
    if row.repeat_every is None:
        return ""
    if row.days <= 0:
        return "chỉ nhắc lại khi đã quá hạn; đặt days từ 1 trở lên, hoặc bỏ repeat_every"
    last = row.days + row.repeat_every * (row.repeat_times or 0)
    return f"lần nhắc cuối ở ngày thứ {last}, quá {FARTHEST} ngày" if last > FARTHEST else ""


_CHECKS: Sequence[tuple[str, Callable[[RungTable], str]]] = (
    ("id", _id_mistake),
    ("days", _days_mistake),
    ("by", _by_mistake),
    ("repeat_every", _repeat_mistake),
    ("steps", _steps_mistake),
)


def _unknown(
    at: Location, what: str, named: Sequence[str], known: Sequence[str]
) -> Iterator[Finding]:
    for name in named:
        if name not in known:
            yield Finding(at, f"không có {what} «{name}»; chọn trong: {', '.join(known)}")


def _wrong(
    path: Path, lines: Mapping[Location, int], findings: Sequence[Finding]
) -> LadderFileError:
    problems = [_problem(path, lines, found) for found in findings]
    return LadderFileError(path, sorted(problems, key=lambda problem: problem.line or 0))


def _problem(path: Path, lines: Mapping[Location, int], found: Finding) -> Problem:
    key = ".".join(str(part) for part in found.at)
    return Problem(path, line_of(lines, found.at), key, found.text)


def _unread(path: Path, line: int | None, text: str) -> LadderFileError:
    return LadderFileError(path, [Problem(path, line, "", text)])

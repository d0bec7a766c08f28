"""How commands print: tables for people, JSON for programs."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from khcn_workflow.clock import end_of, read_instant
from khcn_workflow.context import Moved
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.deadlines import Mark, ProofDay

json_option = click.option("--json", "as_json", is_flag=True, help="In ra JSON cho máy đọc.")

SIGNS = {Mark.SKIPPED: "  –", Mark.ROLLED: "  →", Mark.END: "   "}

MEASURED = 1000
"""Rows whose cells decide how wide a table's columns are."""

WIDEST = 60
"""Characters of a table's cell before it is cut."""


class DayParam(click.ParamType[date]):
    """A day typed at the command line."""

    name = "ngày"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> date:
        """The day in dd/mm/yyyy or YYYY-MM-DD."""
        if isinstance(value, date):
            return value
        try:
            return vietnamese.read_day(str(value))
        except ValueError:
            self.fail(f"«{value}» không phải ngày; viết dd/mm/yyyy hoặc YYYY-MM-DD", param, ctx)


DAY = DayParam()


class InstantParam(click.ParamType[datetime]):
    """An instant typed at the command line; a day means its end in Hà Nội."""

    name = "thời điểm"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime:
        """The instant in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            return end_of(vietnamese.read_day(str(value)))
        except ValueError:
            pass
        try:
            return read_instant(str(value))
        except ValueError:
            self.fail(f"«{value}» không phải thời điểm; {_INSTANTS}", param, ctx)


_INSTANTS = "viết dd/mm/yyyy (hết ngày ấy) hoặc 2019-06-10T14:30"

as_of_option = click.option("--as-of", type=DAY, help="Xem như ở ngày này (mặc định hôm nay).")
known_at_option = click.option(
    "--known-at",
    type=InstantParam(),
    help="Chỉ theo điều đã vào sổ đến thời điểm này, ngày hay giờ ở Hà Nội (mặc định: mọi điều).",
)


def print_json(value: Any) -> None:
    """Print a value as JSON, dates as ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def print_table(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Print rows in columns under their titles, and give back how many there were.

    The columns are as wide as the first rows need; later ones are printed as they come.
    """
    rest = iter(rows)
    head = [[_cell(value) for value in row] for row in islice(rest, MEASURED)]
    widths = [max(map(_width, column)) for column in zip(titles, *head, strict=True)]
    for line in [list(titles), ["-" * width for width in widths], *head]:
        _print_line(line, widths)
    shown = len(head)
    for row in rest:
        _print_line([_cell(value) for value in row], widths)
        shown += 1
    return shown


def _print_line(line: Sequence[str], widths: Sequence[int]) -> None:
    padded = (text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True))
    click.echo("  ".join(padded).rstrip())


def print_proof(days: Iterable[ProofDay]) -> None:
    """Print each day of a deadline's proof: its number, or the sign of what it is and why."""
    for day in days:
        sign = SIGNS.get(day.mark, f"{day.number:>3}")
        source = f" [{day.source}]" if day.source else ""
        line = f"{sign}  {vietnamese.weekday(day.on):<9} {vietnamese.day(day.on)}"
        click.echo(f"{line}  {day.reason}{source}".rstrip())


def print_moves(moves: Iterable[Moved]) -> None:
    """Print due dates before and after, a line each."""
    for move in moves:
        before = vietnamese.day(move.before) if move.before else "không có"
        after = vietnamese.day(move.after) if move.after else "đứng lại"
        click.echo(f"  {move.title}: hạn {before} → {after}.")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = vietnamese.day(value) if isinstance(value, date) else str(value)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def _width(text: str) -> int:
    """Columns on a terminal: combining marks take none."""
    return sum(1 for character in text if not unicodedata.combining(character))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, frozenset | set | tuple):
        return list(value)
    return str(value)

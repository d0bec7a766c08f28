"""What a benchmark found: tables of figures and the bars they reach."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under their titles."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the performance page.

    Attributes:
        number: Its row in the list of bars.
        wanted: In words ("≥ 100 ×").
        measured: In words.
    """

    number: int
    text: str
    wanted: str
    measured: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Report:
    """All that one benchmark says.

    Attributes:
        notes: What was left out and why, and what was checked before timing.
    """

    name: str
    tables: tuple[Table, ...]
    bars: tuple[Bar, ...]
    notes: tuple[str, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether every bar was reached."""
        return all(bar.reached for bar in self.bars)


def at_least(number: int, text: str, ratio: float, wanted: float) -> Bar:
    """A bar that a ratio must reach."""
    return Bar(number, text, f"≥ {wanted:g} ×", f"{ratio:.1f} ×", ratio >= wanted)


def at_most(number: int, text: str, ratio: float, wanted: float) -> Bar:
    """A bar that a ratio must not pass."""
    return Bar(number, text, f"≤ {wanted:g} ×", f"{ratio:.2f} ×", ratio <= wanted)


def printed(report: Report) -> str:
    """The report for people, tables as GitHub's Markdown."""
    parts = [f"# {report.name}", *map(_table, report.tables)]
    rows = tuple(
        (str(bar.number), bar.text, bar.wanted, bar.measured, "yes" if bar.reached else "NO")
        for bar in report.bars
    )
    parts.append(_table(Table("Bars", ("#", "bar", "wanted", "measured", "reached"), rows)))
    parts.extend(f"- {note}" for note in report.notes)
    return "\n\n".join(parts)


def _table(table: Table) -> str:
    rows = [[_cell(value) for value in row] for row in table.rows]
    lines = [list(table.columns), ["---"] * len(table.columns), *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join([f"## {table.title}", "", *(_line(line, widths) for line in lines)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _cell(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"

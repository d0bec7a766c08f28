"""Bố cục: where a sheet's header stands, and which rows below it are data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khcn_workflow.domain.vietnamese import folded
from khcn_workflow.register.cells import CellValue, UnfinishedFormula, cleaned, shown
from khcn_workflow.register.columns import Form
from khcn_workflow.register.grid import Grid
from khcn_workflow.register.places import Place

HEADER_ROWS = 20
"""The header stands in one of the first rows, under letterhead and title."""

_FOOT = re.compile(
    r"(tong|cong|ghi chu|nguoi lap|lap bieu|truong phong|pho |giam doc|kt |tl |thu truong|ky )"
    r"|.*ngay \d* ?thang \d* ?nam"
)
_FEW = 2


@dataclass(frozen=True, slots=True)
class Title:
    """One column of a header: where it stands and what it is called there."""

    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose header was found.

    Attributes:
        columns: The columns by key.
        repeated: Columns that mean the same as one further left, and are not read.
    """

    grid: Grid
    form: Form
    header: int
    columns: Mapping[str, Title]
    repeated: tuple[Title, ...] = ()

    def place(self, row: int, key: str = "") -> Place:
        """A cell of the table, or one of its rows."""
        title = self.columns[key].text if key in self.columns else ""
        return Place(self.grid.file, self.grid.sheet, row, title)

    def missing(self) -> Iterator[str]:
        """The usual titles of the required columns that are not there."""
        for key in self.form.required:
            if key not in self.columns:
                yield self.form.titles[key][0]


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One row of data: the filled cells by the key of their column."""

    table: Table
    number: int
    cells: Mapping[str, CellValue]

    def place(self, key: str = "") -> Place:
        """A cell of the row, or the row."""
        return self.table.place(self.number, key)


def find_table(grid: Grid, forms: Sequence[Form]) -> Table | None:
    """The sheet as the form whose column titles it shows most of; None when none fits.

    Of several rows that show as many, the lowest is the header: titles that are merged
    over two rows stand in both.
    """
    candidates = [
        table
        for form in forms
        for row in sorted(row for row in grid.rows if row <= HEADER_ROWS)
        if form.is_shown_by(frozenset((table := _table(grid, form, row)).columns))
    ]
    hint = folded(grid.sheet)
    return max(
        candidates,
        key=lambda t: (len(t.columns), folded(t.form.kind) == hint, t.header),
        default=None,
    )


def _table(grid: Grid, form: Form, row: int) -> Table:
    columns: dict[str, Title] = {}
    repeated: list[Title] = []
    known = form.keys()
    for column, value in sorted(grid.rows[row].items()):
        if isinstance(value, UnfinishedFormula):
            continue
        title = Title(column, cleaned(shown(value)))
        key = _key(known, title.text, grid.parents.get((row, column), ""))
        if key in columns:
            repeated.append(title)
        elif key:
            columns[key] = title
    return Table(grid, form, row, columns, tuple(repeated))


def _key(known: Mapping[str, str], title: str, parent: str) -> str | None:
    """The key of a title; under a shared title both together, without brackets last."""
    bare = re.sub(r"\([^)]*\)", " ", title)
    for words in (f"{parent} {title}", f"{parent} {bare}", title, bare):
        if found := known.get(folded(words)):
            return found
    return None


def body(table: Table) -> Iterator[BodyRow]:
    """The rows of data: no blank rows, titles, column numbers, totals or signatures."""
    for number, filled in sorted(table.grid.rows.items()):
        if number <= table.header or not _is_data(table, number, filled):
            continue
        cells = {
            key: filled[title.column]
            for key, title in table.columns.items()
            if title.column in filled
        }
        if cells:
            yield BodyRow(table, number, cells)


def _is_data(table: Table, number: int, filled: Mapping[int, CellValue]) -> bool:
    own = {c: v for c, v in filled.items() if (number, c) not in table.grid.inherited}
    if not own or _numbers_columns(own) or _belongs_to_header(table, number, filled):
        return False
    name = _name(table, filled)
    if number in table.grid.banners and len(own) <= _FEW and not _looks_like_code(name):
        return False
    if name is None:
        return _is_nameless_data(own)
    if _looks_like_code(name):
        return True
    return len(own) > 1 and not _says_foot(name)


def _name(table: Table, filled: Mapping[int, CellValue]) -> CellValue:
    """What the row is about, None where that cell is empty."""
    title = table.columns.get(table.form.key)
    return filled.get(title.column) if title else None


def _belongs_to_header(table: Table, number: int, filled: Mapping[int, CellValue]) -> bool:
    """Whether a title of the header is merged down into this row."""
    inherited = table.grid.inherited
    return any(inherited.get((number, c), table.header + 1) <= table.header for c in filled)


def _is_nameless_data(own: Mapping[int, CellValue]) -> bool:
    """Whether a row is data of which somebody forgot to name what it is about."""
    return len(own) > 1 and not any(_says_foot(value) for value in own.values())


def _says_foot(value: CellValue) -> bool:
    return isinstance(value, str) and _FOOT.match(folded(value)) is not None


def _looks_like_code(value: CellValue) -> bool:
    text = "" if value is None else cleaned(shown(value))
    return " " not in text and any(c.isdigit() for c in text)


def _numbers_columns(own: Mapping[int, CellValue]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3), or A B 1 2 3."""
    texts = [cleaned(shown(value)) for value in own.values()]
    return len(texts) > _FEW and all(re.fullmatch(r"\(?(\d{1,2}|[A-Z])\)?", t) for t in texts)

"""Con số: a number of a report together with the rows it was counted from."""

from collections.abc import Iterable
from dataclasses import dataclass

from khcn_workflow.domain import vietnamese


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and its list; a report prints no number without one.

    Attributes:
        id: Unique in a report ("new_council_done").
        title: What is counted, in Vietnamese.
        of: The whole that `value` is a part of, printed as "07/08"; None for a plain count.
        rows: Codes of the tasks or activities behind it.
        by_quantity: `value` adds up the rows' quantities instead of counting the rows.
    """

    id: str
    title: str
    value: int
    of: int | None = None
    rows: tuple[str, ...] = ()
    by_quantity: bool = False

    @property
    def text(self) -> str:
        """As reports print it: two digits below ten, both sides of a part of a whole."""
        number = vietnamese.count(self.value)
        return number if self.of is None else f"{number}/{vietnamese.count(self.of)}"


def counted(figure_id: str, title: str, codes: Iterable[str], of: int | None = None) -> Figure:
    """The figure that counts these codes."""
    rows = tuple(codes)
    return Figure(figure_id, title, len(rows), of, rows)

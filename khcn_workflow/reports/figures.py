"""Con số: a number of a report together with the rows it was counted from."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from khcn_workflow.domain import vietnamese


class Counting(StrEnum):
    """How a number follows from its list."""

    EACH = "each"
    SUM = "sum"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and its list; a report prints no number without one.

    Attributes:
        id: Unique in a report ("new_council_done").
        title: What is counted, in Vietnamese.
        of: The whole that `value` is a part of, printed as "07/08"; None for a plain count.
        rows: Codes of the tasks or activities behind it.
        amounts: What each row adds, in the order of `rows`; empty where each counts as one.
        counting: Whether `value` is how many rows there are, their sum, or the greatest.
        whole: Id of the figure that `of` is; empty where none has it.
    """

    id: str
    title: str
    value: int
    of: int | None = None
    rows: tuple[str, ...] = ()
    amounts: tuple[int, ...] = ()
    counting: Counting = Counting.EACH
    whole: str = ""

    @property
    def text(self) -> str:
        """As reports print it: two digits below ten, both sides of a part of a whole."""
        number = vietnamese.count(self.value)
        return number if self.of is None else f"{number}/{vietnamese.count(self.of)}"

    def amount(self, place: int) -> int:
        """What the row at that place adds."""
        return self.amounts[place] if self.amounts else 1


def counted(
    figure_id: str, title: str, codes: Iterable[str], of: int | None = None, whole: str = ""
) -> Figure:
    """The figure that counts these codes."""
    rows = tuple(codes)
    return Figure(figure_id, title, len(rows), of, rows, whole=whole)


def summed(
    figure_id: str,
    title: str,
    amounts: Iterable[tuple[str, int]],
    of: int | None = None,
    whole: str = "",
) -> Figure:
    """The figure that adds up what each code brings."""
    pairs = list(amounts)
    rows, values = tuple(code for code, _ in pairs), tuple(amount for _, amount in pairs)
    return Figure(figure_id, title, sum(values), of, rows, values, Counting.SUM, whole)

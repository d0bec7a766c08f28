"""Điều kiện cân đối: what must hold between the numbers of a report before it is written."""

from collections.abc import Mapping

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.reports.figures import Figure
from khcn_workflow.reports.task_figures import ADDED, ORDERED


class InvariantError(KhcnError):
    """Two numbers of a report contradict each other."""

    def __init__(self, what: str, figures: tuple[str, ...]) -> None:
        self.what, self.figures = what, figures
        super().__init__(
            f"Số liệu báo cáo không cân: {what}. Hãy rà lại các dòng đứng sau {', '.join(figures)}."
        )


def check(figures: Mapping[str, Figure]) -> None:
    """Refuse figures of which one is not its list, not part of its whole, or does not add up.

    Raises:
        InvariantError: Names the first that does not hold, with both numbers.
    """
    for figure in figures.values():
        _check_own(figure)
    for whole, parts in _SUMS:
        _check_sum(figures, whole, parts)
    for part, of in _SUBSETS:
        _check_subset(figures, part, of)
    if "goods_lots" in figures and figures["goods_places"].value > figures["goods_lots"].value:
        raise InvariantError("số cơ sở nhiều hơn số lô hàng", ("goods_places", "goods_lots"))


_SUMS = (
    ("rural", ("rural_central", "rural_delegated")),
    *(
        (f"{c}_total", tuple(f"{c}_{part}" for part in parts))
        for c in ORDERED
        for parts in [("council_done", "no_dossier", "council_stopped", "council_waiting")]
    ),
    *(
        (f"{c}_council_done", tuple(f"{c}_{part}" for part in parts))
        for c in ORDERED
        for parts in [("appraised", "pending", "appraisal_stopped")]
    ),
)

_SUBSETS = (
    *((f"{c}_contracted", f"{c}_appraised") for c in (*ADDED, *ORDERED)),
    *((f"{c}_with_opinions", f"{c}_pending") for c in ORDERED),
    *((f"{c}_appraised", f"{c}_total") for c in ADDED),
)


def _check_own(figure: Figure) -> None:
    if figure.value < 0:
        raise InvariantError(f"«{figure.title}» là số âm ({figure.value})", (figure.id,))
    if figure.of is not None and figure.value > figure.of:
        what = f"«{figure.title}» là {figure.value}, nhiều hơn tổng {figure.of}"
        raise InvariantError(what, (figure.id,))
    if not figure.by_quantity and figure.value != len(figure.rows):
        what = f"«{figure.title}» là {figure.value} nhưng danh sách có {len(figure.rows)} dòng"
        raise InvariantError(what, (figure.id,))
    if len(set(figure.rows)) != len(figure.rows):
        raise InvariantError(f"«{figure.title}» đếm một dòng hai lần", (figure.id,))


def _check_sum(figures: Mapping[str, Figure], whole: str, parts: tuple[str, ...]) -> None:
    if whole not in figures:
        return
    values = [figures[part].value for part in parts]
    if sum(values) != figures[whole].value:
        terms = " + ".join(map(str, values))
        what = f"{terms} khác {figures[whole].value} («{figures[whole].title}»)"
        raise InvariantError(what, (*parts, whole))


def _check_subset(figures: Mapping[str, Figure], part: str, whole: str) -> None:
    if part not in figures:
        return
    stray = sorted(set(figures[part].rows) - set(figures[whole].rows))
    if stray:
        what = f"{', '.join(stray)} thuộc «{figures[part].title}» mà không thuộc phần bao nó"
        raise InvariantError(what, (part, whole))

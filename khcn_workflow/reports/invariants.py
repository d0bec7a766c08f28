"""Điều kiện cân đối: what must hold between the numbers of a report before it is written."""

from collections.abc import Mapping

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.reports.activity_figures import DRAFTS
from khcn_workflow.reports.figures import Counting, Figure
from khcn_workflow.reports.next_figures import PARTS, STILL_OPEN
from khcn_workflow.reports.task_figures import ADDED, ORDERED


class InvariantError(KhcnError):
    """Two numbers of a report contradict each other."""

    def __init__(self, what: str, figures: tuple[str, ...]) -> None:
        self.what, self.figures = what, figures
        options = " ".join(f"--number {figure}" for figure in figures)
        super().__init__(
            f"Số liệu báo cáo không cân: {what}. Hãy rà lại các dòng đứng sau {', '.join(figures)} "
            f"(khcn report KỲ {options})."
        )


def check(figures: Mapping[str, Figure]) -> None:
    """Refuse figures of which one is not its list, not part of its whole, or does not add up.

    Raises:
        InvariantError: Names the first that does not hold, with both numbers.
    """
    for figure in figures.values():
        _check_own(figure)
    for whole, parts in _sums(figures).items():
        _check_sum(figures, whole, parts)
    for part, of in _SUBSETS:
        _check_subset(figures, part, of)
    for few, many, what in _AT_MOST:
        if few in figures and many in figures and figures[few].value > figures[many].value:
            raise InvariantError(what, (few, many))
    for figure in figures.values():
        _check_whole(figures, figure)


def _sums(figures: Mapping[str, Figure]) -> dict[str, tuple[str, ...]]:
    """The wholes with their parts; drafts have a part for each stage that occurs."""
    stages = tuple(key for key in figures if key.startswith(f"{DRAFTS}_"))
    return {**_SUMS, DRAFTS: stages}


_SUMS = {
    STILL_OPEN: PARTS,
    "rural": ("rural_central", "rural_delegated"),
    "monitored": ("national", "urgent", "rural", "carried"),
    "inspections": ("inspections_specialised", "inspections_of_tasks", "inspections_other"),
    "works": ("works_cleared", "works_building", "works_redesign", "works_other"),
    "reorganisations": tuple(
        f"reorganisations_{stage}" for stage in ("drafted", "sent", "joined", "other")
    ),
    **{
        f"{cohort}_total": tuple(
            f"{cohort}_{part}"
            for part in ("council_done", "no_dossier", "council_stopped", "council_waiting")
        )
        for cohort in ORDERED
    },
    **{
        f"{cohort}_council_done": tuple(
            f"{cohort}_{part}" for part in ("appraised", "pending", "appraisal_stopped")
        )
        for cohort in ORDERED
    },
}

_SUBSETS = (
    *((f"{c}_contracted", f"{c}_appraised") for c in (*ADDED, *ORDERED)),
    *((f"{c}_with_opinions", f"{c}_pending") for c in ORDERED),
)

_AT_MOST = (
    ("goods_places", "goods_lots", "số cơ sở nhiều hơn số lô hàng"),
    *((f"late_{part}", "late_all", "số nhiệm vụ chậm của một loại nhiều hơn tổng số")
      for part in ("statutory", "internal", "host", "open", "no_cause")),
)  # fmt: skip


def _check_own(figure: Figure) -> None:
    if figure.value < 0:
        raise InvariantError(f"«{figure.title}» là số âm ({figure.value})", (figure.id,))
    if figure.of is not None and figure.value > figure.of:
        what = f"«{figure.title}» là {figure.value}, nhiều hơn tổng {figure.of}"
        raise InvariantError(what, (figure.id,))
    if len(set(figure.rows)) != len(figure.rows):
        raise InvariantError(f"«{figure.title}» đếm một dòng hai lần", (figure.id,))
    told, words = _told(figure)
    if figure.value != told:
        raise InvariantError(f"«{figure.title}» là {figure.value} nhưng {words}", (figure.id,))


def _told(figure: Figure) -> tuple[int, str]:
    """What the list alone says the number is."""
    match figure.counting:
        case Counting.SUM:
            total = sum(figure.amounts)
            return total, f"các dòng của danh sách cộng lại là {total}"
        case Counting.MOST:
            most = max(figure.amounts, default=0)
            return most, f"dòng lớn nhất của danh sách là {most}"
        case _:
            return len(figure.rows), f"danh sách có {len(figure.rows)} dòng"


def _check_whole(figures: Mapping[str, Figure], figure: Figure) -> None:
    whole = figures.get(figure.whole)
    if whole is None:
        return
    if figure.of != whole.value:
        what = f"«{figure.title}» là {figure.text} nhưng «{whole.title}» là {whole.text}"
        raise InvariantError(what, (figure.id, whole.id))
    _check_subset(figures, figure.id, whole.id)
    places = {code: place for place, code in enumerate(whole.rows)}
    for place, code in enumerate(figure.rows):
        if figure.amount(place) > whole.amount(places[code]):
            part, of = figure.amount(place), whole.amount(places[code])
            what = f"{code} có {part} «{figure.title}», nhiều hơn {of} «{whole.title}»"
            raise InvariantError(what, (figure.id, whole.id))


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

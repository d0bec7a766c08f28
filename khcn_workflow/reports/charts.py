"""Biểu đồ: numbers of a report side by side, as bars with the table they are drawn from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khcn_workflow.domain.rules import STAGE_TITLES
from khcn_workflow.reports.figures import Figure
from khcn_workflow.reports.stage_figures import LAW, TARGET, stage_id

WIDTH, BAR, GAP, LABEL = 360, 16, 4, 18
"""Units of the drawing: its width, the height of a bar, between bars, of a label's line."""

_LONGEST_BAR = WIDTH - 44
"""Leaves room for the number after the bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with the number it stands for."""

    figure: Figure
    series: int
    y: int
    length: int


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under one label.

    Attributes:
        y: The base line of the label.
    """

    label: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of horizontal bars.

    Attributes:
        series: What the bars of each group are, in their order.
        groups: With no bar, there is nothing to draw.
    """

    id: str
    title: str
    series: tuple[str, ...]
    groups: tuple[Group, ...]
    height: int

    @property
    def words(self) -> str:
        """The chart in one sentence, for who does not see it."""
        told = (
            f"{group.label}: "
            + ", ".join(
                f"{self.series[bar.series].lower()} {bar.figure.value}" for bar in group.bars
            )
            for group in self.groups
        )
        return "; ".join(told) + "."


def charts(figures: Mapping[str, Figure]) -> list[Chart]:
    """The funnel, lateness by stage, plan against done; those without a number are left out."""
    found = [
        _chart("phieu", "Nhiệm vụ đang ở từng giai đoạn", ("Đang ở giai đoạn",), _funnel(figures)),
        _chart(
            "cham",
            "Nhiệm vụ chậm theo giai đoạn",
            ("Quá thời hạn luật định", "Chậm mục tiêu nội bộ"),
            _late(figures),
        ),
        _chart(
            "ke-hoach",
            "Kế hoạch và thực hiện",
            ("Trong kế hoạch", "Đã qua Hội đồng", "Đã thẩm định", "Đã ký hợp đồng"),
            _plans(figures),
        ),
    ]
    return [chart for chart in found if any(group.bars for group in chart.groups)]


Row = tuple[str, Sequence[tuple[int, Figure]]]
"""A label with the figures under it, each with the place of its series."""


def _funnel(figures: Mapping[str, Figure]) -> Iterator[Row]:
    rows = [(title, figures[stage_id(stage)]) for stage, title in STAGE_TITLES.items()]
    if any(figure.value for _, figure in rows):
        for title, figure in rows:
            yield title, [(0, figure)]


def _late(figures: Mapping[str, Figure]) -> Iterator[Row]:
    for stage, title in STAGE_TITLES.items():
        pair = [figures[stage_id(stage, key)] for key in (LAW, TARGET)]
        if any(figure.value for figure in pair):
            yield title, list(enumerate(pair))


def _plans(figures: Mapping[str, Figure]) -> Iterator[Row]:
    for cohort, label in _COHORTS.items():
        if not figures[f"{cohort}_total"].value:
            continue
        keys = [f"{cohort}_{part}" for part in ("total", "council_done", "appraised", "contracted")]
        yield label, [(place, figures[key]) for place, key in enumerate(keys) if key in figures]


_COHORTS = {
    "supplementary": "Bổ sung",
    "unplanned": "Đột xuất",
    "backlog": "Đặt hàng của kế hoạch năm trước",
    "new": "Đặt hàng thực hiện mới trong năm",
    "next": "Đặt hàng thực hiện mới từ năm sau",
}


def _chart(chart_id: str, title: str, series: tuple[str, ...], rows: Iterator[Row]) -> Chart:
    listed = list(rows)
    longest = max((f.value for _, bars in listed for _, f in bars), default=0)
    groups, y = [], 0
    for label, figures in listed:
        y += LABEL
        base, bars = y - 5, []
        for place, figure in figures:
            length = round(_LONGEST_BAR * figure.value / longest) if longest else 0
            bars.append(Bar(figure, place, y, length))
            y += BAR + GAP
        y += GAP
        groups.append(Group(label, base, tuple(bars)))
    return Chart(chart_id, title, series, tuple(groups), y)

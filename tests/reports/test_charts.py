"""Bars are drawn from figures and from nothing else."""

from itertools import pairwise

from khcn_workflow.domain.rules import STAGE_TITLES
from khcn_workflow.reports.charts import charts
from khcn_workflow.reports.facts import gather
from tests.reports import builder as b


def drawn(*dossiers):
    found = charts(gather(b.report_input(dossiers)).figures)
    return {chart.id: chart for chart in found}


def values(chart):
    return {group.label: [bar.figure.value for bar in group.bars] for group in chart.groups}


def test_the_funnel_has_all_six_stages():
    funnel = drawn(b.ordered("A"), b.passed_council("B"), b.passed_council("C"))["phieu"]
    found = values(funnel)
    assert list(found) == list(STAGE_TITLES.values())
    assert found[STAGE_TITLES["council_selection"]] == [1]
    assert found[STAGE_TITLES["appraisal"]] == [2]


def test_lateness_tells_law_and_target_apart():
    late = values(drawn(b.passed_council("A"))["cham"])
    assert late == {STAGE_TITLES["appraisal"]: [0, 1]}


def test_plan_and_done_go_down_step_by_step():
    signed = b.passed_council("A", b.appraised(), *b.approved(), b.signed())
    plans = drawn(signed, b.passed_council("B"), b.ordered("C"), b.supplementary("D"))["ke-hoach"]
    assert values(plans) == {
        "Bổ sung": [1, 0, 0],
        "Đặt hàng thực hiện mới trong năm": [3, 2, 1, 1],
    }
    assert "trong kế hoạch 3, đã qua hội đồng 2" in plans.words


def test_bars_are_as_long_as_their_numbers_and_do_not_overlap():
    plans = drawn(b.passed_council("B"), b.ordered("C"))["ke-hoach"]
    bars = [bar for group in plans.groups for bar in group.bars]
    assert [bar.length for bar in bars] == [316, 158, 0, 0]
    assert all(later.y - sooner.y >= 20 for sooner, later in pairwise(bars))
    assert plans.height > bars[-1].y


def test_nothing_to_draw_is_no_chart():
    assert drawn() == {}

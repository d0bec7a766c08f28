"""Every number of the seed, and that each one changes when one fact changes."""

from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.science_task import Kind, Level, Source
from khcn_workflow.reports.facts import gather
from khcn_workflow.reports.figures import Counting
from khcn_workflow.reports.report_input import AsOfError
from tests.reports import builder as b

SEED = {
    "national": "01",
    "urgent": "01",
    "rural": "04",
    "rural_central": "02",
    "rural_delegated": "02",
    "carried": "30",
    "supplementary_appraised": "02/02",
    "supplementary_contracted": "00",
    "new_total": "08",
    "new_council_done": "07/08",
    "new_no_dossier": "01",
    "new_council_waiting": "00",
    "new_appraised": "02/07",
    "new_contracted": "01",
    "new_pending": "05/07",
    "new_with_opinions": "05",
    "accepted": "02",
    "checked": "02",
    "ministry_proposals": "02",
    "provincial_proposals": "03",
    "legal_issued": "01",
    "legal_drafts": "04",
    "initiatives_passed": "17/19",
    "inspections": "04",
    "inspected_places": "10",
    "penalties": "01",
    "technology_appraisals": "01",
    "goods_lots": "37",
    "goods_places": "37",
    "goods_failed": "03/37",
    "award_enterprises": "09",
    "programme_712": "02",
    "news_items": "88",
    "television": "05",
    "copies": "1.000",
    "autonomous_units": "03",
    "late_internal": "07",
    "late_statutory": "00",
    "late_host": "00",
    "late_no_cause": "00",
    "uncounted": "00",
}


@pytest.fixture(scope="module")
def seed():
    return gather(b.seed_input())


def test_the_numbers_are_those_of_the_report_of_2019(seed):
    assert {key: seed.figures[key].text for key in SEED} == SEED


def test_every_number_has_the_rows_it_was_counted_from(seed):
    counted = [f for f in seed.figures.values() if f.counting is Counting.EACH]
    assert all(len(set(f.rows)) == f.value for f in counted)
    assert seed.figures["new_no_dossier"].rows == ("DH-08",)
    assert seed.figures["rural"].rows == ("TW-01", "TW-02", "UQ-01", "UQ-02")


DIFFERENCES = {
    "national": b.running("X", level=Level.NATIONAL),
    "urgent": b.running("X", level=Level.URGENT_LOCAL),
    "rural_central": b.running("X", level=Level.RURAL_CENTRAL),
    "rural_delegated": b.running("X", level=Level.RURAL_DELEGATED),
    "carried": b.running("X"),
    "supplementary_total": b.supplementary("X"),
    "supplementary_appraised": b.supplementary("X", b.appraised()),
    "supplementary_contracted": b.supplementary("X", b.appraised(), *b.approved(), b.signed()),
    "new_council_done": b.passed_council("X"),
    "new_council_waiting": b.ordered("X"),
    "new_no_dossier": b.no_dossier("X"),
    "new_appraised": b.passed_council("X", b.appraised()),
    "new_contracted": b.passed_council("X", b.appraised(), *b.approved(), b.signed()),
    "new_pending": b.passed_council("X"),
    "new_with_opinions": b.passed_council(
        "X", b.outcome("appraisal_meeting", "opinions_received", date(2019, 5, 5))
    ),
    "new_appraisal_stopped": replace(
        b.passed_council("X"),
        progress=replace(b.passed_council("X").progress, ended_on=date(2019, 5, 1)),
    ),
    "accepted": b.accepted("X"),
    "acceptance_failed": b.accepted("X", result="failed"),
    "checked": b.running("X", date(2018, 9, 3), b.checked()),
    "ministry_proposals": b.ministry("X", "Dự án mới"),
    "provincial_proposals": b.dossier(
        b.science_task("X", plan_year=2020), "proposal_synthesis", date(2019, 4, 1)
    ),
    "backlog_council_done": b.passed_council("X", plan_year=2018),
    "next_council_done": b.passed_council("X", plan_year=2020),
    "unplanned_total": b.passed_council("X", source=Source.UNPLANNED),
    "uncounted": b.passed_council("X", level=Level.URGENT_LOCAL),
}


@pytest.mark.parametrize("figure", DIFFERENCES)
def test_one_more_task_in_a_state_makes_its_number_one_more(figure, seed):
    more = gather(b.report_input([*b.seed_dossiers(), DIFFERENCES[figure]]))
    assert more.value(figure) == seed.value(figure) + 1
    assert "X" in more.figures[figure].rows


def test_a_task_that_ended_before_the_year_is_not_carried_over():
    task = b.running("X")
    ended = replace(task.progress, ended_on=date(2018, 12, 28))
    facts = gather(b.report_input([replace(task, progress=ended)]))
    assert facts.value("carried") == facts.value("uncounted") == 0


def test_a_contract_signed_in_the_year_is_not_carried_over():
    assert gather(b.report_input([b.running("X", date(2019, 1, 2))])).value("carried") == 0


def test_a_task_that_entered_the_ledger_running_is_carried_over_from_its_first_day():
    task = b.science_task("X", plan_year=2017, starts_on=date(2017, 9, 1))
    entered = b.dossier(task, "periodic_check", date(2019, 1, 5))
    assert gather(b.report_input([entered])).value("carried") == 1


def test_events_before_the_first_day_of_the_period_are_not_counted():
    early = b.accepted("X", on=date(2019, 3, 14))
    counted = {
        period: gather(b.report_input([early], period=period, as_of=date(2019, 6, 14))).value(
            "accepted"
        )
        for period in ("2019-H1", "2019-Q1", "2019-Q2")
    }
    assert counted == {"2019-H1": 1, "2019-Q1": 1, "2019-Q2": 0}


def test_events_after_the_cut_off_are_left_to_the_next_period():
    late = b.activity("H", "thanh-tra", "Thanh tra", on=date(2019, 6, 20))
    assert gather(b.report_input([], [late], as_of=date(2019, 6, 25))).value("inspections") == 0


def test_a_task_checked_twice_is_one_task():
    twice = b.running("X", date(2018, 9, 3), b.checked(), b.checked(date(2019, 6, 4)))
    assert gather(b.report_input([twice])).value("checked") == 1


def test_a_draft_that_was_issued_last_year_is_counted_neither_way():
    old = b.activity("H", "van-ban-qppl", "Quyết định", stage="da-ban-hanh", on=date(2018, 5, 1))
    facts = gather(b.report_input([], [old]))
    assert (facts.value("legal_issued"), facts.value("legal_drafts")) == (0, 0)


def test_a_quantity_counts_for_as_many_as_it_says():
    rows = [
        b.activity("H1", "thanh-tra", "Thanh tra đo lường", on=date(2019, 3, 1), quantity=3),
        b.activity("H2", "thanh-tra", "Thanh tra đề tài", on=date(2019, 3, 2)),
    ]
    figure = gather(b.report_input([], rows)).figures["inspections"]
    assert (figure.value, figure.rows) == (4, ("H1", "H2"))


def test_a_report_as_of_a_day_before_its_period_is_refused():
    with pytest.raises(AsOfError, match="trước ngày đầu kỳ"):
        b.report_input(as_of=date(2018, 12, 14))


def test_the_kinds_of_tasks_do_not_change_the_numbers():
    topics, projects = (
        gather(b.report_input([b.running("X", kind=kind)])).value("carried")
        for kind in (Kind.TOPIC, Kind.PROJECT)
    )
    assert topics == projects == 1

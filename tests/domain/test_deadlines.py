from datetime import date

import pytest

from khcn_workflow.domain.deadlines import deadline_of, derive, proof, sentence
from khcn_workflow.domain.progress import apply, register
from khcn_workflow.domain.rules import Direction, Force, TimeLimit, Unit
from khcn_workflow.domain.science_task import Level
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from tests.domain.test_progress import outcome
from tests.office import a_task

CALENDAR = load_calendar()
RULEBOOKS = load_rulebooks()


def limit(amount: int, unit: Unit, **more: object) -> TimeLimit:
    return TimeLimit("A99", amount, unit, "opened", Force.STATUTORY, "Điều 1", **more)


@pytest.mark.parametrize(
    ("amount", "unit", "anchor", "due"),
    [
        (30, Unit.CALENDAR_DAYS, date(2019, 4, 1), date(2019, 5, 2)),
        (15, Unit.WORKING_DAYS, date(2019, 4, 12), date(2019, 5, 8)),
        (7, Unit.WORKING_DAYS, date(2019, 4, 22), date(2019, 5, 4)),
        (6, Unit.MONTHS, date(2025, 8, 31), date(2026, 3, 2)),
        (24, Unit.MONTHS, date(2024, 2, 29), date(2026, 3, 2)),
    ],
)
def test_a_limit_after_its_anchor_falls_where_the_civil_code_puts_it(amount, unit, anchor, due):
    assert derive(limit(amount, unit), anchor, CALENDAR).due_on == due


@pytest.mark.parametrize(
    ("amount", "unit", "due"),
    [
        (5, Unit.WORKING_DAYS, date(2019, 4, 25)),
        (1, Unit.CALENDAR_DAYS, date(2019, 5, 4)),
        (4, Unit.CALENDAR_DAYS, date(2019, 4, 26)),
    ],
)
def test_a_limit_before_its_anchor_is_never_later_than_counted(amount, unit, due):
    before = limit(amount, unit, direction=Direction.BEFORE)
    anchor = date(2019, 5, 6) if unit is Unit.WORKING_DAYS else date(2019, 5, 5)
    if (amount, unit) == (4, Unit.CALENDAR_DAYS):
        anchor = date(2019, 5, 2)  # 28/4 is a Sunday: back to Friday 26/4
    assert derive(before, anchor, CALENDAR).due_on == due


def test_a_returning_limit_counts_each_round_from_the_same_anchor():
    twice_a_year = limit(6, Unit.MONTHS, every=True)
    dues = [derive(twice_a_year, date(2018, 1, 15), CALENDAR, n).due_on for n in (1, 2, 3)]
    assert dues == [date(2018, 7, 16), date(2019, 1, 15), date(2019, 7, 15)]


def test_the_law_in_force_on_the_anchor_day_decides():
    rulebook = RULEBOOKS["luat-2013"]
    old = register(a_task(), rulebook.step("council_result_review"), date(2023, 7, 7))
    new = register(a_task(), rulebook.step("council_result_review"), date(2023, 7, 10))
    ids = [deadline_of(p, p.rounds[0], rulebook, CALENDAR).limit.id for p in (old, new)]
    assert ids == ["A02", "A06"]


def test_where_the_law_says_nothing_an_internal_target_stands_in_and_says_so():
    rulebook = RULEBOOKS["cao-bang"]
    progress = register(a_task(), rulebook.step("contract_signing"), date(2019, 5, 2))
    deadline = deadline_of(progress, progress.rounds[0], rulebook, CALENDAR)
    assert (deadline.due_on, deadline.is_statutory) == (date(2019, 6, 3), False)
    bare = RULEBOOKS["luat-2013"]
    assert deadline_of(progress, progress.rounds[0], bare, CALENDAR) is None


def test_the_law_goes_before_the_target_once_it_is_in_force():
    rulebook = RULEBOOKS["cao-bang"]
    progress = register(a_task(), rulebook.step("appraisal_meeting"), date(2024, 1, 10))
    deadline = deadline_of(progress, progress.rounds[0], rulebook, CALENDAR)
    assert (deadline.limit.id, deadline.is_statutory) == ("A30", True)


@pytest.mark.parametrize(
    ("level", "limit_id", "due"),
    [
        (Level.PROVINCIAL, "A70", date(2019, 7, 30)),
        (Level.RURAL_CENTRAL, "A7-NTMN-ho-so", date(2019, 6, 17)),
    ],
)
def test_a_limit_made_for_the_level_goes_before_the_general_one(level, limit_id, due):
    rulebook = RULEBOOKS["luat-2013"]
    signed = apply(
        register(a_task(level=level), rulebook.step("contract_signing"), date(2018, 1, 2)),
        rulebook,
        outcome("contract_signing", "signed", date(2018, 1, 2), ends_on="2019-06-30"),
    )
    deadline = deadline_of(signed, signed.open_round("acceptance_dossier"), rulebook, CALENDAR)
    assert (deadline.limit.id, deadline.due_on) == (limit_id, due)


def test_the_proof_names_each_holiday_and_the_made_up_saturday():
    deadline = derive(limit(10, Unit.WORKING_DAYS), date(2019, 4, 22), CALENDAR)
    text = sentence(deadline, CALENDAR)
    assert text.startswith("Hạn: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019, trừ ")
    assert all(day in text for day in ("29/04/2019", "30/04/2019", "01/05/2019"))
    assert text.endswith("tính cả ngày làm bù 04/05/2019")


def test_the_proof_says_when_a_day_off_moved_the_end():
    deadline = derive(limit(30, Unit.CALENDAR_DAYS), date(2019, 4, 1), CALENDAR)
    assert sentence(deadline, CALENDAR).endswith("nên chuyển sang thứ Năm")


def test_a_deadline_that_rests_on_an_unannounced_year_is_provisional():
    deadline = derive(limit(10, Unit.WORKING_DAYS), date(2027, 1, 4), CALENDAR)
    assert deadline.provisional
    assert "dự kiến" in sentence(deadline, CALENDAR)


def test_lateness_is_counted_in_working_days_from_the_day_after():
    deadline = derive(limit(5, Unit.WORKING_DAYS), date(2019, 5, 31), CALENDAR)
    assert deadline.due_on == date(2019, 6, 7)
    late = [deadline.days_late(date(2019, 6, day), CALENDAR) for day in (7, 8, 9, 10, 11)]
    assert late == [0, 0, 0, 1, 2]
    assert deadline.days_left(date(2019, 6, 5), CALENDAR) == 2


def test_the_proof_of_a_limit_before_a_meeting_leaves_the_meetings_own_day_out():
    before = limit(1, Unit.WORKING_DAYS, direction=Direction.BEFORE)
    deadline = derive(before, date(2019, 5, 4), CALENDAR)
    assert sentence(deadline, CALENDAR) == (
        "Hạn: thứ Sáu 03/05/2019: 1 ngày làm việc trước 04/05/2019"
    )
    assert [(day.on, day.number) for day in proof(deadline, CALENDAR)] == [(date(2019, 5, 3), 1)]


def test_the_proof_of_a_limit_before_a_meeting_counts_backwards_and_names_the_made_up_day():
    before = limit(2, Unit.WORKING_DAYS, direction=Direction.BEFORE)
    deadline = derive(before, date(2019, 5, 7), CALENDAR)
    assert sentence(deadline, CALENDAR).endswith(
        "trước 07/05/2019, trừ thứ Bảy, Chủ nhật; tính cả ngày làm bù 04/05/2019"
    )
    assert [(day.on.day, day.number) for day in proof(deadline, CALENDAR)] == [
        (6, 1),
        (5, 0),
        (4, 2),
    ]

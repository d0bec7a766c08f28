from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.calendar import Day, DayKind, WorkingCalendar
from khcn_workflow.domain.deadlines import (
    Deadline,
    Mark,
    Pause,
    ProofDay,
    deadline_of,
    derive,
    proof,
    sentence,
)
from khcn_workflow.domain.progress import StepRound, Suspension, apply, register
from khcn_workflow.domain.rules import Direction, Force, Stage, TimeLimit, Unit
from khcn_workflow.domain.science_task import Level
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from tests.domain.small_rulebook import REPORT, SIGNING, SMALL
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


SWAPPED = "6519/VPCP-KGVX, Văn phòng Chính phủ"
LABOUR_CODE = "Bộ luật Lao động 2012, Điều 115"
GIO_TO = "nghỉ bù Ngày Giỗ Tổ Hùng Vương"
APRIL_28 = date(2019, 4, 28).toordinal()


@pytest.mark.parametrize(
    ("amount", "anchor", "says"),
    [
        (3, date(2019, 6, 3), "Hạn: thứ Năm 06/06/2019: 3 ngày làm việc từ 03/06/2019"),
        (
            1,
            date(2019, 6, 7),
            "Hạn: thứ Hai 10/06/2019: 1 ngày làm việc từ 07/06/2019, trừ thứ Bảy, Chủ nhật",
        ),
        (
            1,
            date(2019, 4, 29),
            "Hạn: thứ Năm 02/05/2019: 1 ngày làm việc từ 29/04/2019, trừ "
            "30/04/2019 (Ngày Chiến thắng), 01/05/2019 (Ngày Quốc tế Lao động)",
        ),
        (
            10,
            date(2019, 4, 22),
            "Hạn: thứ Tư 08/05/2019: 10 ngày làm việc từ 22/04/2019, trừ thứ Bảy, Chủ nhật và "
            "29/04/2019 (nghỉ hoán đổi, làm bù ngày 04/05/2019), 30/04/2019 (Ngày Chiến thắng), "
            "01/05/2019 (Ngày Quốc tế Lao động); tính cả ngày làm bù 04/05/2019",
        ),
    ],
)
def test_the_proof_names_each_holiday_and_the_made_up_saturday(amount, anchor, says):
    assert sentence(derive(limit(amount, Unit.WORKING_DAYS), anchor, CALENDAR), CALENDAR) == says


def test_days_off_without_a_reason_are_named_by_their_kind():
    """From Tuesday to a Saturday that works; of the weekend between, only Saturday rests."""
    closed = [date(2026, 1, 7), date(2026, 1, 8)]
    worked = [date(2026, 1, 11), date(2026, 1, 17)]
    exceptions = {
        **{on: Day(on, DayKind.CLOSURE, "", "", True) for on in closed},
        **{on: Day(on, DayKind.SWAPPED_IN, "làm bù", "QĐ 1", True) for on in worked},
    }
    calendar = WorkingCalendar(
        "v", date(2026, 1, 1), date(2026, 1, 31), exceptions, date(2026, 12, 31)
    )
    deadline = derive(limit(8, Unit.WORKING_DAYS), date(2026, 1, 6), calendar)
    assert sentence(deadline, calendar) == (
        "Hạn: thứ Bảy 17/01/2026: 8 ngày làm việc từ 06/01/2026, trừ thứ Bảy, Chủ nhật và "
        "07/01/2026 (cơ quan nghỉ riêng), 08/01/2026 (cơ quan nghỉ riêng); "
        "tính cả ngày làm bù 11/01/2026, 17/01/2026"
    )


@pytest.mark.parametrize(
    ("amount", "anchor", "direction", "says"),
    [
        (9, date(2019, 6, 3), Direction.AFTER, "thứ Tư 12/06/2019: 9 ngày từ 03/06/2019"),
        (
            30,
            date(2019, 4, 1),
            Direction.AFTER,
            "thứ Năm 02/05/2019: 30 ngày từ 01/04/2019; ngày 01/05/2019 là ngày nghỉ "
            "(Ngày Quốc tế Lao động) nên chuyển sang thứ Năm",
        ),
        (
            4,
            date(2019, 5, 2),
            Direction.BEFORE,
            "thứ Sáu 26/04/2019: 4 ngày trước 02/05/2019; ngày 28/04/2019 là ngày nghỉ "
            "(Chủ nhật) nên lùi về thứ Sáu",
        ),
    ],
)
def test_the_proof_says_when_a_day_off_moved_the_end(amount, anchor, direction, says):
    moved = derive(limit(amount, Unit.CALENDAR_DAYS, direction=direction), anchor, CALENDAR)
    assert sentence(moved, CALENDAR) == f"Hạn: {says}"


def test_the_proof_says_that_a_target_is_no_law():
    target = replace(limit(3, Unit.WORKING_DAYS), force=Force.INTERNAL)
    assert sentence(derive(target, date(2019, 6, 3), CALENDAR), CALENDAR) == (
        "Mục tiêu nội bộ: thứ Năm 06/06/2019: 3 ngày làm việc từ 03/06/2019"
    )


def test_the_proof_names_each_suspension_by_its_first_and_last_day():
    suspended = [
        Suspension(date(2019, 3, 5), date(2019, 3, 7)),
        Suspension(date(2019, 3, 11), date(2019, 3, 13)),
    ]
    deadline = derive(limit(5, Unit.WORKING_DAYS), date(2019, 3, 1), CALENDAR, 1, suspended)
    assert sentence(deadline, CALENDAR) == (
        "Hạn: thứ Năm 14/03/2019: 5 ngày làm việc từ 01/03/2019, trừ thứ Bảy, Chủ nhật; "
        "không tính thời gian tạm dừng 05/03/2019 đến 06/03/2019; "
        "không tính thời gian tạm dừng 11/03/2019 đến 12/03/2019"
    )


def test_each_working_day_is_counted_and_each_other_day_skipped_with_its_document():
    deadline = derive(limit(4, Unit.WORKING_DAYS), date(2019, 4, 25), CALENDAR)
    skipped, counted = Mark.SKIPPED, Mark.COUNTED
    assert list(proof(deadline, CALENDAR)) == [
        ProofDay(date(2019, 4, 26), counted, 1, "", ""),
        ProofDay(date(2019, 4, 27), skipped, 0, "nghỉ cuối tuần", ""),
        ProofDay(date(2019, 4, 28), skipped, 0, "nghỉ cuối tuần", ""),
        ProofDay(date(2019, 4, 29), skipped, 0, "nghỉ hoán đổi, làm bù ngày 04/05/2019", SWAPPED),
        ProofDay(date(2019, 4, 30), skipped, 0, "Ngày Chiến thắng", LABOUR_CODE),
        ProofDay(date(2019, 5, 1), skipped, 0, "Ngày Quốc tế Lao động", LABOUR_CODE),
        ProofDay(date(2019, 5, 2), counted, 2, "", ""),
        ProofDay(date(2019, 5, 3), counted, 3, "", ""),
        ProofDay(date(2019, 5, 4), counted, 4, "làm bù cho ngày 29/04/2019", SWAPPED),
    ]


def test_calendar_days_count_days_off_too_and_the_last_one_rolls_to_a_working_day():
    deadline = derive(limit(1, Unit.CALENDAR_DAYS), date(2019, 4, 29), CALENDAR)
    assert list(proof(deadline, CALENDAR)) == [
        ProofDay(date(2019, 4, 30), Mark.COUNTED, 1, "Ngày Chiến thắng", LABOUR_CODE),
        ProofDay(date(2019, 5, 1), Mark.ROLLED, 0, "Ngày Quốc tế Lao động", LABOUR_CODE),
        ProofDay(date(2019, 5, 2), Mark.ROLLED, 0, "", ""),
    ]


def test_days_before_an_anchor_are_counted_backwards_without_the_anchor():
    before = limit(4, Unit.CALENDAR_DAYS, direction=Direction.BEFORE)
    swapped = "nghỉ hoán đổi, làm bù ngày 04/05/2019"
    assert list(proof(derive(before, date(2019, 5, 2), CALENDAR), CALENDAR)) == [
        ProofDay(date(2019, 5, 1), Mark.COUNTED, 1, "Ngày Quốc tế Lao động", LABOUR_CODE),
        ProofDay(date(2019, 4, 30), Mark.COUNTED, 2, "Ngày Chiến thắng", LABOUR_CODE),
        ProofDay(date(2019, 4, 29), Mark.COUNTED, 3, swapped, SWAPPED),
        ProofDay(date(2019, 4, 28), Mark.COUNTED, 4, "nghỉ cuối tuần", ""),
        ProofDay(date(2019, 4, 27), Mark.ROLLED, 0, "nghỉ cuối tuần", ""),
        ProofDay(date(2019, 4, 26), Mark.ROLLED, 0, "", ""),
    ]


@pytest.mark.parametrize(
    ("direction", "days"),
    [
        (
            Direction.AFTER,
            [
                ProofDay(date(2019, 6, 15), Mark.END, 0, "nghỉ cuối tuần", ""),
                ProofDay(date(2019, 6, 16), Mark.ROLLED, 0, "nghỉ cuối tuần", ""),
                ProofDay(date(2019, 6, 17), Mark.ROLLED, 0, "", ""),
            ],
        ),
        (
            Direction.BEFORE,
            [
                ProofDay(date(2019, 4, 15), Mark.END, 0, GIO_TO, LABOUR_CODE),
                ProofDay(date(2019, 4, 14), Mark.ROLLED, 0, "nghỉ cuối tuần", ""),
                ProofDay(date(2019, 4, 13), Mark.ROLLED, 0, "nghỉ cuối tuần", ""),
                ProofDay(date(2019, 4, 12), Mark.ROLLED, 0, "", ""),
            ],
        ),
    ],
)
def test_months_show_only_their_end_and_the_days_it_rolled_over(direction, days):
    deadline = derive(limit(1, Unit.MONTHS, direction=direction), date(2019, 5, 15), CALENDAR)
    assert list(proof(deadline, CALENDAR)) == days


def test_suspended_days_are_skipped_whatever_else_they_are():
    suspended = [Suspension(date(2019, 4, 28), date(2019, 5, 3))]
    deadline = derive(limit(2, Unit.CALENDAR_DAYS), date(2019, 4, 27), CALENDAR, 1, suspended)
    assert list(proof(deadline, CALENDAR)) == [
        *(
            ProofDay(on, Mark.SKIPPED, 0, "tạm dừng", "")
            for on in map(date.fromordinal, range(APRIL_28, APRIL_28 + 5))
        ),
        ProofDay(date(2019, 5, 3), Mark.COUNTED, 1, "", ""),
        ProofDay(date(2019, 5, 4), Mark.COUNTED, 2, "làm bù cho ngày 29/04/2019", SWAPPED),
    ]


def test_a_source_without_a_reason_is_not_shown():
    plain = date(2026, 1, 7)
    exceptions = {plain: Day(plain, DayKind.WORKING, "", "QĐ 1", True)}
    calendar = WorkingCalendar(
        "v", date(2026, 1, 1), date(2026, 1, 31), exceptions, date(2026, 12, 31)
    )
    deadline = derive(limit(1, Unit.WORKING_DAYS), date(2026, 1, 6), calendar)
    assert list(proof(deadline, calendar)) == [ProofDay(plain, Mark.COUNTED, 1, "", "")]


def test_a_deadline_that_rests_on_an_unannounced_year_is_provisional():
    deadline = derive(limit(10, Unit.WORKING_DAYS), date(2027, 1, 4), CALENDAR)
    assert deadline.provisional
    assert sentence(deadline, CALENDAR).endswith(
        ", trừ thứ Bảy, Chủ nhật (dự kiến: lịch nghỉ chưa được công bố)"
    )


def test_lateness_is_counted_in_working_days_from_the_day_after():
    deadline = derive(limit(5, Unit.WORKING_DAYS), date(2019, 5, 31), CALENDAR)
    assert deadline.due_on == date(2019, 6, 7)
    late = [deadline.days_late(date(2019, 6, day), CALENDAR) for day in (7, 8, 9, 10, 11)]
    assert late == [0, 0, 0, 1, 2]
    left = [deadline.days_left(date(2019, 6, day), CALENDAR) for day in (4, 5, 6, 7, 8, 11)]
    assert left == [3, 2, 1, 0, 0, 0]


def test_a_deadline_says_from_what_it_follows():
    after = limit(30, Unit.CALENDAR_DAYS)
    suspended = [Suspension(date(2019, 3, 4), date(2019, 3, 6)), Suspension(date(2019, 4, 8))]
    assert derive(after, date(2019, 3, 1), CALENDAR, 3, suspended) == Deadline(
        after,
        date(2019, 3, 1),
        30,
        date(2019, 4, 2),
        date(2019, 4, 2),
        provisional=False,
        pauses=(Pause(date(2019, 3, 4), date(2019, 3, 6), 2),),
    )


def test_a_deadline_before_its_anchor_says_from_what_it_follows():
    before = limit(4, Unit.CALENDAR_DAYS, direction=Direction.BEFORE)
    dues = [derive(before, on, CALENDAR) for on in (date(2019, 5, 2), date(2027, 1, 6))]
    assert dues == [
        Deadline(before, date(2019, 5, 2), 4, date(2019, 4, 28), date(2019, 4, 26), False),
        Deadline(before, date(2027, 1, 6), 4, date(2027, 1, 2), date(2026, 12, 31), True),
    ]


def test_a_limit_that_returns_is_due_after_one_amount_when_no_round_is_named():
    yearly = limit(12, Unit.MONTHS, every=True)
    deadline = derive(yearly, date(2018, 1, 15), CALENDAR)
    assert (deadline.units, deadline.due_on) == (12, date(2019, 1, 15))


def test_the_deadline_of_a_round_minds_its_number_and_the_tasks_suspensions():
    progress = replace(
        register(a_task(rulebook="small"), SIGNING, date(2018, 1, 15)),
        rounds=(
            StepRound(
                "contract_signing", "contract", 1, date(2018, 1, 15), date(2018, 1, 15), "signed"
            ),
            StepRound("report", "periodic_check", 2, date(2018, 9, 3)),
        ),
        suspensions=(Suspension(date(2018, 10, 1), date(2018, 10, 11)),),
    )
    deadline = deadline_of(progress, progress.rounds[1], SMALL, CALENDAR)
    assert deadline == Deadline(
        REPORT.limits[0],
        date(2018, 1, 15),
        12,
        date(2019, 1, 25),
        date(2019, 1, 25),
        provisional=False,
        pauses=(Pause(date(2018, 10, 1), date(2018, 10, 11), 10),),
    )


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


CALLED = StepRound("report", "periodic_check", 1, date(2019, 3, 1), date(2019, 3, 31), "received")


@pytest.mark.parametrize(
    ("in_force_by", "rounds", "units"),
    [("report", (CALLED,), 10), ("report", (), 5), ("opened", (CALLED,), 5), ("", (CALLED,), 5)],
)
def test_the_date_that_a_transition_clause_names_decides_which_law_governs(
    in_force_by, rounds, units
):
    """Thông tư 20/2023 Điều 25: where the call is known, its day counts, not the anchor's."""
    old = limit(10, Unit.WORKING_DAYS, in_force_until=date(2019, 3, 31), in_force_by=in_force_by)
    new = limit(5, Unit.WORKING_DAYS, in_force_from=date(2019, 4, 1), in_force_by=in_force_by)
    signing = replace(SIGNING, limits=(old, new))
    book = replace(SMALL, stages=(Stage("contract", "Hợp đồng", (signing,)),))
    asked = StepRound("contract_signing", "contract", 1, date(2019, 4, 2))
    entered = register(a_task(rulebook="small"), SIGNING, date(2019, 3, 1))
    progress = replace(entered, rounds=(*rounds, asked))
    assert deadline_of(progress, asked, book, CALENDAR).units == units


def test_a_transition_clause_may_look_at_the_opening_where_a_limit_has_another_anchor():
    old = limit(10, Unit.WORKING_DAYS, in_force_until=date(2019, 3, 31), in_force_by="opened")
    limits = (replace(old, anchor="report"), replace(old, amount=5, in_force_until=None))
    signing = replace(SIGNING, limits=limits)
    book = replace(SMALL, stages=(Stage("contract", "Hợp đồng", (signing,)),))
    asked = StepRound("contract_signing", "contract", 1, date(2019, 4, 2))
    entered = register(a_task(rulebook="small"), SIGNING, date(2019, 3, 1))
    progress = replace(entered, rounds=(CALLED, asked))
    assert deadline_of(progress, asked, book, CALENDAR).units == 5

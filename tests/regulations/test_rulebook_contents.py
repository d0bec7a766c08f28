"""What the packaged rulebooks say, against the rows of the table of norms."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from khcn_workflow.domain.council import (
    BallotShare,
    ByMinutes,
    Grades,
    MeanScore,
    NotLoaded,
    Seat,
    Threshold,
    Whole,
)
from khcn_workflow.domain.deadlines import deadline_of
from khcn_workflow.domain.progress import Progress, apply, check_outcome, register
from khcn_workflow.domain.rules import (
    STAGE_IDS,
    DecidingDate,
    Direction,
    Force,
    LimitStatus,
    TimeLimit,
    Unit,
    rulebook_in_force,
)
from khcn_workflow.domain.science_task import Level
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from tests.domain.test_progress import outcome
from tests.office import a_task

DATA = Path(__file__).parent / "data"
RULEBOOKS = load_rulebooks()
CALENDAR = load_calendar()
OLD, INNOVATION, NEW = (RULEBOOKS[key] for key in ("luat-2013", "nd-268-2025", "luat-2025"))

D, WD, M = Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS
END = "contract_signing.ends_on"
TT06, TT20, TT04 = date(2023, 7, 9), date(2023, 11, 27), date(2015, 5, 1)
TT11, TTLT27, NTMN = date(2014, 8, 1), date(2016, 2, 15), date(2016, 1, 1)
ND268 = date(2025, 10, 14)


def row(limit: TimeLimit) -> tuple:
    sign = 1 if limit.direction is Direction.AFTER else -1
    return (sign * limit.amount, limit.unit, limit.anchor, limit.in_force_from)


LIMITS_2013 = {
    # row: (step, (amount, minus when before; unit; anchor; in force from))
    "A02": ("council_result_review", (7, WD, "opened", None)),
    "A03": ("order_publication", (15, WD, "opened", None)),
    "A06": ("council_result_review", (15, D, "opened", TT06)),
    "A07": ("order_publication", (15, D, "opened", TT06)),
    "A10": ("dossier_receipt", (30, D, "opened", TT20)),
    "A11": ("second_call", (6, M, "call", TT20)),
    "A12": ("dossier_opening", (7, WD, "opened", TT20)),
    "A16": ("proposal_revision", (20, D, "opened", TT20)),
    "A30": ("appraisal_meeting", (10, D, "opened", TT20)),
    "A31": ("dossier_completion", (15, D, "opened", TT20)),
    "A32": ("approval", (15, D, "opened", TT20)),
    "A50": ("progress_report", (6, M, "contract_signing", TT04)),
    "A51": ("periodic_check", (12, M, "contract_signing", TT04)),
    "A70": ("acceptance_dossier", (30, D, END, TT11)),
    "A71": ("dossier_check", (3, WD, "opened", TT11)),
    "A72": ("dossier_supplement", (5, WD, "opened", TT11)),
    "A74": ("council_establishment", (15, WD, "opened", TT11)),
    "A77": ("acceptance_meeting", (30, D, "opened", TT11)),
    "A79": ("file_finalisation", (30, WD, "opened", TT11)),
    "A80": ("result_registration", (30, D, "opened", None)),
    "A81": ("recognition", (10, WD, "opened", TT11)),
    "A7-NTMN-mo-ho-so": ("dossier_opening", (10, WD, "opened", NTMN)),
    "A7-NTMN-ho-so": ("acceptance_dossier", (-10, WD, END, NTMN)),
    "A7-NTMN-hop": ("acceptance_meeting", (30, D, "opened", NTMN)),
    "A7-NTMN-hoan-thien": ("file_finalisation", (30, D, "opened", NTMN)),
    "A7-NTMN-cong-nhan-TW": ("recognition", (10, WD, "opened", NTMN)),
    "A7-NTMN-cong-nhan-UQ": ("recognition", (10, WD, "opened", NTMN)),
}

SIDE_LIMITS_2013 = {
    "A04": (-5, WD, "determination_council", TT06),
    "A05": (5, WD, "determination_council", TT06),
    "A13": (-7, WD, "council_meeting", TT20),
    "A14": (-3, WD, "appraisal_meeting", TT20),
    "A15": (-5, WD, "council_meeting", TT20),
    "A17-gui": (5, WD, "event.expert_instruction", TT20),
    "A17-tra-loi": (15, D, "event.expert_request", TT20),
    "A19": (7, D, "event.selection_cancelled", TT20),
    "A33": (15, D, "approval", TT20),
    "A34": (30, D, "approval", TTLT27),
    "A52": (-5, WD, "periodic_check", TT04),
    "A53": (10, WD, "periodic_check", TT04),
    "A54": (20, WD, "periodic_check", TT04),
    "A55": (20, WD, "progress_report", TTLT27),
    "A56": (-1, M, END, TT04),
    "A59": (30, D, "event.adjustment_request", TT04),
    "A60": (5, WD, "event.investigator_change", TT04),
    "A61": (5, WD, "event.self_adjustment", TT04),
    "A62": (7, WD, "event.termination_request", TT04),
    "A64-bao-cao": (15, WD, "event.incompletion_conclusion", TTLT27),
    "A64-kiem-tra": (30, WD, "event.incompletion_report", TTLT27),
    "A64-hoan-tra": (60, D, "event.refund_decision", TTLT27),
    "A73": (5, WD, "dossier_check", TT11),
    "A75": (-7, WD, "acceptance_meeting", TT11),
    "A76-to-chuyen-gia": (-2, WD, "acceptance_meeting", TT11),
    "A76-thanh-vien": (-1, WD, "acceptance_meeting", TT11),
    "A78": (2, WD, "acceptance_meeting", TT11),
    "A82-thanh-toan": (4, M, END, TTLT27),
    "A82-cat-du": (6, M, END, TTLT27),
    "A7-NTMN-gui-Bo": (30, WD, "acceptance_meeting", NTMN),
}

LIMITS_268 = {
    "B10": ("dossier_opening", (10, D, "opened", ND268)),
    "B11": ("council_meeting", (30, D, "opened", ND268)),
    "B13": ("result_notice", (3, WD, "opened", ND268)),
    "B14": ("proposal_revision", (15, D, "opened", ND268)),
    "B15": ("appraisal_meeting", (10, D, "council_meeting", ND268)),
    "B16": ("approval", (10, D, "opened", ND268)),
    "B17": ("contract_signing", (10, D, "opened", ND268)),
    "B20-sua-doi": ("amendment_decision", (15, D, "opened", ND268)),
    "B20-cham-dut": ("termination_decision", (15, D, "opened", ND268)),
}


def limits_of(rulebook) -> dict:
    return {lim.id: (step.id, row(lim)) for step in rulebook.steps() for lim in step.limits}


def side_limits_of(rulebook) -> dict:
    return {lim.id: row(lim) for duty in rulebook.duties for lim in duty.limits}


def test_the_limits_of_2013_are_the_rows_that_were_read():
    assert limits_of(OLD) == LIMITS_2013


def test_the_side_limits_of_2013_are_the_rows_that_were_read():
    assert side_limits_of(OLD) == SIDE_LIMITS_2013


def test_rules_without_a_day_count_are_told_beside_their_step():
    told = {duty.id: duty.step for duty in OLD.duties if not duty.limits}
    wanted = {"A01", "A18", "A40", "A41", "A57", "A58", "A63", "A83", "A84", "A85", "A86"}
    assert wanted <= set(told)


def test_the_decree_on_innovation_tasks_is_loaded_row_by_row():
    assert limits_of(INNOVATION) == LIMITS_268
    assert side_limits_of(INNOVATION) == {
        "B12": (-3, D, "council_meeting", ND268),
        "B22": (-5, WD, "determination_council", ND268),
        "B23": (28, D, "event.non_budget_dossier", ND268),
    }
    assert {"B18", "B19", "B21"} <= {duty.id for duty in INNOVATION.duties}


def test_a_norm_of_2023_governs_no_anchor_before_its_first_day():
    by_id = {lim.id: lim for step in OLD.steps() for lim in step.limits}
    assert not by_id["A06"].governs(Level.PROVINCIAL, date(2023, 7, 8))
    assert by_id["A02"].governs(Level.PROVINCIAL, date(2023, 7, 8))
    assert not by_id["A02"].governs(Level.PROVINCIAL, date(2023, 7, 9))
    assert not by_id["A70"].governs(Level.PROVINCIAL, date(2014, 7, 31))


def test_for_the_selection_circular_of_2023_the_call_decides():
    decided_by_call = {
        lim.id for step in OLD.steps() for lim in step.limits if lim.in_force_by == "call"
    }
    assert decided_by_call == {"A10", "A11", "A12", "A16", "A30", "A31", "A32"}


def test_every_limit_names_its_article_and_its_owner():
    for rulebook in RULEBOOKS.values():
        for step in rulebook.steps():
            assert all(lim.article and lim.owner for lim in step.limits)


@pytest.mark.parametrize("rulebook", RULEBOOKS.values(), ids=lambda rulebook: rulebook.id)
def test_every_rulebook_has_the_six_stages_each_with_a_step(rulebook):
    assert tuple(stage.id for stage in rulebook.stages) == STAGE_IDS
    assert all(stage.steps and stage.title for stage in rulebook.stages)


SHARED = (
    "call",
    "dossier_receipt",
    "council_meeting",
    "appraisal_meeting",
    "approval",
    "contract_signing",
    "periodic_check",
    "acceptance_dossier",
    "acceptance_meeting",
    "liquidation",
)


@pytest.mark.parametrize("step", SHARED)
def test_steps_of_one_meaning_have_one_id_and_stage_in_every_rulebook(step):
    assert len({rulebook.step(step).stage for rulebook in RULEBOOKS.values()}) == 1


@pytest.mark.parametrize("rulebook", RULEBOOKS.values(), ids=lambda rulebook: rulebook.id)
def test_a_signed_contract_says_when_it_ends(rulebook):
    signed = rulebook.step("contract_signing").outcome("signed")
    assert [(given.id, given.required) for given in signed.fields] == [("ends_on", True)]


# ------------------------------------------------------------------ what has not been read


def test_no_limit_of_the_new_decree_on_research_tasks_is_invented():
    assert [step.id for step in NEW.steps() if step.limits] == []
    on = date(2026, 3, 2)
    statuses = {NEW.limit_status(step.id, Level.PROVINCIAL, on) for step in NEW.steps()}
    assert statuses == {LimitStatus.NOT_LOADED}


@pytest.mark.parametrize(
    ("rulebook", "step", "level", "on", "status"),
    [
        ("luat-2013", "contract_signing", Level.PROVINCIAL, date(2019, 5, 2), "no-limit"),
        ("luat-2013", "contract_signing", Level.PROVINCIAL, date(2025, 2, 10), "not-loaded"),
        ("luat-2013", "contract_signing", Level.NATIONAL, date(2025, 2, 10), "no-limit"),
        ("luat-2013", "appraisal_meeting", Level.PROVINCIAL, date(2019, 5, 2), "not-loaded"),
        ("luat-2013", "appraisal_meeting", Level.PROVINCIAL, date(2024, 5, 2), "loaded"),
        ("cao-bang", "contract_signing", Level.PROVINCIAL, date(2019, 5, 2), "not-loaded"),
        ("nd-268-2025", "contract_signing", Level.PROVINCIAL, date(2026, 5, 4), "loaded"),
        ("nd-268-2025", "liquidation", Level.PROVINCIAL, date(2026, 5, 4), "no-limit"),
    ],
)
def test_no_limit_in_law_and_not_loaded_are_told_apart(rulebook, step, level, on, status):
    assert RULEBOOKS[rulebook].limit_status(step, level, on) is LimitStatus(status)


# ------------------------------------------------------------------ which rulebook


@pytest.mark.parametrize(
    ("family", "on", "province", "found"),
    [
        ("khoa-hoc-cong-nghe", date(2025, 9, 30), "", "luat-2013"),
        ("khoa-hoc-cong-nghe", date(2025, 9, 30), "cao-bang", "cao-bang"),
        ("khoa-hoc-cong-nghe", date(2025, 10, 1), "cao-bang", "luat-2025"),
        ("doi-moi-sang-tao", date(2025, 10, 14), "cao-bang", "nd-268-2025"),
    ],
)
def test_the_day_of_approval_decides_between_the_laws(family, on, province, found):
    rulebook = rulebook_in_force(RULEBOOKS.values(), family, on, province)
    assert rulebook.id == found
    assert rulebook.transition.decides is DecidingDate.APPROVED


def test_the_overlay_of_cao_bang_adds_nothing_but_internal_targets():
    overlay = RULEBOOKS["cao-bang"]
    added = {
        lim.id: lim.force
        for step in overlay.steps()
        for lim in step.limits
        if lim.id not in LIMITS_2013
    }
    assert added == {"CB-tham-dinh": Force.INTERNAL, "CB-ky-hop-dong": Force.INTERNAL}
    assert (overlay.duties, overlay.councils) == (OLD.duties, OLD.councils)


# ------------------------------------------------------------------ councils


def council(rulebook, step: str, on: date, level: Level = Level.PROVINCIAL):
    return rulebook.council_of(step, level, on)


SELECTED = MeanScore(
    minimum=70,
    zero_share=Fraction(1, 4),
    void_beyond_percent=20,
    proposer_bonus_percent=10,
    scales={
        "tu-nhien-ky-thuat": (12, 24, 16, 16, 16, 16),
        "xa-hoi-nhan-van": (12, 12, 12, 20, 24, 20),
    },
)
ACCEPTED = Grades(
    Threshold(Fraction(3, 4), Whole.PRESENT), Threshold(Fraction(1, 3), Whole.PRESENT, True)
)


@pytest.mark.parametrize(
    ("rulebook", "step", "on", "level", "sizes", "quorum", "passes"),
    [
        (OLD, "determination_council", TT06, "tinh", (7, 11), "2/3",
         BallotShare((Threshold(Fraction(3, 4), more_than=True),))),
        (OLD, "council_meeting", TT20, "tinh", (7, 9), "2/3", SELECTED),
        (OLD, "council_meeting", date(2023, 11, 26), "tinh", (7, 9), "2/3", NotLoaded()),
        (OLD, "council_meeting", TT20, "ntmn-trung-uong", (7, 7), "2/3", MeanScore(minimum=65)),
        (OLD, "ministry_decision", TT20, "ntmn-trung-uong", (5, 5), "0",
         BallotShare((Threshold(Fraction(4, 5), Whole.SEATED),))),
        (OLD, "appraisal_meeting", TT20, "tinh", (5, 5), "4/5", ByMinutes()),
        (OLD, "appraisal_meeting", TT20, "ntmn-trung-uong", (4, 4), "0", ByMinutes()),
        (OLD, "periodic_check", TT04, "tinh", (None, None), "0", ByMinutes()),
        (OLD, "acceptance_meeting", TT11, "tinh", (9, 9), "2/3", ACCEPTED),
        (INNOVATION, "council_meeting", ND268, "tinh", (7, 9), "2/3",
         BallotShare((Threshold(Fraction(2, 3)),))),
        (INNOVATION, "determination_council", ND268, "tinh", (7, 9), "2/3",
         BallotShare((Threshold(Fraction(2, 3), Whole.PRESENT, True),))),
        (NEW, "council_meeting", ND268, "tinh", (7, 9), "2/3", NotLoaded()),
        (NEW, "determination_council", ND268, "tinh", (7, 9), "2/3",
         BallotShare((Threshold(Fraction(3, 4), more_than=True),))),
    ],
)  # fmt: skip
def test_councils_are_the_rows_that_were_read(rulebook, step, on, level, sizes, quorum, passes):
    found = council(rulebook, step, on, Level(level))
    assert (found.size_min, found.size_max) == sizes
    assert (found.quorum, found.passes) == (Fraction(quorum), passes)


def test_the_acceptance_council_needs_chair_reviewers_secretary_and_all_reviews():
    found = council(OLD, "acceptance_meeting", TT11)
    wanted = [
        (frozenset({Seat.CHAIR, Seat.VICE}), 1),
        (frozenset({Seat.REVIEWER}), 2),
        (frozenset({Seat.SECRETARY}), 1),
    ]
    assert [(duty.seats, duty.count) for duty in found.obligations] == wanted
    assert found.all_reviews


def test_the_selection_council_sits_without_its_secretary_but_not_without_reviewers():
    found = council(OLD, "council_meeting", TT20)
    seats = frozenset().union(*(duty.seats for duty in found.obligations))
    assert seats == {Seat.CHAIR, Seat.VICE, Seat.REVIEWER}


# ------------------------------------------------------------------ a task's whole way


def through(rulebook, progress: Progress, *facts) -> Progress:
    for fact in facts:
        check_outcome(progress, rulebook, fact, date(2027, 1, 4))
        progress = apply(progress, rulebook, fact)
    return progress


def innovation_task_until_signed() -> Progress:
    task = a_task(rulebook="nd-268-2025")
    return through(
        INNOVATION,
        register(task, INNOVATION.step("call"), date(2025, 10, 20)),
        outcome("call", "announced", date(2025, 10, 20)),
        outcome("dossier_receipt", "received", date(2025, 11, 20)),
        outcome("dossier_opening", "valid", date(2025, 11, 27)),
        outcome("council_meeting", "passed", date(2025, 12, 15)),
        outcome("result_notice", "notified", date(2025, 12, 16)),
        outcome("proposal_revision", "received", date(2025, 12, 22)),
        outcome("appraisal_meeting", "appraised", date(2025, 12, 24)),
        outcome("approval", "approved", date(2026, 1, 5)),
    )


def test_an_innovation_contract_is_due_ten_days_after_approval_by_law():
    progress = innovation_task_until_signed()
    owed = progress.open_round("contract_signing")
    deadline = deadline_of(progress, owed, INNOVATION, CALENDAR)
    assert (deadline.due_on, deadline.is_statutory) == (date(2026, 1, 15), True)


def signed_innovation_task() -> Progress:
    signed = outcome("contract_signing", "signed", date(2026, 1, 12), ends_on="2026-12-31")
    return through(INNOVATION, innovation_task_until_signed(), signed)


def test_a_failed_task_with_clean_procedure_ends_like_any_other():
    progress = through(
        INNOVATION,
        signed_innovation_task(),
        outcome("acceptance_dossier", "submitted", date(2026, 10, 1)),
        outcome("acceptance_meeting", "risk_accepted", date(2026, 10, 20)),
        outcome("final_settlement", "settled", date(2026, 11, 10)),
        outcome("liquidation", "liquidated_risk_accepted", date(2026, 11, 20)),
    )
    assert progress.ending == "đã thanh lý hợp đồng, chấp nhận rủi ro"
    favourable = INNOVATION.step("acceptance_meeting").outcome("risk_accepted").favourable
    assert favourable


def test_a_termination_leaves_only_the_liquidation_to_do():
    progress = through(
        INNOVATION,
        signed_innovation_task(),
        outcome("periodic_check", "stop", date(2026, 3, 2)),
        outcome("termination_review", "opinions_received", date(2026, 3, 10)),
    )
    owed = progress.open_round("termination_decision")
    assert deadline_of(progress, owed, INNOVATION, CALENDAR).due_on == date(2026, 3, 25)
    ended = through(
        INNOVATION, progress, outcome("termination_decision", "terminated", date(2026, 3, 20))
    )
    assert [r.step for r in ended.open_rounds()] == ["liquidation"]


def test_an_amendment_runs_beside_the_work():
    progress = through(
        INNOVATION,
        signed_innovation_task(),
        outcome("periodic_check", "amendment_asked", date(2026, 3, 2)),
        outcome("amendment_review", "not_needed", date(2026, 3, 2)),
    )
    owed = {r.step for r in progress.open_rounds()}
    assert owed == {"periodic_check", "acceptance_dossier", "amendment_decision"}


def test_the_new_law_evaluates_the_end_and_the_output_apart():
    task = a_task(rulebook="luat-2025")
    progress = through(
        NEW,
        register(task, NEW.step("acceptance_meeting"), date(2026, 3, 2)),
        outcome("acceptance_meeting", "passed", date(2026, 3, 2)),
        outcome("result_registration", "registered", date(2026, 3, 20)),
        outcome("liquidation", "liquidated", date(2026, 4, 2)),
    )
    assert [r.step for r in progress.open_rounds()] == ["output_evaluation"]
    ended = through(NEW, progress, outcome("output_evaluation", "evaluated", date(2026, 12, 1)))
    assert ended.ending


# ------------------------------------------------------------------ a ministry's profile


def test_a_ministry_profile_has_the_acceptance_dossier_due_before_the_contract_ends():
    rulebook = load_rulebooks(DATA)["bct-2014"]
    signed = apply(
        register(a_task(rulebook="bct-2014"), rulebook.step("contract_signing"), date(2018, 1, 2)),
        rulebook,
        outcome("contract_signing", "signed", date(2018, 1, 2), ends_on="2019-06-30"),
    )
    deadline = deadline_of(signed, signed.open_round("acceptance_dossier"), rulebook, CALENDAR)
    assert (deadline.limit.id, deadline.due_on) == ("BCT-ho-so-nghiem-thu", date(2019, 5, 31))
    assert deadline.limit.direction is Direction.BEFORE


def test_a_ministry_profile_replaces_the_councils_of_its_base():
    rulebook = load_rulebooks(DATA)["bct-2014"]
    found = council(rulebook, "determination_council", TT06)
    assert found.id == "BCT-xac-dinh"
    assert [threshold.of for threshold in found.passes.thresholds] == [Whole.PRESENT, Whole.SEATED]
    assert council(rulebook, "council_meeting", TT20).passes.zero_share == Fraction(1, 3)


def test_the_test_profile_is_not_packaged():
    assert "bct-2014" not in RULEBOOKS

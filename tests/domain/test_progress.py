from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.errors import (
    AlreadyRecordedError,
    BeforeOpeningError,
    FutureDateError,
    KhcnError,
    MissingFieldError,
    StepNotOpenError,
    TaskEndedError,
    UnknownOutcomeError,
    UnknownStepError,
)
from khcn_workflow.domain.ledger import Document, EntryKind, Fact
from khcn_workflow.domain.progress import (
    Delay,
    Extension,
    Progress,
    Remark,
    StepRound,
    Suspension,
    apply,
    check_outcome,
    fold,
    register,
    registration,
)
from khcn_workflow.domain.science_task import task_to_data
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from tests.domain.small_rulebook import DOSSIER, REPORT, SIGNING, SMALL
from tests.office import TODAY, a_task

RULEBOOK = load_rulebooks()["cao-bang"]


def entered(step: str, on: date = date(2019, 3, 1)) -> Progress:
    return register(a_task(), RULEBOOK.step(step), on)


def outcome(step: str, result: str, on: date, **data: str) -> Fact:
    return Fact(EntryKind.OUTCOME, "NV-2019-01", on, "cv1", step=step, outcome=result, data=data)


def through(progress: Progress, *facts: Fact) -> Progress:
    for fact in facts:
        check_outcome(progress, RULEBOOK, fact, TODAY)
        progress = apply(progress, RULEBOOK, fact)
    return progress


def owed(progress: Progress) -> set[tuple[str, int]]:
    return {(r.step, r.round) for r in progress.open_rounds()}


def test_a_result_opens_the_steps_that_the_rulebook_names():
    progress = through(
        entered("council_meeting"), outcome("council_meeting", "passed", date(2019, 3, 5))
    )
    assert owed(progress) == {("proposal_revision", 1)}
    assert progress.open_round("proposal_revision").opened_on == date(2019, 3, 5)


def test_a_step_that_comes_again_is_a_new_round():
    progress = through(
        entered("call"),
        outcome("call", "announced", date(2019, 3, 4)),
        outcome("dossier_receipt", "no_dossier", date(2019, 4, 4)),
        outcome("second_call", "announced", date(2019, 4, 10)),
    )
    assert owed(progress) == {("dossier_receipt", 2)}


def test_an_interim_result_leaves_the_step_open_and_is_remembered():
    progress = through(
        entered("appraisal_meeting"),
        outcome("appraisal_meeting", "opinions_received", date(2019, 4, 1)),
    )
    assert owed(progress) == {("appraisal_meeting", 1)}
    assert progress.rounds[0].remarks[0].outcome == "opinions_received"


def test_a_delay_is_kept_on_the_step_that_stays_open():
    fact = Fact(
        EntryKind.DELAY,
        "NV-2019-01",
        date(2019, 5, 2),
        "cv1",
        step="appraisal_meeting",
        cause="xin-y-kien",
        commitment=date(2019, 6, 30),
    )
    progress = through(entered("appraisal_meeting"), fact)
    assert progress.rounds[0].delays[0].cause == "xin-y-kien"
    assert progress.rounds[0].delays[0].commitment == date(2019, 6, 30)
    assert owed(progress) == {("appraisal_meeting", 1)}


def test_signing_opens_reports_checks_and_the_acceptance_dossier_at_once():
    progress = through(
        entered("contract_signing"),
        outcome("contract_signing", "signed", date(2019, 3, 5), ends_on="2021-03-05"),
    )
    assert owed(progress) == {
        ("progress_report", 1),
        ("periodic_check", 1),
        ("acceptance_dossier", 1),
    }


def test_the_acceptance_dossier_ends_the_periodic_steps_without_a_result():
    progress = through(
        entered("contract_signing"),
        outcome("contract_signing", "signed", date(2019, 3, 5), ends_on="2019-05-05"),
        outcome("acceptance_dossier", "submitted", date(2019, 5, 20)),
    )
    assert owed(progress) == {("dossier_check", 1)}
    fallen = [r for r in progress.rounds if r.step == "periodic_check"]
    assert [(r.closed_on, r.outcome) for r in fallen] == [(date(2019, 5, 20), "")]


def test_recognition_waits_for_both_the_file_and_the_registration():
    met = through(
        entered("acceptance_meeting"),
        outcome("acceptance_meeting", "passed", date(2019, 4, 1)),
        outcome("file_finalisation", "finalised", date(2019, 4, 10)),
    )
    assert owed(met) == {("result_registration", 1)}
    both = through(met, outcome("result_registration", "registered", date(2019, 4, 20)))
    assert owed(both) == {("recognition", 1)}
    assert both.open_round("recognition").opened_on == date(2019, 4, 20)


def test_an_ending_closes_everything_that_was_owed():
    progress = through(
        entered("liquidation"), outcome("liquidation", "liquidated", date(2019, 4, 1))
    )
    assert progress.ending == "đã thanh lý hợp đồng"
    assert progress.ended_on == date(2019, 4, 1)
    assert owed(progress) == set()


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        (outcome("no_such_step", "passed", date(2019, 4, 1)), UnknownStepError),
        (outcome("council_meeting", "no_such_outcome", date(2019, 4, 1)), UnknownOutcomeError),
        (outcome("appraisal_meeting", "appraised", date(2019, 4, 1)), StepNotOpenError),
        (outcome("council_meeting", "passed", date(2019, 6, 11)), FutureDateError),
        (outcome("council_meeting", "passed", date(2019, 2, 28)), BeforeOpeningError),
    ],
)
def test_what_the_rulebook_does_not_allow_is_refused(fact: Fact, refusal: type[Exception]):
    with pytest.raises(refusal):
        check_outcome(entered("council_meeting"), RULEBOOK, fact, TODAY)


def test_a_second_answer_is_told_who_answered_first():
    answered = through(
        entered("council_meeting"), outcome("council_meeting", "passed", date(2019, 3, 5))
    )
    with pytest.raises(AlreadyRecordedError, match="ngày 05/03/2019, do cv1 ghi"):
        check_outcome(
            answered, RULEBOOK, outcome("council_meeting", "failed", date(2019, 3, 6)), TODAY
        )


def test_a_contract_without_its_last_day_is_refused():
    with pytest.raises(MissingFieldError, match="Ngày kết thúc hợp đồng"):
        check_outcome(
            entered("contract_signing"),
            RULEBOOK,
            outcome("contract_signing", "signed", date(2019, 3, 5)),
            TODAY,
        )


def test_a_closed_task_takes_no_more_results():
    ended = through(entered("liquidation"), outcome("liquidation", "liquidated", date(2019, 4, 1)))
    with pytest.raises(TaskEndedError, match="đã kết thúc"):
        check_outcome(
            ended, RULEBOOK, outcome("liquidation", "liquidated", date(2019, 4, 2)), TODAY
        )


def test_folding_the_ledger_gives_the_same_task_as_recording_it():
    recorded = through(
        entered("council_meeting"), outcome("council_meeting", "passed", date(2019, 3, 5))
    )
    folded = fold(
        [
            registration(a_task(), "council_meeting", date(2019, 3, 1), "cv1"),
            outcome("council_meeting", "passed", date(2019, 3, 5)),
        ],
        load_rulebooks(),
    )
    assert folded == recorded


TASK = a_task(rulebook="small")
PAPER = Document("12/HĐ")


def small(*facts: Fact, step: str = "contract_signing") -> Progress:
    """What the small rulebook makes of facts after a task entered at a step on 01/03/2019."""
    found = fold([registration(TASK, step, date(2019, 3, 1), "cv1"), *facts], {"small": SMALL})
    assert found is not None
    return found


def answer(step: str, result: str, day: int, **more: object) -> Fact:
    """An outcome of a day in March 2019."""
    return Fact(EntryKind.OUTCOME, TASK.code, date(2019, 3, day), "cv1", step=step, outcome=result,
                **more)  # fmt: skip


def event(kind: EntryKind, day: int, **more: object) -> Fact:
    return Fact(kind, TASK.code, date(2019, 3, day), "tp", document=PAPER, **more)


SIGNED = answer(
    "contract_signing", "signed", 5, document=PAPER, data={"ends_on": "2021-03-05", "budget": 500}
)


def test_a_task_enters_the_ledger_with_one_step_owed():
    assert register(TASK, SIGNING, date(2019, 3, 1)) == Progress(
        TASK,
        date(2019, 3, 1),
        (StepRound("contract_signing", "contract", 1, date(2019, 3, 1)),),
    )


def test_a_registration_keeps_the_whole_task_and_the_rulebook_it_is_pinned_to():
    assert registration(TASK, "report", date(2019, 3, 1), "cv1") == Fact(
        EntryKind.REGISTERED,
        "NV-2019-01",
        date(2019, 3, 1),
        "cv1",
        step="report",
        rulebook="small",
        data=task_to_data(TASK),
    )


def test_a_result_keeps_its_paper_its_actor_and_its_facts_as_text():
    on = date(2019, 3, 5)
    assert small(SIGNED).rounds == (
        StepRound(
            "contract_signing",
            "contract",
            1,
            date(2019, 3, 1),
            on,
            "signed",
            "cv1",
            "12/HĐ",
            fields={"ends_on": "2021-03-05", "budget": "500"},
        ),
        StepRound("report", "periodic_check", 1, on),
        StepRound("dossier", "acceptance", 1, on),
    )


def test_a_late_result_keeps_its_cause_beside_the_delays_explained_before():
    explained = Fact(
        EntryKind.DELAY,
        TASK.code,
        date(2019, 3, 4),
        "cv1",
        step="contract_signing",
        cause="xin-y-kien",
        commitment=date(2019, 3, 8),
        document=Document("7/CV"),
    )
    late = answer("contract_signing", "refused", 9, cause="chờ kinh phí", document=PAPER)
    assert small(explained, late).rounds[0].delays == (
        Delay(date(2019, 3, 4), "xin-y-kien", date(2019, 3, 8), "7/CV"),
        Delay(date(2019, 3, 9), "chờ kinh phí", None, "12/HĐ"),
    )
    assert small(answer("contract_signing", "refused", 9)).rounds[0].delays == ()


def test_interim_results_are_remembered_in_their_order():
    asked = [answer("contract_signing", "asked", day) for day in (2, 4)]
    assert small(*asked).rounds == (
        StepRound(
            "contract_signing",
            "contract",
            1,
            date(2019, 3, 1),
            remarks=(Remark("asked", date(2019, 3, 2)), Remark("asked", date(2019, 3, 4))),
        ),
    )


def test_an_ending_leaves_no_step_open_and_closes_the_others_without_a_result():
    met = (answer("dossier", "submitted", 6), answer("meeting", "passed", 7))
    filed = (*met, answer("filing", "filed", 8), answer("recognition", "recognised", 9))
    assert (small(SIGNED, *filed).ending, small(SIGNED, *filed).ended_on) == (
        "đã công nhận kết quả",
        date(2019, 3, 9),
    )
    assert [(r.step, r.closed_on, r.outcome) for r in small(SIGNED, *filed).rounds] == [
        ("contract_signing", date(2019, 3, 5), "signed"),
        ("report", date(2019, 3, 6), ""),
        ("dossier", date(2019, 3, 6), "submitted"),
        ("meeting", date(2019, 3, 7), "passed"),
        ("filing", date(2019, 3, 8), "filed"),
        ("recognition", date(2019, 3, 9), "recognised"),
    ]


def test_an_ending_drops_what_any_stage_still_owes_on_its_day():
    recognition = StepRound("recognition", "acceptance", 1, date(2019, 3, 7))
    progress = small(SIGNED)
    ended = apply(
        replace(progress, rounds=(*progress.rounds, recognition)),
        SMALL,
        answer("recognition", "recognised", 9),
    )
    assert [(r.step, r.closed_on, r.outcome) for r in ended.rounds] == [
        ("contract_signing", date(2019, 3, 5), "signed"),
        ("report", date(2019, 3, 9), ""),
        ("dossier", date(2019, 3, 9), ""),
        ("recognition", date(2019, 3, 9), "recognised"),
    ]


def test_a_result_closes_only_the_stages_it_names():
    opened = date(2019, 3, 7)
    beside = StepRound("recognition", "acceptance", 1, opened)
    signed = small(SIGNED)
    progress = replace(signed, rounds=(*signed.rounds, beside))
    after = apply(progress, SMALL, answer("dossier", "submitted", 8))
    assert owed(after) == {("recognition", 1), ("meeting", 1), ("filing", 1)}
    assert after.open_round("recognition") == beside


def test_a_step_that_is_still_owed_is_not_opened_a_second_time():
    progress = small(SIGNED, answer("dossier", "submitted", 6), answer("meeting", "again", 7))
    assert owed(progress) == {("filing", 1), ("dossier", 2)}


def test_terminating_a_task_drops_all_it_owed_and_changes_no_result():
    progress = small(SIGNED, event(EntryKind.TERMINATED, 20, note="không khả thi"))
    assert (progress.ending, progress.ended_on) == ("chấm dứt thực hiện", date(2019, 3, 20))
    assert [(r.step, r.closed_on, r.outcome) for r in progress.rounds] == [
        ("contract_signing", date(2019, 3, 5), "signed"),
        ("report", date(2019, 3, 20), ""),
        ("dossier", date(2019, 3, 20), ""),
    ]


def test_suspensions_begin_and_end_in_turn_each_with_its_reason_and_paper():
    facts = [
        event(EntryKind.SUSPENDED, 2, note="chờ ý kiến"),
        event(EntryKind.RESUMED, 4),
        event(EntryKind.SUSPENDED, 6, note="thiên tai"),
    ]
    first = Suspension(date(2019, 3, 2), date(2019, 3, 4), "chờ ý kiến", "12/HĐ")
    second = Suspension(date(2019, 3, 6), None, "thiên tai", "12/HĐ")
    assert small(*facts).suspensions == (first, second)
    resumed = small(*facts, event(EntryKind.RESUMED, 8))
    assert resumed.suspensions == (
        first,
        Suspension(date(2019, 3, 6), date(2019, 3, 8), "thiên tai", "12/HĐ"),
    )
    assert resumed.rounds == small().rounds


def extended(day: int, ends_on: str) -> Fact:
    return event(EntryKind.EXTENDED, day, data={"ends_on": ends_on, "asked_on": "2019-03-07"})


def test_the_last_extension_gives_the_contracts_end():
    progress = small(SIGNED, extended(10, "2021-09-05"), extended(11, "2022-03-05"))
    assert progress.extensions == (
        Extension(date(2019, 3, 10), date(2021, 9, 5), date(2019, 3, 7), "12/HĐ"),
        Extension(date(2019, 3, 11), date(2022, 3, 5), date(2019, 3, 7), "12/HĐ"),
    )
    asking = progress.rounds[-1]
    assert progress.anchor("contract_signing.ends_on", asking) == date(2022, 3, 5)
    assert small(SIGNED).anchor("contract_signing.ends_on", asking) == date(2021, 3, 5)


def test_an_extension_moves_the_contracts_end_and_no_other_date():
    checked = answer(
        "contract_signing", "signed", 5, data={"ends_on": "2021-03-05", "checked_on": "2019-03-04"}
    )
    progress = small(checked, extended(10, "2021-09-05"))
    asking = progress.rounds[-1]
    assert progress.anchor("contract_signing.checked_on", asking) == date(2019, 3, 4)
    assert progress.anchor("contract_signing", asking) == date(2019, 3, 5)
    assert progress.anchor("opened", asking) == date(2019, 3, 5)


@pytest.mark.parametrize("anchor", ["dossier", "dossier.on", "event.request", "no_such_step"])
def test_what_has_not_happened_is_no_anchor(anchor: str):
    progress = small(SIGNED)
    assert progress.anchor(anchor, progress.rounds[-1]) is None


@pytest.mark.parametrize("data", [{}, {"checked_on": ""}])
def test_a_date_that_was_left_out_is_no_anchor(data: dict[str, str]):
    progress = small(answer("contract_signing", "signed", 5, data=data))
    assert progress.anchor("contract_signing.checked_on", progress.rounds[-1]) is None


def test_a_field_is_all_that_follows_the_first_dot():
    progress = small(answer("contract_signing", "signed", 5, data={"part.2": "2019-03-04"}))
    assert progress.anchor("contract_signing.part.2", progress.rounds[-1]) == date(2019, 3, 4)


def test_the_last_result_of_a_step_is_the_one_that_counts():
    progress = small(SIGNED, *(answer("report", "received", day) for day in (6, 7)))
    assert progress.closed("report") == progress.rounds[3]
    assert (progress.rounds[3].round, progress.rounds[3].closed_on) == (2, date(2019, 3, 7))
    assert progress.open_round("report") == StepRound(
        "report", "periodic_check", 3, date(2019, 3, 7)
    )
    assert progress.open_round("contract_signing") is None


def test_a_step_that_fell_away_has_no_result():
    progress = small(SIGNED, answer("dossier", "submitted", 6))
    assert progress.closed("report") is None


def test_facts_before_the_registration_make_no_task():
    amended = Fact(EntryKind.AMENDED, TASK.code, date(2019, 3, 1), "cv1", data=task_to_data(TASK))
    assert fold([], {"small": SMALL}) is None
    assert fold([SIGNED, amended], {"small": SMALL}) is None


def test_an_amended_task_keeps_what_happened_to_it():
    renamed = a_task(rulebook="small", title="Tên mới")
    amended = Fact(
        EntryKind.AMENDED, TASK.code, date(2019, 3, 6), "cv1", data=task_to_data(renamed)
    )
    on = date(2019, 3, 6)
    named_anew = replace(small(SIGNED), task=renamed, last_on=on, settled_from=on)
    assert small(SIGNED, amended) == named_anew


@pytest.mark.parametrize("on", [date(2019, 3, 1), TODAY])
def test_a_paper_may_be_of_the_day_the_step_opened_or_of_today(on: date):
    progress = small()
    fact = outcome("contract_signing", "refused", on)
    assert check_outcome(progress, SMALL, fact, TODAY) == progress.rounds[0]


@pytest.mark.parametrize("round_number", [0, 2])
def test_an_answer_is_for_the_owed_round_or_for_the_one_it_names(round_number: int):
    progress = small(SIGNED, answer("report", "received", 6))
    fact = answer("report", "received", 7, round=round_number)
    assert check_outcome(progress, SMALL, fact, TODAY) == progress.open_round("report")


def refused(progress: Progress, fact: Fact) -> str:
    """The sentence with which the fact is refused, after the name of its error."""
    with pytest.raises(KhcnError) as caught:
        check_outcome(progress, SMALL, fact, TODAY)
    return f"{type(caught.value).__name__}: {caught.value}"


def test_an_answer_to_a_round_that_has_its_result_is_told_of_that_result():
    progress = small(SIGNED, *(answer("report", "received", day) for day in (6, 7)))
    assert refused(progress, answer("report", "received", 8, round=2)) == (
        "AlreadyRecordedError: Bước «Báo cáo định kỳ» của nhiệm vụ NV-2019-01 đã có kết quả "
        "«Đã nhận» ngày 07/03/2019, do cv1 ghi; không ghi lần thứ hai."
    )


def test_an_answer_that_names_no_round_is_told_of_the_first_result():
    assert refused(small(SIGNED), answer("contract_signing", "refused", 8)) == (
        "AlreadyRecordedError: Bước «Ký hợp đồng» của nhiệm vụ NV-2019-01 đã có kết quả "
        "«Đã ký» ngày 05/03/2019, do cv1 ghi; không ghi lần thứ hai."
    )


def test_an_answer_to_a_round_that_has_not_come_is_told_what_is_waiting():
    assert refused(small(SIGNED), answer("report", "received", 8, round=2)) == (
        "StepNotOpenError: Nhiệm vụ NV-2019-01 hiện không chờ kết quả bước «Báo cáo định kỳ». "
        "Đang chờ: report (Báo cáo định kỳ); dossier (Nộp hồ sơ nghiệm thu)."
    )


def test_an_answer_to_a_step_that_fell_away_is_told_what_is_waiting():
    progress = small(SIGNED, answer("dossier", "submitted", 6))
    assert refused(progress, answer("report", "received", 8)) == (
        "StepNotOpenError: Nhiệm vụ NV-2019-01 hiện không chờ kết quả bước «Báo cáo định kỳ». "
        "Đang chờ: meeting (Họp nghiệm thu); filing (Đăng ký kết quả)."
    )


def test_an_answer_to_an_ended_task_is_told_how_it_ended():
    ended = small(answer("contract_signing", "refused", 8))
    assert refused(ended, answer("contract_signing", "signed", 9)) == (
        "TaskEndedError: Nhiệm vụ NV-2019-01 đã kết thúc (không ký hợp đồng) ngày 08/03/2019; "
        "không ghi thêm kết quả."
    )


def test_a_paper_of_before_the_opening_is_told_which_step_and_day():
    progress = register(TASK, DOSSIER, date(2019, 3, 5))
    assert refused(progress, answer("dossier", "submitted", 4)) == (
        "BeforeOpeningError: Ngày 04/03/2019 ở trước ngày mở bước «Nộp hồ sơ nghiệm thu» "
        "(05/03/2019); hãy kiểm tra lại ngày trên văn bản."
    )


def test_a_paper_of_tomorrow_is_told_todays_date():
    progress = register(TASK, REPORT, date(2019, 3, 5))
    assert refused(progress, outcome("report", "received", date(2019, 6, 11))) == (
        "FutureDateError: Ngày 11/06/2019 ở sau hôm nay (10/06/2019); "
        "hãy ghi ngày có thật trên văn bản."
    )


def test_only_a_field_that_is_required_must_be_filled():
    assert refused(small(), answer("contract_signing", "signed", 5, data={"ends_on": ""})) == (
        "MissingFieldError: Kết quả bước «Ký hợp đồng» còn thiếu «Ngày kết thúc hợp đồng»."
    )
    check_outcome(small(), SMALL, SIGNED, TODAY)


def test_a_delay_is_explained_on_an_owed_step_without_naming_a_result():
    delay = Fact(EntryKind.DELAY, TASK.code, TODAY, "cv1", step="contract_signing", cause="bão")
    assert check_outcome(small(), SMALL, delay, TODAY) == small().rounds[0]

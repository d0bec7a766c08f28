from datetime import date

import pytest

from khcn_workflow.domain.errors import (
    AlreadyRecordedError,
    BeforeOpeningError,
    FutureDateError,
    MissingFieldError,
    StepNotOpenError,
    TaskEndedError,
    UnknownOutcomeError,
    UnknownStepError,
)
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import (
    Progress,
    apply,
    check_outcome,
    fold,
    register,
    registration,
)
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
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

from datetime import date

import pytest

from khcn_workflow.clock import HANOI
from khcn_workflow.domain.errors import AlreadyRecordedError, DayOffError, FieldValueError
from khcn_workflow.services.inquiry import list_due, show_task, with_proofs
from khcn_workflow.services.recording import Explanation, record_delay
from khcn_workflow.services.verification import verify_ledger
from tests.office import HIRED, a_task, enter, open_office, record


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(enter, a_task(), "proposal_revision", date(2019, 5, 6))
    yield app
    app.close()


def test_a_result_is_a_ledger_row_with_both_times_and_opens_the_next_step(office):
    recorded = record(office, "NV-2019-01", "proposal_revision", "received", date(2019, 5, 20))
    assert [r.step for r in recorded.opened] == ["appraisal_meeting"]
    entry = office.ask(show_task, "NV-2019-01").entries[-1]
    assert (entry.fact.valid_on, entry.fact.round) == (date(2019, 5, 20), 1)
    assert entry.recorded_at.astimezone(HANOI).date() == date(2019, 6, 10)


def test_the_next_deadline_is_derived_with_its_proof(office):
    record(office, "NV-2019-01", "proposal_revision", "received", date(2019, 5, 20))
    (due,) = office.ask(lambda context: with_proofs(context, list_due(context)))
    assert (due.step_id, due.due_on, due.days_late) == ("appraisal_meeting", date(2019, 5, 30), 7)
    assert due.force == "mục tiêu nội bộ"
    assert due.proof == "Mục tiêu nội bộ: thứ Năm 30/05/2019: 10 ngày từ 20/05/2019"


def test_the_same_request_is_recorded_once(office):
    first = record(
        office, "NV-2019-01", "proposal_revision", "received", date(2019, 5, 20), request_key="r1"
    )
    again = record(
        office, "NV-2019-01", "proposal_revision", "received", date(2019, 5, 20), request_key="r1"
    )
    assert (first.repeated, again.repeated) == (False, True)
    assert office.ask(verify_ledger).rows == HIRED + 2


def test_another_answer_to_the_same_step_is_told_what_happened(office):
    record(office, "NV-2019-01", "proposal_revision", "received", date(2019, 5, 20))
    with pytest.raises(AlreadyRecordedError, match="20/05/2019, do tp ghi"):
        record(office, "NV-2019-01", "proposal_revision", "withdrawn", date(2019, 5, 21))


def test_a_paper_of_a_sunday_is_recorded_only_when_confirmed(office):
    sunday = date(2019, 5, 19)
    with pytest.raises(DayOffError, match="19/05/2019 là ngày nghỉ"):
        record(office, "NV-2019-01", "proposal_revision", "received", sunday)
    record(office, "NV-2019-01", "proposal_revision", "received", sunday, day_off_confirmed=True)
    assert office.ask(show_task, "NV-2019-01").entries[-1].fact.valid_on == sunday


def test_a_made_up_saturday_is_a_day_like_any_other(office):
    app = office
    app.run(enter, a_task("NV-2019-02"), "council_meeting", date(2019, 5, 2))
    record(app, "NV-2019-02", "council_meeting", "passed", date(2019, 5, 4))
    assert app.ask(show_task, "NV-2019-02").entries[-1].fact.valid_on == date(2019, 5, 4)


def test_a_contract_day_may_be_typed_the_vietnamese_way(office):
    office.run(enter, a_task("NV-2019-03"), "contract_signing", date(2019, 5, 2))
    record(
        office,
        "NV-2019-03",
        "contract_signing",
        "signed",
        date(2019, 5, 20),
        fields={"ends_on": "20/5/2021"},
    )
    fact = office.ask(show_task, "NV-2019-03").entries[-1].fact
    assert fact.data == {"ends_on": "2021-05-20"}


def test_a_contract_day_that_is_none_is_refused_with_its_name(office):
    office.run(enter, a_task("NV-2019-03"), "contract_signing", date(2019, 5, 2))
    with pytest.raises(FieldValueError, match="Ngày kết thúc hợp đồng.*31/02/2021"):
        record(
            office,
            "NV-2019-03",
            "contract_signing",
            "signed",
            date(2019, 5, 20),
            fields={"ends_on": "31/02/2021"},
        )


def test_an_explained_delay_leaves_the_step_open_with_its_cause(office):
    office.run(
        record_delay,
        Explanation(
            "NV-2019-01",
            "proposal_revision",
            date(2019, 6, 3),
            "tp",
            "xin-y-kien",
            commitment=date(2019, 6, 30),
        ),
    )
    story = office.ask(show_task, "NV-2019-01")
    (owed,) = story.progress.open_rounds()
    assert owed.delays[-1].cause == "xin-y-kien"


def test_the_owner_is_told_of_a_result_that_somebody_else_recorded(office):
    record(office, "NV-2019-01", "proposal_revision", "received", date(2019, 5, 20))
    claimed = office.run(lambda context: context.work.outbox.claim("mail", context.now))
    (message,) = [c.message for c in claimed]
    assert message.recipient.code == "cv1"
    assert message.context["outcome"] == "Đã nhận thuyết minh hoàn thiện"
    assert message.context["next_steps"] == [
        {"step": "Họp Tổ thẩm định nội dung, kinh phí", "due_on": "30/05/2019"}
    ]

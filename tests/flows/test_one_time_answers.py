"""One-time codes in the form: what a run does with them, with and without a real server."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlparse

import pyotp
import pytest

from flows import waiting_run
from flows.answer_form import CODE, without_code
from flows.desk import prove
from khcn_workflow.domain.authority import NotAuthorisedError
from khcn_workflow.services.inquiry import show_task
from khcn_workflow.services.one_time_codes import OneTimeCodeError, give_secret
from khcn_workflow.services.reconciliation import WaitKey, question
from tests.flows.server import (
    a_good_answer,
    reconcile,
    resume,
    running_prefect,
    wait_until_asked_again,
    waiting,
)
from tests.office import a_task, enter, open_office

FIRST, SECOND = "NV-2019-01", "NV-2019-02"


@pytest.fixture
def office(tmp_path):
    app = open_office(tmp_path, KHCN_TOTP="on")
    for code in (FIRST, SECOND):
        app.run(enter, a_task(code), "council_meeting", date(2019, 5, 6))
    yield app
    app.close()


@pytest.fixture
def secret(office):
    return parse_qs(urlparse(office.run(give_secret, "tp").uri).query)["secret"][0]


def code_now(office, secret: str) -> str:
    return pyotp.TOTP(secret).at(office.clock.now())


def record(office, task: str, key: str, **typed) -> str:
    asked = office.ask(question, WaitKey(task, "council_selection", "council_meeting", 1))
    return waiting_run._record(office, asked, a_good_answer(**typed), key)


def outcomes(office, task: str) -> list[str]:
    return [e.fact.outcome for e in office.ask(show_task, task).entries if e.fact.outcome]


def test_a_code_records_once_also_in_another_run(office, secret):
    code = code_now(office, secret)
    record(office, FIRST, "r1", one_time_code=code)
    with pytest.raises(OneTimeCodeError, match="đã dùng rồi"):
        record(office, SECOND, "r2", one_time_code=code)
    assert (outcomes(office, FIRST), outcomes(office, SECOND)) == (["passed"], [])


def test_a_wrong_code_records_nothing(office, secret):
    assert secret
    with pytest.raises(OneTimeCodeError, match="không đúng"):
        record(office, FIRST, "r1", one_time_code="12345")
    assert outcomes(office, FIRST) == []


def test_a_right_code_does_not_make_up_for_a_wrong_person(office):
    uri = office.run(give_secret, "tp2").uri
    code = code_now(office, parse_qs(urlparse(uri).query)["secret"][0])
    with pytest.raises(NotAuthorisedError):
        record(office, FIRST, "r1", one_time_code=code, recorded_by="Trưởng phòng khác (tp2)")


def test_a_form_of_before_the_switch_asks_again(office):
    with pytest.raises(Exception, match="thiếu «Mã một lần»"):
        record(office, FIRST, "r1")


def test_a_run_that_starts_again_after_it_recorded_needs_no_second_code(office, secret):
    asked = office.ask(question, WaitKey(FIRST, "council_selection", "council_meeting", 1))
    given = a_good_answer(one_time_code=code_now(office, secret))
    first = waiting_run._record(office, asked, given, "r1")
    assert waiting_run._record(office, asked, given, "r1") == first
    assert outcomes(office, FIRST) == ["passed"]


def test_what_is_left_of_an_answer_given_too_late_holds_no_code():
    message = waiting_run._too_late(a_good_answer(one_time_code="123456"))
    assert "12/BB-HĐ" in message
    assert "123456" not in message


def test_a_deed_started_by_hand_needs_the_code_of_who_is_named(office, secret):
    with pytest.raises(OneTimeCodeError, match="không đúng"):
        prove(office, "tp", "", FIRST)
    code = code_now(office, secret)
    prove(office, "tp", code, FIRST)
    with pytest.raises(OneTimeCodeError, match="đã dùng rồi"):
        prove(office, "tp", code, SECOND)


def test_without_the_switch_a_deed_needs_no_code(office):
    office.settings = replace(office.settings, totp=False)
    prove(office, "tp", "", FIRST)


@pytest.mark.server
@pytest.mark.timeout(400)
def test_on_a_real_server_a_refused_answer_comes_back_without_its_code(office, secret):
    with running_prefect(office) as prefect:
        reconcile(office)
        (run,) = waiting(prefect, FIRST)
        good = a_good_answer(recorded_by="Trưởng phòng (tp)")
        assert resume(prefect, run, **good) == "REJECT"  # no code
        assert resume(prefect, run, **good, one_time_code="98765x") == "ACCEPT"
        assert "Mã một lần không đúng" in wait_until_asked_again(prefect, run, 2)
        keyset = prefect.call("GET", f"/flow_runs/{run['id']}")["state"]["state_details"]
        schema = prefect.call(
            "GET", f"/flow_runs/{run['id']}/input/{keyset['run_input_keyset']['schema']}"
        )
        assert "98765x" not in str(schema)
        assert "12/BB-HĐ" in str(schema)
        answer = without_code(good) | {CODE: code_now(office, secret)}
        assert resume(prefect, run, **answer) == "ACCEPT"
        assert prefect.wait_for_run(run["id"])["type"] == "COMPLETED"
    assert outcomes(office, FIRST) == ["passed"]

"""The main job on a real Prefect server and worker: nothing here is simulated.

The server's own reconciliation runs beside the passes made here, so what is asserted is
where things stand after a pass, not how much of it this pass did.
"""

import shutil
import time
from collections import Counter
from datetime import date

import pytest
import yaml

from khcn_workflow.cli.deploying import prefect_file
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.services.inquiry import show_task
from khcn_workflow.services.reconciliation import desired_waits
from khcn_workflow.services.verification import verify_ledger
from tests.flows.conftest import CODES
from tests.flows.server import (
    COUNCIL,
    a_good_answer,
    reconcile,
    resume,
    runs,
    wait_until_asked_again,
    waiting,
)
from tests.office import a_task, enter, hire, record

pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]


def test_every_schedule_of_prefect_yaml_makes_scheduled_runs(prefect):
    declared = yaml.safe_load(prefect_file().read_text(encoding="utf-8"))["deployments"]
    scheduled_ones = sum(bool(each.get("schedules")) for each in declared)
    for _ in range(240):
        scheduled = runs(prefect, name={"any_": ["Scheduled"]})
        deployments = {run["deployment_id"] for run in scheduled}
        if len(deployments) == scheduled_ones:
            break
        time.sleep(0.25)
    assert len(deployments) == scheduled_ones >= 5


def test_every_open_step_gets_exactly_one_waiting_run(office, prefect):
    done = reconcile(office)
    wanted = {str(wait.key) for wait in office.ask(desired_waits)}
    found = Counter(run["idempotency_key"] for run in waiting(prefect))
    assert found == dict.fromkeys(wanted, 1)
    assert done.owed == len(wanted)


def test_a_second_pass_does_nothing(office, prefect):
    reconcile(office)
    again = reconcile(office)
    assert (again.born, again.closed, again.renamed, again.forms, again.pages) == (0, 0, 0, 0, 0)
    assert len(waiting(prefect)) == again.owed


def test_an_overdue_step_is_tagged_and_its_form_says_so(office, prefect):
    reconcile(office)
    (run,) = waiting(prefect, "NV-2018-09")
    assert "quá hạn" in run["tags"]
    assert run["name"].endswith(" · QUÁ HẠN")
    key = run["state"]["state_details"]["run_input_keyset"]["description"]
    description = prefect.call("GET", f"/flow_runs/{run['id']}/input/{key}")
    assert "QUÁ HẠN" in description
    assert "mục tiêu nội bộ" in description


def test_an_answer_given_as_the_ui_gives_it_is_recorded_and_the_next_step_waits(office, prefect):
    reconcile(office)
    code = CODES[0]
    (run,) = waiting(prefect, code)
    assert run["name"] == f"{code} · Họp Hội đồng tư vấn tuyển chọn, giao trực tiếp"
    assert resume(prefect, run, **a_good_answer()) == "ACCEPT"
    state = prefect.wait_for_run(run["id"])
    assert (state["type"], state["name"]) == ("COMPLETED", COUNCIL)
    fact = office.ask(show_task, code).entries[-1].fact
    assert (fact.step, fact.outcome, fact.valid_on, fact.actor, fact.document.number) == (
        "council_meeting",
        "passed",
        date(2019, 6, 7),
        "tp",
        "12/BB-HĐ",
    )
    assert [r["parameters"]["step"] for r in waiting(prefect, code)] == ["proposal_revision"]
    done = prefect.call("GET", f"/flow_runs/{run['id']}")
    assert f"kq:{COUNCIL}" in done["tags"]


def test_a_refused_answer_is_asked_again_with_the_sentence_and_what_was_typed(office, prefect):
    reconcile(office)
    code = CODES[1]
    (run,) = waiting(prefect, code)
    assert resume(prefect, run, **a_good_answer(on="2019-06-09", note="đã họp")) == "ACCEPT"
    description = wait_until_asked_again(prefect, run, 2)
    assert "09/06/2019 là ngày nghỉ" in description
    keyset = prefect.call("GET", f"/flow_runs/{run['id']}")["state"]["state_details"]
    schema = prefect.call(
        "GET", f"/flow_runs/{run['id']}/input/{keyset['run_input_keyset']['schema']}"
    )
    typed = {name: field.get("default") for name, field in schema["properties"].items()}
    assert (typed["note"], typed["on"], typed["outcome"]) == ("đã họp", "2019-06-09", COUNCIL)
    assert {"outcome", "on", "recorded_by"} <= set(schema["required"])
    assert office.ask(show_task, code).due[0].step_id == "council_meeting"
    assert resume(prefect, run, **a_good_answer()) == "ACCEPT"
    assert prefect.wait_for_run(run["id"])["name"] == COUNCIL
    recorded = [e for e in office.ask(show_task, code).entries if e.fact.outcome]
    assert len(recorded) == 1


def test_a_form_follows_what_changed_and_keeps_what_was_refused_and_typed(office, prefect):
    code = "NV-2019-79"
    office.run(enter, a_task(code), "council_meeting", date(2019, 5, 6))
    reconcile(office)
    (run,) = waiting(prefect, code)
    assert resume(prefect, run, **a_good_answer(on="2019-06-09", note="đã họp")) == "ACCEPT"
    before = wait_until_asked_again(prefect, run, 2)
    office.run(hire, [Person("vt9", "Văn thư mới", Role.CLERK, "Văn phòng", "vt9@so.example")])
    reconcile(office)
    assert wait_until_asked_again(prefect, run, 2) == before
    assert "09/06/2019 là ngày nghỉ" in before
    state = prefect.call("GET", f"/flow_runs/{run['id']}")["state"]
    key = state["state_details"]["run_input_keyset"]["schema"]
    schema = prefect.call("GET", f"/flow_runs/{run['id']}/input/{key}")
    assert schema["properties"]["note"]["default"] == "đã họp"
    assert "Văn thư mới (vt9)" in schema["definitions"]["NguoiGhi"]["enum"]
    assert resume(prefect, run, outcome=COUNCIL) == "REJECT"
    assert reconcile(office).forms == 0


def test_who_may_not_record_is_asked_again_with_who_may(office, prefect):
    code = "NV-2019-76"
    office.run(enter, a_task(code), "council_meeting", date(2019, 5, 6))
    reconcile(office)
    (run,) = waiting(prefect, code)
    answer = a_good_answer(recorded_by="Trưởng phòng khác (tp2)")
    assert resume(prefect, run, **answer) == "ACCEPT"
    assert "Được làm: chuyên viên theo dõi" in wait_until_asked_again(prefect, run, 2)
    entry = office.ask(show_task, code).entries[-1]
    assert (entry.fact.kind, entry.fact.actor) == (EntryKind.REFUSED, "tp2")


def test_a_date_that_is_none_does_not_end_the_run(office, prefect):
    reconcile(office)
    (run,) = waiting(prefect, CODES[2])
    assert resume(prefect, run, **a_good_answer(on="mồng bảy")) == "ACCEPT"
    assert "«Ngày trên văn bản» có giá trị «mồng bảy»" in wait_until_asked_again(prefect, run, 2)


def test_an_empty_or_half_answer_is_refused_by_the_server(office, prefect):
    reconcile(office)
    (run,) = waiting(prefect, CODES[3])
    assert resume(prefect, run) == "REJECT"
    assert resume(prefect, run, outcome=COUNCIL) == "REJECT"
    assert resume(prefect, run, **a_good_answer(outcome="Không có thật")) == "REJECT"
    assert [r["id"] for r in waiting(prefect, CODES[3])] == [run["id"]]


def test_an_explained_delay_is_recorded_and_the_run_waits_on(office, prefect):
    reconcile(office)
    (run,) = waiting(prefect, "NV-2018-09")
    answer = a_good_answer(
        outcome="Giải trình chậm (bước vẫn chờ kết quả)",
        cause="Xin ý kiến cơ quan chuyên môn",
        commitment="30/06/2019",
    )
    assert resume(prefect, run, **answer) == "ACCEPT"
    wait_until_asked_again(prefect, run, 2)
    (owed,) = office.ask(show_task, "NV-2018-09").progress.open_rounds()
    assert (owed.delays[-1].cause, owed.delays[-1].commitment) == (
        "xin-y-kien",
        date(2019, 6, 30),
    )


def test_a_step_answered_at_the_command_line_moves_its_waiting_run_on(office, prefect):
    reconcile(office)
    code = CODES[4]
    (run,) = waiting(prefect, code)
    record(office, code, "council_meeting", "passed", date(2019, 6, 6))
    reconcile(office)
    state = prefect.call("GET", f"/flow_runs/{run['id']}")["state"]
    assert (state["type"], state["name"]) == ("COMPLETED", COUNCIL)
    assert [r["parameters"]["step"] for r in waiting(prefect, code)] == ["proposal_revision"]


def test_answered_in_the_ui_after_the_command_line_is_recorded_once(office, prefect):
    reconcile(office)
    code = CODES[5]
    (run,) = waiting(prefect, code)
    record(office, code, "council_meeting", "failed", date(2019, 6, 6))
    answered = resume(prefect, run, **a_good_answer(note="ghi ở giao diện"))
    state = prefect.wait_for_run(run["id"])
    assert (state["type"], state["name"]) == ("COMPLETED", "Không đạt")
    if answered == "ACCEPT":  # else the server's own pass had moved the run on already
        assert "ghi ở giao diện" in state["message"]
    recorded = [e.fact.outcome for e in office.ask(show_task, code).entries if e.fact.outcome]
    assert recorded == ["failed"]


def test_a_run_killed_after_it_recorded_is_not_told_that_it_was_not(office, prefect):
    """The process dies between the commit and the end: the run starts again from the top."""
    code = "NV-2019-78"
    office.run(enter, a_task(code), "council_meeting", date(2019, 5, 6))
    reconcile(office)
    (run,) = waiting(prefect, code)
    assert resume(prefect, run, **a_good_answer()) == "ACCEPT"
    prefect.wait_for_run(run["id"])
    rows = office.ask(verify_ledger).rows
    again = {"state": {"type": "SCHEDULED"}, "force": True}
    prefect.call("POST", f"/flow_runs/{run['id']}/set_state", again)
    for _ in range(400):
        state = prefect.call("GET", f"/flow_runs/{run['id']}")["state"]
        if state["type"] == "COMPLETED":
            break
        time.sleep(0.25)
    assert (state["name"], state["message"]) == (COUNCIL, f"Đã ghi vào sổ: {COUNCIL}.")
    assert office.ask(verify_ledger).rows == rows
    assert [r["parameters"]["step"] for r in waiting(prefect, code)] == ["proposal_revision"]


def test_a_run_that_crashed_after_it_recorded_ends_under_the_outcomes_name(office, prefect):
    """What the automation on heartbeats calls crashed, and no step is owed for any more."""
    code = "NV-2019-81"
    office.run(enter, a_task(code), "council_meeting", date(2019, 5, 6))
    reconcile(office)
    (run,) = waiting(prefect, code)
    assert resume(prefect, run, **a_good_answer()) == "ACCEPT"
    prefect.wait_for_run(run["id"])
    crashed = {"state": {"type": "CRASHED"}, "force": True}
    prefect.call("POST", f"/flow_runs/{run['id']}/set_state", crashed)
    reconcile(office)
    state = prefect.call("GET", f"/flow_runs/{run['id']}")["state"]
    assert (state["type"], state["name"]) == ("COMPLETED", COUNCIL)


def test_a_run_started_by_hand_for_an_answer_that_is_awaited_is_called_off(office, prefect):
    reconcile(office)
    (run,) = waiting(prefect, CODES[3])
    body = {"parameters": run["parameters"], "state": {"type": "SCHEDULED"}}
    double = prefect.call("POST", f"/deployments/{run['deployment_id']}/create_flow_run", body)
    wait_until_asked_again(prefect, double, 1)
    reconcile(office)
    state = prefect.call("GET", f"/flow_runs/{double['id']}")["state"]
    assert (state["type"], "Lượt thừa" in state["message"]) == ("CANCELLED", True)
    assert [r["id"] for r in waiting(prefect, CODES[3])] == [run["id"]]


def test_a_run_started_by_hand_for_no_task_says_so(office, prefect):
    reconcile(office)
    (run,) = waiting(prefect, CODES[3])
    parameters = {**run["parameters"], "task_code": "NV-0000-00"}
    body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
    made = prefect.call("POST", f"/deployments/{run['deployment_id']}/create_flow_run", body)
    state = prefect.wait_for_run(made["id"])
    assert state["type"] == "FAILED"
    assert "NV-0000-00" in state["message"]


def test_a_cancelled_waiting_run_gets_a_successor(office, prefect):
    reconcile(office)
    (run,) = waiting(prefect, CODES[3])
    prefect.call(
        "POST", f"/flow_runs/{run['id']}/set_state", {"state": {"type": "CANCELLED"}, "force": True}
    )
    reconcile(office)
    (successor,) = waiting(prefect, CODES[3])
    assert successor["id"] != run["id"]


def test_a_half_made_waiting_run_is_finished(office, prefect):
    """A pass killed between creating the run and putting it to sleep."""
    from prefect.client.orchestration import get_client
    from prefect.states import Running

    from flows.deployments import deployment_ids

    office.run(enter, a_task("NV-2019-77"), "council_meeting", date(2019, 5, 6))
    (wait,) = office.ask(desired_waits, "NV-2019-77")
    with get_client(sync_client=True) as client:
        half = client.create_flow_run_from_deployment(
            deployment_ids(client)[wait.key.stage],
            parameters={"task_code": "NV-2019-77", "step": "council_meeting", "round_number": 1},
            state=Running(),
            idempotency_key=str(wait.key),
        )
    reconcile(office)
    assert [run["id"] for run in waiting(prefect, "NV-2019-77")] == [str(half.id)]


def test_losing_prefects_database_loses_no_waiting_run(office, prefect):
    """Last of this file: it starts the server anew."""
    wanted = {str(wait.key) for wait in office.ask(desired_waits)}
    rows = office.ask(verify_ledger).rows
    prefect.stop()
    shutil.rmtree(office.settings.home / "prefect")
    prefect.start_server()
    prefect.deploy()
    assert waiting(prefect) == []
    reconcile(office)
    found = Counter(run["idempotency_key"] for run in waiting(prefect))
    assert found == dict.fromkeys(wanted, 1)
    assert office.ask(verify_ledger).rows == rows

"""Deeds started by hand, on the real server, with forms as the UI sends them."""

from datetime import date

import pytest

from khcn_workflow.services.inquiry import show_task
from khcn_workflow.services.verification import verify_ledger
from tests.flows.server import reconcile, waiting
from tests.office import a_task, enter
from tests.sample import ACTIVITIES, TASKS
from tests.services.test_reprojection import OVERLAY

pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]

CODE = "NV-2019-60"
BY = "tp – Trưởng phòng"


def start(prefect, name: str, **form: object) -> dict:
    """Run a deployment by hand to its end; its last state."""
    parameters = {"form": form} if form else {}
    return prefect.wait_for_run(prefect.run_deployment(name, parameters))


def test_a_task_is_entered_suspended_resumed_and_the_books_hold(office, prefect):
    state = start(
        prefect,
        "Nhiệm vụ mới",
        code=CODE,
        title="Nhiệm vụ từ giao diện",
        level="Cấp tỉnh",
        kind="Đề tài",
        source="Đặt hàng",
        plan_year=2019,
        officer="cv1 – Chuyên viên 1",
        on="2019-06-03",
        recorded_by=BY,
        budget="980 triệu",
    )
    assert (state["type"], state["message"]) == (
        "COMPLETED",
        f"Đã vào sổ {CODE} theo bộ quy định «cao-bang».",
    )
    assert office.ask(show_task, CODE).progress.task.budget_vnd == 980_000_000
    assert [run["parameters"]["step"] for run in waiting(prefect, CODE)] == ["proposal_synthesis"]

    task, paper = f"{CODE} – Nhiệm vụ từ giao diện", "15/QĐ-SKHCN"
    more = {"task": task, "recorded_by": BY, "document_number": paper}
    state = start(prefect, "Tạm dừng", on="2019-06-05", reason="chờ kinh phí", **more)
    assert state["message"].startswith(f"Đã ghi tạm dừng {CODE}")
    again = start(prefect, "Tạm dừng", on="2019-06-06", reason="chờ kinh phí", **more)
    assert (again["type"], CODE in again["message"]) == ("FAILED", True)
    assert start(prefect, "Tiếp tục", on="2019-06-07", **more)["type"] == "COMPLETED"
    entries = office.ask(show_task, CODE).entries
    assert [e.fact.kind.value for e in entries] == ["registered", "suspended", "resumed"]
    state = start(
        prefect,
        "Sửa dòng sổ",
        seq=entries[-1].seq,
        reason="gõ nhầm ngày",
        on="6/6/2019",
        recorded_by=BY,
    )
    assert state["message"].startswith(f"Đã ghi dòng {entries[-1].seq + 1}: {CODE}")
    assert office.ask(show_task, CODE).progress.suspensions[0].until == date(2019, 6, 6)
    given = {**more, "officer": "cv1 – Chuyên viên 1", "on": "2019-06-07"}
    state = start(prefect, "Giao lại", **given)
    assert (state["type"], CODE in state["message"]) == ("FAILED", True)
    known = {"task": task, "reason": "đã có lịch", "recorded_by": BY}
    state = start(prefect, "Hoãn nhắc", until="2019-06-12", **known)
    assert (state["type"], "không có bước nào có hạn" in state["message"]) == ("FAILED", True)
    assert "Sổ cái toàn vẹn" in start(prefect, "Kiểm tra sổ")["message"]


def test_a_workbook_is_checked_and_one_that_cannot_be_taken_refused(prefect):
    state = start(prefect, "Nhập sổ Excel", path=str(ACTIVITIES), only_check=True, recorded_by=BY)
    assert state["message"].startswith("Sẽ ghi 38 dòng mới.")
    state = start(prefect, "Nhập sổ Excel", path=str(TASKS), only_check=False, recorded_by=BY)
    assert state["type"] == "FAILED"
    assert "chưa nhập dòng nào" in state["message"]
    state = start(prefect, "Nhập sổ Excel", path="/khong/co.xlsx", only_check=False, recorded_by=BY)
    assert (state["type"], "co.xlsx" in state["message"]) == ("FAILED", True)


def test_a_task_is_terminated_and_one_without_a_contract_cannot_be_extended(office, prefect):
    code = "NV-2019-61"
    office.run(enter, a_task(code), "council_meeting", date(2019, 5, 6))
    reconcile(office)
    choice = f"{code} – Nhiệm vụ minh họa {code}"
    given = {"task": choice, "recorded_by": BY, "document_number": "16/QĐ-SKHCN"}
    dates = {"ends_on": "2020-06-30", "asked_on": "2019-06-03", "on": "2019-06-07"}
    state = start(prefect, "Gia hạn", **given, **dates)
    assert (state["name"], "chưa có hợp đồng" in state["message"]) == ("Bị từ chối", True)
    state = start(prefect, "Chấm dứt", on="2019-06-07", reason="tổ chức chủ trì giải thể", **given)
    assert state["message"].startswith(f"Đã ghi chấm dứt thực hiện {code}"), state["message"]
    assert not waiting(prefect, code)
    assert not office.ask(show_task, code).due


def test_a_draft_calendar_is_tried_and_nothing_is_written(office, prefect, tmp_path):
    rows = office.ask(verify_ledger).rows
    (tmp_path / "2019.toml").write_text(OVERLAY, encoding="utf-8")
    state = start(prefect, "Thử giả định", calendar=str(tmp_path))
    assert "thời hạn sẽ đổi" in state["message"], state["message"]
    state = start(prefect, "Thử giả định", rulebook="")
    assert (state["type"], "Lịch nháp" in state["message"]) == ("FAILED", True)
    assert office.ask(verify_ledger).rows == rows


def test_a_report_of_a_day_is_written_and_its_figures_are_frozen(office, prefect):
    asked = {"period": "2019-H1", "as_of": "2019-06-07"}
    state = prefect.wait_for_run(prefect.run_deployment("Báo cáo", asked))
    assert state["message"].startswith("Đã viết bao-cao-2019-H1."), state["message"]
    assert {f.suffix for f in (office.settings.home / "bao-cao").iterdir()} >= {".docx", ".md"}
    state = prefect.wait_for_run(prefect.run_deployment("Báo cáo", {"period": "2019-X"}))
    assert (state["type"], "Traceback" in state["message"]) == ("FAILED", False)
    assert "2019-X" in state["message"]
    state = start(prefect, "Chốt số liệu", recorded_by=BY, **asked)
    assert state["message"].endswith("số liệu đến 07/06/2019."), state["message"]


def test_the_forms_offer_what_stands_in_the_database(office, prefect):
    reconcile(office)
    found = prefect.call(
        "POST", "/deployments/filter", {"deployments": {"name": {"any_": ["Tạm dừng"]}}}
    )
    fields = found[0]["parameter_openapi_schema"]["definitions"]["SuspendForm"]["properties"]
    assert BY in fields["recorded_by"]["enum"]
    assert any(choice.startswith("NV-2018-09 – ") for choice in fields["task"]["enum"])

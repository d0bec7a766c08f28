"""The report and its preview on the real server: frozen, attached in place, or refused."""

import pytest

from khcn_workflow.services.freezing import list_frozen

pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]


def run(prefect, name, **parameters):
    """Run a deployment to its end; its last state."""
    return prefect.wait_for_run(prefect.run_deployment(name, parameters))


def artifacts(prefect, key):
    asked = {"artifacts": {"key": {"any_": [key]}}}
    return prefect.call("POST", "/artifacts/filter", asked)


def test_a_report_at_its_cut_off_is_frozen_and_its_page_stays_one(office, prefect):
    before = len(office.ask(list_frozen))
    for number in (1, 2):
        state = run(prefect, "Báo cáo", period="2018-H2")
        assert state["type"] == "COMPLETED"
        frozen = office.ask(list_frozen)[-1]
        assert f"Bản chốt {frozen.id}." in state["message"]
        assert len(office.ask(list_frozen)) == before + number
    (page,) = artifacts(prefect, "bao-cao-2018-h2")
    assert frozen.id in page["data"]
    assert "# BÁO CÁO" in page["data"]


def test_a_report_before_its_cut_off_is_only_written(office, prefect):
    before = office.ask(list_frozen)
    state = run(prefect, "Báo cáo", period="2019-H1", as_of="2019-06-10")
    assert "Chưa tới ngày chốt của kỳ" in state["message"]
    assert office.ask(list_frozen) == before


def test_a_refusal_fails_the_run_with_its_sentence(prefect):
    state = run(prefect, "Báo cáo", period="2019-H3")
    assert state["type"] == "FAILED"
    assert state["message"].startswith("Không đọc được kỳ báo cáo «2019-H3».")
    assert run(prefect, "Soát trước báo cáo", period="x")["type"] == "FAILED"


def test_the_preview_is_a_page(prefect):
    state = run(prefect, "Soát trước báo cáo")
    assert state["message"].startswith("Báo cáo 6 tháng đầu năm 2019: còn ")
    (page,) = artifacts(prefect, "soat-truoc-2019-h1")
    assert "## Bước chậm chưa ghi nguyên nhân" in page["data"]
    assert "NV-2018-09" in page["data"]

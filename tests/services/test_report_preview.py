"""A week before the cut-off: what the report would lack, and who is told."""

from datetime import date

import pytest

from flows.report_round import half_year_of, preview_page
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import Document
from khcn_workflow.services.recording import Explanation, record_delay
from khcn_workflow.services.report_preview import announce_preview, preview_report
from tests.office import a_task, enter, open_office

TODAY = date(2019, 6, 7)


@pytest.fixture
def office(tmp_path, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path, TODAY)
    for code in ("NV-2018-01", "NV-2018-02", "NV-2018-03"):
        app.run(enter, a_task(code, plan_year=2018), "contract_signing", date(2019, 1, 7))
    app.run(enter, a_task("NV-2019-09"), "council_meeting", date(2019, 5, 6))
    explain(app, "NV-2018-02", None)
    explain(app, "NV-2018-03", date(2019, 6, 28))
    yield app
    app.close()


def explain(app, code, commitment):
    app.run(record_delay, Explanation(code, "contract_signing", date(2019, 5, 6), "tp",
                                      "xin-y-kien", commitment, Document("07/CV")))  # fmt: skip


def test_late_steps_without_cause_or_promise_are_named(office):
    preview = office.ask(preview_report, "2019-H1")
    assert [step.code for step in preview.no_cause] == ["NV-2018-01"]
    assert [step.code for step in preview.no_promise] == ["NV-2018-02"]
    assert preview.sentences()[0].startswith("NV-2018-01, «Ký hợp đồng», chậm ")
    assert preview.sentences()[0].endswith("so với mục tiêu nội bộ: chưa ghi nguyên nhân chậm.")
    assert (preview.as_of, preview.contradiction) == (TODAY, "")


def test_numbers_without_a_list_and_contradictions_are_told(office, monkeypatch):
    from dataclasses import replace

    from khcn_workflow.services import report_preview as module

    def without_rows(made_of):
        report = build(made_of)
        late = report.figures["late_internal"]
        return replace(report, figures={**report.figures, "late_internal": replace(late, rows=())})

    build = module.build_report
    monkeypatch.setattr(module, "build_report", without_rows)
    preview = office.ask(preview_report, "2019-H1")
    assert [number.text for number in preview.unlisted] == ["03"]
    assert "không có danh sách đứng sau." in preview.sentences()[-1]

    def contradicts(_made_of):
        raise KhcnError("7 + 1 khác 9.")

    monkeypatch.setattr(module, "build_report", contradicts)
    preview = office.ask(preview_report, "2019-H1")
    assert preview.sentences()[0] == "Báo cáo chưa viết được: 7 + 1 khác 9."
    assert "## Báo cáo chưa viết được" in preview_page(preview)


def test_leaders_and_heads_of_division_are_told_once(office):
    preview = office.ask(preview_report, "2019-H1")
    assert office.run(announce_preview, preview) == 3
    assert office.run(announce_preview, preview) == 0


def test_the_page_links_each_task(office):
    page = preview_page(office.ask(preview_report, "2019-H1"))
    assert "[NV-2018-01](/v2/artifacts/key/nv-nv-2018-01)" in page
    assert "*Không có.*" in page


def test_after_the_cut_off_the_preview_stands_for_it(office):
    assert office.ask(preview_report, "2018-H2").as_of == date(2018, 12, 14)


def test_the_week_before_belongs_to_the_half_year_that_ends():
    assert half_year_of(date(2019, 6, 7)) == "2019-H1"
    assert half_year_of(date(2019, 12, 7)) == "2019-H2"

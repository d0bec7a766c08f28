"""Whatever the register: every open item of part I stands again in part II, with its dates."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from khcn_workflow.domain import vietnamese
from khcn_workflow.reports.facts import gather
from khcn_workflow.reports.invariants import InvariantError
from khcn_workflow.reports.next_figures import PARTS
from khcn_workflow.reports.next_sentences import check_next, next_items, spoken_for
from khcn_workflow.reports.sections import build_report
from tests.reports import builder as b
from tests.reports.random_facts import registers
from tests.reports.test_numbers_property import PATIENT

WORDS = {
    "next_contracts": r"ký kết hợp đồng với các nhiệm vụ",
    "next_second_calls": r"\d+ nhiệm vụ đặt hàng không có hồ sơ",
    "next_monitoring": r"quản lý, theo dõi, kiểm tra",
    "next_plan": r"phê duyệt Kế hoạch KH&CN .* năm 2020",
    "next_ministry": r"Bộ KH&CN xem xét, phê duyệt \d+ nhiệm vụ",
    "next_other": r"\d+ nhiệm vụ khác chưa kết thúc",
    "next_drafts": r"văn bản quy phạm pháp luật",
    "next_organisation": r"sắp xếp, tổ chức lại",
    "next_radiation": r"an toàn bức xạ",
}
"""How part II speaks of each list; the rest are named by their titles."""


def open_items(register):
    """What is open, told without the report's own lists."""
    dossiers, rows = register
    last = b.AS_OF
    going = {"van-ban-qppl", "sap-nhap", "co-so-buc-xa", "iso-9001", "xay-dung"}
    return {d.task.code for d in dossiers if d.ended_on is None} | {
        a.code
        for a in rows
        if a.kind in going and a.stage != "da-ban-hanh" and (a.on or a.document.on) <= last
    }


@PATIENT
@given(registers())
def test_every_open_item_stands_again(register):
    made_of = b.report_input(*register)
    facts = gather(made_of)
    text = " ".join("".join(r.text for r in runs) for runs in next_items(facts, made_of))
    assert open_items(register) <= spoken_for(facts, made_of)
    for key in PARTS:
        for code in facts.figures[key].rows:
            assert re.search(WORDS.get(key, re.escape(f"Việc {code}")), text), (key, code, text)


@PATIENT
@given(registers())
def test_what_falls_due_is_told_with_its_first_day(register):
    made_of = b.report_input(*register)
    facts = gather(made_of)
    text = " ".join("".join(r.text for r in runs) for runs in next_items(facts, made_of))
    for step in facts.coming:
        assert b.AS_OF < step.due_on <= date(2019, 12, 14)
        assert step.code in facts.figures[f"due_next_{step.stage}"].rows
        soonest = min(s.due_on for s in facts.coming if s.stage == step.stage)
        assert f"(hạn sớm nhất {vietnamese.report_day(soonest)})" in text
    assert ("đến hạn trong 6 tháng cuối năm 2019" in text) is bool(facts.coming)


def test_an_open_item_that_no_sentence_speaks_for_stops_the_report():
    made_of = b.report_input([b.running("A")])
    facts = gather(made_of)
    figures = {**facts.figures}
    figures["still_open"] = replace(figures["still_open"], rows=("A", "Z"), value=2)
    with pytest.raises(InvariantError, match="Z còn mở mà phần II không nhắc tới"):
        check_next(replace(facts, figures=figures), made_of)


def test_late_work_is_to_be_settled_and_due_work_done_in_time():
    report = build_report(b.report_input([b.passed_council("A"), b.running("B")]))
    text = report.paragraphs[-2].text
    assert "giải quyết dứt điểm 01 nhiệm vụ đang có bước chậm" in text
    assert "kiểm tra định kỳ đối với 01 nhiệm vụ (hạn sớm nhất 03/9/2019)" in text

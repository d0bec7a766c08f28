"""The JSON file gives figures with rows, sections and late steps."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest

from khcn_workflow.domain.report_edits import SectionEdit
from khcn_workflow.reports.json_schema import SCHEMA_FILE, schema_text
from khcn_workflow.reports.json_writer import to_data, to_json
from khcn_workflow.reports.sections import build_report
from tests.reports import builder as b


def test_what_is_written_is_what_is_read():
    report = build_report(b.seed_input())
    assert json.loads(to_json(report)) == to_data(report)


def test_a_figure_comes_with_its_rows_and_their_names():
    data = to_data(build_report(b.seed_input()))
    assert data["figures"]["new_no_dossier"] == {
        "title": "Nhiệm vụ đặt hàng thực hiện mới trong năm: "
        "không có hồ sơ tham gia tuyển chọn, xét chọn",
        "value": 1,
        "of": None,
        "text": "01",
        "rows": ["DH-08"],
        "amounts": [],
        "counting": "each",
        "whole": "",
    }
    assert data["rows"]["DH-08"] == "Nghiên cứu DH-08"


def test_period_day_and_sections_are_given():
    data = to_data(build_report(b.seed_input()))
    assert data["period"]["id"] == "2019-H1"
    assert data["as_of"] == "2019-06-10"
    assert [section["heading"] for section in data["sections"]] == [
        "",
        "I. KẾT QUẢ HOẠT ĐỘNG KH&CN ĐẠT ĐƯỢC TRONG 6 THÁNG ĐẦU NĂM 2019",
        "1. Kết quả đạt được",
        "2. Tồn tại, hạn chế",
        "II. NHIỆM VỤ KH&CN TRỌNG TÂM 6 THÁNG CUỐI NĂM 2019",
    ]


def test_a_late_step_gives_force_due_day_causes_and_promise():
    late = to_data(build_report(b.seed_input()))["limitations"]
    assert len(late) == 9
    assert late[0] == {
        "task": "BS-01",
        "step": "appraisal_meeting",
        "title": "Họp Tổ thẩm định nội dung, kinh phí",
        "cohort": "bổ sung năm 2018",
        "force": "internal",
        "owner": "Sở",
        "article": "Mục tiêu nội bộ của Sở (tham chiếu mức của Thông tư 20/2023/TT-BKHCN, Điều 13)",
        "due_on": "2019-01-02",
        "closed_on": "2019-04-19",
        "working_days_late": 72,
        "causes": ["yêu cầu của cấp trên nên phải rà soát, chỉnh sửa lại hồ sơ"],
        "commitment": "2019-06-30",
    }


@pytest.mark.parametrize("given", [b.seed_input(), b.report_input()], ids=["seed", "empty"])
def test_what_is_written_is_as_the_published_schema_says(given):
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    data = to_data(build_report(given))
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "more": 1}, schema)


def test_an_edit_is_written_as_the_schema_says():
    edit = SectionEdit("I.2", "Lời khác.", "Lời cũ.", "cv1", datetime(2019, 6, 10, tzinfo=UTC))
    data = to_data(build_report(replace(b.seed_input(), edits={"I.2": edit})))
    jsonschema.validate(data, json.loads(schema_text()))
    (told,) = data["edits"]
    assert (told["text"], told["over"], told["is_stale"]) == ("Lời khác.", "Lời cũ.", True)


def test_the_published_schema_is_the_one_of_the_code():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()

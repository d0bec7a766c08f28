"""The form of a waiting run, made and read without a server."""

from datetime import date

import pytest
from prefect._internal.pydantic.v2_schema import create_v2_schema

from flows.answer_form import DELAY_TITLE, UnreadableAnswerError, form_for, read_answer
from flows.suspension import schema_of
from khcn_workflow.services.reconciliation import WaitKey, question
from khcn_workflow.services.recording import record_outcome
from tests.office import a_task, enter, open_office

CODE = "NV-2024-01"
LINES = ["chủ tịch; A; có mặt; 80", "phản biện; B; có mặt; 82,5"]


@pytest.fixture(scope="module")
def office(tmp_path_factory, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path_factory.mktemp("office"), today=date(2024, 6, 10))
    task = a_task(CODE, rulebook="luat-2013", plan_year=2024, title="Tên | có gạch")
    app.run(enter, task, "council_meeting", date(2024, 6, 3))
    app.run(enter, a_task("NV-2024-02", rulebook="cao-bang"), "contract_signing", date(2024, 5, 6))
    yield app
    app.close()


def asked(office, code=CODE, stage="council_selection", step="council_meeting"):
    return office.ask(question, WaitKey(code, stage, step, 1))


def schema(office, **key):
    return form_for(asked(office, **key)).model_json_schema()


def good(**more):
    return {
        "outcome": "Đạt, đề nghị trúng tuyển",
        "on": "2024-06-07",
        "recorded_by": "Trưởng phòng (tp)",
        **more,
    }


def test_every_field_has_a_vietnamese_title_and_choices_are_dropdowns(office):
    made = schema(office)
    titles = {name: field.get("title") for name, field in made["properties"].items()}
    assert titles["on"] == "Ngày trên văn bản"
    assert titles["council_members"] == "Biên bản kiểm phiếu"
    assert titles["scale"] == "Thang điểm"
    assert all(titles.values())
    outcomes = made["$defs"]["KetQuaBuoc"]["enum"]
    assert outcomes == ["Đạt, đề nghị trúng tuyển", "Không đạt", DELAY_TITLE]
    assert set(made["required"]) == {"outcome", "on", "recorded_by"}


def test_the_schema_is_the_one_that_prefect_itself_would_save(office):
    form = form_for(asked(office))
    assert schema_of(form) == create_v2_schema(form.__name__, model_base=form)


def test_the_top_names_task_deadline_council_and_links(office):
    top = form_for(asked(office))._description
    assert "Tên \\| có gạch" in top
    assert "Thông tư 20/2023/TT-BKHCN, Điều 8" in top
    assert "số thành viên: 7–9" in top
    assert "điểm trung bình ≥ 70/100" in top
    assert "/v2/artifacts/key/nv-nv-2024-01" in top
    assert "start=2014-01-01" in top


def test_a_step_without_a_council_asks_for_no_minutes(office):
    made = schema(office, code="NV-2024-02", stage="contract", step="contract_signing")
    assert "council_members" not in made["properties"]
    assert "ends_on" in made["properties"]


def test_what_was_typed_is_read_back_with_minutes_and_scale(office):
    given = good(council_members=LINES, scale="xa-hoi-nhan-van", note="  đã họp ")
    answer = read_answer(asked(office), given, "r1")
    assert (answer.outcome, answer.on, answer.actor) == ("passed", date(2024, 6, 7), "tp")
    assert (answer.minutes, answer.scale, answer.note) == (
        tuple(LINES),
        "xa-hoi-nhan-van",
        "đã họp",
    )


def test_a_refused_answer_comes_back_with_every_field_as_typed(office):
    typed = good(council_members=LINES, note="ghi chú", on="mồng bảy", document_number="12/BB")
    form = form_for(asked(office), "Ngày không đọc được.", typed)
    shown = form.model_json_schema()["properties"]
    defaults = {name: field.get("default") for name, field in shown.items()}
    assert {name: defaults[name] for name in typed} == typed
    assert form._description.startswith("> **Chưa ghi được.** Ngày không đọc được.")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"on": "2024-13-45"}, "«Ngày trên văn bản» có giá trị «2024-13-45»"),
        ({"outcome": "Khác"}, "«Kết quả» có giá trị «Khác»"),
        ({"recorded_by": "Ai đó"}, "«Người ghi» có giá trị «Ai đó»"),
        ({"council_members": "một dòng"}, "«Biên bản kiểm phiếu»"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_title(office, more, says):
    with pytest.raises(UnreadableAnswerError, match=r"Chưa đọc được câu trả lời") as caught:
        read_answer(asked(office), good(**more), "r1")
    assert says in str(caught.value)


def test_a_missing_field_is_named(office):
    given = good()
    del given["outcome"]
    with pytest.raises(UnreadableAnswerError, match="thiếu «Kết quả»"):
        read_answer(asked(office), given, "r1")


def test_a_council_that_decided_otherwise_is_refused_with_its_reasons(office):
    given = good(council_members=LINES)
    with pytest.raises(Exception, match=r"Phiên họp «Hội đồng.*quy định 7 đến 9"):
        office.run(record_outcome, read_answer(asked(office), given, "r1"))

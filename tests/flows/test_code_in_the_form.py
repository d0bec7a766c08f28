"""The one-time code in the form of a waiting run, without a server."""

from datetime import date

import pytest

from flows.answer_form import (
    CODE,
    UnreadableAnswerError,
    code_of,
    form_for,
    read_answer,
    without_code,
)
from khcn_workflow.bootstrap import Application
from khcn_workflow.services.reconciliation import WaitKey, question
from tests.office import a_task, enter, open_office

KEY = WaitKey("NV-2019-01", "council_selection", "council_meeting", 1)
TYPED = {
    "outcome": "Đạt, đề nghị trúng tuyển",
    "on": "2019-06-07",
    "recorded_by": "Trưởng phòng (tp)",
    "document_number": "12/BB-HĐ",
    CODE: "123456",
}


@pytest.fixture
def asked(tmp_path, request):
    office = open_office(tmp_path, KHCN_TOTP=getattr(request, "param", "on"))
    office.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    yield office.ask(question, KEY)
    office.close()


def test_the_code_is_asked_for_after_who_records(asked):
    schema = form_for(asked).model_json_schema()
    names = list(schema["properties"])
    assert names.index(CODE) == names.index("recorded_by") + 1
    assert schema["properties"][CODE]["title"] == "Mã một lần"
    assert CODE in schema["required"]


@pytest.mark.parametrize("asked", ["off"], indirect=True)
def test_where_it_is_switched_off_nothing_is_asked(asked):
    assert CODE not in form_for(asked).model_json_schema()["properties"]


def test_what_was_typed_comes_back_except_the_code(asked):
    shown = form_for(asked, "sai", without_code(TYPED)).model_json_schema()["properties"]
    assert shown["recorded_by"]["default"] == "Trưởng phòng (tp)"
    assert "default" not in shown[CODE]
    again = form_for(asked, "sai", TYPED).model_json_schema()
    assert "123456" not in str(again)


def test_the_answer_holds_no_code(asked):
    answer = read_answer(asked, TYPED, "r1")
    assert (answer.actor, code_of(TYPED)) == ("tp", "123456")
    assert "123456" not in repr(answer)


@pytest.mark.parametrize("code", [None, 123456])
def test_a_code_that_is_missing_or_no_text_is_said_without_it(asked, code):
    given = {**TYPED, CODE: code} if code else without_code(TYPED)
    with pytest.raises(UnreadableAnswerError, match="Mã một lần") as refused:
        read_answer(asked, given, "r1")
    assert "123456" not in str(refused.value)


def test_an_application_tells_its_children_the_switch(tmp_path):
    from khcn_workflow.settings import as_environment, read_settings

    office = open_office(tmp_path, KHCN_TOTP="on")
    assert read_settings(as_environment(office.settings)).totp
    assert isinstance(office, Application)
    office.close()

"""What is too long is refused in Vietnamese on both databases, before the server would."""

from datetime import date

import pytest

from khcn_workflow.domain.ledger import Document
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.storage.lengths import TooLongError
from tests.office import HIRED, a_task, enter, hire, open_office, record

CODE = "NV-2019-01"


@pytest.fixture
def office(tmp_path):
    app = open_office(tmp_path)
    app.run(enter, a_task(), "council_meeting", date(2019, 3, 1))
    yield app
    app.close()


@pytest.mark.parametrize("length", [128, 129])
def test_a_document_number_holds_128_characters_and_not_one_more(office, length):
    paper = Document("Đ" * length)
    arguments = (office, CODE, "council_meeting", "passed", date(2019, 3, 5))
    if length > 128:
        with pytest.raises(TooLongError, match="«Số, ký hiệu văn bản» dài 129 ký tự, quá 128"):
            record(*arguments, document=paper)
    else:
        record(*arguments, document=paper)
    assert office.ask(verify_ledger).rows == HIRED + (2 if length == 128 else 1)


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Person("x" * 65, "A", Role.OFFICER, "", ""), "Mã"),
        (Person("x", "A" * 257, Role.OFFICER, "", ""), "Họ và tên"),
        (Person("x", "A", Role.OFFICER, "A" * 257, ""), "Phòng, đơn vị"),
        (Person("x", "A", Role.OFFICER, "", "A" * 257), "Thư điện tử"),
    ],
)
def test_each_text_of_a_person_has_its_limit(office, person, field):
    with pytest.raises(TooLongError, match=f"«{field}» dài"):
        office.run(hire, [person])


def test_a_task_with_too_long_a_code_is_refused(office):
    with pytest.raises(TooLongError, match="«Mã» dài 65 ký tự, quá 64"):
        office.run(enter, a_task("N" * 65), "council_meeting", date(2019, 3, 1))

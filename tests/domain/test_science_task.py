"""What a ledger row keeps of a science task, and the words an officer reads of it."""

from datetime import date

import pytest

from khcn_workflow.domain.science_task import (
    Kind,
    Level,
    Role,
    ScienceTask,
    Source,
    Way,
    task_from_data,
    task_to_data,
)

TASK = ScienceTask(
    code="NV-2019-01",
    title="Nuôi cá lồng",
    level=Level.RURAL_DELEGATED,
    kind=Kind.PROJECT,
    source=Source.SUPPLEMENTARY,
    plan_year=2019,
    host="Trung tâm giống",
    principal_investigator="Nguyễn Văn A",
    officer="cv1",
    rulebook="luat-2013",
    way=Way.DIRECT,
    field="Nông nghiệp",
    months=24,
    starts_on=date(2019, 5, 20),
    ends_on=date(2021, 5, 20),
    budget_vnd=1_250_000_000,
)
DATA = {
    "code": "NV-2019-01",
    "title": "Nuôi cá lồng",
    "level": "ntmn-uy-quyen",
    "kind": "du-an",
    "source": "bo-sung",
    "plan_year": 2019,
    "host": "Trung tâm giống",
    "principal_investigator": "Nguyễn Văn A",
    "officer": "cv1",
    "rulebook": "luat-2013",
    "way": "giao-truc-tiep",
    "field": "Nông nghiệp",
    "months": 24,
    "starts_on": "2019-05-20",
    "ends_on": "2021-05-20",
    "budget_vnd": 1_250_000_000,
}
UNKNOWN = {
    "way": None,
    "field": "",
    "months": None,
    "starts_on": None,
    "ends_on": None,
    "budget_vnd": None,
}
PROPOSED = ScienceTask(
    "NV-2019-01",
    "Nuôi cá lồng",
    Level.RURAL_DELEGATED,
    Kind.PROJECT,
    Source.SUPPLEMENTARY,
    2019,
    "Trung tâm giống",
    "Nguyễn Văn A",
    "cv1",
    "luat-2013",
)


@pytest.mark.parametrize(("task", "data"), [(TASK, DATA), (PROPOSED, DATA | UNKNOWN)])
def test_a_ledger_row_keeps_the_whole_task(task, data):
    assert task_to_data(task) == data
    assert task_from_data(data) == task


def test_only_the_two_rural_levels_are_of_the_rural_programme():
    assert {level for level in Level if level.is_rural} == {
        Level.RURAL_CENTRAL,
        Level.RURAL_DELEGATED,
    }


def test_every_choice_has_words_for_an_officer():
    assert {
        str(choice): choice.label for words in (Level, Kind, Source, Way, Role) for choice in words
    } == {
        "quoc-gia": "Cấp quốc gia",
        "cap-thiet": "Cấp thiết địa phương",
        "ntmn-trung-uong": "Nông thôn miền núi - Trung ương trực tiếp quản lý",
        "ntmn-uy-quyen": "Nông thôn miền núi - Trung ương ủy quyền địa phương quản lý",
        "tinh": "Cấp tỉnh",
        "du-an": "Dự án",
        "de-tai": "Đề tài",
        "de-an": "Đề án",
        "nhiem-vu": "Nhiệm vụ",
        "dat-hang": "Đặt hàng",
        "bo-sung": "Bổ sung",
        "dot-xuat": "Đột xuất",
        "tuyen-chon": "Tuyển chọn",
        "giao-truc-tiep": "Xét giao trực tiếp",
        "chuyen-vien": "Chuyên viên",
        "truong-phong": "Trưởng phòng",
        "lanh-dao-so": "Lãnh đạo Sở",
        "van-thu": "Văn thư",
        "quan-tri": "Quản trị",
        "chi-xem": "Chỉ xem",
    }

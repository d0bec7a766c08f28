"""`khcn freeze`, `report --frozen` and `diff-freeze` as an officer meets them."""

import json

import pytest

from tests.cli.running import khcn, refused

LATE = ["record", "NV-2019-03", "appraisal_meeting", "appraised", "--on", "10/06/2019"]
ID = "CHOT-001-2019-H1"


@pytest.fixture
def frozen(fresh_copy):
    khcn(fresh_copy, "freeze", "2019-H1", "--as-of", "10/06/2019")
    return fresh_copy


def test_a_frozen_report_is_written_again_byte_for_byte(frozen, tmp_path):
    first = written(frozen, tmp_path / "first", "2019-06-10")
    khcn(frozen, *LATE, KHCN_TODAY="2019-06-19")
    assert written(frozen, tmp_path / "again", "2019-06-19") == first


def written(home, folder, day):
    folder.mkdir()
    paths = [folder / f"x{suffix}" for suffix in (".docx", ".md", ".html", ".json", ".xlsx")]
    options = [word for path in paths for word in ("--out", str(path))]
    khcn(home, "report", "--frozen", ID, *options, KHCN_TODAY=day)
    return [path.read_bytes() for path in paths]


def test_the_difference_is_told_in_vietnamese(frozen):
    khcn(frozen, *LATE, KHCN_TODAY="2019-06-19")
    text = khcn(frozen, "diff-freeze", ID, KHCN_TODAY="2019-06-19")
    assert f"Từ bản chốt {ID} đến nay:" in text
    assert "đã thẩm định nội dung, kinh phí: 02/07 → 03/07" in text
    assert "01 điều vào sổ muộn" in text
    drift = json.loads(khcn(frozen, "diff-freeze", ID, "--json", KHCN_TODAY="2019-06-19"))
    assert [late["subject"] for late in drift["late"]] == ["NV-2019-03"]


def test_the_list_of_snapshots_is_printed_and_given_to_programs(frozen):
    assert "01 bản chốt." in khcn(frozen, "freeze", "--list")
    (line,) = json.loads(khcn(frozen, "freeze", "--list", "--json"))
    assert (line["id"], line["as_of"]) == (ID, "2019-06-10")
    assert "Bản chốt nguyên vẹn: 1." in khcn(frozen, "verify")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["freeze"], "Cần ghi kỳ báo cáo"),
        (["report", "--out", "x.md"], "Cần ghi kỳ báo cáo"),
        (["report", "2019-H1", "--frozen", ID, "--out", "x.md"], "Bản đã chốt có sẵn kỳ và ngày"),
        (["report", "--frozen", ID, "--out", "x.odt"], "đuôi tệp phải là"),
        (["report", "--frozen", "CHOT-9", "--out", "x.md"], "Không tìm thấy bản chốt «CHOT-9»"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(frozen, arguments, sentence):
    assert sentence in refused(frozen, *arguments)

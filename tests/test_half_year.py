"""The golden test: the seed's half-year, from the sample workbooks to the report."""

import json
from datetime import date

import pytest
from openpyxl import load_workbook

from khcn_workflow.reporting import build
from khcn_workflow.reports.invariants import InvariantError
from khcn_workflow.reports.number_table import NoSuchNumberError
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.report_numbers import list_numbers, number_table
from khcn_workflow.services.report_round import write_report
from tests.office import on_day, open_office
from tests.sample import ACTIVITIES, TASKS, changed, with_cell, without_rows

AS_OF = date(2019, 6, 10)


@pytest.fixture(scope="module")
def office(tmp_path_factory, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path_factory.mktemp("office"))
    for path in (TASKS, ACTIVITIES):
        app.run(import_file, path)
    yield app
    app.close()


@pytest.fixture(scope="module")
def text(office, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "bao-cao.md"
    office.ask(write_report, "2019-H1", AS_OF, [path])
    return path.read_text(encoding="utf-8").replace("**", "").replace("*", "")


SEED = {
    "national": "01",
    "urgent": "01",
    "rural": "04",
    "rural_central": "02",
    "rural_delegated": "02",
    "carried": "30",
    "supplementary_appraised": "02/02",
    "new_council_done": "07/08",
    "new_no_dossier": "01",
    "new_appraised": "02/07",
    "new_contracted": "01",
    "new_pending": "05/07",
    "new_with_opinions": "05",
    "accepted": "02",
    "checked": "02",
    "ministry_proposals": "02",
    "legal_issued": "01",
    "legal_drafts": "04",
    "initiatives_passed": "17/19",
    "inspections": "04",
    "penalties": "01",
    "technology_appraisals": "01",
    "goods_lots": "37",
    "goods_failed": "03/37",
    "award_enterprises": "09",
    "programme_712": "02",
    "news_items": "88",
    "television": "05",
    "copies": "1.000",
    "autonomous_units": "03",
    "provincial_proposals": "06",
    "late_internal": "08",
    "late_statutory": "00",
    "uncounted": "00",
}


def test_every_number_of_the_seed_comes_out_of_the_ledger(office):
    figures = office.ask(build, "2019-H1", AS_OF).figures
    assert {name: figures[name].text for name in SEED} == SEED


TABLE = {
    1: "01", 2: "01", 3: "01", 4: "01", 5: "04", 6: "01", 7: "01", 8: "02", 9: "02", 10: "02",
    11: "01", 12: "01", 13: "04", 14: "02", 15: "02", 16: "30, 36", 17: "02/02",
    18: "07/08, 08", 19: "01", 20: "02/07", 21: "01", 22: "05/07, 05", 23: "02", 24: "02",
    25: "02", 26: "06", 27: "01", 28: "17/19, 19", 29: "04", 30: "03, 09", 31: "01", 32: "01",
    33: "6.000.000", 34: "01", 35: "01", 36: "37, 37", 37: "03/37", 38: "09", 39: "02", 40: "01",
    41: "88", 42: "05", 43: "1.000", 44: "01", 45: "25, 01", 46: "01, 01", 47: "01", 48: "01",
    49: "01", 50: "03", 51: "03, 00, 01, 02", 52: "08, 08, 00, 00, 00", 53: "68, 03", 54: "05",
    55: "01",
}  # fmt: skip


def test_all_55_rows_of_the_table_come_out_of_the_ledger(office):
    lines = office.ask(number_table, "2019-H1", AS_OF)
    assert {line.row.number: ", ".join(line.texts) for line in lines} == TABLE


def test_a_number_lists_exactly_its_rows(office):
    (signed,) = office.ask(list_numbers, "2019-H1", ["21"], AS_OF)
    assert [(row.code, row.amount) for row in signed.rows] == [("NV-2019-01", 1)]
    (fines,) = office.ask(list_numbers, "2019-H1", ["fines_vnd"], AS_OF)
    assert (fines.value, [row.amount for row in fines.rows]) == (6_000_000, [6_000_000])
    assert "Trung tâm Y tế huyện Hạ Lang" in fines.rows[0].detail
    (drafts,) = office.ask(list_numbers, "2019-H1", ["6"], AS_OF)
    assert [row.code for row in drafts.rows] == ["HĐ-2019-03"]


def test_a_number_that_the_report_does_not_have_is_refused(office):
    with pytest.raises(NoSuchNumberError, match="«56»"):
        office.ask(list_numbers, "2019-H1", ["56"], AS_OF)


def test_a_refused_report_still_lists_the_rows_of_its_numbers(tmp_path):
    app = open_office(tmp_path / "office")
    wrong = with_cell("Hoạt động", "Số, ký hiệu", "01/QĐ-UBND", "01/2019/QĐ-UBND")
    app.run(import_file, changed(ACTIVITIES, tmp_path / "hoat-dong.xlsx", wrong))
    with pytest.raises(InvariantError, match="HĐ-2019-02 có số «01/QĐ-UBND»"):
        app.ask(build, "2019-H1", AS_OF)
    (issued,) = app.ask(list_numbers, "2019-H1", ["legal_issued"], AS_OF)
    assert [row.code for row in issued.rows] == ["HĐ-2019-02"]
    app.close()


def test_a_stage_told_after_the_day_is_not_yet_reached(tmp_path):
    app = open_office(tmp_path / "office")
    app.run(import_file, ACTIVITIES)
    july = on_day(app, date(2019, 7, 15))
    moved = with_cell("Hoạt động", "Giai đoạn", "đã hoàn thành việc lấy ý kiến góp ý", "HĐ-2019-03")
    july.run(import_file, changed(ACTIVITIES, tmp_path / "hoat-dong.xlsx", moved))
    asking = [
        july.ask(list_numbers, "2019-H2", ["6"], day)[0].text
        for day in (date(2019, 6, 30), date(2019, 7, 31))
    ]
    assert asking == ["01", "00"]
    app.close()


def test_one_law_needs_no_words_of_another(office):
    report = office.ask(build, "2019-H1", AS_OF)
    assert not [p for p in report.paragraphs if p.text.startswith("Các số liệu trên gồm")]
    assert report.figures["law_luat_2013"].value > 40


def test_the_same_period_of_the_year_before_stands_beside_it(office):
    found = office.ask(build, "2019-H1", AS_OF, compared=True).comparison
    assert (found.period.id, found.as_of) == ("2018-H1", date(2018, 6, 10))
    rows = {row.figure: row for row in found.rows}
    assert (rows["inspections"].before, rows["inspections"].change) == ("00", 4)
    assert (rows["carried"].before, rows["carried"].change) == ("06", 24)
    assert office.ask(build, "2019-H1", AS_OF).comparison is None


def test_of_a_year_before_the_ledger_began_it_is_said_that_nothing_is_known(tmp_path):
    app = open_office(tmp_path / "office")
    paths = [tmp_path / name for name in ("a.html", "a.xlsx", "a.json")]
    app.ask(write_report, "2019-H1", AS_OF, paths, compared=True)
    assert "Sổ chưa có dữ liệu của cùng kỳ năm trước" in paths[0].read_text(encoding="utf-8")
    book = load_workbook(paths[1])
    assert book["So cùng kỳ năm trước"]["A3"].value.startswith("Sổ chưa có dữ liệu")
    told = json.loads(paths[2].read_text(encoding="utf-8"))["comparison"]
    assert (told["is_empty"], told["period"]["id"]) == (True, "2018-H1")
    app.close()


@pytest.mark.parametrize("period", ["2019-05", "2019-Q2", "2019-9M", "2019",
                                    "2019-03-01..2019-05-20", "2019-H1@2019-05-20"])  # fmt: skip
def test_every_kind_of_period_has_its_report(office, period):
    report = office.ask(build, period, date(2019, 6, 10))
    counted = report.figures["inspections"].value
    assert counted == {"2019-05": 2, "2019-Q2": 3}.get(period, 4)
    assert report.period.label in report.paragraphs[0].text


@pytest.mark.parametrize(
    "sentence",
    [
        "01 dự án KH&CN cấp quốc gia, 01 dự án cấp thiết địa phương sử dụng kinh phí cấp quốc gia, "
        "04 dự án thuộc chương trình nông thôn miền núi (02 dự án do Trung ương trực tiếp quản lý, "
        "02 dự án do Trung ương ủy quyền địa phương quản lý) và 30 dự án, đề tài cấp tỉnh được "
        "chuyển tiếp",
        "thẩm định nội dung, kinh phí thực hiện đối với 02/02 nhiệm vụ KH&CN bổ sung năm 2018",
        "07/08 nhiệm vụ đặt hàng thực hiện mới từ năm 2019 (01 nhiệm vụ đặt hàng không có hồ sơ "
        "tham gia tuyển chọn, xét chọn)",
        "02/07 nhiệm vụ KH&CN cấp tỉnh thực hiện mới từ năm 2019, trong đó có 01 nhiệm vụ đã được "
        "ký kết hợp đồng, 05/07 nhiệm vụ còn lại",
        "tiến hành kiểm tra định kỳ đối với 02 đề tài",
        "Việc tổ chức thẩm định, ký hợp đồng thực hiện các nhiệm vụ KH&CN bổ sung năm 2018 và thực "
        "hiện mới năm 2019 còn chậm do yêu cầu của cấp trên nên phải rà soát, chỉnh sửa lại hồ sơ "
        "và xin ý kiến của các cơ quan chuyên môn trên địa bàn tỉnh. Sở KH&CN sẽ đẩy nhanh tiến độ "
        "và hoàn thành trong tháng 6/2019.",
        "03 cuộc thanh tra chuyên ngành về đo lường và an toàn bức xạ tại 09 cơ sở y tế trên địa "
        "bàn tỉnh",
        "Công văn số 729/SKHĐT-THQH ngày 15 tháng 5 năm 2019 của Sở Kế hoạch và Đầu tư",
        "mức phạt 06 triệu đồng",
    ],
)
def test_the_report_says_what_the_seed_says(text, sentence):
    assert sentence in text


def gone(code):
    """Takes a task out of both sheets."""
    return [without_rows("Nhiệm vụ", code), without_rows("Kết quả", code)]


CHANGES = [
    ("carried", "29", [without_rows("Nhiệm vụ", "NV-2018-24")]),
    ("national", "02", [with_cell("Nhiệm vụ", "Cấp quản lý", "Cấp quốc gia", "CT-2018-01")]),
    ("rural_delegated", "01", gone("NTMN-2018-02")),
    ("rural_central", "03", [with_cell("Nhiệm vụ", "Cấp quản lý", "NTMN - TW", "NV-2018-24")]),
    ("new_no_dossier", "00", gone("NV-2019-08")),
    ("new_contracted", "00", [without_rows("Kết quả", "NV-2019-01", "Đã ký hợp đồng")]),
    ("new_with_opinions", "04", [without_rows("Kết quả", "NV-2019-07", "Đã có ý kiến")]),
    ("supplementary_appraised", "01/01", gone("BS-2018-02")),
    ("ministry_proposals", "01", gone("ĐX-NTMN-2020-01")),
    ("provincial_proposals", "05", gone("ĐX-2020-03")),
    ("checked", "01", [with_cell("Kết quả", "Ngày", "12/12/2018", "NV-2018-01", "Kiểm tra")]),
    ("late_internal", "07", gone("BS-2018-01")),
]


@pytest.mark.parametrize(("figure", "value", "changes"), CHANGES, ids=[c[0] for c in CHANGES])
def test_changing_one_row_of_the_sample_changes_its_number(tmp_path, figure, value, changes):
    app = open_office(tmp_path / "office")
    app.run(import_file, changed(TASKS, tmp_path / "nhiem-vu.xlsx", *changes))
    figures = app.ask(build, "2019-H1", AS_OF).figures
    assert figures[figure].text == value
    assert SEED[figure] != value
    app.close()


def test_a_report_as_of_an_earlier_day_counts_only_what_was_signed_by_then(office):
    figures = office.ask(build, "2019-H1", date(2019, 5, 14)).figures
    assert (figures["new_contracted"].text, figures["accepted"].text) == ("00", "00")


def test_the_same_facts_give_the_same_bytes(office, tmp_path):
    for form in (".docx", ".md", ".html", ".json", ".xlsx"):
        first, second = tmp_path / f"a{form}", tmp_path / f"b{form}"
        office.ask(write_report, "2019-H1", AS_OF, [first, second])
        assert first.read_bytes() == second.read_bytes()

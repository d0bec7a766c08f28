import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import Workbook

from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.ledger import Document
from khcn_workflow.domain.science_task import (
    Kind,
    Level,
    Person,
    Role,
    ScienceTask,
    Source,
    Way,
)
from khcn_workflow.register.places import Place, Severity
from khcn_workflow.register.rows import DelayRow, EntryRow, ResultRow
from khcn_workflow.register.workbook import read_register
from tests.register.office_workbook import (
    KINDS,
    OFFICER,
    PERSONS,
    RESULT,
    RESULTS,
    RULEBOOK,
    TASKS,
    only_problem,
    read,
    read_activities,
    read_results,
    read_tasks,
    sentences,
    task,
)

PLAIN = ScienceTask(
    code="NV-1",
    title="Nhiệm vụ 1",
    level=Level.PROVINCIAL,
    kind=Kind.TOPIC,
    source=Source.ORDERED,
    plan_year=2018,
    host="",
    principal_investigator="",
    officer="cv1",
    rulebook="cao-bang",
)


def values(rows):
    return [row.value for row in rows]


# --- what is read


def test_a_plain_row_becomes_a_task(tmp_path):
    register = read_tasks(tmp_path, task())
    assert values(register.tasks) == [PLAIN]
    assert register.problems == ()


def test_every_column_of_a_task_is_read(tmp_path):
    titles = (
        *TASKS[:6], "Nguồn", "Phương thức", "Cơ quan chủ trì", "Chủ nhiệm", "Lĩnh vực",
        "Thời gian (tháng)", "Từ", "Đến", "Kinh phí (triệu đồng)", "Bộ quy định",
    )  # fmt: skip
    titles = ("Ngày bắt đầu" if t == "Từ" else "Kết thúc" if t == "Đến" else t for t in titles)
    row = (
        *task()[:6], "Bổ sung", "GTT", "Trung tâm A", "Bà B", "Nông nghiệp", "24 tháng",
        "1/8/2018", "31/7/2020", 980, "Luật KH&CN 2013",
    )  # fmt: skip
    register = read_tasks(tmp_path, row, titles=tuple(titles))
    assert values(register.tasks) == [
        replace(
            PLAIN,
            source=Source.SUPPLEMENTARY,
            way=Way.DIRECT,
            host="Trung tâm A",
            principal_investigator="Bà B",
            field="Nông nghiệp",
            months=24,
            starts_on=date(2018, 8, 1),
            ends_on=date(2020, 7, 31),
            budget_vnd=980_000_000,
            rulebook="luat-2013",
        )
    ]


def test_a_range_of_months_gives_length_beginning_and_end(tmp_path):
    register = read_tasks(tmp_path, task(Thời_gian_thực_hiện="8/2008-9/2010"))
    found = register.tasks[0].value
    assert (found.months, found.starts_on, found.ends_on) == (
        26, date(2008, 8, 1), date(2010, 9, 30),
    )  # fmt: skip


def test_a_column_named_after_a_step_gives_its_dated_result(tmp_path):
    row = task(Ngày_ký_hợp_đồng="16/10/2017", Thời_gian_thực_hiện="10/2017-9/2020")
    register = read_tasks(tmp_path, row)
    signed = ResultRow(
        "NV-1",
        "contract_signing",
        "signed",
        date(2017, 10, 16),
        fields={"ends_on": "2020-09-30"},
    )
    assert values(register.results) == [signed]
    place = Place("nhiem-vu.xlsx", "Nhiệm vụ", 2, "Ngày ký hợp đồng")
    assert register.results[0].at("on") == place


def test_a_row_may_say_where_its_task_waits(tmp_path):
    titles = (*TASKS, "Bước đang chờ", "Chờ từ ngày")
    register = read_tasks(tmp_path, (*task(), "Tổng hợp đề xuất", "2/5/2019"), titles=titles)
    assert values(register.entries) == [EntryRow("NV-1", "proposal_synthesis", date(2019, 5, 2))]


def test_results_and_delays_are_told_apart_and_ordered_by_their_dates(tmp_path):
    late = ("NV-1", "Họp Tổ thẩm định nội dung, kinh phí", "Giải trình chậm", "27/5/2019",
            "Xin ý kiến cơ quan chuyên môn", "tháng 6/2019")  # fmt: skip
    register = read_results(tmp_path, late, RESULT)
    listed = ResultRow("NV-1", "proposal_synthesis", "listed", date(2019, 5, 15))
    delay = DelayRow(
        "NV-1", "appraisal_meeting", date(2019, 5, 27), "xin-y-kien", date(2019, 6, 30)
    )
    assert values(register.results) == [listed]
    assert values(register.delays) == [delay]
    assert values(register.histories()["NV-1"]) == [listed, delay]


def test_a_result_carries_its_paper_its_fields_and_who_recorded_it(tmp_path):
    titles = ("Mã NV", "Bước", "Kết quả", "Ngày", "Số văn bản", "Ngày văn bản", "Cơ quan ban hành",
              "Ngày kết thúc hợp đồng", "Người ghi", "Lần", "Ghi chú")  # fmt: skip
    row = ("nv-1", "ky hop dong", "signed", "15/5/2019", "12/HĐ", "14/5/2019", "Sở", "tháng 4/2021",
           "Chuyên viên 1", 1, "gấp")  # fmt: skip
    register = read_results(tmp_path, row, titles=titles)
    assert values(register.results) == [
        ResultRow(
            "NV-1",
            "contract_signing",
            "signed",
            date(2019, 5, 15),
            Document("12/HĐ", date(2019, 5, 14), "Sở"),
            "cv1",
            note="gấp",
            fields={"ends_on": "2021-04-30"},
            round=1,
        )
    ]


def test_people_are_read(tmp_path):
    register = read(tmp_path, {"Trang 1": [(*PERSONS, "Phòng"), (*OFFICER, "Quản lý khoa học")]})
    assert values(register.persons) == [
        Person("cv1", "Chuyên viên 1", Role.OFFICER, "Quản lý khoa học", "cv1@so.example")
    ]


def test_activities_are_read(tmp_path):
    row = ("HĐ-1", "Đánh giá sáng kiến", "Đợt 1", "25/4/2019", None, "19 hồ sơ", 17)
    register = read_activities(tmp_path, row)
    assert values(register.activities) == [
        Activity("HĐ-1", "sang-kien", "Đợt 1", date(2019, 4, 25), quantity=19, subset=17)
    ]


# --- how sheets are laid out


def test_decomposed_text_is_read_as_composed(tmp_path):
    def decomposed(row):
        return [unicodedata.normalize("NFD", c) if isinstance(c, str) else c for c in row]

    register = read_tasks(tmp_path, decomposed(task()), titles=decomposed(TASKS))
    assert values(register.tasks) == [PLAIN]


def test_the_header_may_stand_in_row_15(tmp_path):
    above = [("SỞ KHOA HỌC VÀ CÔNG NGHỆ",), *[()] * 12, ("DANH MỤC NHIỆM VỤ",)]
    wrong = task(Cấp="cấp trời")
    sheets = {"Cán bộ": [PERSONS, OFFICER], "Trang 2": [*above, TASKS, task(), wrong]}
    register = read(tmp_path, sheets)
    assert values(register.tasks) == [PLAIN]
    assert only_problem(register).startswith(
        "nhiem-vu.xlsx, trang «Trang 2», dòng 17, cột «Cấp»: không đọc được «cấp trời»; cần"
    )


def test_a_code_merged_over_rows_counts_for_each_of_them(tmp_path):
    second = ("", "determination_council", "recommended", "3/6/2019")
    sheets = {
        "Cán bộ": [PERSONS, OFFICER],
        "Nhiệm vụ": [TASKS, task()],
        "Kết quả": [RESULTS, RESULT, second],
    }
    register = read(tmp_path, sheets, lambda book: book["Kết quả"].merge_cells("A2:A3"))
    assert [(r.task, r.step) for r in values(register.results)] == [
        ("NV-1", "proposal_synthesis"),
        ("NV-1", "determination_council"),
    ]


def test_a_header_of_two_rows_is_read_with_its_shared_title(tmp_path):
    titles = (*TASKS[:6], "Kết thúc", "Hợp đồng", None)
    below = (None,) * 7 + ("Số", "Ngày ký")
    row = (*task()[:6], "31/7/2020", "07/HĐ", "1/8/2018")

    def merge(book):
        sheet = book["Nhiệm vụ"]
        for column in "ABCDEFG":
            sheet.merge_cells(f"{column}1:{column}2")
        sheet.merge_cells("H1:I1")

    register = read_tasks(tmp_path, below, row, titles=titles, change=merge)
    assert values(register.results) == [
        ResultRow("NV-1", "contract_signing", "signed", date(2018, 8, 1), Document("07/HĐ"),
                  fields={"ends_on": "2020-07-31"})
    ]  # fmt: skip
    assert register.problems == ()


def test_titles_totals_column_numbers_and_signatures_are_no_data(tmp_path):
    numbers = tuple(f"({n})" for n in range(1, len(TASKS) + 1))
    around = [numbers, (), ("I. Nhiệm vụ cấp tỉnh",), task(), ("Tổng cộng", None, None, 1),
              ("Ghi chú: số liệu đến 10/6/2019",), ("NGƯỜI LẬP BIỂU", None, None, "TRƯỞNG PHÒNG"),
              (None, None, None, "Cao Bằng, ngày 10 tháng 6 năm 2019")]  # fmt: skip
    register = read_tasks(tmp_path, *around)
    assert values(register.tasks) == [PLAIN]
    assert register.problems == ()


def test_a_month_that_excel_made_a_date_is_a_month_again(tmp_path):
    def as_month(book):
        book["Nhiệm vụ"]["I2"].number_format = "mmm-yy"

    row = task(Ngày_bắt_đầu="1/8/2018", Ngày_kết_thúc=date(2020, 7, 1))
    register = read_tasks(tmp_path, row, change=as_month)
    assert register.tasks[0].value.ends_on == date(2020, 7, 31)


def test_a_serial_number_is_read_in_the_calendar_of_its_workbook(tmp_path):
    row = task(Ngày_bắt_đầu=43600)
    assert read_tasks(tmp_path, row).tasks[0].value.starts_on == date(2019, 5, 15)


def test_a_sheet_that_nobody_recognises_is_named_and_the_others_are_read(tmp_path):
    sheets = {"Cán bộ": [PERSONS, OFFICER], "Nháp": [("abc", "xyz")], "Trống": []}
    register = read(tmp_path, sheets)
    assert [problem.severity for problem in register.problems] == [Severity.WARNING]
    assert only_problem(register) == (
        "nhiem-vu.xlsx, trang «Nháp»: trang này không có dòng tiêu đề nhận ra được nên không "
        "được đọc."
    )
    assert register.errors == ()


# --- what is refused, and where


@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        ({"Ngày_bắt_đầu": "31/02/2019"}, "Ngày bắt đầu", "không đọc được «31/02/2019»; cần ngày"),
        ({"Ngày_bắt_đầu": "1/8/2109"}, "Ngày bắt đầu", "«1/8/2109» không hợp lý: năm 2109"),
        ({"Kinh_phí": "nhiều"}, "Kinh phí", "không đọc được «nhiều»; cần số tiền"),
        ({"Thời_gian_thực_hiện": "dài"}, "Thời gian thực hiện", "không đọc được «dài»; cần số"),
        ({"Năm_kế_hoạch": "nay"}, "Năm kế hoạch", "không đọc được «nay»; cần một năm"),
        ({"Tên_nhiệm_vụ": " "}, "Tên nhiệm vụ", "ô này không được để trống."),
        ({"Mã_nhiệm_vụ": None}, "Mã nhiệm vụ", "ô này không được để trống."),
        ({"Kinh_phí": "#REF!"}, "Kinh phí", "ô báo lỗi «#REF!» của Excel"),
        ({"Ngày_bắt_đầu": "1/8/2018", "Ngày_kết_thúc": "31/7/2018"}, "Ngày kết thúc",
         "ngày kết thúc ở trước ngày bắt đầu."),
        ({"Ngày_ký_hợp_đồng": "1/8/2018"}, "Ngày kết thúc", "có ngày «Ký hợp đồng» thì cần ngày"),
        ({"Chuyên_viên": "cv9"}, "Chuyên viên", "không có cán bộ «cv9» ở trang «Cán bộ»"),
    ],
)  # fmt: skip
def test_a_cell_of_a_task_that_will_not_do_is_named(tmp_path, changes, column, says):
    register = read_tasks(tmp_path, task(**changes))
    found = only_problem(register)
    assert found.startswith(f"nhiem-vu.xlsx, trang «Nhiệm vụ», dòng 2, cột «{column}»: {says}")
    assert register.tasks == ()


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (("NV-1", "đi họp", "Đạt", "1/6/2019"), "Bước", "không đọc được «đi họp»; cần một bước"),
        (("NV-1", "approval", "Đạt", "1/6/2019"), "Kết quả", "không đọc được «Đạt»; cần một kết"),
        (("NV-9", *RESULT[1:]), "Mã nhiệm vụ", "mã nhiệm vụ «NV-9» không có ở trang «Nhiệm vụ»"),
        ((*RESULT[:3], "30/2/2019"), "Ngày", "không đọc được «30/2/2019»; cần ngày"),
        ((*RESULT[:3], None), "Ngày", "ô này không được để trống."),
        (("NV-1", "approval", "Giải trình chậm", "1/6/2019"), "Nguyên nhân",
         "giải trình chậm thì cần ghi nguyên nhân"),
        (("NV-1", "contract_signing", "signed", "1/6/2019"), "Kết quả",
         "kết quả bước «Ký hợp đồng» còn thiếu «Ngày kết thúc hợp đồng»."),
    ],
)  # fmt: skip
def test_a_cell_of_a_result_that_will_not_do_is_named(tmp_path, row, column, says):
    register = read_results(tmp_path, row)
    found = only_problem(register)
    assert found.startswith(f"nhiem-vu.xlsx, trang «Kết quả», dòng 2, cột «{column}»: {says}")
    assert (register.results, register.delays) == ((), ())


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (("HĐ-1", "dã ngoại", "Đi chơi"), "Loại hoạt động", "không đọc được «dã ngoại»; cần một"),
        (("HĐ-1", "thong-ke", "Báo cáo"), "Ngày", "loại «Báo cáo thống kê» đếm theo ngày"),
        (("HĐ-1", "thong-ke", "B", "1/3/2019", "xong"), "Giai đoạn",
         "loại «Báo cáo thống kê» không có giai đoạn"),
        (("HĐ-1", "van-ban-qppl", "Nghị quyết"), "Giai đoạn",
         "loại «Văn bản quy phạm pháp luật» cần giai đoạn"),
        (("HĐ-1", "sang-kien", "Đợt 1", "1/3/2019", None, 17, 19), "Trong đó",
         "phần «trong đó» (19) phải nằm trong số lượng (17)."),
    ],
)  # fmt: skip
def test_a_cell_of_an_activity_that_will_not_do_is_named(tmp_path, row, column, says):
    register = read_activities(tmp_path, row)
    found = only_problem(register)
    assert found.startswith(f"nhiem-vu.xlsx, trang «Hoạt động», dòng 2, cột «{column}»: {says}")
    assert register.activities == ()


def test_the_grade_of_an_acceptance_is_not_guessed_from_its_date(tmp_path):
    titles = (*TASKS, "Ngày nghiệm thu")
    register = read_tasks(tmp_path, (*task(), "22/5/2019"), titles=titles)
    assert only_problem(register) == (
        "nhiem-vu.xlsx, trang «Nhiệm vụ», dòng 2, cột «Ngày nghiệm thu»: bước «Họp Hội đồng đánh "
        "giá, nghiệm thu» có nhiều kết quả (Xuất sắc; Đạt); hãy ghi ngày này ở trang «Kết quả», "
        "cùng với kết quả."
    )


def test_a_task_twice_names_both_rows(tmp_path):
    register = read_tasks(tmp_path, task(), task(Mã_nhiệm_vụ="nv-1 "))
    assert values(register.tasks) == [PLAIN]
    assert only_problem(register) == (
        "nhiem-vu.xlsx, trang «Nhiệm vụ», dòng 3, cột «Mã nhiệm vụ»: mã nhiệm vụ này ở dòng 3 đã "
        "có ở dòng 2; hãy bỏ bớt một dòng."
    )


def test_a_person_twice_names_both_rows(tmp_path):
    register = read(tmp_path, {"Cán bộ": [PERSONS, OFFICER, OFFICER]})
    assert "dòng 3, cột «Mã cán bộ»: cán bộ này ở dòng 3 đã có ở dòng 2" in only_problem(register)


def test_a_result_twice_names_both_rows(tmp_path):
    register = read_results(tmp_path, RESULT, RESULT)
    assert len(register.results) == 1
    assert "dòng 3, cột «Ngày»: kết quả này ở dòng 3 đã có ở dòng 2" in only_problem(register)


def test_a_missing_column_is_named_at_the_header_and_once(tmp_path):
    register = read_tasks(tmp_path, task()[1:], task()[1:], titles=TASKS[1:])
    assert only_problem(register) == (
        "nhiem-vu.xlsx, trang «Nhiệm vụ», dòng 1: thiếu cột «Mã nhiệm vụ»."
    )


def test_a_repeated_column_is_a_remark(tmp_path):
    register = read_tasks(tmp_path, (*task(), "Cấp tỉnh"), titles=(*TASKS, "Cấp quản lý"))
    assert values(register.tasks) == [PLAIN]
    assert "dòng 1, cột «Cấp quản lý»: cột này trùng nghĩa" in only_problem(register)


def test_a_formula_that_nobody_calculated_is_named(tmp_path):
    register = read_tasks(tmp_path, task(Kinh_phí="=A1+1"))
    assert only_problem(register) == (
        "nhiem-vu.xlsx, trang «Nhiệm vụ», dòng 2, cột «Kinh phí»: công thức «=A1+1» chưa có kết "
        "quả trong tệp; hãy mở bằng Excel, lưu lại, hoặc ghi thẳng giá trị."
    )


def test_somebody_without_a_mailbox_is_only_a_remark(tmp_path):
    register = read(tmp_path, {"Cán bộ": [PERSONS, OFFICER[:3]]})
    assert [p.code for p in values(register.persons)] == ["cv1"]
    assert "dòng 2, cột «Thư điện tử»: chưa có thư điện tử" in only_problem(register)
    assert register.errors == ()


def test_every_problem_of_a_file_is_named_in_the_order_of_its_rows(tmp_path):
    rows = (task(Chuyên_viên="cv9"), task(Mã_nhiệm_vụ="NV-2", Cấp="?", Kinh_phí="?"))
    sheets = {
        "Nhiệm vụ": [TASKS, *rows],
        "Cán bộ": [PERSONS, ("cv1", "Ai đó", "vua", "thư")],
        "Kết quả": [RESULTS, ("NV-2", *RESULT[1:])],
    }
    found = [problem.place for problem in read(tmp_path, sheets).problems]
    assert [(place.sheet, place.row, place.column) for place in found] == [
        ("Nhiệm vụ", 2, "Chuyên viên"),
        ("Nhiệm vụ", 3, "Cấp"),
        ("Nhiệm vụ", 3, "Kinh phí"),
        ("Cán bộ", 2, "Vai trò"),
        ("Cán bộ", 2, "Thư điện tử"),
    ]


def test_what_is_registered_already_counts_as_known(tmp_path):
    sheets = {"Kết quả": [(*RESULTS, "Người ghi"), (*RESULT, None, None, "CV1")]}
    known = {"known_tasks": {"NV-1": "luat-2013"}, "known_persons": ["cv1"]}
    register = read(tmp_path, sheets, **known)
    assert register.problems == ()
    assert register.results[0].value.actor == "cv1"


def test_results_are_read_with_the_rulebook_of_their_task(tmp_path):
    cause = ("NV-1", "approval", "Giải trình chậm", "1/6/2019", "Xin ý kiến cơ quan chuyên môn")
    known = {"known_tasks": {"NV-1": "luat-2013"}}
    register = read(tmp_path, {"Kết quả": [RESULTS, cause]}, **known)
    assert register.delays[0].value.cause == "Xin ý kiến cơ quan chuyên môn"


# --- files that are no workbook

LOCKED = "tệp có mật khẩu hoặc là Excel cũ (.xls); hãy bỏ mật khẩu và lưu dạng .xlsx."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "không mở được tệp; hãy kiểm tra tên và đường dẫn."),
        (b"", "không phải tệp Excel .xlsx; hãy lưu lại dạng .xlsx."),
        (b"a;b;c", "không phải tệp Excel .xlsx; hãy lưu lại dạng .xlsx."),
        (b"PK\x03\x04 broken", "tệp hỏng hoặc không phải Excel .xlsx, không đọc được."),
        (b"\xd0\xcf\x11\xe0 old", LOCKED),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_one_problem(tmp_path, content, says):
    path = tmp_path / "sổ.xlsx"
    if content is not None:
        path.write_bytes(content)
    register = read_register(path, RULEBOOK, KINDS)
    assert sentences(register) == [f"sổ.xlsx: {says}"]


@pytest.mark.parametrize("rows", [[], [("abc", "xyz"), (1, 2)]])
def test_a_workbook_without_a_known_sheet_is_one_problem(tmp_path, rows):
    register = read(tmp_path, {"Trang 1": rows})
    assert only_problem(register).startswith("nhiem-vu.xlsx: không có trang nào nhận ra được")


def test_a_sheet_without_rows_is_a_remark(tmp_path):
    register = read(tmp_path, {"Cán bộ": [PERSONS]})
    assert only_problem(register) == (
        "nhiem-vu.xlsx, trang «Cán bộ»: trang này chưa có dòng dữ liệu nào."
    )
    assert register.errors == ()


def test_a_folder_is_one_problem(tmp_path):
    assert len(read_register(tmp_path, RULEBOOK, KINDS).problems) == 1


def test_a_workbook_of_another_epoch_is_read_in_it(tmp_path):
    book = Workbook()
    book.epoch = type(book.epoch)(1904, 1, 1)
    book.active.append(TASKS)
    book.active.append(task(Ngày_bắt_đầu=42138))
    book.save(tmp_path / "mac.xlsx")
    register = read_register(tmp_path / "mac.xlsx", RULEBOOK, KINDS, known_persons=["cv1"])
    assert register.tasks[0].value.starts_on == date(2019, 5, 15)

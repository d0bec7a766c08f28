"""Workbooks as an office might hand them in, written by hand for one test each."""

from pathlib import Path

from openpyxl import Workbook

from khcn_workflow.register.workbook import read_register
from khcn_workflow.regulations.activity_kinds import load_activity_kinds
from khcn_workflow.regulations.rulebook_reader import load_rulebooks

RULEBOOKS = load_rulebooks()
RULEBOOK = RULEBOOKS["cao-bang"]
KINDS = load_activity_kinds()

PERSONS = ("Mã cán bộ", "Họ và tên", "Vai trò", "Thư điện tử")
OFFICER = ("cv1", "Chuyên viên 1", "Chuyên viên", "cv1@so.example")
TASKS = (
    "Mã nhiệm vụ", "Tên nhiệm vụ", "Cấp", "Loại hình", "Năm kế hoạch", "Chuyên viên",
    "Thời gian thực hiện", "Ngày bắt đầu", "Ngày kết thúc", "Kinh phí", "Ngày ký hợp đồng",
)  # fmt: skip
TASK = {
    "Mã nhiệm vụ": "NV-1", "Tên nhiệm vụ": "Nhiệm vụ 1", "Cấp": "Cấp tỉnh", "Loại hình": "Đề tài",
    "Năm kế hoạch": 2018, "Chuyên viên": "cv1",
}  # fmt: skip
RESULTS = ("Mã nhiệm vụ", "Bước", "Kết quả", "Ngày", "Nguyên nhân", "Cam kết")
RESULT = ("NV-1", "Tổng hợp đề xuất", "Đưa vào danh mục đề xuất", "15/5/2019")
ACTIVITIES = (
    "Mã hoạt động", "Loại hoạt động", "Nội dung", "Ngày", "Giai đoạn", "Số lượng", "Trong đó",
)  # fmt: skip


def task(**changes):
    """One row of the task sheet; `None` empties a cell. Keys are titles with _ for spaces."""
    row = {**TASK, **{key.replace("_", " "): value for key, value in changes.items()}}
    return tuple(row.get(title) for title in TASKS)


def workbook(sheets, change=None):
    """A workbook with these rows by the name of their sheet."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    return book


def read(folder: Path, sheets, change=None, **known):
    path = folder / "nhiem-vu.xlsx"
    workbook(sheets, change).save(path)
    return read_register(path, RULEBOOK, KINDS, rulebooks=RULEBOOKS, **known)


def read_tasks(folder: Path, *rows, change=None, titles=TASKS, **known):
    sheets = {"Cán bộ": [PERSONS, OFFICER], "Nhiệm vụ": [titles, *rows]}
    return read(folder, sheets, change, **known)


def read_results(folder: Path, *rows, titles=RESULTS, **known):
    sheets = {"Cán bộ": [PERSONS, OFFICER], "Nhiệm vụ": [TASKS, task()], "Kết quả": [titles, *rows]}
    return read(folder, sheets, **known)


def read_activities(folder: Path, *rows):
    return read(folder, {"Hoạt động": [ACTIVITIES, *rows]})


def sentences(register):
    return [str(problem) for problem in register.problems]


def only_problem(register):
    assert len(register.problems) == 1, sentences(register)
    return str(register.problems[0])

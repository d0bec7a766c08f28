"""Ghi sổ minh họa Sơn Lâm 2026: python samples/son_lam_2026/make_sample.py [thư mục]."""

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from task_lists import TASKS, Task

from khcn_workflow.domain.vietnamese import read_day
from khcn_workflow.regulations.rulebook_reader import load_rulebooks
from khcn_workflow.reports.packing import packed

HERE = Path(__file__).parent
RULEBOOKS = load_rulebooks()
WRITTEN_AT = datetime(2026, 6, 10, 8, 0, 0)  # noqa: DTZ001 a zip file keeps no time zone
OFFICERS = ("cv1", "cv2")
UBND = "UBND tỉnh"

PERSONS = (
    ("cv1", "Nông Thị Hạnh", "Chuyên viên", "Phòng Quản lý khoa học", "cv1@skhcn.sonlam.example"),
    ("cv2", "Trần Quốc Đạt", "Chuyên viên", "Phòng Quản lý khoa học", "cv2@skhcn.sonlam.example"),
    ("tp", "Lương Văn Hiển", "Trưởng phòng", "Phòng Quản lý khoa học", "tp@skhcn.sonlam.example"),
    ("gd", "Hoàng Thị Minh Nguyệt", "Giám đốc Sở", "Lãnh đạo Sở", "gd@skhcn.sonlam.example"),
)
BUSINESS = "Báo cáo tình hình thực hiện kế hoạch phát triển kinh tế - xã hội 6 tháng đầu năm 2026"
RULES = (
    "Quyết định của UBND tỉnh quy định quản lý nhiệm vụ khoa học, công nghệ và đổi mới sáng tạo "
    "cấp tỉnh"
)
PLAN = (
    "Xây dựng, trình UBND tỉnh xem xét, phê duyệt Kế hoạch KH&CN và đổi mới sáng tạo tỉnh Sơn Lâm "
    "năm 2027"
)
ACTIVITIES = (
    ("Văn bản đến yêu cầu báo cáo", BUSINESS, date(2026, 5, 18), "", "MH512/STC-TH",
     date(2026, 5, 18), "Sở Tài chính", ""),
    ("Văn bản quy phạm pháp luật", RULES, "", "đã hoàn thành việc lấy ý kiến góp ý", "", "",
     "", ""),
    ("Văn bản tham mưu khác", "Kế hoạch KH&CN và đổi mới sáng tạo tỉnh Sơn Lâm năm 2026",
     date(2026, 1, 12), "", "", "", "", ""),
    ("Tin, bài trên trang thông tin điện tử", "Tin, bài lên trang thông tin điện tử của Sở",
     date(2026, 6, 8), "", "", "", "", 74),
    ("Báo cáo thống kê", "Báo cáo thống kê ngành KH&CN năm 2025", date(2026, 3, 16), "", "", "", "",
     ""),
    ("Sự kiện", "Ngày hội đổi mới sáng tạo tỉnh Sơn Lâm lần thứ nhất", date(2026, 5, 18), "", "",
     "", "", ""),
    ("Việc dự kiến của kỳ sau", PLAN, "", "", "", "", "", ""),
)  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "nhiem-vu.xlsx", [
        ("Cán bộ", ("Mã cán bộ", "Họ và tên", "Chức vụ", "Phòng, đơn vị", "Thư điện tử"), PERSONS),
        ("Nhiệm vụ", ("Mã nhiệm vụ", "Tên nhiệm vụ", "Cấp quản lý", "Loại hình", "Nguồn",
                      "Năm kế hoạch", "Phương thức", "Tổ chức chủ trì", "Chủ nhiệm",
                      "Chuyên viên theo dõi", "Thời gian thực hiện", "Kinh phí NSNN",
                      "Bộ quy định"), list(map(_task_row, TASKS))),
        ("Kết quả", ("Mã nhiệm vụ", "Bước", "Kết quả", "Ngày", "Số văn bản", "Ngày văn bản",
                     "Ngày kết thúc hợp đồng", "Nguyên nhân chậm", "Cam kết hoàn thành",
                     "Người ghi"), list(_result_rows())),
    ])  # fmt: skip
    rows = [(f"HĐ-{n:02d}", *row) for n, row in enumerate(ACTIVITIES, start=1)]
    _write(folder / "hoat-dong.xlsx", [
        ("Hoạt động", ("Mã hoạt động", "Loại hoạt động", "Nội dung", "Ngày", "Giai đoạn",
                       "Số, ký hiệu văn bản", "Ngày ký văn bản", "Cơ quan ban hành", "Số lượng"),
         rows),
    ])  # fmt: skip


def _task_row(task: Task) -> Sequence[object]:
    return (
        task.code, task.title, task.level, task.kind, task.source, task.year, task.way, task.host,
        task.head, _officer(task), f"{task.months} tháng", task.money, task.rulebook,
    )  # fmt: skip


def _officer(task: Task) -> str:
    return OFFICERS[TASKS.index(task) % len(OFFICERS)]


def _result_rows() -> Iterable[Sequence[object]]:
    place = 0
    for task in TASKS:
        for step_id, outcome, day, *more in sorted(task.walk, key=lambda w: read_day(w[2])):
            place += 1
            yield _result_row(task, place, step_id, outcome, read_day(day), more)


def _result_row(
    task: Task, place: int, step_id: str, outcome: str, on: date, more: Sequence[str]
) -> Sequence[object]:
    """A result in the words of the task's own rulebook."""
    step = RULEBOOKS[task.rulebook].step(step_id)
    if outcome == "delay":
        cause, promise = more
        return (task.code, step.title, "Giải trình chậm", on, "", "", "", cause,
                read_day(promise), _officer(task))  # fmt: skip
    paper = f"MH{place:03d}/{more[0]}" if more else ""
    ends_on = read_day(more[1]) if len(more) > 1 else ""
    return (task.code, step.title, step.outcome(outcome).title, on, paper, on if paper else "",
            ends_on, "", "", _officer(task))  # fmt: skip


Sheet = tuple[str, Sequence[str], Sequence[Sequence[object]]]


def _write(path: Path, sheets: Sequence[Sheet]) -> None:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, titles, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in (titles, *rows):
            sheet.append([None if value == "" else value for value in row])
        for number, title in enumerate(titles, start=1):
            column = sheet.column_dimensions[sheet.cell(1, number).column_letter]
            column.width = 60 if title in ("Tên nhiệm vụ", "Nội dung") else 22
            sheet.cell(1, number).font = Font(name="Times New Roman", bold=True)
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if isinstance(cell.value, date):
                    cell.number_format = "dd/mm/yyyy"
        sheet.freeze_panes = "B2"
    _save(workbook, path)
    print(f"Đã ghi {path}")


def _save(workbook: Workbook, path: Path) -> None:
    """With fixed times inside, so that the file never differs from itself."""
    workbook.properties.creator = "Số liệu minh họa"
    workbook.properties.created = WRITTEN_AT
    path.write_bytes(packed(workbook.save, WRITTEN_AT, WRITTEN_AT))


if __name__ == "__main__":
    main()

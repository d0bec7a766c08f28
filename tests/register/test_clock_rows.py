"""Sheet «Tạm dừng, gia hạn»: what stops, moves or ends a task, with every problem in its place."""

from datetime import date

import pytest

from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.register.rows import ClockRow
from tests.register.office_workbook import (
    OFFICER,
    PERSONS,
    RESULT,
    RESULTS,
    TASKS,
    only_problem,
    read,
    task,
)

CLOCKS = (
    "Mã nhiệm vụ", "Sự việc", "Từ ngày", "Lý do", "Ngày đề nghị", "Gia hạn đến ngày",
    "Số văn bản", "Người ghi", "Thứ tự vào sổ",
)  # fmt: skip


def read_clocks(folder, *rows, results=()):
    sheets = {"Cán bộ": [PERSONS, OFFICER], "Nhiệm vụ": [TASKS, task()]}
    if results:
        sheets["Kết quả"] = [(*RESULTS, "Thứ tự vào sổ"), *results]
    return read(folder, {**sheets, "Tạm dừng, gia hạn": [CLOCKS, *rows]})


def test_each_sort_of_event_is_read(tmp_path):
    register = read_clocks(
        tmp_path,
        ("NV-1", "Tạm dừng", "1/8/2018", "dịch bệnh", None, None, "1/QĐ", "cv1"),
        ("nv-1", "Tiếp tục sau tạm dừng", date(2018, 9, 3)),
        ("NV-1", "gia hạn", "1/10/2018", None, "20/9/2018", "31/5/2020"),
        ("NV-1", "Chấm dứt thực hiện", "5/11/2018", "không khả thi"),
    )
    assert register.problems == ()
    assert [clock.value for clock in register.clocks] == [
        ClockRow(
            "NV-1", EntryKind.SUSPENDED, date(2018, 8, 1), "dịch bệnh",
            document=Document("1/QĐ"), actor="cv1",
        ),
        ClockRow("NV-1", EntryKind.RESUMED, date(2018, 9, 3)),
        ClockRow(
            "NV-1", EntryKind.EXTENDED, date(2018, 10, 1), "", date(2018, 9, 20), date(2020, 5, 31)
        ),
        ClockRow("NV-1", EntryKind.TERMINATED, date(2018, 11, 5), "không khả thi"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (("NV-1", "Tạm dừng", "1/8/2018"), "Lý do", "«Tạm dừng» thì cần ghi «Lý do»"),
        (("NV-1", "Chấm dứt", "1/8/2018"), "Lý do", "«Chấm dứt» thì cần ghi «Lý do»"),
        (("NV-1", "Gia hạn", "1/8/2018", None, "1/7/2018"), "Gia hạn đến ngày", "cần ghi"),
        (("NV-1", "Tiếp tục", "1/8/2018", None, "1/7/2018"), "Ngày đề nghị", "thì để trống"),
        (("NV-1", "Nghỉ", "1/8/2018"), "Sự việc", "Tạm dừng; Tiếp tục; Gia hạn; Chấm dứt"),
        (("NV-1", "Tiếp tục", "31/2/2018"), "Từ ngày", "ngày có trong lịch"),
        (("NV-1", "Tiếp tục", None), "Từ ngày", "không được để trống"),
        (("NV-9", "Tiếp tục", "1/8/2018"), "Mã nhiệm vụ", "không có ở trang «Nhiệm vụ»"),
    ],
)
def test_what_is_wrong_is_told_with_its_cell(tmp_path, row, column, says):
    problem = only_problem(read_clocks(tmp_path, row))
    assert f"trang «Tạm dừng, gia hạn», dòng 2, cột «{column}»" in problem
    assert says in problem


def test_the_same_event_twice_names_both_rows(tmp_path):
    row = ("NV-1", "Tiếp tục", "1/8/2018")
    assert "dòng 3 đã có ở dòng 2" in only_problem(read_clocks(tmp_path, row, row))


def kinds(history):
    return [getattr(event.value, "kind", "result") for event in history]


def test_an_event_comes_after_what_happened_by_its_day(tmp_path):
    stop = ("NV-1", "Chấm dứt", "15/5/2019", "không khả thi")
    register = read_clocks(tmp_path, stop, results=[(*RESULT, None, None)])
    assert kinds(register.histories()["NV-1"]) == ["result", EntryKind.TERMINATED]


def test_the_rows_own_order_counts_where_every_row_has_one(tmp_path):
    pause = ("NV-1", "Tạm dừng", "20/5/2019", "chờ", None, None, None, None)
    for turns, first in (((2, 1), EntryKind.SUSPENDED), ((None, 1), "result")):
        results = [(*RESULT, None, None, turns[0])]
        register = read_clocks(tmp_path, (*pause, turns[1]), results=results)
        assert kinds(register.histories()["NV-1"])[0] == first

"""Ghi sổ minh họa Cao Bằng 2019: python samples/cao_bang_2019/make_sample.py [thư mục]."""

import sys
from pathlib import Path

import activity_list
import task_lists
from office_sheet import Layout, Row, add_sheet, save
from openpyxl import Workbook

HERE = Path(__file__).parent


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    folder.mkdir(parents=True, exist_ok=True)
    tasks = (
        (task_lists.PERSONS_LAYOUT, task_lists.PERSONS),
        (task_lists.TASKS_LAYOUT, task_lists.task_rows()),
        (task_lists.RESULTS_LAYOUT, task_lists.result_rows()),
    )
    _write(folder / "nhiem-vu.xlsx", tasks)
    _write(folder / "hoat-dong.xlsx", ((activity_list.LAYOUT, activity_list.activity_rows()),))


def _write(path: Path, sheets: tuple[tuple[Layout, tuple[Row, ...] | list[Row]], ...]) -> None:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for layout, rows in sheets:
        add_sheet(workbook, layout, rows)
    save(workbook, path)
    print(f"Đã ghi {path}")


if __name__ == "__main__":
    main()

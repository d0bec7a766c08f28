from datetime import date

import pytest

from khcn_workflow.register.cells import (
    BrokenCellError,
    UnfinishedFormula,
    UnreadableError,
    check_whole,
    cleaned,
    read_count,
    read_text,
)


@pytest.mark.parametrize(
    ("written", "count"),
    [(37, 37), ("09", 9), ("1.000", 1000), ("1.000 cuốn", 1000), ("37 lô hàng", 37), (5.0, 5)],
)
def test_a_count_may_say_what_it_counts(written, count):
    assert read_count(written) == count


@pytest.mark.parametrize("written", ["vài", "3,5", 3.5, -1, True, "17/19"])
def test_what_is_no_count_is_refused(written):
    with pytest.raises(UnreadableError, match="cần số đếm"):
        read_count(written)


def test_text_is_composed_trimmed_and_without_invisible_marks():
    assert cleaned("  Nhiê\u0323m vu\u0323 \u00a0 1\u200b ") == "Nhiệm vụ 1"
    assert cleaned("\u00d0X-2020-01") == "ĐX-2020-01"


def test_a_whole_number_in_a_text_column_has_no_decimals():
    assert read_text(12.0) == "12"


def test_a_number_that_excel_made_a_date_is_refused_as_text():
    with pytest.raises(UnreadableError, match="Excel đã đổi thành ngày"):
        read_text(date(2019, 6, 12))


@pytest.mark.parametrize("value", ["#REF!", "#N/A", "#DIV/0!", UnfinishedFormula("=A1+1")])
def test_a_cell_without_a_value_is_refused(value):
    with pytest.raises(BrokenCellError):
        check_whole(value)

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH, to_excel

from khcn_workflow.register.cells import (
    FIRST_YEAR,
    LAST_YEAR,
    BrokenCellError,
    Edge,
    ImplausibleError,
    UnfinishedFormula,
    UnreadableError,
    check_whole,
    cleaned,
    read_count,
    read_day,
    read_money,
    read_months,
    read_span,
    read_text,
    read_year,
    unit_of,
)

DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
MID_MAY = date(2019, 5, 15)


@pytest.mark.parametrize(
    "written",
    [
        "15/05/2019",
        "15/5/2019",
        "15/5/19",
        "15-05-2019",
        "15.05.2019",
        " 15 / 5 / 2019 ",
        "ngày 15/5/2019",
        "Ngày 15 tháng 5 năm 2019",
        "2019-05-15",
        "15/05/2019 00:00:00",
        "15/5/2019.",
        datetime(2019, 5, 15, 8, 30),  # noqa: DTZ001 Excel keeps no time zone
        MID_MAY,
        43600,
        43600.75,
    ],
)
def test_a_day_is_read_however_an_office_writes_it(written):
    assert read_day(written) == MID_MAY


@pytest.mark.parametrize(
    "written",
    ["31/02/2019", "05/31/2019", "15/5", "hôm qua", "tháng 5/2019", 2019, True, time(8), "", 0.5],
)
def test_what_is_no_day_is_refused_with_what_is_expected(written):
    with pytest.raises(UnreadableError, match="cần ngày có trong lịch"):
        read_day(written)


def test_the_refusal_shows_what_was_read():
    with pytest.raises(UnreadableError) as refusal:
        read_day("31/02/2019")
    assert str(refusal.value) == (
        "không đọc được «31/02/2019»; cần ngày có trong lịch, ghi ngày/tháng/năm, ví dụ 15/05/2019."
    )


@pytest.mark.parametrize("written", ["15/5/2109", "15/5/1905", date(2091, 1, 1), 3000])
def test_a_year_that_cannot_be_meant_is_refused(written):
    with pytest.raises(ImplausibleError, match="không hợp lý: năm"):
        read_day(written)


@given(DAYS, st.sampled_from(["{0.day}/{0.month}/{0.year}", "{0:%d-%m-%Y}", "{0:%d.%m.%Y}"]))
def test_every_day_comes_back_from_its_text(on, shape):
    assert read_day(shape.format(on)) == on


@given(DAYS)
def test_every_day_comes_back_from_its_serial_number(on):
    assert read_day(to_excel(on)) == on
    assert read_day(to_excel(on, MAC_EPOCH), epoch=MAC_EPOCH) == on


@pytest.mark.parametrize("written", ["tháng 2/2020", "2/2020", "02-2020", "tháng 2 năm 2020"])
def test_a_month_stands_for_its_first_or_last_day(written):
    assert read_day(written, Edge.FIRST) == date(2020, 2, 1)
    assert read_day(written, Edge.LAST) == date(2020, 2, 29)


def test_a_thirteenth_month_is_refused():
    with pytest.raises(UnreadableError, match="hoặc tháng 5/2019"):
        read_day("tháng 13/2019", Edge.LAST)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("8/2008-9/2010", date(2008, 8, 1), date(2010, 9, 30)),
        ("08/2018 – 02/2020", date(2018, 8, 1), date(2020, 2, 29)),
        ("từ tháng 8/2018 đến tháng 7/2020", date(2018, 8, 1), date(2020, 7, 31)),
        ("01/08/2018-15/07/2020", date(2018, 8, 1), date(2020, 7, 15)),
        ("2018-2020", date(2018, 1, 1), date(2020, 12, 31)),
    ],
)
def test_a_range_of_months_runs_from_first_to_last_day(written, first, last):
    assert read_span(written) == (first, last)


@pytest.mark.parametrize("written", ["24 tháng", "8/2018", 24, "8/2018-13/2020"])
def test_what_is_no_range_is_refused(written):
    with pytest.raises(UnreadableError):
        read_span(written)


def test_a_range_does_not_end_before_it_begins():
    with pytest.raises(ImplausibleError, match="kết thúc trước khi bắt đầu"):
        read_span("9/2010-8/2008")


@pytest.mark.parametrize(
    ("written", "months"),
    [
        (24, 24), (24.0, 24), ("24", 24), ("24 tháng", 24), ("24tháng", 24), ("2 năm", 24),
        ("1,5 năm", 18), ("2 năm 6 tháng", 30), ("02 năm và 6 tháng", 30),
    ],
)  # fmt: skip
def test_a_length_is_read_in_months(written, months):
    assert read_months(written) == months


@pytest.mark.parametrize("written", ["lâu dài", "1,3 năm", "24 ngày", "", 24.5])
def test_what_is_no_length_is_refused(written):
    with pytest.raises(UnreadableError, match="cần số tháng"):
        read_months(written)


@pytest.mark.parametrize("written", [0, 2019, "30 năm"])
def test_a_length_that_cannot_be_meant_is_refused(written):
    with pytest.raises(ImplausibleError, match="từ 1 đến 180 tháng"):
        read_months(written)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("980 triệu", 980_000_000), ("980 tr", 980_000_000), ("980 tr.đ", 980_000_000),
        ("06 triệu đồng", 6_000_000), ("8,2 tỷ", 8_200_000_000), ("8.2 tỉ đồng", 8_200_000_000),
        ("1.250 triệu", 1_250_000_000), ("1 tỷ 250 triệu", 1_250_000_000),
        ("980.000.000 đồng", 980_000_000), ("980.000.000", 980_000_000),
        ("980,000,000 VND", 980_000_000), ("980.000.000đ", 980_000_000),
        (980_000_000, 980_000_000), (980_000_000.0, 980_000_000), ("500 nghìn", 500_000), (0, 0),
    ],
)  # fmt: skip
def test_money_is_read_however_an_office_writes_it(written, amount):
    assert read_money(written) == amount


@pytest.mark.parametrize(
    ("title", "written", "amount"),
    [
        ("Kinh phí (triệu đồng)", 980, 980_000_000),
        ("Kinh phí (tr.đ)", "1.250,5", 1_250_500_000),
        ("Kinh phí (tỷ đồng)", 8.2, 8_200_000_000),
        ("Kinh phí (triệu đồng)", "8,2 tỷ", 8_200_000_000),
        ("Kinh phí (đồng)", 980_000_000, 980_000_000),
        ("Kinh phí", 980_000_000, 980_000_000),
    ],
)
def test_a_number_is_counted_in_what_the_title_says(title, written, amount):
    assert read_money(written, unit_of(title)) == amount


@pytest.mark.parametrize("written", ["nhiều", "", "tỷ", "1 tỷ 250", "1 triệu 2 tỷ", True, "12 $"])
def test_what_is_no_amount_is_refused(written):
    with pytest.raises(UnreadableError, match="cần số tiền"):
        read_money(written)


def test_a_comma_that_could_mean_two_amounts_is_refused():
    with pytest.raises(UnreadableError, match="có thể hiểu hai cách"):
        read_money("1,250 triệu")


@pytest.mark.parametrize("written", [980, "980 đồng", "8.250 tỷ", -5_000_000, 1_000_000.5])
def test_an_amount_that_cannot_be_meant_is_refused(written):
    with pytest.raises(ImplausibleError, match="số tiền"):
        read_money(written)


@given(st.integers(1, 999_999))
def test_every_amount_in_millions_comes_back_from_its_text(millions):
    dotted = f"{millions:,}".replace(",", ".")
    written = (f"{dotted} triệu", f"{dotted}.000.000 đồng", f"{millions} tr", millions * 1_000_000)
    assert {read_money(value) for value in written} == {millions * 1_000_000}


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


@pytest.mark.parametrize("written", [2019, "2019", "năm 2019", "KH 2019", 2019.0])
def test_a_plan_year_is_read(written):
    assert read_year(written) == 2019


def test_a_plan_year_must_be_one_year_that_can_be_meant():
    with pytest.raises(UnreadableError, match="cần một năm"):
        read_year("2018-2019")
    with pytest.raises(ImplausibleError):
        read_year(2109)


def test_text_is_composed_trimmed_and_without_invisible_marks():
    decomposed = " Đề\u0300 ta\u0300i\u200b \u00a0 minh họa "
    assert cleaned("  Nhiê\u0323m vu\u0323 \u00a0 1\u200b ") == "Nhiệm vụ 1"
    assert cleaned(decomposed).startswith("Đề")
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

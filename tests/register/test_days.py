from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH, to_excel

from khcn_workflow.register.cells import (
    ImplausibleError,
    UnreadableError,
)
from khcn_workflow.register.days import (
    FIRST_YEAR,
    LAST_YEAR,
    Edge,
    read_day,
    read_months,
    read_span,
    read_year,
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


@pytest.mark.parametrize("written", [2019, "2019", "năm 2019", "KH 2019", 2019.0])
def test_a_plan_year_is_read(written):
    assert read_year(written) == 2019


def test_a_plan_year_must_be_one_year_that_can_be_meant():
    with pytest.raises(UnreadableError, match="cần một năm"):
        read_year("2018-2019")
    with pytest.raises(ImplausibleError):
        read_year(2109)

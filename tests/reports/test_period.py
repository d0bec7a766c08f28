"""Which days a report covers and what its period is called."""

from datetime import date

import pytest

from khcn_workflow.reports.period import (
    CutOffError,
    PeriodError,
    day_before,
    parse_period,
    with_cut_off,
    year_before,
)


@pytest.mark.parametrize(
    ("text", "first", "last", "label", "following"),
    [
        ("2019-H1", date(2018, 12, 15), date(2019, 6, 14), "6 tháng đầu năm 2019",
         "6 tháng cuối năm 2019"),
        ("2019-h2", date(2019, 6, 15), date(2019, 12, 14), "6 tháng cuối năm 2019",
         "6 tháng đầu năm 2020"),
        ("2019", date(2018, 12, 15), date(2019, 12, 14), "năm 2019", "năm 2020"),
        ("2019-Q1", date(2018, 12, 15), date(2019, 3, 14), "quý I năm 2019", "quý II năm 2019"),
        ("2019-Q4", date(2019, 9, 15), date(2019, 12, 14), "quý IV năm 2019", "quý I năm 2020"),
        ("2019-06", date(2019, 5, 15), date(2019, 6, 14), "tháng 6 năm 2019", "tháng 7 năm 2019"),
        ("2019-9m", date(2018, 12, 15), date(2019, 9, 14), "9 tháng đầu năm 2019",
         "3 tháng cuối năm 2019"),
        ("2019-03-01..2019-05-20", date(2019, 3, 1), date(2019, 5, 20),
         "từ ngày 01/3/2019 đến ngày 20/5/2019", "thời gian tới"),
        ("2019-H1@2019-06-20", date(2018, 12, 15), date(2019, 6, 20), "6 tháng đầu năm 2019",
         "6 tháng cuối năm 2019"),
        ("2019-12", date(2019, 11, 15), date(2019, 12, 14), "tháng 12 năm 2019",
         "tháng 1 năm 2020"),
    ],
)  # fmt: skip
def test_a_period_has_the_cut_offs_of_decree_09(text, first, last, label, following):
    period = parse_period(text)
    assert (period.first, period.last, period.label, period.next_label) == (
        first,
        last,
        label,
        following,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019-H3",
        "2019-13",
        "nửa đầu 2019",
        "19-H1",
        "2019-6M",
        "2019-02-30..2019-03-01",
        "2019-05-02..2019-05-01",
        "2019-H1@",
        "2019-H1@hôm nay",
    ],
)
def test_an_unknown_period_is_refused_with_the_ways_to_write_one(text):
    with pytest.raises(PeriodError, match="2019-H1"):
        parse_period(text)


def test_the_half_years_meet_without_gap_or_overlap():
    first, second = parse_period("2020-H1"), parse_period("2020-H2")
    assert (second.first - first.last).days == 1
    assert (parse_period("2021-H1").first - second.last).days == 1


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("2019-H1", "2019-H2"), ("2019-H2", "2020-H1"), ("2019-Q4", "2020-Q1"),
        ("2019-11", "2019-12"), ("2019-12", "2020-01"), ("2019", "2020"),
    ],
)  # fmt: skip
def test_the_period_that_follows_ends_at_its_own_cut_off(text, following):
    assert parse_period(text).next_last == parse_period(following).last


def test_nine_months_are_followed_by_the_rest_of_the_year():
    assert parse_period("2019-9M").next_last == parse_period("2019").last


def test_any_days_are_followed_by_as_many():
    assert parse_period("2019-03-01..2019-03-10").next_last == date(2019, 3, 20)


def test_another_cut_off_is_written_behind_the_period_and_leaves_its_name():
    period = parse_period(with_cut_off("2019-H1@2019-06-18", date(2019, 6, 20)))
    assert (period.id, period.name) == ("2019-H1@2019-06-20", "2019-H1")
    assert parse_period("2019-h1@2019-06-20") == period


def test_a_cut_off_before_the_period_is_refused():
    with pytest.raises(CutOffError, match="01/12/2018 ở trước ngày đầu kỳ"):
        parse_period("2019-H1@2018-12-01")


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("2019-H1", "2018-H1"), ("2019", "2018"), ("2019-9M", "2018-9M"), ("2019-06", "2018-06"),
        ("2020-02-29..2020-05-20", "2019-02-28..2019-05-20"),
        ("2020-Q1@2020-02-29", "2019-Q1@2019-02-28"),
    ],
)  # fmt: skip
def test_the_same_period_of_the_year_before(text, earlier):
    assert year_before(parse_period(text)) == parse_period(earlier)


def test_the_same_day_of_the_year_before():
    assert [day_before(d) for d in (date(2020, 2, 29), date(2019, 6, 10))] == [
        date(2019, 2, 28),
        date(2018, 6, 10),
    ]

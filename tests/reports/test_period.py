"""Which days a report covers and what its period is called."""

from datetime import date

import pytest

from khcn_workflow.reports.period import PeriodError, parse_period


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


@pytest.mark.parametrize("text", ["", "2019-H3", "2019-13", "nửa đầu 2019", "19-H1"])
def test_an_unknown_period_is_refused_with_the_ways_to_write_one(text):
    with pytest.raises(PeriodError, match="2019-H1"):
        parse_period(text)


def test_the_half_years_meet_without_gap_or_overlap():
    first, second = parse_period("2020-H1"), parse_period("2020-H2")
    assert (second.first - first.last).days == 1
    assert (parse_period("2021-H1").first - second.last).days == 1

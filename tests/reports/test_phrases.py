"""Titles, papers and money inside sentences."""

from datetime import date

import pytest

from khcn_workflow.domain.ledger import Document
from khcn_workflow.reports.phrases import (
    in_sentence,
    led,
    long_day,
    money,
    month_of,
    paper,
    sentence,
    with_paper,
    without,
)
from tests.reports.builder import activity


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Tổ chức Lễ kỷ niệm.", "tổ chức Lễ kỷ niệm"),
        ("Lễ kỷ niệm", "tổ chức Lễ kỷ niệm"),
        ("Dự án cấp nước", "tổ chức dự án cấp nước"),
    ],
)
def test_a_title_with_a_verb_of_its_own_takes_no_other(title, written):
    assert led(title, "tổ chức ") == written


def test_names_keep_their_capital_inside_a_sentence():
    assert in_sentence("Quyết định thành lập") == "Quyết định thành lập"
    assert in_sentence("Đánh giá sáng kiến") == "đánh giá sáng kiến"


def test_what_the_sentence_says_already_is_taken_from_the_title():
    assert without("Thẩm định công nghệ: Dự án A", "Thẩm định công nghệ") == "Dự án A"


@pytest.mark.parametrize(
    ("number", "issuer", "written"),
    [
        ("491/QĐ-UBND", "UBND tỉnh", "Quyết định số 491/QĐ-UBND ngày 25/4/2019 của UBND tỉnh"),
        ("729/SKHĐT-THQH", "", "Công văn số 729/SKHĐT-THQH ngày 25/4/2019"),
        ("Quyết định số 5/QĐ-SKHCN", "", "Quyết định số 5/QĐ-SKHCN ngày 25/4/2019"),
        ("", "UBND tỉnh", ""),
    ],
)
def test_a_paper_is_named_by_sort_number_day_and_issuer(number, issuer, written):
    assert paper(Document(number, date(2019, 4, 25), issuer)) == written


def test_the_number_of_a_paper_goes_into_its_title_once():
    document = Document("01/2019/QĐ-UBND", date(2019, 1, 30), "UBND tỉnh")
    full = "Quyết định số 01/2019/QĐ-UBND ngày 30/01/2019 của UBND tỉnh quy định mức chi"
    titles = ("Quyết định của UBND tỉnh quy định mức chi", "Quyết định quy định mức chi", full)
    for title in titles:
        assert with_paper(activity("H", "van-ban-qppl", title, document=document)) == full


def test_days_and_months_have_a_zero_only_where_officers_write_one():
    assert long_day(date(2019, 2, 5)) == "05 tháng 02 năm 2019"
    assert long_day(date(2019, 5, 15)) == "15 tháng 5 năm 2019"
    assert [month_of(date(2019, 6, 1)), month_of(date(2019, 2, 1))] == [
        "tháng 6/2019",
        "tháng 02/2019",
    ]


def test_money_is_in_millions_where_it_can_be():
    assert [money(6_000_000), money(6_500_000)] == ["06 triệu đồng", "6.500.000 đồng"]


def test_a_footnote_ends_once():
    assert [sentence("kim tín.;"), sentence("")] == ["Kim tín.", ""]

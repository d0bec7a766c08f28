"""How an officer reads and writes dates, counts and words."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn_workflow.domain import vietnamese


def test_text_is_composed_and_its_white_space_made_one_space():
    decomposed = unicodedata.normalize("NFD", "Nhiệm vụ")
    assert vietnamese.nfc(f" \t{decomposed}\u00a0\n  số 1 ") == "Nhiệm vụ số 1"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Đề tài đã ký", "de-tai-da-ky"),
        ("  NV-2019/01: Nuôi CÁ lồng... ", "nv-2019-01-nuoi-ca-long"),
        ("ĐƯỜNG ở Thượng Hạ ỹ", "duong-o-thuong-ha-y"),
        ("!?", ""),
    ],
)
def test_a_slug_is_ascii_words_joined_by_hyphens(text, slug):
    assert vietnamese.slug(text) == slug
    assert vietnamese.slug(unicodedata.normalize("NFD", text)) == slug


def test_words_are_compared_without_diacritics_case_or_punctuation():
    assert vietnamese.folded("Phòng  Quản lý Khoa học") == "phong quan ly khoa hoc"
    assert vietnamese.folded("đơn-vị: ĐÀ BẮC") == "don vi da bac"


@given(st.text())
def test_a_slug_of_a_slug_is_the_slug(text):
    once = vietnamese.slug(text)
    assert (vietnamese.slug(once), once.isascii()) == (once, True)


@pytest.mark.parametrize(
    "text", ["05/03/2019", "5/3/2019", "5-3-2019", "05.03.2019", " 5/3/2019\n", "2019-03-05",
             " 2019-03-05 "]
)  # fmt: skip
def test_a_day_is_read_the_vietnamese_way_or_in_iso(text):
    assert vietnamese.read_day(text) == date(2019, 3, 5)


@pytest.mark.parametrize(
    "text", ["", "31/02/2021", "5/13/2019", "5/3/19", "5/3/20190", "005/3/2019", "5 3 2019", "mai"]
)
def test_what_is_no_day_is_not_guessed(text):
    with pytest.raises(ValueError, match="out of range|must be in|isoformat"):
        vietnamese.read_day(text)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_back_as_it_was_written(on):
    assert vietnamese.read_day(vietnamese.day(on)) == on


def test_a_day_is_written_with_two_digits_for_day_and_month():
    assert vietnamese.day(date(2019, 3, 5)) == "05/03/2019"


def test_the_days_of_a_week_have_their_names():
    assert [vietnamese.weekday(date(2019, 6, day)) for day in range(3, 10)] == [
        "thứ Hai",
        "thứ Ba",
        "thứ Tư",
        "thứ Năm",
        "thứ Sáu",
        "thứ Bảy",
        "Chủ nhật",
    ]


@pytest.mark.parametrize(
    ("on", "written"),
    [
        (date(2019, 1, 9), "09/01/2019"),
        (date(2019, 2, 10), "10/02/2019"),
        (date(2019, 3, 1), "01/3/2019"),
        (date(2019, 10, 31), "31/10/2019"),
    ],
)
def test_a_report_writes_a_zero_only_before_small_days_and_the_first_two_months(on, written):
    assert vietnamese.report_day(on) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "00"),
        (9, "09"),
        (10, "10"),
        (-1, "-1"),
        (999, "999"),
        (1000, "1.000"),
        (1_234_567, "1.234.567"),
    ],
)
def test_a_report_writes_counts_with_two_digits_and_dots(number, written):
    assert vietnamese.count(number) == written


def test_money_is_written_with_dots_and_its_unit():
    assert vietnamese.dong(1_250_000_000) == "1.250.000.000 đồng"
    assert vietnamese.dong(500) == "500 đồng"

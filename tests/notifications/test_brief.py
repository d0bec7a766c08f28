import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.brief import fit, one_value, size

words = st.text("aăâđêôơư ếệ\n.,😀", max_size=300)


def test_a_short_text_is_kept_and_the_link_stands_below_it():
    assert fit(" Quá hạn 3 ngày.\n", "https://so.example/7") == (
        "Quá hạn 3 ngày.\n\nhttps://so.example/7"
    )


def test_a_long_text_is_cut_after_a_whole_word_and_keeps_its_link():
    text = "Đề nghị hoàn thành bước này trong thời gian sớm nhất"
    assert fit(text, "https://so.example", limit=50) == (
        "Đề nghị hoàn thành bước này…\n\nhttps://so.example"
    )


def test_a_text_that_just_fits_is_not_cut():
    assert fit("một hai", limit=7) == "một hai"
    assert fit("một hai ba", limit=8) == "một hai…"


def test_a_cut_does_not_leave_a_comma_before_the_dots():
    assert fit("thứ Tư, ngày 08/05", limit=10) == "thứ Tư…"


def test_a_word_longer_than_the_limit_is_broken():
    assert fit("x" * 50, limit=10) == "x" * 9 + "…"


def test_decomposed_vietnamese_is_composed_before_it_is_counted():
    composed = "ế" * 2000
    assert fit(unicodedata.normalize("NFD", composed)) == composed


def test_a_picture_counts_as_two():
    assert size("a😀") == 3
    assert fit("😀" * 10, limit=10) == "😀" * 4 + "…"


def test_a_link_that_leaves_no_room_is_an_error():
    with pytest.raises(ValueError, match="2000 ký tự"):
        fit("x", "https://so.example/" + "y" * 2000)


def test_a_value_of_a_template_is_one_line():
    assert one_value(" Quá hạn\n 3 ngày ") == "Quá hạn 3 ngày"


@given(words, st.integers(30, 120))
def test_no_text_is_longer_than_its_limit_and_none_is_cut_inside_a_word(text, limit):
    cut = fit(text, "https://so.example", limit)
    body = cut.removesuffix("https://so.example").removesuffix("\n\n")
    assert size(cut) <= limit
    assert unicodedata.is_normalized("NFC", cut)
    if body.endswith("…"):
        kept, whole = body[:-1].split(), unicodedata.normalize("NFC", text).split()
        assert kept[:-1] == whole[: len(kept) - 1]
        assert not kept or whole[len(kept) - 1].startswith(kept[-1])

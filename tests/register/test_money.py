import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn_workflow.register.cells import ImplausibleError, UnreadableError
from khcn_workflow.register.money import read_money, unit_of


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

"""A report whose numbers contradict each other is not written."""

from dataclasses import replace

import pytest

from khcn_workflow.reports.facts import gather
from khcn_workflow.reports.figures import Figure
from khcn_workflow.reports.invariants import InvariantError, check
from tests.reports import builder as b


@pytest.fixture(scope="module")
def figures():
    return gather(b.seed_input()).figures


def test_the_numbers_of_the_seed_fit_together(figures):
    check(figures)


def without_last(figure):
    return replace(figure, value=figure.value - 1, rows=figure.rows[:-1])


@pytest.mark.parametrize(
    ("figure", "named"),
    [
        ("new_no_dossier", "7 + 0 + 0 + 0 khác 8"),
        ("new_council_done", "6 + 1 + 0 + 0 khác 8"),
        ("new_pending", "2 + 4 + 0 khác 7"),
        ("rural_central", "1 + 2 khác 4"),
    ],
)
def test_parts_that_do_not_make_their_whole_are_named(figures, figure, named):
    broken = {**figures, figure: without_last(figures[figure])}
    with pytest.raises(InvariantError) as refused:
        check(broken)
    assert named in str(refused.value)
    assert figure in refused.value.figures


def test_a_number_that_is_not_its_list_is_named(figures):
    broken = {**figures, "carried": replace(figures["carried"], value=31)}
    with pytest.raises(InvariantError, match="là 31 nhưng danh sách có 30 dòng"):
        check(broken)


def test_a_part_greater_than_its_whole_is_named(figures):
    broken = {**figures, "goods_failed": replace(figures["goods_failed"], value=38)}
    with pytest.raises(InvariantError, match="38, nhiều hơn tổng 37"):
        check(broken)


def test_a_contract_of_a_task_that_was_not_appraised_is_named(figures):
    stray = Figure("new_contracted", "Đã ký hợp đồng", 1, rows=("DH-07",))
    with pytest.raises(InvariantError, match="DH-07"):
        check({**figures, "new_contracted": stray})


def test_a_row_counted_twice_is_named(figures):
    twice = Figure("checked", "Kiểm tra", 2, rows=("CB-27", "CB-27"))
    with pytest.raises(InvariantError, match="hai lần"):
        check({**figures, "checked": twice})


def test_more_places_than_lots_are_refused(figures):
    with pytest.raises(InvariantError, match="số cơ sở"):
        check({**figures, "goods_places": replace(figures["goods_places"], value=38)})


def test_a_negative_number_is_refused(figures):
    with pytest.raises(InvariantError, match="số âm"):
        check({**figures, "copies": replace(figures["copies"], value=-1)})

"""A report whose numbers contradict each other is not written."""

from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.ledger import Document
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
    more = replace(figures["goods_places"], value=38, amounts=(38,))
    with pytest.raises(InvariantError, match="số cơ sở"):
        check({**figures, "goods_places": more})


def test_a_negative_number_is_refused(figures):
    with pytest.raises(InvariantError, match="số âm"):
        check({**figures, "copies": replace(figures["copies"], value=-1)})


def test_a_sum_that_its_rows_do_not_make_is_named(figures):
    with pytest.raises(InvariantError, match="cộng lại là 37"):
        check({**figures, "goods_lots": replace(figures["goods_lots"], value=40)})


def test_a_longest_delay_that_no_row_has_is_named(figures):
    longest = replace(figures["late_internal_days"], value=1)
    with pytest.raises(InvariantError, match="dòng lớn nhất"):
        check({**figures, "late_internal_days": longest})


def test_a_whole_that_is_printed_otherwise_beside_its_part_is_named(figures):
    with pytest.raises(InvariantError, match="là 07/09 nhưng"):
        check({**figures, "new_council_done": replace(figures["new_council_done"], of=9)})


def test_a_row_with_more_failed_lots_than_lots_is_named(figures):
    lots = replace(figures["goods_lots"], rows=("HĐ-17", "Z"), amounts=(2, 35))
    with pytest.raises(InvariantError, match="HĐ-17 có 3"):
        check({**figures, "goods_lots": lots})


@pytest.mark.parametrize("whole", ["inspections", "works", "reorganisations", "legal_drafts"])
def test_stages_make_the_whole_of_their_kind(figures, whole):
    more = (*figures[whole].rows, "Z")
    with pytest.raises(InvariantError, match=whole):
        check({**figures, whole: Figure(whole, "Tổng", len(more), rows=more)})


ODD = [
    ("van-ban-den", {"document": Document("1/SKH", date(2019, 6, 12))}, "ký ngày 12/06/2019"),
    ("van-ban-qppl", {"stage": "da-ban-hanh", "on": date(2019, 5, 2),
                      "document": Document("12/QĐ-UBND", date(2019, 5, 2))}, "12/QĐ-UBND"),
    ("van-ban-qppl", {}, "chưa ghi giai đoạn"),
    ("xu-phat", {"amount_vnd": 0}, "mức phạt 0 đồng"),
    ("thanh-tra", {"quantity": 3, "place_count": 2}, "3 cuộc ở 2 nơi"),
    ("su-kien", {"title": "Lễ kỷ niệm 60 năm ngành (1959-2018)"}, "nhưng là 59 năm"),
    ("sap-nhap", {}, "chưa ghi giai đoạn"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "named"), ODD, ids=[named for _, _, named in ODD])
def test_a_row_that_cannot_be_stops_the_report_by_name(kind, given, named):
    row = b.activity("X-1", kind, **{"title": "Việc", "on": date(2019, 5, 5), **given})
    with pytest.raises(InvariantError, match="X-1") as refused:
        gather(b.report_input([], [row]))
    assert named in str(refused.value)


@pytest.mark.parametrize(("prefix", "title"), [("", "PHÓ GIÁM ĐỐC"), ("KT. GIÁM ĐỐC", "GIÁM ĐỐC")])
def test_a_signature_that_does_not_fit_its_signer_is_refused(prefix, title):
    given = b.report_input()
    agency = replace(given.agency, signer_prefix=prefix, signer_title=title)
    with pytest.raises(InvariantError, match="tệp cơ quan"):
        gather(replace(given, agency=agency))

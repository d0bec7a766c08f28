"""The stage of other work as of a day: moves are dated, corrections are not."""

from dataclasses import replace
from datetime import date

from khcn_workflow.domain.activities import Activity, standing_on
from khcn_workflow.domain.ledger import Document

MAY, JUNE, JULY = date(2019, 5, 10), date(2019, 6, 10), date(2019, 7, 15)
DRAFT = Activity("HĐ-1", "van-ban-qppl", "Quyết định", stage="dang-lay-y-kien")
ASKED = replace(DRAFT, stage="da-lay-y-kien")


def test_nothing_told_is_nothing():
    assert standing_on([], JUNE) is None


def test_what_was_told_first_stands_for_all_days_before():
    assert standing_on([(JULY, DRAFT)], JUNE) == DRAFT


def test_a_move_typed_after_the_day_is_not_yet_made():
    told = [(MAY, DRAFT), (JULY, ASKED)]
    assert [standing_on(told, day) for day in (JUNE, JULY)] == [DRAFT, ASKED]


def test_a_move_stands_on_its_own_date_however_late_it_was_typed():
    issued = replace(DRAFT, stage="da-ban-hanh", document=Document("05/2019/QĐ-UBND", JUNE))
    told = [(MAY, DRAFT), (JULY, issued)]
    assert [standing_on(told, day) for day in (MAY, JUNE)] == [DRAFT, issued]


def test_a_correction_counts_from_the_beginning():
    wrong = Activity("HĐ-2", "tin-bai", "Tin, bài", on=MAY, quantity=80)
    right = replace(wrong, quantity=88)
    assert standing_on([(MAY, wrong), (JULY, right)], JUNE) == right


def test_what_follows_a_move_that_is_not_yet_made_does_not_count():
    told = [(MAY, DRAFT), (JULY, ASKED), (JULY, replace(ASKED, title="Quyết định khác"))]
    assert standing_on(told, JUNE) == DRAFT

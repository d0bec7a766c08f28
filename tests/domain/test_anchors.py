from datetime import UTC, datetime

import pytest

from khcn_workflow.domain.anchors import (
    Anchor,
    AnchorUnreadableError,
    Occasion,
    RewrittenError,
    RowsGoneError,
    check_anchors,
    holding,
    read_anchor,
)

A, B, C = ("a" * 64, "b" * 64, "c" * 64)
LEDGER = {0: "0" * 64, 1: A, 2: B, 3: C}
NOON = datetime(2019, 6, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "anchor", [Anchor(3, C), Anchor(3, C, NOON, Occasion.FREEZE), Anchor(0, "0" * 64, NOON)]
)
def test_a_line_is_read_as_it_was_written(anchor):
    assert read_anchor(str(anchor)) == anchor


def test_rows_and_hash_alone_are_enough():
    assert read_anchor(f" 3:{C}\n") == Anchor(3, C)


@pytest.mark.parametrize(
    "line", ["", C, f"3:{C[1:]}", f"x:{C}", f"3:{C} 2019-99-99", f"3:{C} 2019-06-10 party"]
)
def test_another_line_is_refused_with_its_place(line):
    with pytest.raises(AnchorUnreadableError, match="tệp, dòng 2"):
        read_anchor(line, "tệp, dòng 2")


def test_notes_of_what_the_ledger_is_hold():
    check_anchors([Anchor(3, C), Anchor(1, A), Anchor(0, "0" * 64)], LEDGER)
    check_anchors([], {0: "0" * 64})


def test_rows_that_are_gone_are_named_up_to_the_longest_note():
    with pytest.raises(RowsGoneError, match="đã mất dòng 4–6"):
        check_anchors([Anchor(6, A), Anchor(4, B), Anchor(2, B)], LEDGER)
    with pytest.raises(RowsGoneError, match="đã mất dòng 4:"):
        check_anchors([Anchor(4, B)], LEDGER)


def test_rows_written_anew_lie_between_the_last_note_that_holds_and_the_first_that_does_not():
    with pytest.raises(RewrittenError, match="trong các dòng 2–3"):
        check_anchors([Anchor(3, A), Anchor(1, A)], LEDGER)
    with pytest.raises(RewrittenError, match="ở dòng 2:"):
        check_anchors([Anchor(2, A), Anchor(1, A)], LEDGER)


def test_a_restore_gives_up_the_notes_of_rows_it_lost_and_only_those():
    early, lost = Anchor(2, B), Anchor(5, C)
    restored, later = Anchor(3, C, NOON, Occasion.RESTORE), Anchor(4, A)
    assert holding([early, lost, restored, later]) == [early, restored, later]

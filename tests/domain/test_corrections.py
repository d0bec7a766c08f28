from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from khcn_workflow.domain.corrections import (
    check_history,
    correction,
    effective,
    replaced,
    settled_by,
    told,
    what,
)
from khcn_workflow.domain.errors import BeforeOpeningError, LaterRowFallsError
from khcn_workflow.domain.ledger import Document, EntryKind, Fact, LedgerEntry
from khcn_workflow.domain.progress import fold, registration
from tests.domain.small_rulebook import SMALL
from tests.domain.test_progress import TASK

NOON = datetime(2019, 3, 1, 5, tzinfo=UTC)
MARCH_1 = date(2019, 3, 1)
BOOKS = {"small": SMALL}


def rows(*facts: Fact) -> list[LedgerEntry]:
    """Facts as rows 1, 2, …, recorded an hour apart."""
    return [
        LedgerEntry(seq, NOON + timedelta(hours=seq), fact, "", "")
        for seq, fact in enumerate(facts, start=1)
    ]


def result(outcome: str, day: int, **more) -> Fact:
    return Fact(
        EntryKind.OUTCOME, TASK.code, date(2019, 3, day), "cv1", stage="contract",
        step="contract_signing", round=1, outcome=outcome, rulebook="small", **more
    )  # fmt: skip


SIGNED = result("signed", 5, data={"ends_on": "2021-03-05"}, document=Document("1/HĐ"))
RECEIVED = Fact(
    EntryKind.OUTCOME, TASK.code, date(2019, 3, 8), "cv1", step="report", round=1,
    outcome="received", rulebook="small",
)  # fmt: skip
ENTERED = registration(TASK, "contract_signing", MARCH_1, "cv1")


def corrected(of: list[LedgerEntry], seq: int, annuls: bool = False, **changes) -> Fact:
    one = next(one for one in told(of) if one.newest.seq == seq)
    fact = replace(one.fact, **changes)
    return correction(one, fact, "gõ nhầm", annuls=annuls, actor="tp")


def test_without_corrections_every_fact_holds():
    assert effective(rows(ENTERED, SIGNED, RECEIVED)) == [ENTERED, SIGNED, RECEIVED]


def test_a_corrected_fact_holds_at_its_own_place_with_what_was_not_corrected():
    first = rows(ENTERED, SIGNED, RECEIVED)
    row = corrected(first, 2, valid_on=date(2019, 3, 4))
    assert effective(rows(ENTERED, SIGNED, RECEIVED, row)) == [
        ENTERED,
        replace(SIGNED, valid_on=date(2019, 3, 4), actor="tp"),
        RECEIVED,
    ]


def test_an_annulled_fact_is_not_there():
    row = corrected(rows(ENTERED, SIGNED), 2, annuls=True)
    assert effective(rows(ENTERED, SIGNED, row)) == [ENTERED]


def test_a_correction_is_corrected_by_its_own_number_and_an_annulment_taken_back():
    first = rows(ENTERED, SIGNED)
    second = rows(ENTERED, SIGNED, corrected(first, 2, annuls=True))
    third = rows(*(e.fact for e in second), corrected(second, 3, valid_on=date(2019, 3, 6)))
    (_, held) = effective(third)
    assert (held.valid_on, held.document, held.data) == (
        date(2019, 3, 6), SIGNED.document, SIGNED.data,
    )  # fmt: skip
    assert [(by.seq, fact.valid_on) for by, fact in replaced(told(third))] == [
        (3, SIGNED.valid_on),
        (4, SIGNED.valid_on),
    ]


def test_only_corrections_known_at_the_instant_hold():
    row = corrected(rows(ENTERED, SIGNED), 2, annuls=True)
    all_rows = rows(ENTERED, SIGNED, row)
    assert effective(all_rows, known_at=all_rows[1].recorded_at) == [ENTERED, SIGNED]
    assert effective(all_rows, known_at=all_rows[2].recorded_at) == [ENTERED]


def test_a_correction_known_before_its_row_by_a_clock_set_back_says_nothing_yet():
    row = corrected(rows(ENTERED, SIGNED), 2, annuls=True)
    first, second, third = rows(ENTERED, SIGNED, row)
    third = replace(third, recorded_at=first.recorded_at)
    assert effective([first, second, third], known_at=first.recorded_at) == [ENTERED]


@pytest.mark.parametrize(("moved_to", "held"), [(3, 2), (20, 1)])
def test_until_looks_at_the_corrected_day(moved_to, held):
    row = corrected(rows(ENTERED, SIGNED), 2, valid_on=date(2019, 3, moved_to))
    assert len(effective(rows(ENTERED, SIGNED, row), until=date(2019, 3, 10))) == held


def test_a_later_row_that_could_not_stand_is_named():
    row = corrected(rows(ENTERED, SIGNED, RECEIVED), 2, outcome="refused")
    history = told(rows(ENTERED, SIGNED, RECEIVED, row))
    with pytest.raises(LaterRowFallsError, match="dòng 3 «?.*Báo cáo định kỳ: Đã nhận") as caught:
        check_history(history, 2, BOOKS, date(2019, 6, 1))
    assert caught.value.seq == 3


def test_a_correction_that_is_itself_impossible_is_refused_as_when_recorded():
    row = corrected(rows(ENTERED, SIGNED), 2, valid_on=date(2019, 2, 1))
    with pytest.raises(BeforeOpeningError):
        check_history(told(rows(ENTERED, SIGNED, row)), 2, BOOKS, date(2019, 6, 1))


def test_a_possible_history_makes_the_task_that_its_facts_make():
    row = corrected(rows(ENTERED, SIGNED, RECEIVED), 2, valid_on=date(2019, 3, 7))
    entries = rows(ENTERED, SIGNED, RECEIVED, row)
    assert check_history(told(entries), 2, BOOKS, date(2019, 6, 1)) == fold(
        effective(entries), BOOKS
    )


def test_a_correction_in_words():
    entries = rows(ENTERED, SIGNED)
    assert what(corrected(entries, 2), BOOKS) == "Ký hợp đồng: Sửa dòng 2: Đã ký"
    assert what(corrected(entries, 2, annuls=True), BOOKS) == "Ký hợp đồng: Hủy dòng 2: Đã ký"


def test_the_row_that_settled_a_step_is_found_or_else_the_one_that_ended_the_task():
    entries = rows(ENTERED, SIGNED, RECEIVED)
    assert settled_by(told(entries), "contract_signing", 0, BOOKS) == entries[1]
    assert settled_by(told(entries), "report", 1, BOOKS) == entries[2]
    assert settled_by(told(entries), "report", 2, BOOKS) is None
    ended = rows(ENTERED, result("refused", 5))
    assert settled_by(told(ended), "report", 0, BOOKS) == ended[1]

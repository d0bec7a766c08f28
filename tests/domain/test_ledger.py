from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from khcn_workflow.domain.errors import BrokenChainError
from khcn_workflow.domain.ledger import GENESIS, EntryKind, Fact, LedgerEntry, chained, verify


def chain(length: int) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    head = GENESIS
    for seq in range(1, length + 1):
        fact = Fact(EntryKind.OUTCOME, f"NV-{seq}", date(2019, 6, 3), "cv1", note="đã ký")
        entries.append(chained(fact, seq, datetime(2019, 6, 3, 8, seq, tzinfo=UTC), head))
        head = entries[-1].hash
    return entries


def test_a_whole_chain_verifies_to_its_last_hash():
    entries = chain(5)
    assert verify(entries) == (5, entries[-1].hash)


def test_an_empty_ledger_is_whole():
    assert verify([]) == (0, GENESIS)


def changed(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    altered = replace(entries[2], fact=replace(entries[2].fact, note="đã sửa"))
    return [*entries[:2], altered, *entries[3:]]


@pytest.mark.parametrize(
    ("tamper", "seq"),
    [
        (changed, 3),
        (lambda e: [*e[:2], *e[3:]], 3),
        (lambda e: [e[1], e[0], *e[2:]], 1),
        (lambda e: [*e[:1], replace(e[1], previous_hash="f" * 64), *e[2:]], 2),
        (lambda e: [*e[:4], replace(e[4], recorded_at=datetime(2019, 6, 4, tzinfo=UTC))], 5),
    ],
)
def test_the_first_row_that_was_tampered_with_is_named(tamper, seq):
    with pytest.raises(BrokenChainError) as caught:
        verify(tamper(chain(5)))
    assert caught.value.seq == seq

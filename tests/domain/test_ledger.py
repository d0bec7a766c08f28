from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from khcn_workflow.domain.errors import BrokenChainError
from khcn_workflow.domain.ledger import (
    GENESIS,
    Document,
    EntryKind,
    Fact,
    LedgerEntry,
    canonical,
    chained,
    verify,
)

RECORDED = datetime(2019, 6, 3, 8, 30, tzinfo=UTC)
FULL = Fact(
    EntryKind.OUTCOME,
    "NV-2019-01",
    date(2019, 6, 1),
    "cv1",
    stage="contract",
    step="contract_signing",
    round=2,
    outcome="signed",
    document=Document("12/HĐ", date(2019, 5, 31), "Sở KH&CN"),
    cause="bão",
    commitment=date(2019, 6, 30),
    note="đã ký",
    rulebook="cao-bang",
    data={"ends_on": "2021-06-01", "amount": 5},
    request_key="r1",
)
"""A fact with every attribute, as the ledger's rows of today keep it."""


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


MISSING = "Sổ cái không toàn vẹn ở dòng {}: thiếu dòng, gặp dòng {}."
LOOSE = "Sổ cái không toàn vẹn ở dòng {}: không nối với dòng trước."
ALTERED = "Sổ cái không toàn vẹn ở dòng {}: nội dung không khớp mã băm."


@pytest.mark.parametrize(
    ("tamper", "seq", "says"),
    [
        (changed, 3, ALTERED.format(3)),
        (lambda e: [*e[:2], *e[3:]], 3, MISSING.format(3, 4)),
        (lambda e: [e[1], e[0], *e[2:]], 1, MISSING.format(1, 2)),
        (lambda e: [e[0], e[0], *e[2:]], 2, MISSING.format(2, 1)),
        (
            lambda e: [*e[:1], replace(e[1], previous_hash="f" * 64), *e[2:]],
            2,
            LOOSE.format(2),
        ),
        (
            lambda e: [*e[:4], replace(e[4], recorded_at=datetime(2019, 6, 4, tzinfo=UTC))],
            5,
            ALTERED.format(5),
        ),
    ],
)
def test_the_first_row_that_was_tampered_with_is_named(tamper, seq, says):
    with pytest.raises(BrokenChainError) as caught:
        verify(tamper(chain(5)))
    assert (caught.value.seq, str(caught.value)) == (seq, says)


def test_a_row_has_one_text_for_all_time():
    assert canonical(7, RECORDED, FULL) == (
        '{"actor":"cv1","cause":"bão","commitment":"2019-06-30",'
        '"data":{"amount":5,"ends_on":"2021-06-01"},"document_issuer":"Sở KH&CN",'
        '"document_number":"12/HĐ","document_on":"2019-05-31","kind":"outcome","note":"đã ký",'
        '"outcome":"signed","recorded_at":"2019-06-03T08:30:00.000000+00:00",'
        '"request_key":"r1","round":2,"rulebook":"cao-bang","seq":7,"stage":"contract",'
        '"step":"contract_signing","subject":"NV-2019-01","valid_on":"2019-06-01"}'
    )


def test_what_a_fact_does_not_say_stands_in_its_text_as_nothing():
    bare = Fact(EntryKind.DELAY, "NV-2019-01", date(2019, 6, 1), "cv1")
    assert canonical(1, RECORDED, bare) == (
        '{"actor":"cv1","cause":"","commitment":null,"data":{},"document_issuer":"",'
        '"document_number":"","document_on":null,"kind":"delay","note":"","outcome":"",'
        '"recorded_at":"2019-06-03T08:30:00.000000+00:00","request_key":"","round":0,'
        '"rulebook":"","seq":1,"stage":"","step":"","subject":"NV-2019-01",'
        '"valid_on":"2019-06-01"}'
    )


def test_what_came_with_revision_0004_stands_in_the_text_only_where_it_says_something():
    document = replace(FULL.document, sha256="ab12")
    later = replace(FULL, role="van-thu", on_behalf_of="cv2", corrects=3, document=document)
    text = canonical(7, RECORDED, later)
    new = ['"corrects":3', '"document_sha256":"ab12"', '"on_behalf_of":"cv2"', '"role":"van-thu"']
    assert all(part in text for part in new)
    assert len(text) == len(canonical(7, RECORDED, FULL)) + sum(map(len, new)) + len(new)


def test_a_row_is_chained_by_the_hash_of_the_row_before_and_its_own_text():
    text = f"{GENESIS}\n{canonical(1, RECORDED, FULL)}"
    assert chained(FULL, 1, RECORDED, GENESIS) == LedgerEntry(
        1, RECORDED, FULL, "0" * 64, sha256(text.encode("utf-8")).hexdigest()
    )


def test_rows_of_an_older_ledger_still_verify():
    """The hash was taken once and for all: when it changes, every ledger is broken."""
    assert (
        chained(FULL, 1, RECORDED, GENESIS).hash
        == "5b6e5a80c1eca4f1a282efebfcd252f7d616ffd2ccdd73e4bc9e08cbb22d5809"
    )


def test_every_kind_of_row_has_words_for_an_officer():
    assert {kind.value: kind.label for kind in EntryKind} == {
        "person": "Ghi cán bộ",
        "registered": "Vào sổ nhiệm vụ",
        "amended": "Sửa thông tin nhiệm vụ",
        "outcome": "Kết quả bước",
        "delay": "Giải trình chậm",
        "activity": "Hoạt động khác",
        "suspended": "Tạm dừng",
        "resumed": "Tiếp tục sau tạm dừng",
        "extended": "Gia hạn hợp đồng",
        "terminated": "Chấm dứt thực hiện",
        "reprojected": "Tính lại thời hạn",
        "frozen": "Chốt báo cáo",
        "corrected": "Sửa dòng đã ghi",
        "assigned": "Giao người theo dõi",
        "imported": "Nhập sổ Excel",
        "delegated": "Ủy quyền",
        "absent": "Vắng mặt",
        "refused": "Từ chối ghi",
        "edited": "Sửa lời báo cáo",
        "snoozed": "Hoãn nhắc",
    }

"""Who may record what: every role against every kind of deed, and delegations at their edges."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn_workflow.domain.authority import (
    Deed,
    Granted,
    NotAuthorisedError,
    Speaker,
    UnknownSpeakerError,
    decide,
)
from khcn_workflow.domain.ledger import Document, EntryKind, Fact
from khcn_workflow.domain.recorders import DECIDING, RECORDING
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.domain.staff import Delegation, Staff

DAY = date(2026, 11, 24)
SCIENCE, OFFICE = "Phòng Quản lý khoa học", "Văn phòng"


def person(code: str, role: Role, division: str = SCIENCE, account: str = "") -> Person:
    return Person(code, code.upper(), role, division, "", account)


PEOPLE = {
    p.code: p
    for p in (
        person("cv1", Role.OFFICER),
        person("cv2", Role.OFFICER),
        person("tp", Role.HEAD_OF_DIVISION),
        person("tp2", Role.HEAD_OF_DIVISION, "Thanh tra"),
        person("gd", Role.DIRECTOR, "Lãnh đạo Sở"),
        person("vt", Role.CLERK, OFFICE),
        person("qt", Role.ADMINISTRATOR, OFFICE),
        person("xem", Role.VIEWER),
    )
}
STAFF = Staff(PEOPLE)


def deed(roles=RECORDING, document: str = "", owner: str = "cv1") -> Deed:
    fact = Fact(EntryKind.OUTCOME, "NV-1", DAY, "", document=Document(document))
    return Deed("ghi «Đạt» cho bước «Họp» của nhiệm vụ NV-1", roles, fact, owner)


def may(code: str, wanted: Deed, staff: Staff = STAFF, on: date = DAY) -> bool:
    try:
        decide(staff, Speaker(code), wanted, on)
    except NotAuthorisedError:
        return False
    return True


def allowed(wanted: Deed, staff: Staff = STAFF) -> set[str]:
    return {code for code in PEOPLE if may(code, wanted, staff)}


def test_an_ordinary_outcome_is_recorded_by_its_officer_her_head_the_leaders_and_the_clerk():
    assert allowed(deed()) == {"cv1", "tp", "gd"}
    assert allowed(deed(document="05/BB")) == {"cv1", "tp", "gd", "vt"}


def test_what_ends_a_task_is_not_recorded_by_its_officer():
    assert allowed(deed(DECIDING, "05/BB")) == {"tp", "gd", "vt"}


def test_of_no_task_the_role_alone_decides():
    assert allowed(deed((Role.OFFICER, Role.CLERK), owner="")) == {"cv1", "cv2", "vt"}


def test_a_head_without_a_division_is_head_of_nobody():
    nowhere = Staff(PEOPLE | {c: replace(PEOPLE[c], division="") for c in ("cv1", "tp")})
    assert "tp" not in allowed(deed(), nowhere)


def test_the_grant_names_the_role():
    assert decide(STAFF, Speaker("tp"), deed(), DAY) == Granted("tp", "truong-phong")


def test_the_refusal_says_who_wanted_what_and_who_may():
    with pytest.raises(NotAuthorisedError) as refused:
        decide(STAFF, Speaker("cv2"), deed(), DAY)
    assert str(refused.value) == (
        "CV2 (cv2, chuyên viên) không được ghi «Đạt» cho bước «Họp» của nhiệm vụ NV-1. Được làm: "
        "chuyên viên theo dõi (CV1, cv1); trưởng phòng Phòng Quản lý khoa học; lãnh đạo Sở; văn "
        "thư khi có số văn bản; hoặc người được họ ủy quyền."
    )


def test_nobody_unknown_records():
    with pytest.raises(UnknownSpeakerError, match="«he-thong» không có trong danh sách cán bộ"):
        decide(STAFF, Speaker("", otherwise="he-thong"), deed(), DAY)


FIRST, LAST = date(2026, 11, 23), date(2026, 11, 30)


def standing_in(*pairs: tuple[str, str], since: date = FIRST, until: date = LAST) -> Staff:
    delegations = [
        Delegation(f"UQ-{n}", owner, to, since, until) for n, (owner, to) in enumerate(pairs)
    ]
    return Staff(PEOPLE, delegations)


def test_a_delegate_records_in_the_owners_role_and_for_her():
    granted = decide(standing_in(("cv1", "cv2")), Speaker("cv2"), deed(), DAY)
    assert granted == Granted("cv2", "chuyen-vien", "cv1")


def test_ones_own_role_goes_before_a_delegation():
    granted = decide(standing_in(("cv1", "tp")), Speaker("tp"), deed(), DAY)
    assert granted == Granted("tp", "truong-phong")


@given(st.integers(-40, 40))
def test_a_delegation_holds_from_its_first_day_to_its_last(days):
    on = FIRST + timedelta(days)
    assert may("cv2", deed(), standing_in(("cv1", "cv2")), on) == (FIRST <= on <= LAST)


def test_the_leap_day_is_a_day():
    leap = standing_in(("cv1", "cv2"), since=date(2028, 2, 29), until=date(2028, 2, 29))
    days = [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
    assert [may("cv2", deed(), leap, on) for on in days] == [False, True, False]


def test_a_delegation_outside_its_days_is_told():
    staff = standing_in(("cv1", "cv2"))
    with pytest.raises(NotAuthorisedError, match="của cv1 cho cv2 chỉ từ 23/11/2026 đến 30/11"):
        decide(staff, Speaker("cv2"), deed(), LAST + timedelta(1))


def test_a_delegation_is_not_passed_on():
    assert not may("tp2", deed(), standing_in(("cv1", "cv2"), ("cv2", "tp2")))


@pytest.mark.parametrize("code", ["xem", "qt"])
def test_whoever_only_looks_or_keeps_people_stands_in_for_nobody(code):
    assert not may(code, deed(), standing_in(("cv1", code)))


def test_a_delegate_may_no_more_than_the_owner():
    assert not may("cv2", deed(DECIDING), standing_in(("cv1", "cv2")))


KNOWN = Staff(
    PEOPLE
    | {"cv1": person("cv1", Role.OFFICER, account="lan"), "tp": replace(PEOPLE["tp"], account="h")},
    [Delegation("UQ-1", "tp", "cv1", FIRST, LAST)],
)


def test_the_machine_says_who_speaks():
    assert decide(KNOWN, Speaker("", "lan", "gd"), deed(), DAY).actor == "cv1"
    assert decide(KNOWN, Speaker("cv1", "lan"), deed(), DAY).actor == "cv1"


def test_an_account_of_nobody_is_told_what_to_ask_for():
    with pytest.raises(UnknownSpeakerError, match="khcn persons set MÃ_CỦA_BẠN --account la"):
        decide(KNOWN, Speaker("cv1", "la"), deed(), DAY)


def test_somebody_elses_code_needs_her_delegation():
    with pytest.raises(NotAuthorisedError, match="«lan» là của CV1 .* không phải của «gd»"):
        decide(KNOWN, Speaker("gd", "lan"), deed(), DAY)
    granted = decide(KNOWN, Speaker("tp", "lan"), deed(DECIDING), DAY)
    assert granted == Granted("cv1", "truong-phong", "tp")
    with pytest.raises(NotAuthorisedError):
        decide(KNOWN, Speaker("tp", "lan"), deed(DECIDING), LAST + timedelta(1))


def test_taking_anothers_part_is_not_taking_ones_own():
    inspection = replace(KNOWN.persons["tp"], division="Thanh tra")
    elsewhere = Staff(dict(KNOWN.persons) | {"tp": inspection}, KNOWN.delegations)
    with pytest.raises(NotAuthorisedError):
        decide(elsewhere, Speaker("tp", "lan"), deed(), DAY)


def test_the_part_that_was_named_is_the_one_that_is_taken():
    both = (Delegation("UQ-0", "gd", "cv1", FIRST, LAST), *KNOWN.delegations)
    granted = decide(Staff(KNOWN.persons, both), Speaker("tp", "lan"), deed(DECIDING), DAY)
    assert granted.on_behalf_of == "tp"


def test_behind_another_door_the_account_says_nothing():
    assert decide(KNOWN, Speaker("gd"), deed(), DAY) == Granted("gd", "lanh-dao-so")


@given(st.sampled_from(sorted(PEOPLE)), st.sets(st.sampled_from(list(Role))), st.booleans())
def test_nobody_is_granted_a_role_that_the_deed_does_not_name(code, roles, with_paper):
    wanted = deed(tuple(roles), "05/BB" if with_paper else "")
    try:
        granted = decide(STAFF, Speaker(code), wanted, DAY)
    except NotAuthorisedError:
        return
    assert granted == Granted(code, PEOPLE[code].role.value)
    assert PEOPLE[code].role in roles

from datetime import date

import pytest

from khcn_workflow.domain.errors import NotFoundError
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.domain.staff import (
    Absence,
    Delegation,
    Staff,
    StaffError,
    check_absence,
    check_change,
    check_delegation,
)

TODAY = date(2026, 11, 24)
A = Person("a", "A", Role.OFFICER, "P", "")
B = Person("b", "B", Role.OFFICER, "P", "")
LOOKER = Person("xem", "Xem", Role.VIEWER, "P", "")
KEEPER = Person("qt", "Quản trị", Role.ADMINISTRATOR, "VP", "", "root")
STAFF = Staff(
    {p.code: p for p in (A, B, LOOKER)},
    [Delegation("UQ-001", "a", "b", date(2026, 11, 24), date(2026, 11, 30))],
    [
        Absence("VM-001", "a", date(2026, 11, 20), date(2026, 11, 25)),
        Absence("VM-002", "a", date(2026, 11, 24), date(2026, 12, 1)),
    ],
)


def delegation(owner="a", to="b", since=TODAY, until=date(2026, 12, 1)):
    return Delegation("UQ-002", owner, to, since, until)


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (delegation(to="a"), "cho chính mình"),
        (delegation(to="xem"), "vai trò chỉ xem nên không nhận ủy quyền"),
        (delegation(until=date(2026, 11, 23)), "ở trước ngày đầu 24/11/2026"),
        (delegation(since=date(2026, 11, 23)), "chỉ ghi từ hôm nay"),
        (delegation(until=date(2026, 11, 30)), "đã ghi rồi .UQ-001"),
    ],
)
def test_a_delegation_that_cannot_be_is_refused(wanted, says):
    with pytest.raises(StaffError, match=says):
        check_delegation(STAFF, wanted, TODAY)


def test_a_delegation_needs_people_who_are_there():
    with pytest.raises(NotFoundError, match="«c»"):
        check_delegation(STAFF, delegation(to="c"), TODAY)


def test_one_that_overlaps_or_begins_later_is_taken():
    check_delegation(STAFF, delegation(), TODAY)
    check_delegation(STAFF, delegation(since=date(2027, 1, 4), until=date(2027, 1, 4)), TODAY)


def test_an_absence_may_have_begun_but_not_have_ended():
    check_absence(STAFF, Absence("x", "a", date(2026, 11, 1), TODAY), TODAY)
    with pytest.raises(StaffError, match="đã qua"):
        check_absence(STAFF, Absence("x", "a", date(2026, 11, 1), date(2026, 11, 23)), TODAY)
    with pytest.raises(StaffError, match=r"đã ghi rồi \(VM-001\)"):
        check_absence(STAFF, Absence("x", "a", date(2026, 11, 20), date(2026, 11, 25)), TODAY)


def test_of_two_absences_the_longer_says_until_when():
    assert STAFF.absence_of("a", date(2026, 11, 25)).until == date(2026, 12, 1)
    assert STAFF.absence_of("a", date(2026, 12, 2)) is None


def test_two_people_have_no_account_together():
    staff = Staff({"qt": KEEPER, "a": A})
    twice = Person("a", "A", Role.OFFICER, "P", "", "root")
    with pytest.raises(StaffError, match="«root» đã là của qt"):
        check_change(staff, [twice], "")


def test_accounts_need_an_administrator_with_one_for_ever():
    with_account = Person("a", "A", Role.OFFICER, "P", "", "lan")
    with pytest.raises(StaffError, match="ít nhất một quản trị"):
        check_change(Staff({}), [with_account], "")
    check_change(Staff({}), [with_account, KEEPER], "")
    demoted = Person("qt", "Quản trị", Role.OFFICER, "VP", "", "root")
    with pytest.raises(StaffError, match="ít nhất một quản trị"):
        check_change(Staff({"qt": KEEPER}), [demoted], "root")


def test_the_first_accounts_are_not_all_of_other_machines():
    with pytest.raises(StaffError, match="«lan».*chưa là của ai"):
        check_change(Staff({}), [KEEPER], "lan")
    check_change(Staff({}), [KEEPER], "root")

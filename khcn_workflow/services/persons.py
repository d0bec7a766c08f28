"""Cán bộ: who may do what, who stands in for whom, who is away."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from khcn_workflow.context import Context
from khcn_workflow.domain.errors import MissingFieldError, NotFoundError
from khcn_workflow.domain.ledger import EntryKind, Fact, Json
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
from khcn_workflow.signing import signed_by_keeper
from khcn_workflow.storage.translate import (
    absence_to_data,
    delegation_to_data,
    person_to_data,
)

NEW = "Cán bộ mới"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line of the list of people.

    Attributes:
        absences: Those that have not ended.
        delegations: Those given by the person that have not ended.
    """

    code: str
    name: str
    role: str
    division: str
    email: str
    account: str
    absences: tuple[Absence, ...]
    delegations: tuple[Delegation, ...]


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What is to be set of a person; None leaves it as it is, as does an empty name."""

    code: str
    name: str | None = None
    role: Role | None = None
    division: str | None = None
    email: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Revoked:
    """A delegation or absence that ended early.

    Attributes:
        until: Its last day now; before its first when it never begins.
    """

    id: str
    until: date


def list_persons(context: Context) -> list[PersonLine]:
    """Everybody by code, with absences and delegations of today and later."""
    staff, today = context.work.staffing.staff(), context.today
    return [
        PersonLine(
            person.code,
            person.name,
            person.role.label,
            person.division,
            person.email,
            person.account,
            tuple(a for a in staff.absences if a.person == person.code and _lasts(a, today)),
            tuple(d for d in staff.delegations if d.owner == person.code and _lasts(d, today)),
        )
        for person in staff.persons.values()
    ]


def set_person(context: Context, change: PersonChange, by: str = "") -> Person:
    """Enter a person, or alter one; only the administrator, once there is one.

    Raises:
        AuthorityError: Somebody else is the administrator.
        MissingFieldError: A new person needs a name and a role.
        StaffError: Two would have one account, or nobody could change people any more.
    """
    staff = _staff_for_writing(context)
    person = _changed(staff.persons.get(change.code), change)
    data = person_to_data(person)
    fact = _signed(context, EntryKind.PERSON, change.code, data, by, "sửa danh sách cán bộ")
    if staff.persons.get(person.code) != person:
        check_change(staff, [person], context.account)
        context.work.append(fact, context.now)
        context.work.save_person(person)
    return person


def delegate(
    context: Context, owner: str, to: str, since: date, until: date, by: str = ""
) -> Delegation:
    """Let one person record in the place of another, first and last day included.

    The owner of the files stays the owner; so does the responsibility.

    Raises:
        AuthorityError: Neither the owner herself nor the administrator asks for it.
        KhcnError: Unknown people, impossible days, or the same delegation stands.
    """
    staff = _staff_for_writing(context)
    number = len(context.work.staffing.delegations_told()) + 1
    wanted = Delegation(f"UQ-{number:03d}", owner, to, since, until)
    check_delegation(staff, wanted, context.today)
    _tell_delegation(context, wanted, by, f"ghi ủy quyền của {owner}")
    return wanted


def absent(
    context: Context, code: str, since: date, until: date, reason: str = "", by: str = ""
) -> Absence:
    """Say that somebody is away, first and last day included.

    Raises:
        AuthorityError: Neither the person herself nor the administrator says so.
        KhcnError: Unknown person, impossible days, or the same absence stands.
    """
    staff = _staff_for_writing(context)
    number = len(context.work.staffing.absences_told()) + 1
    wanted = Absence(f"VM-{number:03d}", code, since, until, reason)
    check_absence(staff, wanted, context.today)
    _tell_absence(context, wanted, by, f"ghi vắng mặt của {code}")
    return wanted


def revoke(context: Context, span_id: str, by: str = "") -> Revoked:
    """End a delegation or absence now: yesterday was its last day.

    Raises:
        AuthorityError: Neither the person herself nor the administrator asks for it.
        NotFoundError: There is none of that id.
        StaffError: It has ended already.
    """
    staff, until = _staff_for_writing(context), context.today - timedelta(days=1)
    spans: list[Delegation | Absence] = [*staff.delegations, *staff.absences]
    for span in spans:
        if span.id != span_id:
            continue
        if not _lasts(span, context.today):
            raise StaffError(f"{span_id} đã hết hiệu lực rồi.")
        if isinstance(span, Delegation):
            _tell_delegation(context, replace(span, until=until), by, f"thôi {span_id}")
        else:
            _tell_absence(context, replace(span, until=until), by, f"thôi {span_id}")
        return Revoked(span_id, until)
    raise NotFoundError("ủy quyền, vắng mặt", span_id, "Xem mã bằng lệnh: khcn persons list")


def _staff_for_writing(context: Context) -> Staff:
    context.work.locks.whole_office()
    return context.work.staffing.staff()


def _changed(known: Person | None, change: PersonChange) -> Person:
    if known is None:
        if not change.name:
            raise MissingFieldError(NEW, "Họ và tên (--name)")
        if change.role is None:
            raise MissingFieldError(NEW, "Vai trò (--role)")
        known = Person(change.code, change.name, change.role, "", "")
    return replace(
        known,
        name=change.name or known.name,
        role=change.role or known.role,
        division=known.division if change.division is None else change.division,
        email=known.email if change.email is None else change.email,
        account=known.account if change.account is None else change.account,
    )


def _tell_delegation(context: Context, told: Delegation, by: str, words: str) -> None:
    data = delegation_to_data(told)
    fact = _signed(context, EntryKind.DELEGATED, told.owner, data, by, words, own=True)
    context.work.append(fact, context.now)
    context.work.staffing.save_delegation(told)


def _tell_absence(context: Context, told: Absence, by: str, words: str) -> None:
    data = absence_to_data(told)
    fact = _signed(context, EntryKind.ABSENT, told.person, data, by, words, own=True)
    context.work.append(fact, context.now)
    context.work.staffing.save_absence(told)


def _signed(
    context: Context,
    kind: EntryKind,
    subject: str,
    data: Mapping[str, Json],
    by: str,
    words: str,
    *,
    own: bool = False,
) -> Fact:
    """A fact about a person in the name of the administrator, or of that person herself."""
    fact = Fact(kind, subject, context.today, by, data=data)
    return signed_by_keeper(context, fact, words, own=own)


def _lasts(span: Delegation | Absence, today: date) -> bool:
    return span.until >= today and span.since <= span.until

"""Cán bộ: who stands in for whom, who is away, and what may be changed about people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError, NotFoundError
from khcn_workflow.domain.recorders import RECORDING
from khcn_workflow.domain.science_task import Person, Role


class StaffError(KhcnError):
    """Something about people that cannot be so."""


@dataclass(frozen=True, slots=True)
class Delegation:
    """Ủy quyền: one person records in the place of another; the owner stays the owner.

    Attributes:
        owner: Code of the person whose part is taken.
        since: First day it holds.
        until: Last day it holds; before `since` when it was revoked before it began.
    """

    id: str
    owner: str
    delegate: str
    since: date
    until: date

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day, first and last day included."""
        return self.since <= on <= self.until


@dataclass(frozen=True, slots=True)
class Absence:
    """Vắng mặt: days on which somebody is not at work, first and last included."""

    id: str
    person: str
    since: date
    until: date
    reason: str = ""

    def holds(self, on: date) -> bool:
        """Whether the person is away on that day."""
        return self.since <= on <= self.until


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody of the Department with delegations and absences.

    Attributes:
        persons: By code.
    """

    persons: Mapping[str, Person]
    delegations: Sequence[Delegation] = ()
    absences: Sequence[Absence] = ()
    _accounts: Mapping[str, Person] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index people by their account of the machine."""
        index = {person.account: person for person in self.persons.values() if person.account}
        object.__setattr__(self, "_accounts", index)

    @property
    def is_identified(self) -> bool:
        """Whether somebody has an account, so that the machine says who speaks."""
        return bool(self._accounts)

    @property
    def has_administrator(self) -> bool:
        """Whether somebody keeps the people, so that others may not."""
        return any(p.role is Role.ADMINISTRATOR for p in self.persons.values())

    def person(self, code: str) -> Person:
        """The person of that code.

        Raises:
            NotFoundError: Nobody has it.
        """
        if code not in self.persons:
            raise NotFoundError("cán bộ", code, "Xem danh sách bằng lệnh: khcn persons list")
        return self.persons[code]

    def at_account(self, account: str) -> Person | None:
        """Whose account of the machine that is."""
        return self._accounts.get(account)

    def delegates_of(self, owner: str, on: date) -> list[Person]:
        """Who stands in for somebody on a day."""
        held = (d for d in self.delegations if d.owner == owner and d.holds(on))
        return [self.persons[d.delegate] for d in held if d.delegate in self.persons]

    def owners_behind(self, delegate: str, on: date) -> list[Person]:
        """For whom somebody stands in on a day; not for whom those stand in."""
        held = (d for d in self.delegations if d.delegate == delegate and d.holds(on))
        return [self.persons[d.owner] for d in held if d.owner in self.persons]

    def absence_of(self, code: str, on: date) -> Absence | None:
        """The absence of a person on a day, the one that lasts longest."""
        held = [a for a in self.absences if a.person == code and a.holds(on)]
        return max(held, key=lambda a: a.until, default=None)


def check_delegation(staff: Staff, wanted: Delegation, today: date) -> None:
    """Refuse a delegation that cannot be or says nothing new.

    Raises:
        KhcnError: Unknown people, impossible dates, or the very same delegation stands.
    """
    owner, delegate = staff.person(wanted.owner), staff.person(wanted.delegate)
    if owner.code == delegate.code:
        raise StaffError(f"{owner.code} không ủy quyền cho chính mình được.")
    if delegate.role not in RECORDING:
        raise StaffError(
            f"{delegate.name} ({delegate.code}) có vai trò {delegate.role.label.lower()} nên không "
            "nhận ủy quyền được."
        )
    _check_span(wanted.since, wanted.until)
    if wanted.since < today:
        raise StaffError(
            f"Ngày đầu {vietnamese.day(wanted.since)} đã qua; ủy quyền chỉ ghi từ hôm nay "
            f"({vietnamese.day(today)}) trở đi."
        )
    for known in staff.delegations:
        told = (known.owner, known.delegate, known.since, known.until)
        if told == (wanted.owner, wanted.delegate, wanted.since, wanted.until):
            raise StaffError(f"Ủy quyền này đã ghi rồi ({known.id}).")


def check_absence(staff: Staff, wanted: Absence, today: date) -> None:
    """Refuse an absence that cannot be or says nothing new.

    Raises:
        KhcnError: Unknown person, impossible dates, or the very same absence stands.
    """
    staff.person(wanted.person)
    _check_span(wanted.since, wanted.until)
    if wanted.until < today:
        raise StaffError(
            f"Ngày cuối {vietnamese.day(wanted.until)} đã qua; chỉ ghi lần vắng mặt còn đang hoặc "
            "sắp diễn ra."
        )
    for known in staff.absences:
        if (known.person, known.since, known.until) == (wanted.person, wanted.since, wanted.until):
            raise StaffError(f"Lần vắng mặt này đã ghi rồi ({known.id}).")


def check_change(staff: Staff, changed: Iterable[Person], account: str) -> None:
    """Refuse people as they would be after a change, where nobody could then change them back.

    Args:
        changed: The new or altered persons.
        account: Of the machine, of whoever makes the change; empty where no machine says it.

    Raises:
        StaffError: Two people of one account, or nobody left who keeps people and is known.
    """
    after = dict(staff.persons) | {person.code: person for person in changed}
    owners: dict[str, str] = {}
    for person in after.values():
        if person.account and owners.setdefault(person.account, person.code) != person.code:
            other = owners[person.account]
            raise StaffError(
                f"Tài khoản máy «{person.account}» đã là của {other}, không thể là của "
                f"{person.code} nữa."
            )
    keepers = {p.account for p in after.values() if p.role is Role.ADMINISTRATOR and p.account}
    if (owners or staff.is_identified) and not keepers:
        raise StaffError(
            "Khi có người mang tài khoản máy thì phải có ít nhất một quản trị mang tài khoản máy; "
            "hãy đặt người ấy trước: khcn persons set MÃ --role quan-tri --account TÀI_KHOẢN"
        )
    if owners and account and not staff.is_identified and account not in owners:
        raise StaffError(
            f"Tài khoản máy đang dùng («{account}») chưa là của ai nên ghi xong sẽ không ai ở máy "
            "này làm tiếp được; hãy đặt tài khoản của quản trị đang ngồi máy trước."
        )


def _check_span(since: date, until: date) -> None:
    if until < since:
        raise StaffError(
            f"Ngày cuối {vietnamese.day(until)} ở trước ngày đầu {vietnamese.day(since)}."
        )

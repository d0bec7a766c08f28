"""Thẩm quyền: whether somebody may do what she wants to do, in which role and for whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import Fact
from khcn_workflow.domain.recorders import RECORDING, Roles, roles_in_words
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.domain.staff import Staff


@dataclass(frozen=True, slots=True)
class Speaker:
    """Người nói: who stands at a door.

    Attributes:
        said: Code of the person named by `--by` or chosen in a form; empty where none was.
        account: Of the machine, at the command line; empty where the door is no command line.
        otherwise: Code of who speaks where nobody is named and the machine says nothing.
    """

    said: str
    account: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody wants to do.

    Attributes:
        words: The deed as it follows "không được" in a sentence.
        roles: Which roles may do it.
        fact: What would be written.
        owner: Code of the officer who owns the file; empty where there is no file, so that
            the role alone decides.
    """

    words: str
    roles: Roles
    fact: Fact
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """Leave to do something.

    Attributes:
        actor: Code of who does it.
        role: In which role; empty where no role was asked for.
        on_behalf_of: Code of the person who delegated it; empty for one's own part.
    """

    actor: str
    role: str = ""
    on_behalf_of: str = ""


class AuthorityError(KhcnError):
    """Somebody wanted to do what she may not; the ledger keeps that she tried.

    Attributes:
        deed: What was wanted.
        actor: Who wanted it, as far as that is known.
    """

    def __init__(self, sentence: str, deed: Deed, actor: str) -> None:
        self.deed, self.actor = deed, actor
        super().__init__(sentence)


class UnknownSpeakerError(AuthorityError):
    """Nobody of the Department has that code or that account."""


class NotAuthorisedError(AuthorityError):
    """Neither the person's own role nor a delegation in force allows it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Who speaks, and whose part alone she may take; empty for her own or any."""

    person: Person
    part: str = field(default="")


def decide(staff: Staff, speaker: Speaker, deed: Deed, on: date) -> Granted:
    """Leave for a deed on a day: by one's own role first, then by a delegation in force.

    Delegations do not pass on: who stands in for somebody does not stand in for whom that
    person stands in. Whoever only looks, or keeps the people, stands in for nobody.

    Raises:
        UnknownSpeakerError: Nobody is known by that code or account.
        NotAuthorisedError: The sentence says who may.
    """
    found = _identified(staff, speaker, deed, on)
    me = found.person
    if not found.part and _may(me, deed, staff):
        return Granted(me.code, me.role.value)
    behind = staff.owners_behind(me.code, on) if me.role in RECORDING else []
    for owner in behind:
        if found.part in ("", owner.code) and _may(owner, deed, staff):
            return Granted(me.code, owner.role.value, owner.code)
    words = f"{me.name} ({me.code}, {me.role.label.lower()}) không được {deed.words}. "
    late = "".join(_not_in_force(staff, me, on))
    raise NotAuthorisedError(f"{words}{late}{_who_may(staff, deed)}", deed, me.code)


def _identified(staff: Staff, speaker: Speaker, deed: Deed, on: date) -> _Found:
    if not (speaker.account and staff.is_identified):
        code = speaker.said or speaker.otherwise
        if code not in staff.persons:
            raise UnknownSpeakerError(
                f"«{code}» không có trong danh sách cán bộ nên không được {deed.words}. Hãy đặt "
                "--by hoặc KHCN_ACTOR là mã một cán bộ (xem: khcn persons list).",
                deed,
                code,
            )
        return _Found(staff.persons[code])
    me = staff.at_account(speaker.account)
    if me is None:
        raise UnknownSpeakerError(
            f"Tài khoản máy «{speaker.account}» chưa là của cán bộ nào nên không được "
            f"{deed.words}. Hãy nhờ quản trị chạy: khcn persons set MÃ_CỦA_BẠN --account "
            f"{speaker.account}",
            deed,
            speaker.account,
        )
    if speaker.said in ("", me.code):
        return _Found(me)
    if not any(owner.code == speaker.said for owner in staff.owners_behind(me.code, on)):
        raise NotAuthorisedError(
            f"Tài khoản máy «{speaker.account}» là của {me.name} ({me.code}), không phải của "
            f"«{speaker.said}», nên không được thay người ấy {deed.words}. "
            + "".join(_not_in_force(staff, me, on))
            + f"Cần ủy quyền: khcn persons delegate {speaker.said} {me.code}",
            deed,
            me.code,
        )
    return _Found(me, speaker.said)


def _may(person: Person, deed: Deed, staff: Staff) -> bool:
    """Whether somebody's own role allows it."""
    if person.role not in deed.roles:
        return False
    if not deed.owner:
        return True
    match person.role:
        case Role.OFFICER:
            return person.code == deed.owner
        case Role.HEAD_OF_DIVISION:
            owner = staff.persons.get(deed.owner)
            return owner is not None and bool(owner.division) and owner.division == person.division
        case Role.CLERK:
            return bool(deed.fact.document.number)
        case _:
            return True


def _not_in_force(staff: Staff, me: Person, on: date) -> Iterator[str]:
    """What delegations to somebody are there that do not hold on that day."""
    for known in staff.delegations:
        if known.delegate == me.code and known.since <= known.until and not known.holds(on):
            yield (
                f"Ủy quyền của {known.owner} cho {me.code} chỉ từ {vietnamese.day(known.since)} "
                f"đến {vietnamese.day(known.until)}. "
            )


def _who_may(staff: Staff, deed: Deed) -> str:
    if not deed.owner:
        return f"Được làm: {roles_in_words(deed.roles)}, hoặc người được họ ủy quyền."
    owner = staff.persons.get(deed.owner)
    division = owner.division if owner else ""
    words: Mapping[Role, str] = {
        Role.OFFICER: f"chuyên viên theo dõi ({owner.name if owner else deed.owner}, {deed.owner})",
        Role.HEAD_OF_DIVISION: f"trưởng phòng {division or 'của chuyên viên ấy'}",
        Role.CLERK: "văn thư khi có số văn bản",
    }
    who = (words.get(role, roles_in_words([role])) for role in deed.roles)
    return f"Được làm: {'; '.join(who)}; hoặc người được họ ủy quyền."

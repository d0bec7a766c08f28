"""Ký tên: in whose name a fact is written, and what the ledger keeps of a refusal.

Every use case that records calls `signed`, or `signed_by_office` where no task is meant; a
refusal leaves the use case as an error, and `Application.run` writes it down.
"""

from dataclasses import replace

from khcn_workflow.context import Context
from khcn_workflow.domain.authority import AuthorityError, Deed, Granted, Speaker, decide
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import Progress
from khcn_workflow.domain.recorders import RECORDING, Roles
from khcn_workflow.domain.rules import Rulebook
from khcn_workflow.domain.science_task import Role
from khcn_workflow.storage.translate import person_to_data

IMPORTERS: Roles = (Role.CLERK, Role.HEAD_OF_DIVISION, Role.DIRECTOR, Role.ADMINISTRATOR)
"""Who brings in workbooks and has deadlines made again."""

FREEZERS: Roles = (*RECORDING, Role.ADMINISTRATOR)
"""Who freezes reports."""

KEEPERS: Roles = (Role.ADMINISTRATOR,)
"""Who keeps people, their accounts, delegations and absences."""

ANYBODY: Roles = (*RECORDING, Role.ADMINISTRATOR, Role.VIEWER)
"""Who speaks of herself."""

_LONGEST_CODE = 64
"""What the ledger's column for a person holds; a refused name may be anything."""


def signed(context: Context, fact: Fact, progress: Progress, roles: Roles = ()) -> Fact:
    """A fact about a task in the name, the role and the part in which it may be recorded.

    Args:
        fact: Its actor is the person named at the door; empty for whoever stands there.
        roles: Who may; by default those that the rulebook names for the fact.

    Raises:
        AuthorityError: The sentence says who may.
        KhcnError: The rulebook has no such step or outcome.
    """
    rulebook = context.rulebook(progress)
    deed = Deed(
        words=_words(fact, rulebook),
        roles=roles or _recorders(fact, rulebook),
        fact=fact,
        owner=progress.task.officer,
    )
    return _in_the_name_of(fact, _granted(context, deed))


def signed_by_office(
    context: Context, fact: Fact, words: str, roles: Roles, *, strict: bool | None = None
) -> Fact:
    """A fact about no task, likewise; the role alone decides.

    Args:
        words: The deed as it follows "không được".
        strict: Whether only known people of these roles may; by default as soon as somebody
            has an account, except that a flow for which nobody speaks is the system. Before
            that whoever speaks is written down as she says.

    Raises:
        AuthorityError: The sentence says who may.
    """
    deed = Deed(words, roles, fact)
    staff = context.work.staffing.staff()
    if strict is None:
        strict = staff.is_identified and bool(context.account or fact.actor)
    if strict:
        return _in_the_name_of(fact, _granted(context, deed))
    return _in_the_name_of(fact, Granted(fact.actor or context.settings.actor))


def speaks_for_herself(context: Context, code: str, by: str) -> bool:
    """Whether who speaks is the person of that code.

    Args:
        by: The person named at the door; empty for whoever stands there.
    """
    staff = context.work.staffing.staff()
    if context.account and staff.is_identified:
        me = staff.at_account(context.account)
        return me is not None and me.code == code and by in ("", code)
    return (by or context.settings.actor) == code and code in staff.persons


def signed_by_keeper(context: Context, fact: Fact, words: str, *, own: bool = False) -> Fact:
    """A fact about a person in the name of the administrator.

    Before there is one, and nobody has an account, whoever speaks is written down.

    Args:
        words: The deed as it follows "không được".
        own: That person may speak for herself too.

    Raises:
        AuthorityError: The sentence says who may.
    """
    if own and speaks_for_herself(context, fact.subject, fact.actor):
        return signed_by_office(context, fact, words, ANYBODY, strict=True)
    staff = context.work.staffing.staff()
    strict = staff.has_administrator or staff.is_identified
    return signed_by_office(context, fact, words, KEEPERS, strict=strict)


def about_person(context: Context, code: str, by: str, note: str) -> Fact:
    """That something was done for a person, whose own row stays as it is.

    Raises:
        NotFoundError: Nobody has that code.
    """
    person = context.work.staffing.staff().person(code)
    data = person_to_data(person)
    return Fact(EntryKind.PERSON, code, context.today, by, note=note, data=data)


def refusal(context: Context, error: AuthorityError) -> Fact:
    """What the ledger keeps of a deed that was refused: who wanted what, and the sentence."""
    fact = error.deed.fact
    wanted = {"kind": fact.kind.value, "outcome": fact.outcome, "account": context.account}
    return Fact(
        kind=EntryKind.REFUSED,
        subject=fact.subject,
        valid_on=context.today,
        actor=error.actor[:_LONGEST_CODE],
        stage=fact.stage,
        step=fact.step,
        round=fact.round,
        note=str(error),
        data={name: value for name, value in wanted.items() if value},
    )


def keep_refusal(context: Context, error: AuthorityError) -> None:
    """The use case that writes a refusal down, after what was wanted was rolled back."""
    context.work.append(refusal(context, error), context.now)


def _granted(context: Context, deed: Deed) -> Granted:
    speaker = Speaker(deed.fact.actor, context.account, context.settings.actor)
    return decide(context.work.staffing.staff(), speaker, deed, context.today)


def _in_the_name_of(fact: Fact, granted: Granted) -> Fact:
    return replace(fact, actor=granted.actor, role=granted.role, on_behalf_of=granted.on_behalf_of)


def _recorders(fact: Fact, rulebook: Rulebook) -> Roles:
    if fact.kind is EntryKind.OUTCOME:
        return rulebook.recorders_of(fact.step, fact.outcome)
    return rulebook.recorders.of_kind(fact.kind)


def _words(fact: Fact, rulebook: Rulebook) -> str:
    if fact.kind is EntryKind.OUTCOME:
        step = rulebook.step(fact.step)
        what = f"«{step.outcome(fact.outcome).title}» cho bước «{step.title}» của"
    else:
        what = f"«{fact.kind.label}» cho"
    return f"ghi {what} nhiệm vụ {fact.subject}"

"""Lịch cá nhân: a person's open deadlines as a calendar file that a program subscribes to.

The file's name is what keeps it from others: 128 random bits, sealed in the database, shown
only to whom it is given. Revoked, the name leads nowhere and never comes back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import NotFoundError, SettingError
from khcn_workflow.domain.ledger import Fact
from khcn_workflow.notices import task_link
from khcn_workflow.sealing import SealBrokenError, seal, unseal
from khcn_workflow.settings import Settings
from khcn_workflow.signing import about_person, signed_by_keeper
from khcn_workflow.storage.feed_files import FeedFiles
from khcn_workflow.storage.feeds import DueStep, SealedFeed
from khcn_workflow.storage.outbox_rows import round_uid
from khcn_workflow.vaults import Office
from notifications.channels.calendar_file import calendar_feed
from notifications.channels.email_message import AddressError, sender_address
from notifications.messages import Appointment

TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One person's calendar, without its name.

    Attributes:
        deadlines: How many it holds.
        made_at: When its name was given.
        changed_at: When the file last changed; None while it is not written, or its name
            was sealed with another key.
    """

    person: str
    name: str
    deadlines: int
    made_at: datetime
    changed_at: datetime | None


def open_feed(office: Office, person: str, by: str = "") -> Path:
    """The path of a person's calendar; made and filled now if there was none.

    Raises:
        NotFoundError: Nobody has that code.
        AuthorityError: Neither the person herself nor the administrator asks for it.
        SealBrokenError: The name was sealed with another key; revoke it and make a new one.
        FeedFileError: The file cannot be written.
    """
    token: str = office.run(_give_token, person, by)
    refresh_feeds(office)
    return FeedFiles(office.settings.home).path(token)


def revoke_feed(office: Office, person: str, by: str = "") -> None:
    """Take a person's calendar away; its name is worth nothing from now on.

    Raises:
        NotFoundError: Nobody has that code, or she has no calendar.
        AuthorityError: Neither the person herself nor the administrator asks for it.
        FeedFileError: The file cannot be removed.
    """
    office.run(_forget, person, by)
    refresh_feeds(office)


def refresh_feeds(office: Office) -> int:
    """Bring every calendar file up to date with the ledger; how many changed.

    Costs one query where nobody has a calendar. The same days are the same file.

    Raises:
        FeedFileError: A file cannot be written.
        SettingError: The sender's address, whose domain is a part of each entry's id, is none.
    """
    files = FeedFiles(office.settings.home)
    if not files.folder.exists() and not office.ask(_feeds):
        return 0
    with files.alone():
        contents: Mapping[str, bytes] = office.ask(_contents)
        written = [files.write(token, content) for token, content in contents.items()]
        files.keep_only(contents)
    return sum(written)


def feeds_now(office: Office) -> list[FeedLine]:
    """Who has a calendar, how much is in it and when it last changed."""
    files = FeedFiles(office.settings.home)
    lines: list[FeedLine] = office.ask(_lines, files)
    return lines


# --- use cases of one transaction


def _give_token(context: Context, person: str, by: str) -> str:
    fact = _signed(context, person, by, "cấp lịch cá nhân")
    for known in context.work.feeds.all():
        if known.person == person:
            return unseal(context.settings, known.sealed)
    token = token_hex(TOKEN_BYTES)
    context.work.feeds.add(SealedFeed(person, seal(context.settings, token), context.now))
    context.work.append(fact, context.now)
    return token


def _forget(context: Context, person: str, by: str) -> None:
    fact = _signed(context, person, by, "thu hồi lịch cá nhân")
    if not context.work.feeds.remove(person):
        raise NotFoundError("lịch cá nhân của", person, "Xem ai có lịch bằng lệnh: khcn feed")
    context.work.append(fact, context.now)


def _feeds(context: Context) -> list[SealedFeed]:
    return context.work.feeds.all()


def _contents(context: Context) -> dict[str, bytes]:
    """What each readable calendar file must say, by its name."""
    tokens = {
        feed.person: token
        for feed in context.work.feeds.all()
        if (token := _opened(context.settings, feed))
    }
    if not tokens:
        return {}
    domain, persons = _domain(context.settings), context.work.staffing.staff().persons
    days = _days(context, list(tokens))
    return {
        token: calendar_feed(f"Hạn nhiệm vụ KH&CN: {persons[person].name}", days[person], domain)
        for person, token in tokens.items()
    }


def _lines(context: Context, files: FeedFiles) -> list[FeedLine]:
    feeds = context.work.feeds.all()
    days = _days(context, [feed.person for feed in feeds])
    persons = context.work.staffing.staff().persons
    return [
        FeedLine(
            feed.person,
            persons[feed.person].name,
            len(days[feed.person]),
            feed.made_at,
            files.changed_at(token) if (token := _opened(context.settings, feed)) else None,
        )
        for feed in feeds
    ]


# --- what is in it


def _days(
    context: Context, persons: Sequence[str]
) -> dict[str, list[tuple[Appointment, datetime]]]:
    """The due days of each person: her own, and those of whom she stands in for today."""
    staff = context.work.staffing.staff()
    owners = {
        person: {person, *(o.code for o in staff.owners_behind(person, context.today))}
        for person in persons
    }
    everybody = set[str]().union(*owners.values())
    steps = context.work.feeds.due_steps(everybody) if everybody else []
    return {
        person: [
            (_appointment(context, step, person), step.made_at)
            for step in steps
            if step.officer in owners[person]
        ]
        for person in persons
    }


def _appointment(context: Context, step: DueStep, person: str) -> Appointment:
    rule = context.rulebooks[step.rulebook].step(step.step)
    return Appointment(
        uid=round_uid(step.id),
        version=step.version,
        due_on=step.due_on,
        summary=f"{step.task_code}: {rule.title}",
        description="\n".join(_described(context, step, person)),
        link=task_link(context, step.task_code),
    )


def _described(context: Context, step: DueStep, person: str) -> Iterator[str]:
    rulebook = context.rulebooks[step.rulebook]
    limits = {limit.id: limit for limit in rulebook.step(step.step).limits}
    limit = limits.get(step.limit_id)
    yield step.task_title
    yield f"Giai đoạn: {rulebook.stage(step.stage).title}"
    day = f"{vietnamese.weekday(step.due_on)}, {vietnamese.day(step.due_on)}"
    yield f"Hạn: {day}{f' ({limit.force.label})' if limit else ''}"
    if limit and limit.article:
        yield f"Căn cứ: {limit.article}"
    if step.officer != person:
        owner = context.work.staffing.staff().persons[step.officer]
        yield f"Làm thay (ủy quyền): {owner.name}"


def _opened(settings: Settings, feed: SealedFeed) -> str:
    """The name of a calendar file; empty where it was sealed with another key."""
    try:
        return unseal(settings, feed.sealed)
    except SealBrokenError:
        return ""


def _domain(settings: Settings) -> str:
    try:
        return sender_address(settings.mail_from).domain
    except AddressError:
        raise SettingError("KHCN_MAIL_FROM", settings.mail_from, "một địa chỉ thư") from None


def _signed(context: Context, code: str, by: str, words: str) -> Fact:
    """That it was done, in the name of who may; never what the file is called."""
    return signed_by_keeper(context, about_person(context, code, by, words), words, own=True)

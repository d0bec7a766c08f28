"""Bàn thông báo: what operators see of the channels, and do about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError, NotFoundError
from khcn_workflow.signing import about_person, signed_by_keeper
from khcn_workflow.storage.channel_states import ChannelState
from khcn_workflow.storage.contacts import OpenLink
from khcn_workflow.storage.outbox_rows import StoppedLine
from khcn_workflow.vaults import Office, vault_of
from notifications.channels import deliver
from notifications.channels.channel_secrets import SecretError, read_secret
from notifications.channels.linking import Invitation, Link, digest, link_people, new_code
from notifications.channels.zalo_bot_api import Bot, ChatMessage
from notifications.channels.zalo_http import Undelivered, zalo_hosts
from notifications.channels.zalo_oa_api import OaApp, refresh_tokens
from notifications.channels.zalo_tokens import TokenKeeper
from notifications.ladder import Rung
from notifications.messages import AlertContext, Event, Message, Recipient
from notifications.outbox import Attempt, Outcome, Status
from notifications.reach import ADMIN, CHANNELS, MAIL, ZALO, Contact, Wants, reached_by
from notifications.templating import render

CODE_LASTS = timedelta(hours=24)
"""How long a code that links a chat is good."""


class LinkingError(KhcnError):
    """People cannot be linked to the bot; the sentence says why."""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel: where it leads (no secret), messages by status, how it fares.

    Attributes:
        leads_to: The kind of channel, such as `zalobot://`; empty when not set up.
        state: None while it was never used.
    """

    alias: str
    leads_to: str
    counts: dict[str, int]
    state: ChannelState | None


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What is to be set of a person's contact; None leaves it as it is."""

    person: str
    wants: Wants | None = None
    zalo_user: str | None = None
    phone: str | None = None


def ladder_now(context: Context) -> Sequence[Rung]:
    """The ladder of reminders in force, repeats included."""
    return context.ladder


def channels_now(context: Context) -> list[ChannelLine]:
    """Every channel with what waits, what stopped, and what was sent."""
    counts, states = context.work.outbox.counts(), context.work.channels.all()
    settings = context.settings
    urls = {ADMIN: settings.admin_url, MAIL: settings.mail_url, ZALO: settings.zalo_url}
    return [
        ChannelLine(alias, _kind(urls[alias]), counts.get(alias, {}), states.get(alias))
        for alias in CHANNELS
    ]


def stopped_messages(context: Context) -> Sequence[StoppedLine]:
    """The messages that wait for a person, the newest first."""
    return context.work.outbox.stopped()


def resend(context: Context, message_id: int) -> None:
    """Put one message back in line, as if new.

    Raises:
        NotFoundError: No message of that number stopped.
    """
    if not context.work.outbox.resend(message_id, context.now):
        hint = "Xem các tin đã dừng bằng lệnh: khcn notify failed"
        raise NotFoundError("tin đã dừng số", str(message_id), hint)


def set_contact(context: Context, change: ContactChange, by: str = "") -> Contact:
    """Set how a person is reached besides mail.

    Raises:
        NotFoundError: Nobody has that code.
        AuthorityError: Only the administrator may, once there is one.
    """
    _sign(context, change.person, by, "sửa liên lạc Zalo")
    known = context.work.contacts.of([change.person]).get(change.person, Contact(change.person))
    contact = Contact(
        person=change.person,
        wants=known.wants if change.wants is None else change.wants,
        zalo_chat=known.zalo_chat,
        zalo_user=known.zalo_user if change.zalo_user is None else change.zalo_user,
        phone=known.phone if change.phone is None else change.phone,
    )
    context.work.contacts.save(contact)
    return contact


def invite(context: Context, person: str, by: str = "") -> str:
    """A new one-time code that links a person's chat; one given before is worth nothing.

    Raises:
        NotFoundError: Nobody has that code.
        AuthorityError: Only the administrator may, once there is one.
    """
    _sign(context, person, by, "cấp mã liên kết Zalo")
    code = new_code()
    context.work.contacts.open_link(OpenLink(person, digest(code), context.now + CODE_LASTS))
    return code


def open_invitations(context: Context) -> list[Invitation]:
    """The codes that wait to be sent to the bot."""
    persons = context.work.staffing.staff().persons
    return [
        Invitation(link.person, persons[link.person].name, link.digest, link.expires_at)
        for link in context.work.contacts.open_links(context.now)
        if link.person in persons
    ]


def accept(context: Context, invitation: Invitation, message: ChatMessage) -> bool:
    """Spend a code and keep the chat it came from; False if it was spent meanwhile."""
    return context.work.contacts.spend_link(invitation.digest, message.chat_id, context.now)


def link_waiting(office: Office, wait_seconds: int) -> list[Link]:
    """Read what was written to the bot, if any code is open; whom that linked.

    Raises:
        LinkingError: Zalo is no bot here, its token is missing, or it cannot be reached.
    """
    invitations = office.ask(open_invitations)
    if not invitations:
        return []
    address = urlsplit(office.settings.zalo_url)
    if address.scheme != "zalobot":
        raise LinkingError("Chưa đặt KHCN_ZALO_URL=zalobot://bí-danh nên chưa nhận mã được.")
    try:
        bot = Bot(read_secret("zalobot", address.netloc, "token"), zalo_hosts())

        def spend(invitation: Invitation, message: ChatMessage) -> bool:
            return bool(office.run(accept, invitation, message))

        return link_people(bot, invitations, spend, office.clock.now(), wait_seconds)
    except SecretError as error:
        raise LinkingError(f"{error}.") from error
    except Undelivered as undelivered:
        raise LinkingError(f"Không hỏi được bot Zalo: {undelivered.attempt.detail}.") from None


def load_tokens(office: Office, alias: str, access: str, refresh: str) -> None:
    """Put in the pair of an OA, sealed; the first use asks Zalo for a new one."""
    app = OaApp("", "")  # nothing is asked of Zalo here
    TokenKeeper(vault_of(office, alias), lambda token: refresh_tokens(app, token)).start(
        access, refresh
    )


def try_channel(office: Office, channel: str, person: str = "") -> Attempt:
    """Send one trial message past the outbox; a channel that takes it is parked no more.

    Args:
        person: Who gets it; by default the administrator's address.
    """
    settings, now = office.settings, office.clock.now()
    message: Message = office.ask(_trial, channel, person)
    urls = {ADMIN: settings.admin_url, MAIL: settings.mail_url, ZALO: settings.zalo_url}
    if not urls[channel]:
        return Attempt(Outcome.AUTH, "config", "Chưa đặt KHCN_ZALO_URL")
    rendered = render(message.event, message.context, settings.mail_templates)
    attempt = deliver(
        message,
        rendered,
        urls[channel],
        settings.mail_from,
        now,
        vaults=lambda alias: vault_of(office, alias),
    )
    if attempt.outcome is Outcome.SENT:
        office.run(_mended, channel, attempt)
    return attempt


def _mended(context: Context, channel: str, attempt: Attempt) -> None:
    context.work.channels.took(channel, attempt.quota_left, context.now)
    context.work.outbox.release(context.now, [Status.PARKED], channel)


def _trial(context: Context, channel: str, person: str) -> Message:
    recipient = Recipient("quan-tri", "Quản trị hệ thống", context.settings.admin_email)
    if person:
        found = context.work.staffing.staff().person(person)
        contact = context.work.contacts.of([person]).get(person)
        recipient = reached_by(Recipient(found.code, found.name, found.email), contact)
    return Message(
        dedupe_key=f"{context.now.isoformat()}|thu|{recipient.code}|{channel}",
        event=Event.ADMIN_ALERT,
        channel=channel,
        recipient=recipient,
        context=AlertContext(
            recipient_name=recipient.name,
            agency=f"{context.agency.name} {context.agency.province}",
            today=vietnamese.day(context.today),
            link="",
            title="Tin thử kênh thông báo",
            detail="Nhận được tin này là kênh gửi được.",
            remedy="",
        ),
        created_at=context.now,
        expires_at=None,
        thread="he-thong",
    )


def _sign(context: Context, code: str, by: str, words: str) -> None:
    """Write in the ledger that it was done, never what a chat or a number is."""
    fact = signed_by_keeper(context, about_person(context, code, by, words), words)
    context.work.append(fact, context.now)


def _kind(url: str) -> str:
    return f"{url.partition(':')[0]}://" if url else ""

"""Gửi: hands the outbox to the channels; what was claimed is committed before it is sent."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import monotonic

from khcn_workflow.clock import told_time
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.quiet_hours import CLOSES, OPENS
from khcn_workflow.storage.outbox import BATCH, STOPPED
from khcn_workflow.storage.outbox_rows import Claimed, Owed, Result
from khcn_workflow.vaults import Office, vault_of
from notifications.channels import deliver
from notifications.messages import Message
from notifications.outbox import Attempt, Outcome, Settlement, Status, expired, settle
from notifications.reach import ADMIN, CHANNELS, MAIL, ZALO, by_channel, policy_of
from notifications.templating import TemplateProblem, render

LOOK_EVERY_S = 1.0
"""How long results are gathered before they are written and the rest is looked at anew.

As long may a mail's step be answered unseen, and as many mails does a worker send again
that is killed: with the same Message-ID.
"""

Tried = tuple[Claimed, Attempt | None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages ended in which status.

    Attributes:
        quiet_until: When people may be told again; None while they may be.
        waiting: How many messages wait for that instant.
    """

    counts: dict[str, int]
    quiet_until: datetime | None = None
    waiting: int = 0

    @property
    def sent(self) -> int:
        """Messages a channel accepted."""
        return self.counts.get(Status.SENT, 0)

    @property
    def left_alone(self) -> str:
        """That nothing leaves at this hour, and when it will; empty at other hours."""
        if self.quiet_until is None:
            return ""
        waiting = f"{vietnamese.count(self.waiting)} tin chờ" if self.waiting else "chờ"
        hours = f"{OPENS:%H:%M}–{CLOSES:%H:%M} ngày làm việc"
        return f"Ngoài giờ gửi ({hours}): {waiting} đến {told_time(self.quiet_until)}."


@dataclass(frozen=True, slots=True)
class Noted:
    """What a worker goes on with: statuses written, and messages still in its hands."""

    statuses: Sequence[Status]
    waiting: Sequence[Claimed]


def deliver_outbox(office: Office, channel: str = "") -> Delivered:
    """Send what is due; claim and commit go before any network call.

    At hours at which people are left alone only the administrator's channel is served.

    A worker that dies leaves its claim. After the lease a mail is sent again under its
    Message-ID; a nudge by Zalo is not, and the mail that stands in for it is written.

    Args:
        channel: Only the messages of this channel's alias; all when empty.
    """
    counts: Counter[str] = Counter()
    for alias in (channel,) if channel else (*CHANNELS, MAIL):  # mails stand in for nudges
        office.run(take_back, alias)
        counts += Counter(_divert_idle(office, alias))
        while batch := office.run(claim_messages, alias):
            counts += Counter(_send(office, batch))
        counts += Counter(_divert_idle(office, alias))
    return Delivered(dict(counts), *office.ask(_left_alone))


def _left_alone(context: Context) -> tuple[datetime | None, int]:
    """Until when people are left alone, and how many messages wait for it."""
    until = context.quiet_until()
    if until is None:
        return None, 0
    counts = context.work.outbox.counts()
    return until, sum(counts.get(alias, {}).get(Status.PENDING, 0) for alias in (MAIL, ZALO))


def take_back(context: Context, channel: str) -> None:
    """Take over what dead workers held."""
    again = policy_of(channel).resend_unknown
    uncertain = context.work.outbox.take_back(channel, context.now, resend=again)
    _by_mail(context, uncertain)


def claim_messages(context: Context, channel: str) -> list[Claimed]:
    """Take the messages of a channel whose time has come; none while people are left alone.

    One at a time where none may be sent twice: what a dead worker held is then uncertain,
    and nothing else.
    """
    if channel != ADMIN and context.quiet_until():
        return []
    limit = BATCH if policy_of(channel).resend_unknown else 1
    return context.work.outbox.claim(channel, context.now, limit)


def note(context: Context, tried: Sequence[Tried], waiting: Sequence[Claimed]) -> Noted:
    """Write what attempts came to, and look again at what has not been tried."""
    outbox, channel = context.work.outbox, tried[0][0].message.channel
    results = [_result(context, claimed, attempt) for claimed, attempt in tried]
    written = outbox.settle_all(results, context.now)
    ours = [result for result in results if result.claimed.id in written]
    if channel == ZALO:
        _by_mail(context, [r.claimed for r in ours if _stands_in(r.settlement.status, r.code)])
    _note_channel(context, channel, [attempt for _, attempt in tried if attempt])
    statuses = [result.settlement.status for result in ours]
    if waiting and context.work.channels.is_parked(channel, context.now):
        outbox.give_back(waiting)
        return Noted(statuses, ())
    return Noted(statuses, outbox.renew(waiting, context.now))


def divert(context: Context, channel: str) -> int:
    """Send by mail what waits for a channel that is parked or not set up; how many."""
    configured = channel != ZALO or context.settings.zalo_url
    if configured and not context.work.channels.is_parked(channel, context.now):
        return 0
    diverted = context.work.outbox.divert(channel)
    _by_mail(context, diverted)
    return len(diverted)


def release(context: Context) -> int:
    """Put parked, dead and uncertain messages back in line, for channels as if new; how many."""
    context.work.channels.unpark()
    return context.work.outbox.release(context.now, STOPPED)


def _divert_idle(office: Office, channel: str) -> dict[str, int]:
    number = 0
    while channel == ZALO and (diverted := office.run(divert, channel)):
        number += diverted
    return {Status.CANCELLED: number} if number else {}


def _send(office: Office, batch: Sequence[Claimed]) -> list[Status]:
    """Send what one claim took; results are written in groups, at once when we are refused."""
    waiting, tried, statuses = list(batch), list[Tried](), list[Status]()
    looked = monotonic()
    while waiting:
        claimed = waiting.pop(0)
        attempt = _attempt(office, claimed)
        tried.append((claimed, attempt))
        refused = attempt is not None and attempt.outcome is Outcome.AUTH
        if not waiting or refused or monotonic() - looked >= LOOK_EVERY_S:
            noted = office.run(note, tried, waiting)
            waiting, tried, looked = list(noted.waiting), [], monotonic()
            statuses += noted.statuses
    return statuses


def _attempt(office: Office, claimed: Claimed) -> Attempt | None:
    """One try, outside any transaction; None when it is not worth making."""
    message, settings, now = claimed.message, office.settings, office.clock.now()
    if claimed.moot or expired(message, now):
        return None
    try:
        rendered = render(message.event, message.context, settings.mail_templates)
    except TemplateProblem as problem:
        return Attempt(Outcome.PERMANENT, "template", str(problem))
    urls = {MAIL: settings.mail_url, ADMIN: settings.admin_url, ZALO: settings.zalo_url}
    return deliver(
        message,
        rendered,
        urls[message.channel],
        settings.mail_from,
        now,
        vaults=partial(vault_of, office),
    )


def _result(context: Context, claimed: Claimed, attempt: Attempt | None) -> Result:
    if attempt is None:
        reason = claimed.moot or "Quá thời gian có ích của lời nhắc."
        status = Status.CANCELLED if claimed.moot else Status.EXPIRED
        return Result(claimed, Settlement(status, None, reason), "", claimed.attempts)
    counted = attempt.outcome not in (Outcome.LATER, Outcome.AUTH)
    tried, channel = claimed.attempts + int(counted), claimed.message.channel
    spread = random.random()  # noqa: S311 - jitter, no secret
    settlement = settle(attempt, tried, context.now, spread, policy_of(channel))
    if channel == ZALO and not counted:
        words = f"{settlement.reason} Đã chuyển sang thư."
        settlement = Settlement(Status.CANCELLED, None, words)
    return Result(claimed, settlement, attempt.code, tried)


def _stands_in(status: Status, code: str) -> bool:
    """Whether a mail is owed for a nudge that ended so; not if it was moot (no code)."""
    return status in (Status.DEAD, Status.UNKNOWN) or (status is Status.CANCELLED and bool(code))


def _by_mail(context: Context, nudges: Sequence[Claimed]) -> None:
    """Write the mails that stand in for nudges; those that went by mail too have theirs."""
    mails: list[tuple[Message, Owed | None]] = [
        (replace(by_channel(nudge.message, MAIL), created_at=context.now), nudge.about)
        for nudge in nudges
        if not nudge.moot
    ]
    context.work.outbox.put(mails)


def _note_channel(context: Context, channel: str, attempts: Sequence[Attempt]) -> None:
    """How the channel fares; once it takes messages again, those that waited for it go on."""
    sent = [attempt for attempt in attempts if attempt.outcome is Outcome.SENT]
    refused = [attempt for attempt in attempts if attempt.outcome is Outcome.AUTH]
    if sent:
        context.work.channels.took(channel, sent[-1].quota_left, context.now)
        context.work.outbox.release(context.now, [Status.PARKED], channel)
    if refused:
        context.work.channels.refused(channel, len(refused), refused[-1].detail, context.now)

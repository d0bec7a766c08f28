"""Gửi: hands the outbox to the channels, one claimed message at a time."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from khcn_workflow.clock import Clock
from khcn_workflow.context import Context
from khcn_workflow.notices import ADMIN
from khcn_workflow.settings import Settings
from khcn_workflow.storage.outbox import Claimed
from notifications.channels import deliver
from notifications.outbox import Attempt, Outcome, Settlement, Status, expired, settle
from notifications.templating import TemplateProblem, render

BATCH = 100
"""Messages claimed in one transaction."""


class Office(Protocol):
    """What delivery needs of the application: several transactions, and no network in any."""

    settings: Settings
    clock: Clock

    def run(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """Run a use case in a transaction of its own."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages ended in which status."""

    counts: dict[str, int]

    @property
    def sent(self) -> int:
        """Messages a channel accepted."""
        return self.counts.get(Status.SENT, 0)


def deliver_outbox(office: Office, worker: str = "", channel: str = "") -> Delivered:
    """Send what is due; claim and commit go before any network call.

    A worker that dies leaves its claim; after the lease another sends again, and a
    mail keeps its Message-ID, so that a double can be told as one.

    Args:
        channel: Only the messages of this channel's alias; all when empty.
    """
    worker = worker or uuid4().hex
    counts: Counter[str] = Counter()
    while claimed := office.run(claim_messages, worker, channel):
        for message in claimed:
            attempt = _attempt(office, message)
            counts[office.run(settle_message, message, worker, attempt)] += 1
    return Delivered(dict(counts))


def claim_messages(context: Context, worker: str, channel: str = "") -> list[Claimed]:
    """Take the messages (of one channel) whose time has come."""
    return context.work.outbox.claim(worker, context.now, BATCH, channel)


def settle_message(context: Context, claimed: Claimed, worker: str, attempt: Attempt | None) -> str:
    """Write what became of a claimed message; its new status."""
    settlement = _settlement(context, claimed, attempt)
    code = attempt.code if attempt else ""
    context.work.outbox.settle(claimed, worker, settlement, code, context.now)
    return settlement.status


def release(context: Context) -> int:
    """Put parked, dead and uncertain messages back in line; how many."""
    return context.work.outbox.release(context.now)


def _attempt(office: Office, claimed: Claimed) -> Attempt | None:
    """One try, outside any transaction; None when it is not worth making."""
    message, settings, now = claimed.message, office.settings, office.clock.now()
    if claimed.moot or expired(message, now):
        return None
    try:
        rendered = render(message.event, message.context, settings.mail_templates)
    except TemplateProblem as problem:
        return Attempt(Outcome.PERMANENT, "template", str(problem))
    url = settings.admin_url if message.channel == ADMIN else settings.mail_url
    return deliver(message, rendered, url, settings.mail_from, now)


def _settlement(context: Context, claimed: Claimed, attempt: Attempt | None) -> Settlement:
    if claimed.moot:
        return Settlement(Status.CANCELLED, None, "Bước đã có kết quả hoặc hạn đã đổi.")
    if attempt is None:
        return Settlement(Status.EXPIRED, None, "Quá thời gian có ích của lời nhắc.")
    tried = claimed.attempts + int(attempt.outcome not in (Outcome.LATER, Outcome.AUTH))
    return settle(attempt, tried, context.now, random.random())  # noqa: S311 - jitter, no secret

"""Cảnh báo quản trị: what does not run as it should, told once a day.

The ledger and the calendar are asked, not Prefect: a sweep that is paused, a worker that
is gone and a lost event are all seen by whoever still runs (delivery, `khcn up`, a timer).
"""

from datetime import date

from khcn_workflow import notices
from khcn_workflow.clock import HANOI, Clock
from khcn_workflow.context import Context
from khcn_workflow.domain.alerts import (
    STUCK_FOR,
    SWEPT_BY,
    Alert,
    channel_parked,
    nothing_leaves,
    sweep_missed,
    zalo_parked,
)
from khcn_workflow.regulations.agency import load_agency
from khcn_workflow.settings import Settings
from notifications.channels import deliver
from notifications.outbox import Attempt
from notifications.reach import MAIL, ZALO
from notifications.templating import render


def raise_alert(context: Context, alert: Alert) -> bool:
    """Put an alert into the outbox; False when it was told today already."""
    message = notices.admin_alert(
        context.settings, context.agency, context.today, context.now, alert
    )
    return bool(context.work.outbox.enqueue([message]))


def tell_at_once(settings: Settings, clock: Clock, alert: Alert) -> Attempt:
    """Send an alert past the outbox, for when the database cannot be reached."""
    now = clock.now()
    agency = load_agency(settings.agency, settings.own_agencies)
    message = notices.admin_alert(settings, agency, clock.today(), now, alert)
    rendered = render(message.event, message.context, settings.mail_templates)
    return deliver(message, rendered, settings.admin_url, settings.mail_from, now)


def watch(context: Context) -> list[Alert]:
    """Find what is wrong now and put it into the outbox; the alerts that are new today."""
    return [alert for alert in find_alerts(context) if raise_alert(context, alert)]


def find_alerts(context: Context) -> list[Alert]:
    """Was a working day not swept in time; does a channel refuse us; does nothing leave?"""
    found = []
    if _should_be_swept(context):
        swept_to = last_swept(context)
        if swept_to is None or swept_to < context.today:
            found.append(sweep_missed(context.today, swept_to))
    parked, reason = context.work.outbox.parked(MAIL)
    if parked:
        found.append(channel_parked(parked, reason))
    zalo = context.work.channels.all().get(ZALO)
    if zalo and zalo.is_parked(context.now):
        found.append(zalo_parked(zalo.reason))
    if waiting := _waiting_for_long(context):
        found.append(nothing_leaves(waiting))
    return found


def last_swept(context: Context) -> date | None:
    """The day up to which every rung of the ladder was swept; None when one never was."""
    return context.work.sweeping.swept_to([rung.id for rung in context.ladder])


def _waiting_for_long(context: Context) -> int:
    """How many messages could have left all that time, and did not."""
    since = context.now - STUCK_FOR
    if context.quiet_until() or context.quiet_until(since):
        return 0
    return context.work.outbox.overdue_for(STUCK_FOR, context.now)


def _should_be_swept(context: Context) -> bool:
    """A working day, past the hour, and somebody owes something."""
    return (
        context.now.astimezone(HANOI).time() >= SWEPT_BY
        and context.calendar.is_working_day(context.today)
        and bool(context.work.queries.owed_steps())
    )

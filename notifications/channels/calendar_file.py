"""Tệp lịch: a due day as an iCalendar file that a person may keep in their own calendar."""

# icalendar is imported on first use only: most mails carry no calendar file.

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from notifications.messages import Appointment

if TYPE_CHECKING:
    from icalendar import Calendar, Event

METHOD = "PUBLISH"
"""RFC 5546: told, not asked; nobody is expected to accept or decline."""

ASK_AGAIN = timedelta(hours=4)
"""How often a program that subscribes is asked to look; most decide for themselves."""

_PRODUCT = "-//khcn-workflow//Nhac viec//VI"


def calendar_file(appointment: Appointment, domain: str, stamped_at: datetime) -> bytes:
    """The whole file: one all-day event that leaves the person free (RFC 5545).

    `domain` makes the event's UID the office's own; `stamped_at` carries a zone.
    """
    calendar = _calendar()
    calendar.add("method", METHOD)
    calendar.add_component(_event(appointment, domain, stamped_at))
    return bytes(calendar.to_ical())


def calendar_feed(
    title: str, appointments: Iterable[tuple[Appointment, datetime]], domain: str
) -> bytes:
    """All of a person's days as one file, to be fetched again and again.

    Each with the instant at which it last changed, so that the same days are the same bytes;
    a day has the UID that it has in a mail. A file without a method is a calendar to keep in
    step with, not news to be imported (RFC 5545, 3.7.2 and 3.8.7.2).
    """
    calendar = _calendar()
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", ASK_AGAIN)
    for appointment, changed_at in appointments:
        calendar.add_component(_event(appointment, domain, changed_at))
    return bytes(calendar.to_ical())


def _calendar() -> "Calendar":
    from icalendar import Calendar  # noqa: PLC0415 - see above

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _event(appointment: Appointment, domain: str, stamped_at: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415 - as above

    event = Event()
    event.add("uid", f"{appointment.uid}@{domain}")
    event.add("sequence", appointment.version)
    event.add("dtstamp", stamped_at.astimezone(UTC))
    event.add("dtstart", appointment.due_on)
    event.add("dtend", appointment.due_on + timedelta(days=1))
    event.add("summary", appointment.summary)
    event.add("description", appointment.description)
    if appointment.link:
        event.add("url", appointment.link)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event

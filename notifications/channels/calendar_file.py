"""Tệp lịch: a due day as an iCalendar file that a person may keep in their own calendar."""

# icalendar is imported on first use only: most mails carry no calendar file.

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from notifications.messages import Appointment

if TYPE_CHECKING:
    from icalendar import Event

METHOD = "PUBLISH"
"""RFC 5546: told, not asked; nobody is expected to accept or decline."""

_PRODUCT = "-//khcn-workflow//Nhac viec//VI"


def calendar_file(appointment: Appointment, domain: str, stamped_at: datetime) -> bytes:
    """The whole file: one all-day event that leaves the person free (RFC 5545).

    `domain` makes the event's UID the office's own; `stamped_at` carries a zone.
    """
    from icalendar import Calendar  # noqa: PLC0415 - see above

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", METHOD)
    calendar.add_component(_event(appointment, domain, stamped_at))
    return bytes(calendar.to_ical())


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

import email
import email.policy
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from ical.calendar_stream import CalendarStream
from ical.event import EventStatus

from notifications.channels.calendar_file import calendar_feed, calendar_file
from notifications.channels.email_message import build_email
from tests.notifications.makers import DUE, RENDERED, SENDER, SENT_AT, message

DOMAIN = "khcn.caobang.example"


def read(content):
    """The one event of a file, as a parser that did not write it reads it."""
    (calendar,) = CalendarStream.from_ics(content.decode()).calendars
    (event,) = calendar.events
    return calendar, event


def written(appointment=DUE, stamped_at=SENT_AT):
    return calendar_file(appointment, DOMAIN, stamped_at)


def test_another_parser_reads_the_whole_day_back():
    calendar, event = read(written())
    assert (calendar.method, calendar.version) == ("PUBLISH", "2.0")
    assert (event.summary, event.description) == (DUE.summary, DUE.description)
    assert (event.dtstart, event.dtend) == (date(2019, 5, 8), date(2019, 5, 9))
    assert event.uid == "NV-2019-07.hop-to-tham-dinh.1@khcn.caobang.example"
    assert event.sequence == 2
    assert event.dtstamp == datetime(2019, 5, 13, 1, 0, tzinfo=UTC)
    assert str(event.url) == DUE.link
    assert event.status is EventStatus.CONFIRMED
    assert event.attendees == []


def test_a_day_that_moved_is_the_same_event_with_a_higher_number():
    _, before = read(written())
    moved = replace(DUE, version=3, due_on=date(2019, 5, 15))
    _, after = read(written(moved))
    assert after.uid == before.uid
    assert after.sequence > before.sequence
    assert after.dtstart == date(2019, 5, 15)


def test_a_deadline_keeps_nobody_from_other_meetings():
    assert b"\r\nTRANSP:TRANSPARENT\r\n" in written()
    assert b"BEGIN:VALARM" not in written()


def test_the_file_is_folded_at_75_octets_without_cutting_a_letter():
    long = replace(DUE, summary="Thẩm định nội dung, kinh phí; " * 20)
    content = written(long)
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    assert read(content)[1].summary == long.summary


@pytest.mark.parametrize("typed", ["a;b,c\\d", "hai\ndòng", 'BEGIN:VALARM "x": y'])
def test_what_people_typed_cannot_add_a_property(typed):
    _, event = read(written(replace(DUE, description=typed)))
    assert event.description == typed
    assert event.sequence == 2


def test_a_step_without_a_link_has_no_url():
    assert read(written(replace(DUE, link="")))[1].url is None


def test_a_mail_carries_the_file_with_the_method_the_file_itself_names():
    mail = build_email(replace(message(), appointment=DUE), RENDERED, SENDER, SENT_AT)
    received = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
    (part,) = received.iter_attachments()
    assert part["Content-Type"].params == {
        "charset": "utf-8",
        "method": "PUBLISH",
    }
    assert part.get_filename() == "thoi-han.ics"
    assert read(part.get_content().encode())[1].summary == DUE.summary
    assert received.get_body(("plain",)).get_content().strip() == RENDERED.text.strip()


def test_a_mail_about_no_day_carries_no_file():
    assert list(build_email(message(), RENDERED, SENDER, SENT_AT).iter_attachments()) == []


def test_a_feed_is_a_named_calendar_without_a_method_that_another_parser_reads():
    other = replace(DUE, uid="khac", due_on=date(2019, 5, 9))
    content = calendar_feed("Hạn của Lan", [(DUE, SENT_AT), (other, SENT_AT)], DOMAIN)
    (calendar,) = CalendarStream.from_ics(content.decode()).calendars
    assert calendar.method is None
    assert [event.uid for event in calendar.events] == [f"{DUE.uid}@{DOMAIN}", f"khac@{DOMAIN}"]
    assert [event.sequence for event in calendar.events] == [2, 2]
    assert {event.dtstamp for event in calendar.events} == {SENT_AT}
    lines = content.decode().split("\r\n")
    assert {"NAME:Hạn của Lan", "REFRESH-INTERVAL;VALUE=DURATION:PT4H"} <= set(lines)
    assert content == calendar_feed("Hạn của Lan", [(DUE, SENT_AT), (other, SENT_AT)], DOMAIN)

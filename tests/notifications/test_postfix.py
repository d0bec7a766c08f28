"""The mail channel end to end through a real mail server; run by `make postfix`."""

import email
import email.policy
from dataclasses import replace

import pytest
from ical.calendar_stream import CalendarStream

from notifications.channels import deliver
from notifications.channels.email_message import Attachment
from notifications.messages import Event, Recipient, Rendered
from notifications.outbox import Outcome
from notifications.samples import samples
from notifications.templating import render
from tests.notifications import postfix_server
from tests.notifications.makers import DUE, SENDER, SENT_AT, message

pytestmark = pytest.mark.postfix

LAN, STRANGER, SLOW = (
    Recipient(code, "Nông Thị Lan", f"{code}@{postfix_server.DOMAIN}")
    for code in ("lan", "khong-co", "cham")
)


@pytest.fixture(scope="module")
def server():
    with postfix_server.running() as found:
        yield found


def send(server, recipient=LAN, rendered=None, url="officemails://127.0.0.1:{}?verify=no", **more):
    told = replace(message(recipient=recipient), appointment=DUE)
    rendered = rendered or render(Event.OVERDUE, samples(Event.OVERDUE)[0])
    return deliver(told, rendered, url.format(server.port), SENDER, SENT_AT, **more)


def test_a_mail_reaches_the_box_whole_and_a_copy_of_it_is_known_as_one(server):
    report = Attachment("Báo cáo 6 tháng đầu năm 2019.pdf", b"%PDF-1.7\n.\n\x00", "application/pdf")
    attempts = [send(server, attachments=[report]) for _ in range(2)]
    assert [(attempt.outcome, attempt.code) for attempt in attempts] == [(Outcome.SENT, "250")] * 2
    first, second = (
        email.message_from_bytes(raw, policy=email.policy.default) for raw in server.mails("lan", 2)
    )
    assert first["Message-ID"] == second["Message-ID"] == attempts[0].provider_id
    assert first["Subject"] == "[Quá hạn 3 ngày làm việc] NV-2019-07 – Họp tổ thẩm định kinh phí"
    assert "ESMTPS" in first["Received"]
    text = first.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text == render(Event.OVERDUE, samples(Event.OVERDUE)[0]).text
    calendar, pdf = first.iter_attachments()
    (event,) = CalendarStream.from_ics(calendar.get_content()).calendars[0].events
    assert (event.sequence, event.dtstart) == (DUE.version, DUE.due_on)
    assert (pdf.get_filename(), pdf.get_content()) == (report.name, report.content)


def test_a_recipient_the_server_does_not_know_is_permanent(server):
    attempt = send(server, STRANGER)
    assert (attempt.outcome, attempt.code) == (Outcome.PERMANENT, "550")
    assert "5.1.1" in attempt.detail


def test_a_recipient_put_off_is_tried_again(server):
    attempt = send(server, SLOW)
    assert (attempt.outcome, attempt.code) == (Outcome.RETRY, "450")


def test_a_mail_too_big_is_permanent(server):
    big = Attachment("to.bin", b"x" * 300_000, "application/octet-stream")
    attempt = send(server, attachments=[big])
    assert (attempt.outcome, attempt.code) == (Outcome.PERMANENT, "552")


def test_a_certificate_nobody_vouches_for_is_not_trusted(server):
    attempt = send(server, url="officemails://127.0.0.1:{}")
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "tls")


def test_dots_and_long_lines_arrive_as_they_were(server):
    text = ".\n..hai chấm\n" + "chữ " * 400 + "\n.\n"
    rendered = Rendered("Dấu chấm", text, "<p>x</p>\n")
    before = len(server.mails("lan", 0))
    assert send(server, rendered=rendered, url="officemail://127.0.0.1:{}").outcome is Outcome.SENT
    mails = [
        email.message_from_bytes(raw, policy=email.policy.default)
        for raw in server.mails("lan", before + 1)
    ]
    (arrived,) = [mail for mail in mails if mail["Subject"] == "Dấu chấm"]
    assert arrived.get_body(("plain",)).get_content().replace("\r\n", "\n") == text

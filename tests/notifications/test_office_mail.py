import base64
import email
import email.policy
import socket
import threading
from dataclasses import replace
from urllib.parse import quote

import pytest
from ical.calendar_stream import CalendarStream

from notifications.channels import deliver
from notifications.channels.office_mail import NotifyOfficeMail
from notifications.messages import Recipient, Rendered
from notifications.outbox import Attempt, Outcome
from tests.notifications.makers import DUE, LAN, RENDERED, SENDER, SENT_AT, message
from tests.notifications.smtp_server import (
    PASSWORD,
    USER,
    Faults,
    free_port,
    running,
    self_signed,
    with_login,
)

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

CREDENTIALS = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"


def words(envelope, subtype):
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    return mail.get_body((subtype,)).get_content().replace("\r\n", "\n")


def send(port, schema="officemail", credentials="", query="rto=2", rendered=RENDERED, told=None):
    url = f"{schema}://{credentials}127.0.0.1:{port}?cto=2&{query}"
    return deliver(told or message(), rendered, url, SENDER, SENT_AT)


def outcome(faults, **smtp):
    with running(faults, **smtp) as port:
        attempt = send(port)
    return attempt.outcome, attempt.code


def test_a_mail_reaches_the_server_whole():
    faults = Faults()
    dotted = Rendered("Quá hạn", ".\n..một dấu chấm đầu dòng\n.\n", "<p>Chữ</p>\n")
    with running(faults) as port:
        attempt = send(port, rendered=dotted)
    (envelope,) = faults.taken
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert envelope.mail_from == "nhacviec@khcn.caobang.example"
    assert envelope.rcpt_tos == [LAN.email]
    assert mail["Subject"] == "Quá hạn"
    assert words(envelope, "plain") == dotted.text
    assert words(envelope, "html") == dotted.html
    assert attempt == Attempt(Outcome.SENT, "250", "2.0.0 queued as 42", mail["Message-ID"])


def test_a_line_that_begins_with_a_dot_survives_in_plain_ascii():
    faults = Faults()
    with running(faults) as port:
        send(port, rendered=Rendered("x", ".\n..dot\n.\nend\n", "<p>x</p>\n"))
    assert words(faults.taken[0], "plain") == ".\n..dot\n.\nend\n"


def test_a_refused_recipient_is_permanent():
    faults = Faults(rcpt="550 5.1.1 No such user here")
    with running(faults) as port:
        attempt = send(port)
    assert attempt == Attempt(
        Outcome.PERMANENT, "550", "Máy chủ thư trả lời: 5.1.1 No such user here"
    )
    assert faults.taken == []


def test_a_server_that_asks_for_a_log_in_late_parks_the_channel_and_not_the_recipient():
    assert outcome(Faults(rcpt="530 5.7.0 Authentication required")) == (Outcome.AUTH, "530")


def test_a_greylisted_recipient_is_tried_again():
    assert outcome(Faults(rcpt="450 4.2.0 Greylisted")) == (Outcome.RETRY, "450")


def test_a_mail_refused_after_it_was_read_is_permanent():
    assert outcome(Faults(data="554 5.7.1 Looks like spam")) == (Outcome.PERMANENT, "554")


def test_a_mail_put_off_after_it_was_read_is_tried_again():
    assert outcome(Faults(data="451 4.3.0 Try later")) == (Outcome.RETRY, "451")


def test_a_server_that_refuses_our_sender_would_refuse_every_mail():
    assert outcome(Faults(mail="553 5.7.1 Not your address")) == (Outcome.AUTH, "553")


def test_a_mail_too_big_for_the_server_is_only_this_mails_fault():
    assert outcome(Faults(mail="552 5.3.4 Too big")) == (Outcome.PERMANENT, "552")


def test_a_server_that_is_full_is_tried_again():
    assert outcome(Faults(mail="452 4.3.1 Disk full")) == (Outcome.RETRY, "452")


def test_a_line_lost_before_the_mail_was_written_is_tried_again():
    faults = Faults(drop_at_rcpt=True)
    assert outcome(faults) == (Outcome.RETRY, "connect")
    assert faults.taken == []


def test_a_line_lost_after_the_mail_was_written_leaves_it_unknown():
    faults = Faults(drop_after_data=True)
    assert outcome(faults) == (Outcome.UNKNOWN, "lost")
    assert len(faults.taken) == 1


def test_one_refused_recipient_does_not_speak_for_another():
    faults = Faults(refused={"nam@so.example": "550 5.1.1 No such user"})
    nam = message(recipient=Recipient("nam", "Nam", "nam@so.example"), dedupe_key="b")
    with running(faults) as port:
        attempts = send(port, told=nam), send(port)
    assert [attempt.outcome for attempt in attempts] == [Outcome.PERMANENT, Outcome.SENT]
    assert [envelope.rcpt_tos for envelope in faults.taken] == [[LAN.email]]


def test_a_greylisted_mail_gets_through_at_its_second_try_and_once():
    faults = Faults(greylist=1)
    with running(faults) as port:
        assert send(port).code == "450"
        assert send(port).outcome is Outcome.SENT
    assert len(faults.taken) == 1


def test_a_server_slow_to_take_the_recipient_is_tried_again():
    faults = Faults(slow_at_rcpt=1)
    with running(faults) as port:
        attempt = send(port, query="rto=0.3")
    assert (attempt.outcome, attempt.code) == (Outcome.RETRY, "timeout")
    assert faults.taken == []


def test_a_server_slow_to_say_that_it_took_the_mail_leaves_it_unknown():
    faults = Faults(slow_after_data=1)
    with running(faults) as port:
        attempt = send(port, query="rto=0.3")
    assert (attempt.outcome, attempt.code) == (Outcome.UNKNOWN, "lost")
    assert len(faults.taken) == 1


def test_a_slow_server_within_its_time_is_simply_slow():
    assert outcome(Faults(slow_at_rcpt=0.3, slow_after_data=0.3)) == (Outcome.SENT, "250")


@pytest.mark.parametrize(
    ("where", "answer", "expected"),
    [
        ("rcpt", "421 4.3.2 Shutting down", Outcome.RETRY),
        ("rcpt", "451 4.3.0 Lookup failed", Outcome.RETRY),
        ("rcpt", "452 4.5.3 Too many recipients", Outcome.RETRY),
        ("rcpt", "552 5.2.2 Mailbox full", Outcome.PERMANENT),
        ("rcpt", "553 5.1.3 Bad address", Outcome.PERMANENT),
        ("rcpt", "554 5.7.1 Relay access denied", Outcome.PERMANENT),
        ("data", "421 4.3.2 Shutting down", Outcome.RETRY),
        ("data", "452 4.3.1 Disk full", Outcome.RETRY),
        ("data", "550 5.7.1 Policy", Outcome.PERMANENT),
        ("data", "552 5.3.4 Too big", Outcome.PERMANENT),
        ("mail", "450 4.1.8 Domain not found", Outcome.RETRY),
        ("mail", "550 5.7.1 Sender refused", Outcome.AUTH),
        ("mail", "535 5.7.8 Log in", Outcome.AUTH),
    ],
)
def test_every_code_of_the_server_is_one_of_six_outcomes(where, answer, expected):
    assert outcome(Faults(**{where: answer})) == (expected, answer[:3])


def test_a_mail_carries_its_day_as_a_calendar_file_to_the_server():
    faults = Faults()
    with running(faults) as port:
        send(port, told=replace(message(), appointment=DUE))
    mail = email.message_from_bytes(faults.taken[0].content, policy=email.policy.default)
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "PUBLISH"
    (calendar,) = CalendarStream.from_ics(part.get_content()).calendars
    assert calendar.method == "PUBLISH"


def test_a_mail_of_unknown_fate_sent_again_has_the_same_id():
    faults = Faults(drop_after_data=True)
    with running(faults) as port:
        send(port)
        faults.drop_after_data = False
        assert send(port).outcome is Outcome.SENT
    first, second = (email.message_from_bytes(e.content)["Message-ID"] for e in faults.taken)
    assert first == second


def test_a_server_that_is_down_is_tried_again():
    attempt = send(free_port())
    assert (attempt.outcome, attempt.code) == (Outcome.RETRY, "connect")
    assert attempt.provider_id is None


def test_a_server_that_never_greets_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"officemail://127.0.0.1:{port}?cto=0.2&rto=0.2"
        attempt = deliver(message(), RENDERED, url, SENDER, SENT_AT)
    assert (attempt.outcome, attempt.code) == (Outcome.RETRY, "timeout")


@pytest.mark.parametrize(
    ("greeting", "expected"),
    [
        (b"554 5.7.1 Go away\r\n", (Outcome.AUTH, "554")),
        (b"421 4.3.2 Too busy\r\n", (Outcome.RETRY, "421")),
    ],
)
def test_a_server_that_turns_us_away_at_the_door_is_judged_by_its_code(greeting, expected):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def turn_away():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)
                connection.recv(100)

        thread = threading.Thread(target=turn_away)
        thread.start()
        attempt = send(listener.getsockname()[1])
        thread.join()
    assert (attempt.outcome, attempt.code) == expected


def test_the_right_password_logs_in_and_the_mail_goes_out():
    faults = Faults()
    with running(faults, **with_login()) as port:
        assert send(port, credentials=CREDENTIALS).outcome is Outcome.SENT
    assert len(faults.taken) == 1


def test_a_wrong_password_is_the_channels_fault_and_is_never_repeated_in_words():
    faults = Faults()
    with running(faults, **with_login()) as port:
        attempt = send(port, credentials=f"{quote(USER, safe='')}:Sai-Bet-99@")
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "535")
    assert "Sai-Bet-99" not in str(attempt)
    assert faults.taken == []


@pytest.mark.parametrize("password", [PASSWORD, "Sai-Bet-99"])
def test_no_log_at_any_level_ever_holds_the_password(caplog, capfd, password):
    for name in (None, "apprise", "smtplib"):
        caplog.set_level(1, logger=name)
    with running(Faults(), **with_login()) as port:
        attempt = send(port, credentials=f"{quote(USER, safe='')}:{quote(password, safe='')}@")
    told = f"{attempt} {ours(caplog)} {capfd.readouterr()}"
    encoded = base64.b64encode(f"\0{USER}\0{password}".encode()).decode()
    for secret in (password, quote(password, safe=""), encoded):
        assert secret not in told


def ours(caplog) -> str:
    """What our side logged; the server of the tests runs in the same process."""
    return "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("mail."))


def test_a_log_in_that_fails_for_now_is_tried_again():
    with running(Faults(), **with_login("454 4.7.0 Temporary failure")) as port:
        attempt = send(port, credentials=CREDENTIALS)
    assert (attempt.outcome, attempt.code) == (Outcome.RETRY, "454")


def test_a_server_that_wants_a_log_in_parks_a_channel_that_has_none():
    with running(Faults(), **with_login()) as port:
        attempt = send(port)
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "530")


def test_a_server_that_knows_no_log_in_parks_a_channel_that_has_one():
    with running(Faults()) as port:
        attempt = send(port, credentials=CREDENTIALS)
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "unsupported")


def test_a_mail_goes_out_through_starttls(tmp_path):
    faults = Faults()
    secure = {"tls_context": self_signed(tmp_path), "require_starttls": True}
    with running(faults, **secure) as port:
        assert send(port, "officemails", query="verify=no").outcome is Outcome.SENT
    assert faults.taken[0].rcpt_tos == [LAN.email]


def test_a_mail_goes_out_through_starttls_with_a_log_in(tmp_path):
    faults = Faults()
    secure = {"tls_context": self_signed(tmp_path), "require_starttls": True}
    with running(faults, **secure, **{**with_login(), "auth_require_tls": True}) as port:
        attempt = send(port, "officemails", CREDENTIALS, "verify=no")
    assert attempt.outcome is Outcome.SENT


def test_a_mail_goes_out_over_tls_from_the_first_byte_with_a_log_in(tmp_path):
    faults = Faults()
    with running(faults, over_tls=self_signed(tmp_path), **with_login()) as port:
        attempt = send(port, "officemails", CREDENTIALS, "mode=ssl&verify=no")
    assert attempt.outcome is Outcome.SENT


@pytest.mark.parametrize("mode", ["starttls", "ssl"])
def test_a_certificate_nobody_vouches_for_parks_the_channel(tmp_path, mode):
    tls = self_signed(tmp_path)
    secure = {"over_tls": tls} if mode == "ssl" else {"tls_context": tls}
    faults = Faults()
    with running(faults, **secure) as port:
        attempt = send(port, "officemails", query=f"mode={mode}")
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "tls")
    assert faults.taken == []


def test_a_server_without_starttls_is_never_spoken_to_in_the_clear():
    faults = Faults()
    with running(faults) as port:
        attempt = send(port, "officemails")
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "unsupported")
    assert faults.taken == []


def plugin(url):
    return NotifyOfficeMail(**NotifyOfficeMail.parse_url(url))


@pytest.mark.parametrize(
    ("url", "mode", "port"),
    [
        ("officemail://may.chu", "plain", 25),
        ("officemails://may.chu", "starttls", 587),
        ("officemails://may.chu?mode=SSL", "ssl", 465),
        ("officemail://may.chu:2525?mode=starttls", "starttls", 2525),
    ],
)
def test_mode_and_port_have_the_usual_defaults(url, mode, port):
    server = plugin(url).server
    assert (server.mode.value, server.port) == (mode, port)


def test_a_url_can_be_written_again_and_hides_the_password_when_asked():
    original = plugin(f"officemails://{CREDENTIALS}may.chu?mode=ssl&verify=no&rto=9")
    again = plugin(original.url())
    assert again.server == original.server
    assert again.server.password == PASSWORD
    shown = original.url(privacy=True)
    assert quote(PASSWORD, safe="") not in shown
    assert PASSWORD not in shown
    assert PASSWORD not in repr(original.server)


@pytest.mark.parametrize(
    "url",
    [
        "officemail://",
        "officemail://user@may.chu",
        "officemails://user:B%C3%AD-m%E1%BA%ADt@may.chu",
        "officemails://user:Bi-mat@may.chu?mode=khac",
        "officemails://user:Bi-mat@may.chu:70000",
        "officemails://user:Bi-mat@may.chu:0",
    ],
)
def test_settings_no_server_could_accept_are_refused_without_the_secret(url):
    with pytest.raises(TypeError, match=r"^Kênh officemail: ") as caught:
        plugin(url)
    assert "Bi-mat" not in str(caught.value)
    assert "Bí-mật" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_plugin_asks_apprise_for_no_pauses_and_no_repeats():
    made = plugin("officemail://may.chu?retry=3")
    assert (made.request_rate_per_sec, made.retry) == (0, 0)

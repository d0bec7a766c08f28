import email
import email.policy
import logging
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from apprise import Apprise, NotifyBase
from apprise.manager_plugins import NotificationManager

from notifications.channels import deliver, register
from notifications.channels.email_message import Attachment
from notifications.messages import Recipient, Rendered
from notifications.outbox import Attempt, Outcome
from tests.notifications.makers import LAN, RENDERED, SENDER, SENT_AT, message
from tests.notifications.smtp_server import Faults, free_port, running

OURS = ("mailbox", "officemail", "officemails", "zalobot", "zalooa")


def send(url, rendered=RENDERED, sender=SENDER, attachments=(), **fields):
    return deliver(message(**fields), rendered, url, sender, SENT_AT, attachments)


def read(envelope):
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


@pytest.mark.parametrize(
    "module", ["messages", "ladder", "outbox", "retry", "templating", "channels"]
)
def test_apprise_is_not_imported_before_something_is_sent(module):
    script = f"import sys, notifications.{module}; print('apprise' in sys.modules)"
    root = Path(__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert answer.stdout == "False\n"


def test_the_schema_of_apprises_own_zalo_plugin_is_left_to_it():
    register()
    assert "zalo" not in NotificationManager()


def test_registering_twice_is_registering_once():
    register()
    manager = NotificationManager()
    before = {schema: manager[schema] for schema in OURS}
    register()
    assert {schema: manager[schema] for schema in before} == before


def test_apprise_never_logs_below_info_where_it_prints_tokens(caplog):
    register()
    caplog.set_level(1, logger="apprise")
    log = logging.getLogger("apprise")
    log.debug("token=Bi-mat")
    log.warning("said aloud")
    assert caplog.messages == ["said aloud"]


def test_apprise_can_describe_our_channels():
    register()
    described = {str(s["service_name"]): s for s in Apprise().details()["schemas"]}
    assert described["Mailbox folder"]["protocols"] == ("mailbox",)
    assert described["Office mail"]["secure_protocols"] == ("officemails",)
    assert described["Office mail"]["details"]["tokens"]["password"]["private"]


def test_a_message_is_delivered_into_a_folder(tmp_path):
    attempt = send(
        f"mailbox://{tmp_path}", attachments=[Attachment("Bản đồ.png", b"x", "image/png")]
    )
    (file,) = tmp_path.iterdir()
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert attempt.outcome is Outcome.SENT
    assert attempt.provider_id == mail["Message-ID"]
    assert mail["To"].addresses[0].addr_spec == LAN.email
    assert [part.get_filename() for part in mail.iter_attachments()] == ["Bản đồ.png"]


def test_a_recipient_without_a_usable_address_is_permanent(tmp_path):
    attempt = send(f"mailbox://{tmp_path}", recipient=Recipient("x", "X", "khong-co"))
    assert attempt == Attempt(Outcome.PERMANENT, "address", "Địa chỉ thư «khong-co» không hợp lệ")


def test_a_sender_without_a_usable_address_parks_the_channel(tmp_path):
    attempt = send(f"mailbox://{tmp_path}", sender="Sở KH&CN")
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "config")
    assert "Người gửi" in attempt.detail


def test_a_mail_that_cannot_be_built_is_permanent_and_raises_nothing(tmp_path):
    attempt = send(f"mailbox://{tmp_path}", Rendered("hai\ndòng", "x", "x"))
    assert (attempt.outcome, attempt.code) == (Outcome.PERMANENT, "build")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "user:Bi-mat@may.chu",
        "khongcokenh://user:Bi-mat@may.chu",
        "officemails://user:Bi-mat@may.chu?mode=khac",
        "officemails://Bi-mat@may.chu",
        "mailbox://",
        "mailtos://user:Bi-mat@",
        "slack://Bi-mat",
    ],
)
def test_a_channel_that_cannot_be_set_up_is_parked_and_its_secret_is_not_told(url, caplog):
    caplog.set_level(logging.NOTSET)
    attempt = send(url)
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "config")
    assert attempt.detail
    assert "Bi-mat" not in attempt.detail
    if not url.startswith("slack"):  # a foreign plugin's own warnings are its own
        assert "Bi-mat" not in caplog.text


def test_a_plain_mailto_channel_writes_to_the_recipient_and_not_to_itself():
    faults = Faults()
    with running(faults) as port:
        attempt = send(f"mailto://127.0.0.1:{port}?from=so@khcn.example&mode=insecure")
    assert attempt == Attempt(Outcome.SENT, "ok", "Kênh gửi đã nhận")
    (envelope,) = faults.taken
    assert envelope.rcpt_tos == [LAN.email]
    assert read(envelope).get_body(("html",)).get_content().strip() == RENDERED.html.strip()


def test_a_mailto_channel_with_its_own_recipient_keeps_it():
    faults = Faults()
    with running(faults) as port:
        send(f"mailto://127.0.0.1:{port}?from=so@khcn.example&to=van-thu@khcn.example")
    assert faults.taken[0].rcpt_tos == ["van-thu@khcn.example"]


def test_a_plain_mailto_channel_that_is_refused_is_tried_again_by_the_outbox_only():
    faults = Faults(data="451 4.3.0 Try later")
    with running(faults) as port:
        attempt = send(f"mailto://127.0.0.1:{port}?from=so@khcn.example&retry=3&optional=yes")
    assert (attempt.outcome, attempt.code) == (Outcome.RETRY, "refused")


def test_a_plain_mailto_channel_is_not_repeated_when_the_answer_is_lost():
    faults = Faults(drop_after_data=True)
    with running(faults) as port:
        send(f"mailto://127.0.0.1:{port}?from=so@khcn.example&retry=3")
    assert len(faults.taken) == 1


def test_a_plain_mailto_channel_refuses_a_bad_recipient():
    attempt = send(f"mailto://127.0.0.1:{free_port()}", recipient=Recipient("x", "X", "a@"))
    assert (attempt.outcome, attempt.code) == (Outcome.PERMANENT, "address")


class _Collector(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.mark.parametrize(("answer", "outcome"), [(200, Outcome.SENT), (500, Outcome.RETRY)])
def test_any_other_channel_of_apprise_gets_the_text(answer, outcome):
    server = HTTPServer(("127.0.0.1", 0), _Collector)
    server.bodies, server.answer = [], answer
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        nobody = Recipient("x", "X", "")
        attempt = send(f"json://127.0.0.1:{server.server_port}", recipient=nobody)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert attempt.outcome is outcome
    assert len(server.bodies) == 1
    assert "Chữ thường".encode("unicode_escape").decode() in server.bodies[0] or (
        "Chữ thường" in server.bodies[0]
    )


def test_a_plugin_that_breaks_is_an_attempt_and_not_an_exception():
    class Broken(NotifyBase):
        service_name, protocol, templates = "Broken", "khcnbroken", ("{schema}://",)

        @staticmethod
        def parse_url(_url):
            return {"schema": "khcnbroken", "host": "x"}

        def send(self, **_):
            raise ZeroDivisionError

    manager = NotificationManager()
    manager.add(Broken)
    try:
        assert send("khcnbroken://x").outcome is Outcome.RETRY
    finally:
        manager.remove("khcnbroken")

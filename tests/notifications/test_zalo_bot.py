import pytest
from apprise import Apprise

from notifications.channels import deliver, register
from notifications.channels.zalo_bot import NotifyZaloBot
from notifications.messages import Recipient, Rendered
from notifications.outbox import Attempt, Outcome
from tests.notifications import fake_zalo
from tests.notifications.fake_zalo import BOT_TOKEN, SEND, bot_error, dropped, slow
from tests.notifications.makers import LAN, SENDER, SENT_AT, message

LAN_IN_CHAT = Recipient(LAN.code, LAN.name, LAN.email, zalo_chat="chat-lan")
RENDERED = Rendered("Quá hạn", "Chữ thường\n", "<p>x</p>\n", brief="Quá hạn *3* ngày_làm_việc")


@pytest.fixture
def zalo(monkeypatch):
    with fake_zalo.running() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


def send(url="zalobot://nhacviec?cto=2&rto=0.4", recipient=LAN_IN_CHAT, rendered=RENDERED):
    return deliver(message(recipient=recipient), rendered, url, SENDER, SENT_AT)


def outcome(zalo, *faults):
    zalo.will(SEND, *faults)
    attempt = send()
    return attempt.outcome, attempt.code


def test_a_text_reaches_the_persons_chat_as_it_is(zalo):
    assert send() == Attempt(Outcome.SENT, "ok", "Zalo đã nhận", "m-1")
    assert zalo.sent == [("bot", "chat-lan", "Quá hạn *3* ngày_làm_việc")]
    assert b"parse_mode" not in zalo.requests[0][2]


def test_a_person_who_never_wrote_to_the_bot_is_permanent_and_nothing_is_asked(zalo):
    assert send(recipient=LAN) == Attempt(
        Outcome.PERMANENT, "address", "Người nhận chưa liên kết với bot Zalo"
    )
    assert zalo.requests == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (bot_error(400), (Outcome.PERMANENT, "bot:400")),
        (bot_error(400, status=400), (Outcome.PERMANENT, "bot:400")),
        (bot_error(401), (Outcome.AUTH, "bot:401")),
        (bot_error(403), (Outcome.RETRY, "bot:403")),
        (bot_error(404, status=404), (Outcome.AUTH, "bot:404")),
        (bot_error(408), (Outcome.UNKNOWN, "bot:408")),
        (bot_error(429), (Outcome.LATER, "bot:429")),
        (bot_error(429, status=429), (Outcome.LATER, "bot:429")),
        (bot_error(500, status=500), (Outcome.UNKNOWN, "http:500")),
        (fake_zalo.Fault(429, b"slow down"), (Outcome.LATER, "http:429")),
        (fake_zalo.Fault(200, b"<html>Proxy</html>", taken=True), (Outcome.UNKNOWN, "http:200")),
        (fake_zalo.Fault(200, b"", taken=True), (Outcome.UNKNOWN, "http:200")),
        (dropped(taken=True), (Outcome.UNKNOWN, "lost")),
        (dropped(taken=False), (Outcome.UNKNOWN, "lost")),
        (slow(1.0), (Outcome.UNKNOWN, "lost")),
    ],
)
def test_every_answer_is_one_of_six_outcomes(zalo, fault, expected):
    assert outcome(zalo, fault) == expected
    assert len(zalo.requests) == 1


@pytest.mark.usefixtures("zalo")
def test_a_token_that_was_reset_parks_the_channel_without_telling_it(monkeypatch):
    monkeypatch.setenv("KHCN_ZALOBOT_NHACVIEC_TOKEN", "4137:cu-roi-bi-mat")
    attempt = send()
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "bot:401")
    assert "cu-roi" not in str(attempt)


def test_a_bot_whose_quota_is_used_up_is_for_later(zalo):
    zalo.quota = 0
    assert outcome(zalo) == (Outcome.LATER, "bot:429")


@pytest.mark.usefixtures("zalo")
def test_a_channel_without_its_token_is_parked(monkeypatch):
    monkeypatch.delenv("KHCN_ZALOBOT_NHACVIEC_TOKEN")
    attempt = send()
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "config")
    assert "KHCN_ZALOBOT_NHACVIEC_TOKEN" in attempt.detail


def test_apprises_own_retries_and_pauses_are_off(zalo):
    zalo.will(SEND, bot_error(403), bot_error(403))
    assert send("zalobot://nhacviec?retry=3&optional=yes").outcome is Outcome.RETRY
    assert len(zalo.requests) == 1
    assert NotifyZaloBot.request_rate_per_sec == 0


def test_a_long_text_is_cut_at_a_word_to_2000_characters(zalo):
    assert send(rendered=Rendered("x", "x", "x", brief="nhiệm vụ " * 400)).outcome is Outcome.SENT
    (text,) = [text for _, _, text in zalo.sent]
    assert len(text) <= 2000
    assert text.endswith(("nhiệm…", "vụ…"))


def test_apprise_alone_can_send_with_it_and_puts_the_title_on_top(zalo):
    register()
    plugin = Apprise.instantiate("zalobot://nhacviec/chat-lan")
    assert Apprise(plugin).notify(title="Luồng việc hỏng", body="deadline_sweep")
    assert zalo.sent == [("bot", "chat-lan", "Luồng việc hỏng\r\ndeadline_sweep")]


@pytest.mark.usefixtures("zalo")
def test_its_url_holds_no_secret_and_makes_the_channel_again():
    plugin = NotifyZaloBot(**NotifyZaloBot.parse_url("zalobot://nhacviec/chat%2Flan?rto=9"))
    again = NotifyZaloBot(**NotifyZaloBot.parse_url(plugin.url()))
    assert (again.host, again.chat, again.bot) == ("nhacviec", "chat/lan", plugin.bot)
    assert again.bot.patience.answer == 9
    for shown in (plugin.url(), plugin.url(privacy=True), repr(plugin.bot)):
        assert "Bi-mat" not in shown


@pytest.mark.parametrize("fault", [None, bot_error(401), dropped(taken=True), slow(1.0)])
def test_no_log_at_any_level_ever_holds_the_token(zalo, caplog, fault):
    names = [None, "apprise", "urllib3", "urllib3.connectionpool", "requests"]
    for name in names:
        caplog.set_level(1, logger=name)
    if fault:
        zalo.will(SEND, fault)
        send()
    send()
    assert "sendMessage" in caplog.text  # urllib3 did log the request
    assert BOT_TOKEN not in caplog.text
    assert "Bi-mat" not in caplog.text


def test_apprise_can_describe_the_channel():
    register()
    described = {str(s["service_name"]): s for s in Apprise().details()["schemas"]}
    assert described["Zalo bot"]["secure_protocols"] == ("zalobot",)
    assert described["Zalo OA"]["secure_protocols"] == ("zalooa",)
    assert described["Zalo OA"]["details"]["args"]["template"]["required"]

import hashlib
import hmac
import json
import logging
from datetime import timedelta

import pytest

from notifications.channels import deliver
from notifications.channels.zalo_http import Undelivered
from notifications.channels.zalo_oa import NotifyZaloOa
from notifications.channels.zalo_oa_api import zalo_phone
from notifications.channels.zalo_tokens import TokenKeeper
from notifications.messages import Recipient, Rendered
from notifications.outbox import Attempt, Outcome
from tests.notifications import fake_zalo
from tests.notifications.fake_zalo import APP_SECRET, OA, OAUTH, ZBS, dropped, error, slow
from tests.notifications.makers import LAN, SENDER, SENT_AT, message
from tests.notifications.test_zalo_tokens import House

URL = "zalooa://nhacviec?template=405601&cto=2&rto=0.4"
FOLLOWER = Recipient(LAN.code, LAN.name, LAN.email, zalo_user="uid-lan")
WITH_BOTH = Recipient(LAN.code, LAN.name, LAN.email, zalo_user="uid-la", phone="0912 345 678")
BY_PHONE = Recipient(LAN.code, LAN.name, LAN.email, phone="+84 912.345.678")
VALUES = {"nguoi_nhan": "Nông Thị Lan", "tinh_trang": "Quá hạn 3 ngày làm việc"}
RENDERED = Rendered("Quá hạn", "x\n", "<p>x</p>\n", "x", VALUES)


@pytest.fixture
def zalo(monkeypatch):
    with fake_zalo.running() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def house(zalo):
    house = House()
    TokenKeeper(house.vault(), None).start(*zalo.new_pair(), timedelta(hours=25))
    return house


def send(house, recipient=FOLLOWER, url=URL, rendered=RENDERED):
    told = message(recipient=recipient)
    vaults = {"nhacviec": house.vault()}.get
    return deliver(told, rendered, url, SENDER, SENT_AT, vaults=vaults)


def ways(zalo):
    return [path for path, _, _ in zalo.requests]


def test_a_template_reaches_a_follower_by_their_id(house, zalo):
    assert send(house) == Attempt(Outcome.SENT, "ok", "Zalo đã nhận", "m-1", 499)
    assert zalo.sent == [("oa", "uid-lan", VALUES)]
    (path, headers, _) = zalo.requests[0]
    assert path == OA
    assert "Authorization" not in headers
    assert "appsecret_proof" not in headers


def test_a_person_the_oa_cannot_reach_is_told_by_phone(house, zalo):
    assert send(house, WITH_BOTH) == Attempt(Outcome.SENT, "ok", "Zalo đã nhận", "m-1", 499)
    assert ways(zalo) == [OA, ZBS]
    assert zalo.sent == [("zbs", "84912345678", VALUES)]


def test_a_person_without_an_id_is_told_by_phone_at_once(house, zalo):
    assert send(house, BY_PHONE).outcome is Outcome.SENT
    assert ways(zalo) == [ZBS]


def test_the_same_message_has_the_same_tracking_id(house, zalo):
    send(house, BY_PHONE)
    send(house, BY_PHONE)
    first, second = (json.loads(raw)["tracking_id"] for _, _, raw in zalo.requests)
    assert first == second
    assert len(first) <= 48


def test_a_person_zalo_has_never_heard_of_is_permanent(house):
    stranger = Recipient("x", "X", "", zalo_user="uid-x", phone="0999999999")
    attempt = send(house, stranger)
    assert (attempt.outcome, attempt.code) == (Outcome.PERMANENT, "zbs:-118")


def test_a_person_without_any_address_is_permanent_and_nothing_is_asked(house, zalo):
    attempt = send(house, LAN)
    assert (attempt.outcome, attempt.code) == (Outcome.PERMANENT, "address")
    assert send(house, Recipient("x", "X", "", phone="115")).code == "address"
    assert zalo.requests == []


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (error(-201), (Outcome.PERMANENT, "oa:-201")),
        (error(-230), (Outcome.PERMANENT, "oa:-230")),
        (error(-224), (Outcome.AUTH, "oa:-224")),
        (error(-234), (Outcome.LATER, "oa:-234")),
        (error(-32), (Outcome.RETRY, "oa:-32")),
        (error(-9999), (Outcome.PERMANENT, "oa:-9999")),
        (error(-32, status=503), (Outcome.UNKNOWN, "http:503")),
        (fake_zalo.Fault(200, b"{}"), (Outcome.UNKNOWN, "http:200")),
        (fake_zalo.Fault(200, b"[]"), (Outcome.UNKNOWN, "http:200")),
        (fake_zalo.Fault(200, b"<html>", taken=True), (Outcome.UNKNOWN, "http:200")),
        (fake_zalo.Fault(200, b"", taken=True), (Outcome.UNKNOWN, "http:200")),
        (fake_zalo.Fault(429, b"<html>"), (Outcome.LATER, "http:429")),
        (fake_zalo.Fault(407, b"<html>"), (Outcome.AUTH, "http:407")),
        (dropped(taken=True), (Outcome.UNKNOWN, "lost")),
        (slow(1.0), (Outcome.UNKNOWN, "lost")),
    ],
)
def test_every_answer_is_one_of_six_outcomes_and_asks_once(house, zalo, fault, expected):
    zalo.will(OA, fault)
    attempt = send(house)
    assert (attempt.outcome, attempt.code) == expected
    assert len(zalo.requests) == 1


@pytest.mark.parametrize("fault", [dropped(taken=True), slow(1.0), error(-32), error(-224)])
def test_the_phone_is_not_tried_where_the_id_may_have_worked_or_may_later(house, zalo, fault):
    zalo.followers.add(WITH_BOTH.zalo_user)
    zalo.will(OA, fault)
    assert send(house, WITH_BOTH).outcome is not Outcome.SENT
    assert ways(zalo) == [OA]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (error(-115), (Outcome.AUTH, "zbs:-115")),
        (error(-133), (Outcome.LATER, "zbs:-133")),
        (error(-1441), (Outcome.LATER, "zbs:-1441")),
        (error("-100"), (Outcome.RETRY, "zbs:-100")),
        (error(-131), (Outcome.PERMANENT, "zbs:-131")),
    ],
)
def test_the_phone_has_its_own_table(house, zalo, fault, expected):
    zalo.will(ZBS, fault)
    attempt = send(house, BY_PHONE)
    assert (attempt.outcome, attempt.code) == expected


@pytest.mark.parametrize(("recipient", "place"), [(FOLLOWER, OA), (BY_PHONE, ZBS)])
def test_a_token_that_has_gone_is_replaced_once_and_the_message_sent(house, zalo, recipient, place):
    zalo.revoke()
    assert send(house, recipient).outcome is Outcome.SENT
    assert ways(zalo) == [place, OAUTH, place]
    assert len(zalo.sent) == 1


def test_a_token_refused_again_after_its_refresh_parks_the_channel(house, zalo):
    zalo.will(OA, error(-216), error(-216))
    attempt = send(house)
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "oa:-216")
    assert ways(zalo) == [OA, OAUTH, OA]


def test_a_dead_refresh_token_parks_the_channel_and_says_who_helps(house, zalo):
    zalo.revoke()
    zalo.spent |= zalo.refresh
    zalo.refresh.clear()
    attempt = send(house)
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "token-dead")
    assert "Quản trị viên OA" in attempt.detail


def test_a_house_without_a_vault_is_parked(zalo):
    attempt = deliver(message(recipient=FOLLOWER), RENDERED, URL, SENDER, SENT_AT)
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "config")
    assert zalo.requests == []


def test_the_proof_is_sent_where_the_app_wants_it(house, zalo):
    zalo.wants_proof = True
    assert send(house).code == "oa:-242"
    assert send(house, url=f"{URL}&proof=yes").outcome is Outcome.SENT
    headers = zalo.requests[-1][1]
    right = hmac.new(APP_SECRET.encode(), headers["access_token"].encode(), hashlib.sha256)
    assert headers["appsecret_proof"] == right.hexdigest()


def test_a_value_too_long_for_the_template_is_cut_at_a_word(house, zalo):
    rendered = Rendered("x", "x", "x", "x", {"chi_tiet": "nhiệm vụ " * 40})
    assert send(house, rendered=rendered).outcome is Outcome.SENT
    assert len(zalo.sent[0][2]["chi_tiet"]) <= 200


@pytest.mark.parametrize(
    "url", ["zalooa://nhacviec", "zalooa://nhacviec?template=a/b", "zalooa://khac?template=1"]
)
def test_a_channel_that_lacks_something_is_parked(house, zalo, url):
    attempt = send(house, url=url)
    assert (attempt.outcome, attempt.code) == (Outcome.AUTH, "config")
    assert zalo.requests == []


@pytest.mark.usefixtures("zalo")
def test_its_url_holds_no_secret_and_makes_the_channel_again():
    text = "zalooa://nhacviec/uid-lan?phone=0912345678&template=405601&proof=yes"
    plugin = NotifyZaloOa(**NotifyZaloOa.parse_url(text))
    again = NotifyZaloOa(**NotifyZaloOa.parse_url(plugin.url()))
    assert again.app == plugin.app
    assert (again.user_id, again.phone, again.template_id) == ("uid-lan", "0912345678", "405601")
    assert again.app.proof
    for shown in (plugin.url(), plugin.url(privacy=True), repr(plugin.app)):
        assert APP_SECRET not in shown


@pytest.mark.parametrize(
    "fault", [None, error(-216), error(-224, "token access-0001-bi-mat"), dropped(taken=True)]
)
def test_no_log_at_any_level_and_no_reason_ever_holds_a_secret(house, zalo, caplog, fault):
    for name in (None, "apprise", "urllib3", "urllib3.connectionpool", "requests"):
        caplog.set_level(1, logger=name)
    if fault:
        zalo.will(OA, fault)
    told = f"{send(house)} {send(house)} {caplog.text}"
    assert logging.getLogger("urllib3.connectionpool").isEnabledFor(1)
    assert OA in caplog.text
    for secret in [APP_SECRET, *zalo.access, *zalo.refresh, *zalo.spent]:
        assert secret not in told


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912 345 678", "84912345678"),
        ("+84912345678", "84912345678"),
        ("84-912-345-678", "84912345678"),
        ("(0912) 345678", "84912345678"),
        ("912345678", ""),
        ("0206 3852 999 12", ""),
        ("", ""),
    ],
)
def test_a_phone_is_written_as_zalo_wants_it(typed, number):
    assert zalo_phone(typed) == number


def test_a_reason_names_the_outcome_it_carries():
    attempt = Attempt(Outcome.AUTH, "x", "Lý do")
    assert str(Undelivered(attempt)) == "Lý do"

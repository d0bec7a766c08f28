import socket
import threading

import pytest

from notifications.channels.zalo_errors import Api
from notifications.channels.zalo_http import (
    Answer,
    Hosts,
    Patience,
    Undelivered,
    as_number,
    judge,
    post,
    zalo_hosts,
)
from notifications.outbox import Outcome
from tests.notifications.smtp_server import free_port, self_signed

QUICK = Patience(connect=0.3, answer=0.3)


def lost(url, patience=QUICK):
    with pytest.raises(Undelivered) as caught:
        post(url, patience, json={"text": "x"})
    return caught.value.attempt.outcome, caught.value.attempt.code


def test_a_server_that_is_down_was_surely_not_reached():
    assert lost(f"http://127.0.0.1:{free_port()}") == (Outcome.RETRY, "connect")


def test_a_name_nobody_knows_was_surely_not_reached():
    assert lost("http://zalo.invalid") == (Outcome.RETRY, "connect")


def test_a_proxy_that_is_down_was_surely_not_passed(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    assert lost("http://zalo.invalid") == (Outcome.RETRY, "connect")


def test_a_server_that_takes_the_request_and_says_nothing_may_have_acted():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert lost(url) == (Outcome.UNKNOWN, "lost")


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{"])
def test_a_line_lost_before_the_whole_answer_came_leaves_it_open(said):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take_and_drop():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(said)

        thread = threading.Thread(target=take_and_drop)
        thread.start()
        found = lost(f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    assert found == (Outcome.UNKNOWN, "lost")


def test_a_certificate_nobody_vouches_for_parks_the_channel(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet():
            connection, _ = listener.accept()
            with connection, pytest.raises(OSError, match=r"(?i)ssl|cert|alert|eof"):
                self_signed(tmp_path).wrap_socket(connection, server_side=True).recv(1)

        thread = threading.Thread(target=greet)
        thread.start()
        found = lost(f"https://127.0.0.1:{listener.getsockname()[1]}", Patience(2, 2))
        thread.join()
    assert found == (Outcome.AUTH, "tls")


@pytest.mark.parametrize(
    ("code", "number"),
    [(-14014, -14014), ("-14014", -14014), ("0", 0), (None, None), ("x", None), (True, None)],
)
def test_a_number_may_come_as_a_string(code, number):
    assert as_number(code) == number


def answer(status, body=None):
    return Answer(status, body, empty=False, headers={})


@pytest.mark.parametrize(
    ("status", "code", "outcome", "shown"),
    [
        (200, -230, Outcome.PERMANENT, "oa:-230"),
        (200, "-234", Outcome.LATER, "oa:-234"),
        (400, -224, Outcome.AUTH, "oa:-224"),
        (200, -777, Outcome.PERMANENT, "oa:-777"),
        (429, -777, Outcome.LATER, "http:429"),
        (500, -230, Outcome.UNKNOWN, "http:500"),
        (200, None, Outcome.UNKNOWN, "http:200"),
    ],
)
def test_the_apis_own_number_goes_before_the_status_but_not_before_a_servers_fault(
    status, code, outcome, shown
):
    attempt = judge(Api.OA, answer(status), code, "")
    assert (attempt.outcome, attempt.code) == (outcome, shown)


def test_zalos_own_reason_is_told_on_one_line():
    attempt = judge(Api.OA, answer(200), -213, "User has not\nfollowed OA")
    assert attempt.detail == (
        "Zalo trả lời: người nhận chưa quan tâm OA («User has not followed OA»)"
    )


def test_zalos_addresses_are_the_documents_ones_unless_the_office_has_a_relay():
    assert zalo_hosts({}) == Hosts()
    relayed = zalo_hosts({"KHCN_ZALO_BOT_URL": "https://relay.so.example/bot/"})
    assert relayed == Hosts(bot="https://relay.so.example/bot")


def test_a_token_is_never_sent_in_the_clear_to_another_machine():
    assert zalo_hosts({"KHCN_ZALO_OA_URL": "http://127.0.0.1:9"}).oa == "http://127.0.0.1:9"
    with pytest.raises(TypeError, match="KHCN_ZALO_OA_URL"):
        zalo_hosts({"KHCN_ZALO_OA_URL": "http://relay.so.example"})

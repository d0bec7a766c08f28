from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.outbox import Attempt, Outcome, Settlement, Status, expired, settle
from notifications.retry import RetryPolicy
from tests.notifications.makers import message

NOW = datetime(2019, 5, 13, 1, 0, tzinfo=UTC)
POLICY = RetryPolicy(max_attempts=4)


def attempt(outcome, code="451", detail="Try again later"):
    return Attempt(outcome, code, detail)


def test_a_sent_message_is_done():
    assert settle(attempt(Outcome.SENT, "250"), 1, NOW, 0.5, POLICY) == Settlement(
        Status.SENT, None, "Đã gửi."
    )


def test_a_temporary_refusal_is_tried_again_after_the_greylisting_floor():
    assert settle(attempt(Outcome.RETRY), 1, NOW, 0.5, POLICY) == Settlement(
        Status.PENDING,
        NOW + timedelta(minutes=5),
        "Sẽ thử lại: Try again later (mã 451).",
    )


def test_a_server_that_cannot_be_reached_is_tried_again_without_the_floor():
    settled = settle(attempt(Outcome.RETRY, "connect"), 2, NOW, 0.5, POLICY)
    assert settled.next_try_at == NOW + timedelta(seconds=30)


def test_a_permanent_refusal_is_dead_at_once_and_says_why():
    assert settle(attempt(Outcome.PERMANENT, "550", "No such user"), 1, NOW, 0.5, POLICY) == (
        Settlement(Status.DEAD, None, "Bị từ chối hẳn: No such user (mã 550).")
    )


def test_a_channel_that_refuses_us_parks_the_message_however_often_it_was_tried():
    settled = settle(attempt(Outcome.AUTH, "535"), 99, NOW, 0.5, POLICY)
    assert (settled.status, settled.next_try_at) == (Status.PARKED, None)


def test_a_channel_that_asks_for_patience_gets_it_however_often_it_was_tried():
    settled = settle(attempt(Outcome.LATER, "quota"), 99, NOW, 0.5, POLICY)
    assert (settled.status, settled.next_try_at) == (Status.PENDING, NOW + timedelta(hours=1))


def test_a_mail_whose_answer_was_lost_is_sent_again():
    settled = settle(attempt(Outcome.UNKNOWN, "lost"), 1, NOW, 1.0, POLICY)
    assert (settled.status, settled.next_try_at) == (Status.PENDING, NOW + timedelta(seconds=30))


def test_a_channel_that_cannot_recognise_a_copy_leaves_the_unknown_to_a_person():
    policy = RetryPolicy(resend_unknown=False)
    settled = settle(attempt(Outcome.UNKNOWN, "lost"), 1, NOW, 1.0, policy)
    assert (settled.status, settled.next_try_at) == (Status.UNKNOWN, None)


@pytest.mark.parametrize("outcome", [Outcome.RETRY, Outcome.UNKNOWN])
def test_the_last_attempt_leaves_the_message_dead(outcome):
    assert settle(attempt(outcome), 3, NOW, 0.5, POLICY).status is Status.PENDING
    settled = settle(attempt(outcome), 4, NOW, 0.5, POLICY)
    assert settled.status is Status.DEAD
    assert settled.reason == "Đã thử 4 lần không được: Try again later (mã 451)."


@given(st.sampled_from(Outcome), st.integers(1, 50), st.floats(0, 1))
def test_only_a_pending_message_has_a_next_time_and_it_is_not_in_the_past(outcome, n, random):
    settled = settle(attempt(outcome), n, NOW, random, POLICY)
    if settled.status is Status.PENDING:
        assert settled.next_try_at >= NOW
    else:
        assert settled.next_try_at is None


def test_a_message_expires_at_its_time_and_not_before():
    late = message(expires_at=NOW)
    assert not expired(late, NOW - timedelta(microseconds=1))
    assert expired(late, NOW)


def test_a_message_without_an_expiry_never_expires():
    assert not expired(message(expires_at=None), NOW + timedelta(days=10_000))

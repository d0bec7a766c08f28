from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.retry import MAIL_POLICY, RetryPolicy, back_off, exhausted

randoms = st.floats(0, 1)
attempts = st.integers(1, 10_000)


@pytest.mark.parametrize(
    ("attempts_so_far", "longest"),
    [(1, 30), (2, 60), (3, 120), (10, 15_360), (11, 21_600), (500, 21_600)],
)
def test_the_longest_wait_doubles_from_30_seconds_up_to_6_hours(attempts_so_far, longest):
    assert back_off(attempts_so_far, 1.0, MAIL_POLICY) == timedelta(seconds=longest)


def test_the_wait_is_the_random_part_of_the_longest():
    assert back_off(3, 0.25, MAIL_POLICY) == timedelta(seconds=30)


def test_a_greylisted_mail_waits_at_least_five_minutes():
    assert back_off(1, 0.5, MAIL_POLICY, greylisted=True) == timedelta(minutes=5)
    assert back_off(9, 0.5, MAIL_POLICY, greylisted=True) == timedelta(seconds=3840)


@given(attempts, randoms, st.booleans())
def test_no_wait_is_negative_or_above_the_ceiling(attempts_so_far, random, greylisted):
    wait = back_off(attempts_so_far, random, MAIL_POLICY, greylisted=greylisted)
    assert timedelta(0) <= wait <= MAIL_POLICY.ceiling


def test_a_message_is_exhausted_by_its_last_attempt_and_not_before():
    policy = RetryPolicy(max_attempts=3)
    assert [exhausted(n, policy) for n in (1, 2, 3, 4)] == [False, False, True, True]

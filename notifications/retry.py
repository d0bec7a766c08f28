"""Thử lại: how long a message waits before it is tried again."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When a channel tries again.

    `first` doubles with each attempt up to `ceiling`. `greylist_floor` is the shortest wait
    after a mail server's temporary refusal (4xx): greylisting wants 5 to 15 minutes. `later` is
    the wait when the channel itself asks for patience (quota, quiet hours). `resend_unknown`
    says whether a message whose answer was lost may be sent again: yes for mail, which keeps
    its Message-ID.
    """

    first: timedelta = timedelta(seconds=30)
    ceiling: timedelta = timedelta(hours=6)
    greylist_floor: timedelta = timedelta(minutes=5)
    later: timedelta = timedelta(hours=1)
    max_attempts: int = 20
    resend_unknown: bool = True


MAIL_POLICY = RetryPolicy()

ZALO_POLICY = RetryPolicy(max_attempts=6, resend_unknown=False)
"""A nudge that does not come through soon is better told by mail, and never told twice."""


def back_off(
    attempts_so_far: int, random: float, policy: RetryPolicy, *, greylisted: bool = False
) -> timedelta:
    """The wait before the next attempt, with full jitter.

    `attempts_so_far` is at least 1: the attempt that just failed is counted. `random` lies in
    [0, 1]; the wait is that part of 30 s doubled per attempt, at most 6 hours, and at least the
    greylisting floor when `greylisted`.
    """
    doublings = min(attempts_so_far - 1, 32)  # far past the ceiling, and no overflow
    longest = min(policy.first * (1 << doublings), policy.ceiling)
    wait = longest * random
    return max(wait, policy.greylist_floor) if greylisted else wait


def exhausted(attempts_so_far: int, policy: RetryPolicy) -> bool:
    """Whether the attempts made so far are all a message gets."""
    return attempts_so_far >= policy.max_attempts

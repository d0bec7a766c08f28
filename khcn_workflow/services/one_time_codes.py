"""Mã một lần: a secret for a person's phone, and one code of it taken once."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp

from khcn_workflow.clock import HANOI
from khcn_workflow.context import Context
from khcn_workflow.domain.authority import AuthorityError, Deed
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.recorders import RECORDING
from khcn_workflow.domain.science_task import Person
from khcn_workflow.sealing import seal, unseal
from khcn_workflow.signing import about_person, keep_refusal, signed_by_keeper
from khcn_workflow.storage.one_time import OneTime

STEP_SECONDS = 30
DRIFT = (0, -1, 1)
"""Time steps beside the present one whose codes are taken, for clocks that differ."""

MOST_FAILURES = 5
LOCK = timedelta(minutes=15)
"""After so many wrong codes none is taken for so long."""


class OneTimeCodeError(AuthorityError):
    """A one-time code that is wrong, was used, or comes while the person is locked out."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret just made, to be shown once to whom it belongs.

    Attributes:
        uri: As authenticator apps read it (otpauth://).
    """

    person: str
    uri: str


def give_secret(context: Context, code: str, by: str = "") -> NewSecret:
    """Make a person's secret; one made before is worth nothing from now on.

    The ledger keeps that it was made, never what it is.

    Raises:
        AuthorityError: Only the administrator may, once there is one.
        NotFoundError: Nobody has that code.
    """
    fact = about_person(context, code, by, "cấp bí mật mã một lần mới")
    fact = signed_by_keeper(context, fact, "cấp mã một lần")
    secret = pyotp.random_base32()
    context.work.one_time.put(code, seal(context.settings, secret))
    context.work.append(fact, context.now)
    issuer = f"{context.agency.name} {context.agency.province}"
    uri = pyotp.TOTP(secret).provisioning_uri(name=code, issuer_name=issuer)
    return NewSecret(code, uri)


def spend_code(
    context: Context, person_code: str, code: str, task_code: str, step: str = ""
) -> OneTimeCodeError | None:
    """Take a person's code once; None when it is right, else the refusal, which is kept.

    It commits either way, in a transaction of its own, so that a code that was right is used
    whatever becomes of the deed, and a wrong one counts.
    """
    person = context.work.staffing.staff().person(person_code)
    kept = context.work.one_time.get(person_code)
    why = _refused(context, person, kept, "".join(code.split()))
    if not why:
        return None
    fact = Fact(EntryKind.OUTCOME, task_code, context.today, person_code, step=step)
    deed = Deed(f"ghi vào nhiệm vụ {task_code}", RECORDING, fact)
    error = OneTimeCodeError(why, deed, person_code)
    keep_refusal(context, error)
    return error


def _refused(context: Context, person: Person, kept: OneTime | None, code: str) -> str:
    """Why a code is not taken; empty when it was."""
    who = f"{person.name} ({person.code})"
    if kept is None:
        return f"{who} chưa có mã một lần; hãy nhờ quản trị chạy: khcn persons totp {person.code}"
    if kept.locked_until and context.now < kept.locked_until:
        until = f"{kept.locked_until.astimezone(HANOI):%H:%M}"
        return f"Mã một lần của {who} đang khóa đến {until} vì nhập sai nhiều lần."
    step = _step_of(unseal(context.settings, kept.sealed), code, context.now)
    if step is None:
        return _wrong(context, person, kept)
    if not context.work.one_time.spend(person.code, step):
        return f"Mã một lần của {who} đã dùng rồi; hãy chờ mã tiếp theo (không quá 30 giây)."
    return ""


def _wrong(context: Context, person: Person, kept: OneTime) -> str:
    failures = kept.failures + 1
    if failures < MOST_FAILURES:
        context.work.one_time.note_failure(person.code, failures, None)
        left = MOST_FAILURES - failures
        return f"Mã một lần không đúng; còn {left} lần thử trước khi khóa 15 phút."
    context.work.one_time.note_failure(person.code, 0, context.now + LOCK)
    return f"Mã một lần không đúng {MOST_FAILURES} lần; mã của {person.code} bị khóa 15 phút."


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code was typed, None for none of those taken now."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    for step in (present + drift for drift in DRIFT):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None

"""Biên bản kiểm phiếu: a council's meeting as a secretary types it, checked by its rule."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from khcn_workflow.domain.council import (
    Ballot,
    ByMinutes,
    CouncilResult,
    CouncilRule,
    Grade,
    Member,
    NotLoaded,
    Score,
    Seat,
    decide,
    meeting_objections,
)
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.rules import Outcome
from khcn_workflow.domain.vietnamese import folded, nfc

EXAMPLE = "chủ tịch; Nguyễn Văn A; có mặt; Đạt"
"""A line of the minutes, as forms and errors show it."""

LINE = "ghế; họ tên; có mặt hoặc vắng; phiếu (Đạt, Không đạt, Xuất sắc hoặc điểm)"
PARTS = 4

_GRADES = {folded(grade.label): grade for grade in Grade}
_PRESENCE = {"co mat": True, "vang": False, "vang mat": False}
_SEATS = {
    "chu tich": Seat.CHAIR,
    "pho chu tich": Seat.VICE,
    "phan bien": Seat.REVIEWER,
    "uy vien phan bien": Seat.REVIEWER,
    "thu ky": Seat.SECRETARY,
    "thu ky khoa hoc": Seat.SECRETARY,
    "uy vien": Seat.MEMBER,
    **{folded(seat.label): seat for seat in Seat},
}


class UnreadableMinutesError(KhcnError):
    """A line of the minutes is not as it must be."""

    def __init__(self, number: int, line: str, why: str) -> None:
        self.number = number
        super().__init__(
            f"Biên bản kiểm phiếu, dòng {number} «{line}»: {why}. "
            f"Mỗi dòng: {LINE}; ví dụ: {EXAMPLE}."
        )


class NoCouncilError(KhcnError):
    """Minutes were given for a step that no council decides."""

    def __init__(self, step: str) -> None:
        super().__init__(
            f"Bước «{step}» không do hội đồng quyết định: bỏ trống biên bản kiểm phiếu."
        )


class MeetingVoidError(KhcnError):
    """The council could not decide: too few, or somebody who must be there was not."""

    def __init__(self, rule: CouncilRule, reasons: Sequence[str]) -> None:
        super().__init__(
            f"Phiên họp «{rule.title}» chưa đủ điều kiện: {' '.join(reasons)} ({rule.article})"
        )


class OutcomeDiffersError(KhcnError):
    """The outcome chosen is not what the ballots decide."""

    def __init__(self, rule: CouncilRule, outcome: str, reasons: Sequence[str]) -> None:
        super().__init__(
            f"Kết quả «{outcome}» không khớp với kiểm phiếu: {' '.join(reasons)} ({rule.article})"
        )


@dataclass(frozen=True, slots=True)
class Minutes:
    """Who sits on the council, who came, and the ballots cast."""

    seated: tuple[Member, ...]
    present: tuple[Member, ...]
    ballots: tuple[Ballot, ...]


def read_minutes(lines: Iterable[str]) -> Minutes:
    """The minutes that these lines hold: one member each, empty lines passed over.

    Raises:
        UnreadableMinutesError: Names the first line that cannot be read.
    """
    seated: list[Member] = []
    present: list[Member] = []
    ballots: list[Ballot] = []
    for number, line in enumerate(lines, 1):
        if not nfc(line):
            continue
        member, came, ballot = _read(number, nfc(line))
        seated.append(member)
        if came:
            present.append(member)
        if ballot is not None:
            ballots.append(ballot)
    return Minutes(tuple(seated), tuple(present), tuple(ballots))


def check_minutes(
    rule: CouncilRule, minutes: Minutes, outcome: Outcome, scale: str = ""
) -> CouncilResult | None:
    """What the ballots decide; None where the rule counts none or has not been read.

    Raises:
        MeetingVoidError: The meeting could not decide.
        OutcomeDiffersError: The outcome is another than the ballots'.
        UnknownScaleError: The rule has no such scale.
    """
    if isinstance(rule.passes, ByMinutes | NotLoaded):
        objections = meeting_objections(rule, minutes.seated, minutes.present)
        if objections:
            raise MeetingVoidError(rule, objections)
        return None
    result = decide(rule, minutes.seated, minutes.present, minutes.ballots, scale=scale)
    if not result.valid:
        raise MeetingVoidError(rule, result.reasons)
    if result.passed != outcome.favourable or _other_grade(result, outcome):
        raise OutcomeDiffersError(rule, outcome.title, result.reasons)
    return result


def minutes_to_data(minutes: Minutes, result: CouncilResult | None) -> Mapping[str, str]:
    """What the ledger keeps of a meeting: the counts, never who voted how."""
    votes = Counter(ballot.grade for ballot in minutes.ballots if ballot.grade)
    tally = ", ".join(f"{votes[grade]} {grade.label}" for grade in Grade if votes[grade])
    reasons = result.reasons[: len(result.reasons) - len(result.void)] if result else ()
    return {
        "council_present": f"{len(minutes.present)}/{len(minutes.seated)}",
        "council_ballots": tally or f"{len(minutes.ballots)} phiếu chấm điểm",
        "council_reasons": " ".join(reasons),
    }


def _other_grade(result: CouncilResult, outcome: Outcome) -> bool:
    """Whether the outcome is one of the grades, and not the one decided."""
    grades = [grade.value for grade in Grade]
    return outcome.id in grades and result.grade is not None and outcome.id != result.grade.value


def _read(number: int, line: str) -> tuple[Member, bool, Ballot | None]:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) not in (PARTS - 1, PARTS):
        raise UnreadableMinutesError(number, line, "cần ba hoặc bốn phần cách nhau bằng dấu ;")
    seat, name, presence, *rest = parts
    if folded(seat) not in _SEATS:
        raise UnreadableMinutesError(number, line, f"không có ghế «{seat}»")
    if not name:
        raise UnreadableMinutesError(number, line, "thiếu họ tên")
    if folded(presence) not in _PRESENCE:
        raise UnreadableMinutesError(number, line, f"«{presence}» không phải có mặt hay vắng")
    ballot = _ballot(number, line, name, rest[0]) if rest and rest[0] else None
    return Member(name, _SEATS[folded(seat)]), _PRESENCE[folded(presence)], ballot


def _ballot(number: int, line: str, name: str, text: str) -> Ballot:
    if grade := _GRADES.get(folded(text)):
        return Ballot(name, grade=grade)
    try:
        return Ballot(name, scores=tuple(map(_score, re.split(r"[\s+/]+", text))))
    except ValueError:
        why = f"phiếu «{text}» không phải Đạt, Không đạt, Xuất sắc hay điểm"
        raise UnreadableMinutesError(number, line, why) from None


def _score(text: str) -> Score:
    if not re.fullmatch(r"\d{1,3}(,\d{1,2})?", text):
        raise ValueError(text)
    return Decimal(text.replace(",", "."))

"""Hội đồng: who must sit and be there, and what the ballots decide, said with reasons."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.science_task import Level

Score: TypeAlias = int | Decimal | Fraction
"""Marks are exact numbers; a float would move the border of a rule."""

PERCENT = 100


class Seat(StrEnum):
    """Ghế: in what quality somebody sits on a council, a group or a check team."""

    CHAIR = "chair"
    VICE = "vice"
    REVIEWER = "reviewer"
    SECRETARY = "secretary"
    MEMBER = "member"
    TASK_UNIT = "task-unit"
    FUND_UNIT = "fund-unit"
    HOST = "host"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return _SEAT_LABELS[self]


_SEAT_LABELS = {
    Seat.CHAIR: "chủ tịch",
    Seat.VICE: "phó chủ tịch",
    Seat.REVIEWER: "ủy viên phản biện",
    Seat.SECRETARY: "thư ký khoa học",
    Seat.MEMBER: "ủy viên",
    Seat.TASK_UNIT: "lãnh đạo, chuyên viên đơn vị quản lý nhiệm vụ",
    Seat.FUND_UNIT: "lãnh đạo, chuyên viên đơn vị quản lý kinh phí",
    Seat.HOST: "lãnh đạo tổ chức chủ trì",
}


class Grade(StrEnum):
    """Mức: what a ballot says, and what a council concludes."""

    FAILED = "failed"
    PASSED = "passed"
    EXCELLENT = "excellent"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return {"failed": "Không đạt", "passed": "Đạt", "excellent": "Xuất sắc"}[self.value]


class Whole(StrEnum):
    """What a share of votes is a share of."""

    BALLOTS = "ballots"
    PRESENT = "present"
    SEATED = "seated"

    @property
    def label(self) -> str:
        """The words an officer reads."""
        return {
            "ballots": "số phiếu hợp lệ",
            "present": "số thành viên có mặt",
            "seated": "tổng số thành viên",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Obligation:
    """Bắt buộc có mặt: so many of those who sit in one of these seats.

    Attributes:
        count: How many of them; None means all that were seated.
    """

    seats: frozenset[Seat]
    count: int | None = 1

    @property
    def label(self) -> str:
        """The words an officer reads ("chủ tịch hoặc phó chủ tịch")."""
        return " hoặc ".join(seat.label for seat in Seat if seat in self.seats)


@dataclass(frozen=True, slots=True)
class Threshold:
    """So large a share of "Đạt" votes, of the ballots, of those present or of all."""

    share: Fraction
    of: Whole = Whole.BALLOTS
    more_than: bool = False

    def is_met(self, votes: int, whole: int) -> bool:
        """Whether so many votes of the whole reach it; exactly the share only if allowed."""
        needed = self.share * whole
        return votes > needed if self.more_than else votes >= needed


@dataclass(frozen=True, slots=True)
class MeanScore:
    """Điểm trung bình: the mean of the valid ballots reaches a minimum.

    Attributes:
        zero_share: No criterion may get 0 from more than this share of those present.
        void_beyond_percent: A ballot further than this from the mean of all is void.
        proposer_bonus_percent: Added, of its own mean, to a passing dossier of who proposed.
        scales: Highest mark of each criterion, by the name of the scale.
    """

    minimum: int
    out_of: int = 100
    zero_share: Fraction | None = None
    void_beyond_percent: int | None = None
    proposer_bonus_percent: int = 0
    scales: Mapping[str, tuple[int, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class BallotShare:
    """Tỷ lệ phiếu "Đạt": every threshold is met."""

    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class Grades:
    """Xếp loại: excellent with enough such ballots and none failed, failed beyond a share."""

    excellent: Threshold
    failed: Threshold


@dataclass(frozen=True, slots=True)
class ByMinutes:
    """Theo biên bản: concluded in the minutes, no ballots are counted."""


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """Chưa nạp: the text of the rule has not been read."""


PassRule: TypeAlias = MeanScore | BallotShare | Grades | ByMinutes | NotLoaded


@dataclass(frozen=True, slots=True)
class CouncilRule:
    """Quy tắc của một hội đồng, as its norm has it.

    Attributes:
        quorum: Least share of the seated who must be there.
        documents: Id of the duty that says when the papers must be sent; empty without one.
        all_reviews: The written review of every member must be in before the meeting.
    """

    id: str
    step: str
    title: str
    article: str
    passes: PassRule
    size_min: int | None = None
    size_max: int | None = None
    quorum: Fraction = Fraction(0)
    obligations: tuple[Obligation, ...] = ()
    documents: str = ""
    all_reviews: bool = False
    levels: frozenset[Level] = frozenset()
    in_force_from: date | None = None
    in_force_until: date | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody whom the decision names to a seat.

    Attributes:
        reviewed: The written review is in.
    """

    name: str
    seat: Seat = Seat.MEMBER
    reviewed: bool = True


@dataclass(frozen=True, slots=True)
class Ballot:
    """Phiếu of one member: marks by criterion, or a grade ("Đạt" is PASSED).

    Attributes:
        member: The member's name, as seated.
    """

    member: str
    scores: tuple[Score, ...] = ()
    grade: Grade | None = None

    @property
    def total(self) -> Fraction:
        """The sum of the marks, exactly."""
        return sum((Fraction(score) for score in self.scores), Fraction(0))


@dataclass(frozen=True, slots=True)
class CouncilResult:
    """What a meeting came to.

    Attributes:
        valid: The meeting could decide at all (size, quorum, obligatory seats, reviews).
        passed: The dossier passed; never without a valid meeting.
        mean: Mean of the valid ballots, None where marks are not what counts.
        void: Members whose ballots do not count, by name.
        reasons: Vietnamese sentences that say why, in the order of the rule.
    """

    valid: bool
    passed: bool
    grade: Grade | None
    mean: Fraction | None
    reasons: tuple[str, ...]
    void: tuple[str, ...] = ()


class UndecidableCouncilError(KhcnError):
    """A council was to be decided whose rule counts no ballots or has not been read."""

    def __init__(self, rule: CouncilRule) -> None:
        self.rule = rule
        why = (
            "quy tắc bỏ phiếu chưa nạp"
            if isinstance(rule.passes, NotLoaded)
            else "kết luận ghi trong biên bản, không tính phiếu"
        )
        super().__init__(f"Không tự tính được kết quả của «{rule.title}»: {why} ({rule.article}).")


class UnknownScaleError(KhcnError):
    """A scale of marks was named that the council's rule does not have."""

    def __init__(self, rule: CouncilRule, scale: str, known: Iterable[str]) -> None:
        self.scale = scale
        super().__init__(
            f"«{rule.title}» không có thang điểm «{scale}». Hiện có: {', '.join(known) or 'không'}."
        )


def decide(
    rule: CouncilRule,
    seated: Sequence[Member],
    present: Collection[Member],
    ballots: Sequence[Ballot],
    *,
    scale: str = "",
) -> CouncilResult:
    """What the ballots of a meeting decide, and why.

    Args:
        seated: All whom the decision names.
        present: Those at the meeting, in whatever order.
        ballots: Those cast on one dossier (one content, where each is voted on).
        scale: Name of the scale whose highest marks each ballot must keep to.

    Raises:
        UndecidableCouncilError: The rule counts no ballots, or has not been read.
        UnknownScaleError: The rule has no such scale.
    """
    if isinstance(rule.passes, ByMinutes | NotLoaded):
        raise UndecidableCouncilError(rule)
    objections = meeting_objections(rule, seated, present)
    if objections:
        return CouncilResult(False, False, None, None, objections)
    counted, void = _sorted_out(rule, present, ballots, scale)
    match rule.passes:
        case MeanScore():
            return _by_mean(rule.passes, len(present), counted, void)
        case BallotShare():
            return _by_share(rule.passes, len(seated), len(present), counted, void)
        case Grades():
            return _by_grades(rule.passes, len(present), counted, void)


def meeting_objections(
    rule: CouncilRule, seated: Sequence[Member], present: Collection[Member]
) -> tuple[str, ...]:
    """Why the meeting cannot decide: size, strangers, quorum, obligatory seats, reviews."""
    absent = [member for member in seated if member not in present]
    sentences = [
        _size(rule, len(seated)),
        _strangers(seated, present),
        _quorum(rule, len(seated), len(present), absent),
        *(_obligation(duty, seated, absent) for duty in rule.obligations),
        _reviews(rule, seated),
    ]
    return tuple(sentence for sentence in sentences if sentence)


def leaders(
    rule: CouncilRule, results: Mapping[str, CouncilResult], proposers: Collection[str] = ()
) -> tuple[str, ...]:
    """The passing dossiers with the highest mean; several when they are level.

    Args:
        results: By applicant.
        proposers: Applicants who proposed the task, to whose mean the bonus is added.
    """
    bonus = rule.passes.proposer_bonus_percent if isinstance(rule.passes, MeanScore) else 0
    means = {
        name: result.mean * (1 + Fraction(bonus if name in proposers else 0, PERCENT))
        for name, result in results.items()
        if result.passed and result.mean is not None
    }
    return tuple(sorted(name for name, mean in means.items() if mean == max(means.values())))


def _size(rule: CouncilRule, seated: int) -> str:
    low, high = rule.size_min, rule.size_max
    if (low is None or seated >= low) and (high is None or seated <= high):
        return ""
    wanted = " đến ".join(str(n) for n in dict.fromkeys((low, high)) if n is not None)
    only_low = "ít nhất " if high is None else ""
    return f"Hội đồng có {seated} thành viên, quy định {only_low}{wanted}."


def _strangers(seated: Sequence[Member], present: Collection[Member]) -> str:
    names = [member.name for member in present if member not in seated]
    return f"Không có tên trong quyết định thành lập: {_names(names)}." if names else ""


def _quorum(rule: CouncilRule, seated: int, present: int, absent: Sequence[Member]) -> str:
    needed = rule.quorum * seated
    if present >= needed:
        return ""
    return (
        f"Có mặt {present}/{seated} thành viên, cần ít nhất {_ceiling(needed)} "
        f"({rule.quorum}); vắng: {_names(member.name for member in absent)}."
    )


def _obligation(duty: Obligation, seated: Sequence[Member], absent: Sequence[Member]) -> str:
    bound = [member for member in seated if member.seat in duty.seats]
    missing = [member.name for member in bound if member in absent]
    needed = max(len(bound), 1) if duty.count is None else duty.count
    there = len(bound) - len(missing)
    if there >= needed:
        return ""
    who = f"; vắng: {_names(missing)}" if missing else "; không ai được cử vào vị trí này"
    return f"Phải có mặt ít nhất {needed} {duty.label}, hiện có {there}{who}."


def _reviews(rule: CouncilRule, seated: Sequence[Member]) -> str:
    late = [member.name for member in seated if not member.reviewed]
    return f"Chưa có phiếu nhận xét của: {_names(late)}." if rule.all_reviews and late else ""


Void: TypeAlias = dict[str, str]
"""Member → why the ballot does not count."""


def _sorted_out(
    rule: CouncilRule, present: Collection[Member], ballots: Sequence[Ballot], scale: str
) -> tuple[list[Ballot], Void]:
    """The ballots that count, and why the others do not."""
    names = {member.name for member in present}
    cast = Counter(ballot.member for ballot in ballots)
    highest = _highest(rule, scale)
    void: Void = {}
    for ballot in ballots:
        if ballot.member not in names:
            void[ballot.member] = "người bỏ phiếu không có mặt"
        elif cast[ballot.member] > 1:
            void[ballot.member] = f"bỏ {cast[ballot.member]} phiếu"
        elif why := _unusable(rule.passes, ballot, highest):
            void[ballot.member] = why
    return [ballot for ballot in ballots if ballot.member not in void], void


def _highest(rule: CouncilRule, scale: str) -> tuple[int, ...]:
    scales = rule.passes.scales if isinstance(rule.passes, MeanScore) else {}
    if scale and scale not in scales:
        raise UnknownScaleError(rule, scale, scales)
    return scales[scale] if scale else ()


def _unusable(rule: PassRule, ballot: Ballot, highest: Sequence[int]) -> str:
    if not isinstance(rule, MeanScore):
        return "" if ballot.grade else "phiếu không ghi mức"
    if not ballot.scores:
        return "phiếu không ghi điểm"
    if highest and len(ballot.scores) != len(highest):
        return f"có {len(ballot.scores)} tiêu chí, thang điểm có {len(highest)}"
    if any(score < 0 for score in ballot.scores):
        return "có điểm âm"
    over = [n for n, (s, top) in enumerate(zip(ballot.scores, highest, strict=False), 1) if s > top]
    if over:
        return f"tiêu chí {_names(str(n) for n in over)} quá điểm tối đa"
    return f"tổng điểm quá {rule.out_of}" if ballot.total > rule.out_of else ""


def _by_mean(rule: MeanScore, present: int, counted: Sequence[Ballot], void: Void) -> CouncilResult:
    kept = _near_the_mean(rule, counted, void)
    if not kept:
        return _result(None, None, ["Không còn phiếu hợp lệ."], void)
    mean = _mean(kept)
    enough = mean >= rule.minimum
    zeros = _zero_criteria(rule, present, kept)
    why = (
        f"Điểm trung bình {_number(mean)}/{rule.out_of} của {len(kept)} phiếu hợp lệ "
        f"{'đạt' if enough else 'chưa đạt'} mức {rule.minimum}/{rule.out_of}."
    )
    grade = Grade.PASSED if enough and not zeros else Grade.FAILED
    return _result(grade, mean, [why, *zeros], void)


def _near_the_mean(rule: MeanScore, counted: Sequence[Ballot], void: Void) -> list[Ballot]:
    """Ballots no further from the mean of all than allowed; the others are noted as void."""
    if rule.void_beyond_percent is None or not counted:
        return list(counted)
    mean = _mean(counted)
    reach = mean * rule.void_beyond_percent / PERCENT
    for ballot in counted:
        if abs(ballot.total - mean) > reach:
            void[ballot.member] = (
                f"{_number(ballot.total)} điểm lệch quá {rule.void_beyond_percent} % "
                f"so với điểm trung bình {_number(mean)}"
            )
    return [ballot for ballot in counted if ballot.member not in void]


def _zero_criteria(rule: MeanScore, present: int, kept: Sequence[Ballot]) -> list[str]:
    if rule.zero_share is None:
        return []
    zeros = Counter(
        number for ballot in kept for number, score in enumerate(ballot.scores, 1) if score == 0
    )
    return [
        f"Tiêu chí {number} bị {count}/{present} thành viên có mặt cho 0 điểm, "
        f"quá {rule.zero_share}."
        for number, count in sorted(zeros.items())
        if count > rule.zero_share * present
    ]


def _by_share(
    rule: BallotShare, seated: int, present: int, counted: Sequence[Ballot], void: Void
) -> CouncilResult:
    votes = sum(1 for ballot in counted if ballot.grade is not Grade.FAILED)
    wholes = {Whole.BALLOTS: len(counted), Whole.PRESENT: present, Whole.SEATED: seated}
    met = [bool(counted) and t.is_met(votes, wholes[t.of]) for t in rule.thresholds]
    reasons = [
        f"{votes}/{wholes[t.of]} phiếu Đạt (tính trên {t.of.label}), "
        f"{'đủ' if enough else 'không đủ'} mức {_share(t)}."
        for t, enough in zip(rule.thresholds, met, strict=True)
    ]
    return _result(Grade.PASSED if all(met) else Grade.FAILED, None, reasons, void)


def _by_grades(rule: Grades, present: int, counted: Sequence[Ballot], void: Void) -> CouncilResult:
    votes = Counter(ballot.grade for ballot in counted)
    failed, excellent = votes[Grade.FAILED], votes[Grade.EXCELLENT]
    tally = f"{excellent}/{present} phiếu Xuất sắc, {failed}/{present} phiếu Không đạt"
    if not counted:
        return _result(None, None, ["Không còn phiếu hợp lệ."], void)
    if rule.failed.is_met(failed, present):
        why = f"{tally}: số phiếu Không đạt {_share(rule.failed)} số thành viên có mặt."
        return _result(Grade.FAILED, None, [why], void)
    if rule.excellent.is_met(excellent, present) and not failed:
        why = f"{tally}: {_share(rule.excellent)} số thành viên có mặt, không có phiếu Không đạt."
        return _result(Grade.EXCELLENT, None, [why], void)
    why = f"{tally}: không đủ mức Xuất sắc, không tới mức Không đạt."
    return _result(Grade.PASSED, None, [why], void)


def _result(
    grade: Grade | None, mean: Fraction | None, reasons: Sequence[str], void: Void
) -> CouncilResult:
    voided = [f"Phiếu của {name} không hợp lệ: {void[name]}." for name in sorted(void)]
    passed = grade in (Grade.PASSED, Grade.EXCELLENT)
    return CouncilResult(True, passed, grade, mean, (*reasons, *voided), tuple(sorted(void)))


def _mean(ballots: Sequence[Ballot]) -> Fraction:
    return sum((ballot.total for ballot in ballots), Fraction(0)) / len(ballots)


def _ceiling(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


def _share(threshold: Threshold) -> str:
    return f"{'trên' if threshold.more_than else 'từ'} {threshold.share}"


def _number(number: Fraction) -> str:
    """Two decimals, cut rather than rounded, so that 69,999 never reads as 70."""
    hundredths = number.numerator * 100 // number.denominator
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",")


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)

from fractions import Fraction
from unicodedata import normalize

import pytest

from khcn_workflow.domain.council import (
    Ballot,
    BallotShare,
    ByMinutes,
    CouncilRule,
    Grade,
    Grades,
    MeanScore,
    Member,
    Obligation,
    Seat,
    Threshold,
    Whole,
)
from khcn_workflow.domain.minutes import (
    MeetingVoidError,
    OutcomeDiffersError,
    UnreadableMinutesError,
    check_minutes,
    minutes_to_data,
    read_minutes,
)
from khcn_workflow.domain.rules import Outcome

PASSED, FAILED = Outcome("passed", "Đạt"), Outcome("failed", "Không đạt", favourable=False)
LINES = [
    "chủ tịch; Nguyễn Văn A; có mặt; Đạt",
    "Phản biện ; Trần Thị B;có mặt; không đạt",
    "",
    "uy vien; Lê C; vắng",
    "Ủy viên; Phạm D; có mặt; Đạt",
]


def rule(passes, **more) -> CouncilRule:
    return CouncilRule("H1", "council_meeting", "Hội đồng", "Điều 8", passes, **more)


def test_lines_are_read_with_or_without_accents_and_empty_ones_passed_over():
    minutes = read_minutes(LINES)
    chair, reviewer, absent, member = minutes.seated
    assert chair == Member("Nguyễn Văn A", Seat.CHAIR)
    assert (reviewer.seat, absent.seat) == (Seat.REVIEWER, Seat.MEMBER)
    assert minutes.present == (chair, reviewer, member)
    assert [(b.member, b.grade) for b in minutes.ballots] == [
        ("Nguyễn Văn A", Grade.PASSED),
        ("Trần Thị B", Grade.FAILED),
        ("Phạm D", Grade.PASSED),
    ]


def test_decomposed_letters_are_the_same_person():
    line = "chủ tịch; Hồ Đạt; có mặt"
    assert read_minutes([line]).seated == read_minutes([normalize("NFD", line)]).seated


@pytest.mark.parametrize(
    ("text", "total"),
    [("82,5", Fraction(165, 2)), ("12 20 16", 48), ("10+20/12,25", Fraction(169, 4))],
)
def test_marks_are_read_as_exact_numbers(text, total):
    (ballot,) = read_minutes([f"thư ký; X; có mặt; {text}"]).ballots
    assert ballot.total == total


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("chủ tịch; A", "cần ba hoặc bốn phần"),
        ("chủ tịch; A; có mặt; Đạt; thêm", "cần ba hoặc bốn phần"),
        ("thư kí trưởng; A; có mặt", "không có ghế «thư kí trưởng»"),
        ("chủ tịch; ; có mặt", "thiếu họ tên"),
        ("chủ tịch; A; ốm", "«ốm» không phải có mặt hay vắng"),
        ("chủ tịch; A; có mặt; tốt", "phiếu «tốt» không phải"),
        ("chủ tịch; A; có mặt; 82.5", "phiếu «82.5» không phải"),
        ("chủ tịch; A; có mặt; -3", "phiếu «-3» không phải"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line, why):
    with pytest.raises(UnreadableMinutesError) as caught:
        read_minutes(["ủy viên; Z; vắng", line])
    assert caught.value.number == 2
    assert why in str(caught.value)
    assert line in str(caught.value)


def test_the_outcome_must_be_what_the_ballots_decide():
    two_thirds = rule(BallotShare((Threshold(Fraction(2, 3)),)))
    result = check_minutes(two_thirds, read_minutes(LINES), PASSED)
    assert result is not None
    assert result.passed
    with pytest.raises(OutcomeDiffersError, match=r"«Không đạt» không khớp.*2/3 phiếu Đạt.*Điều 8"):
        check_minutes(two_thirds, read_minutes(LINES), FAILED)


def test_another_grade_than_the_one_decided_is_refused():
    grades = rule(
        Grades(Threshold(Fraction(3, 4), Whole.PRESENT), Threshold(Fraction(1, 3), more_than=True))
    )
    minutes = read_minutes(["chủ tịch; A; có mặt; Xuất sắc", "ủy viên; B; có mặt; Xuất sắc"])
    assert check_minutes(grades, minutes, Outcome("excellent", "Xuất sắc"))
    with pytest.raises(OutcomeDiffersError):
        check_minutes(grades, minutes, PASSED)


def test_a_meeting_that_could_not_decide_is_refused_with_its_reasons():
    needy = rule(MeanScore(70), size_min=5, obligations=(Obligation(frozenset({Seat.SECRETARY})),))
    with pytest.raises(MeetingVoidError, match=r"ít nhất 5.*thư ký") as caught:
        check_minutes(needy, read_minutes(LINES), PASSED)
    assert "(Điều 8)" in str(caught.value)


def test_where_no_ballots_count_only_the_meeting_is_checked():
    by_minutes = rule(ByMinutes(), quorum=Fraction(4, 5))
    with pytest.raises(MeetingVoidError, match="3/4"):
        check_minutes(by_minutes, read_minutes(LINES), PASSED)
    assert check_minutes(rule(ByMinutes()), read_minutes(LINES), PASSED) is None


def test_the_ledger_keeps_counts_and_no_names():
    minutes = read_minutes(LINES)
    data = minutes_to_data(minutes, check_minutes(rule(BallotShare(())), minutes, PASSED))
    assert data["council_present"] == "3/4"
    assert data["council_ballots"] == "1 Không đạt, 2 Đạt"
    assert not any(member.name in str(data) for member in minutes.seated)
    marked = minutes_to_data(read_minutes(["chủ tịch; A; có mặt; 80"]), None)
    assert (marked["council_ballots"], marked["council_reasons"]) == ("1 phiếu chấm điểm", "")


def test_a_void_ballot_is_not_told_by_name():
    lines = [f"ủy viên; TV{n}; có mặt; 80" for n in range(6)] + ["ủy viên; TV7; có mặt; 20"]
    minutes = read_minutes(lines)
    result = check_minutes(rule(MeanScore(70, void_beyond_percent=20)), minutes, PASSED)
    assert result is not None
    assert result.void == ("TV7",)
    assert "TV7" not in minutes_to_data(minutes, result)["council_reasons"]


def test_a_ballot_of_somebody_absent_is_kept_for_the_rule_to_judge():
    (ballot,) = read_minutes(["ủy viên; A; vắng; Đạt"]).ballots
    assert ballot == Ballot("A", grade=Grade.PASSED)

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khcn_workflow.domain.council import (
    Ballot,
    BallotShare,
    ByMinutes,
    CouncilResult,
    CouncilRule,
    Grade,
    Grades,
    MeanScore,
    Member,
    NotLoaded,
    Obligation,
    Seat,
    Threshold,
    UndecidableCouncilError,
    UnknownScaleError,
    Whole,
    decide,
    leaders,
    meeting_objections,
)

E, P, F = Grade.EXCELLENT, Grade.PASSED, Grade.FAILED

SELECTION = MeanScore(
    minimum=70,
    zero_share=Fraction(1, 4),
    void_beyond_percent=20,
    proposer_bonus_percent=10,
    scales={"tự nhiên": (12, 24, 16, 16, 16, 16)},
)
PLAIN_MEAN = MeanScore(minimum=65)
MORE_THAN_3_4 = BallotShare((Threshold(Fraction(3, 4), more_than=True),))
AT_LEAST_2_3 = BallotShare((Threshold(Fraction(2, 3)),))
ACCEPTANCE = Grades(
    excellent=Threshold(Fraction(3, 4), Whole.PRESENT),
    failed=Threshold(Fraction(1, 3), Whole.PRESENT, more_than=True),
)


def rule(passes, **more) -> CouncilRule:
    return CouncilRule("H1", "council_meeting", "Hội đồng", "Điều 8", passes, **more)


def council(size: int) -> list[Member]:
    """A chair, a vice, two reviewers, a secretary and plain members."""
    seats = [Seat.CHAIR, Seat.VICE, Seat.REVIEWER, Seat.REVIEWER, Seat.SECRETARY]
    seats += [Seat.MEMBER] * max(0, size - len(seats))
    return [Member(f"TV{n}", seat) for n, seat in enumerate(seats[:size], start=1)]


def votes(*grades: Grade) -> list[Ballot]:
    return [Ballot(f"TV{n}", grade=grade) for n, grade in enumerate(grades, start=1)]


def marks(*totals: int | Decimal | Fraction) -> list[Ballot]:
    return [Ballot(f"TV{n}", scores=(total,)) for n, total in enumerate(totals, start=1)]


def decided(passes, ballots, *, size: int | None = None, **more) -> CouncilResult:
    members = council(size or len(ballots))
    return decide(rule(passes), members, members, ballots, **more)


# ------------------------------------------------------------------ who must be there

FULL = rule(
    AT_LEAST_2_3,
    size_min=7,
    size_max=9,
    quorum=Fraction(2, 3),
    obligations=(
        Obligation(frozenset({Seat.CHAIR, Seat.VICE})),
        Obligation(frozenset({Seat.REVIEWER}), None),
        Obligation(frozenset({Seat.SECRETARY})),
    ),
)


def absent(*names: str, size: int = 9) -> tuple[str, ...]:
    members = council(size)
    return meeting_objections(FULL, members, [m for m in members if m.name not in names])


def test_exactly_two_thirds_present_is_a_quorum():
    assert absent("TV7", "TV8", "TV9") == ()


def test_one_fewer_than_two_thirds_is_none_and_the_absent_are_named():
    assert absent("TV6", "TV7", "TV8", "TV9") == (
        "Có mặt 5/9 thành viên, cần ít nhất 6 (2/3); vắng: TV6, TV7, TV8, TV9.",
    )


def test_a_quorum_that_is_no_whole_number_is_rounded_up():
    assert absent("TV6", "TV7", "TV8", size=8)[0].startswith("Có mặt 5/8 thành viên, cần ít nhất 6")


def test_the_vice_chair_stands_in_for_the_chair():
    assert absent("TV1") == ()


def test_without_chair_and_vice_the_meeting_cannot_decide():
    assert absent("TV1", "TV2") == (
        "Phải có mặt ít nhất 1 chủ tịch hoặc phó chủ tịch, hiện có 0; vắng: TV1, TV2.",
    )


def test_every_reviewer_must_be_there_where_the_rule_says_all():
    assert absent("TV4") == ("Phải có mặt ít nhất 2 ủy viên phản biện, hiện có 1; vắng: TV4.",)


def test_a_seat_that_nobody_was_named_to_is_told_as_such():
    members = [Member(f"TV{n}") for n in range(7)]
    told = meeting_objections(FULL, members, members)
    assert told[1] == (
        "Phải có mặt ít nhất 1 ủy viên phản biện, hiện có 0; không ai được cử vào vị trí này."
    )
    assert len(told) == 3


@pytest.mark.parametrize(("size", "valid"), [(6, False), (7, True), (9, True), (10, False)])
def test_a_council_keeps_to_the_size_of_its_norm(size, valid):
    assert (absent(size=size) == ()) is valid


def test_somebody_who_was_not_named_makes_the_meeting_invalid():
    members = council(7)
    told = meeting_objections(FULL, members, [*members, Member("Khách")])
    assert told == ("Không có tên trong quyết định thành lập: Khách.",)


def test_a_missing_written_review_is_told_where_all_must_be_in():
    members = [replace(m, reviewed=m.name != "TV7") for m in council(7)]
    wants_all = replace(FULL, all_reviews=True)
    assert meeting_objections(FULL, members, members) == ()
    assert meeting_objections(wants_all, members, members) == ("Chưa có phiếu nhận xét của: TV7.",)


def test_an_invalid_meeting_decides_nothing_and_says_why():
    members = council(9)
    result = decide(FULL, members, members[:5], votes(P, P, P, P, P))
    assert (result.valid, result.passed, result.grade) == (False, False, None)
    assert result.reasons[0].startswith("Có mặt 5/9")


def test_the_check_team_needs_three_of_four_and_the_host():
    team = [
        *(Member(f"NV{n}", Seat.TASK_UNIT) for n in (1, 2)),
        *(Member(f"KP{n}", Seat.FUND_UNIT) for n in (1, 2)),
        Member("Chủ trì", Seat.HOST),
    ]
    check = rule(
        ByMinutes(),
        obligations=(
            Obligation(frozenset({Seat.TASK_UNIT, Seat.FUND_UNIT}), 3),
            Obligation(frozenset({Seat.HOST})),
        ),
    )
    assert meeting_objections(check, team, team[1:]) == ()
    assert len(meeting_objections(check, team, team[2:])) == 1
    assert len(meeting_objections(check, team, team[:4])) == 1


@pytest.mark.parametrize(
    ("passes", "why"),
    [(ByMinutes(), "ghi trong biên bản"), (NotLoaded(), "chưa nạp")],
)
def test_what_is_not_decided_by_ballots_is_refused_with_the_reason(passes, why):
    with pytest.raises(UndecidableCouncilError, match=why):
        decided(passes, votes(P, P))


# ------------------------------------------------------------------ mean of marks


@pytest.mark.parametrize(
    ("totals", "passed", "mean"),
    [
        ((70, 70, 70), True, Fraction(70)),
        ((69, 70, 71), True, Fraction(70)),
        ((69, 70, 70), False, Fraction(209, 3)),
        ((Decimal("69.9"), Decimal("70.1")), True, Fraction(70)),
    ],
)
def test_a_mean_of_exactly_the_minimum_passes(totals, passed, mean):
    result = decided(SELECTION, marks(*totals))
    assert (result.passed, result.mean) == (passed, mean)


def test_a_mean_just_below_is_never_written_as_the_minimum():
    result = decided(MeanScore(minimum=70), marks(70, 70, Decimal("69.99")))
    assert result.passed is False
    assert result.reasons == ("Điểm trung bình 69,99/100 của 3 phiếu hợp lệ chưa đạt mức 70/100.",)


def test_a_ballot_exactly_twenty_percent_off_the_mean_counts():
    # 60, 75, 75, 80, 85: mean 75, the reach of 20 % is 15
    result = decided(SELECTION, marks(60, 75, 75, 80, 85))
    assert (result.void, result.mean) == ((), Fraction(75))


def test_a_ballot_further_off_is_void_named_and_left_out_of_the_mean():
    # 59, 75, 75, 81, 85: mean 75
    result = decided(SELECTION, marks(59, 75, 75, 81, 85))
    assert (result.void, result.mean) == (("TV1",), Fraction(79))
    assert result.reasons[-1] == (
        "Phiếu của TV1 không hợp lệ: 59 điểm lệch quá 20 % so với điểm trung bình 75."
    )


def test_when_no_ballot_is_left_the_dossier_does_not_pass():
    result = decided(SELECTION, marks(10, 90))
    assert (result.valid, result.passed, result.grade, result.mean) == (True, False, None, None)
    assert result.void == ("TV1", "TV2")


def scored(*rows: tuple[int, ...]) -> list[Ballot]:
    return [Ballot(f"TV{n}", scores=row) for n, row in enumerate(rows, start=1)]


FULL_MARKS = (12, 24, 16, 16, 16, 16)
A_ZERO = (0, 24, 16, 16, 16, 16)


def test_zeros_of_exactly_a_quarter_of_those_present_do_no_harm():
    assert decided(SELECTION, scored(*[A_ZERO] * 2, *[FULL_MARKS] * 6)).passed


def test_zeros_of_more_than_a_quarter_fail_the_dossier_and_the_criterion_is_named():
    result = decided(SELECTION, scored(*[A_ZERO] * 3, *[FULL_MARKS] * 6))
    assert result.grade is Grade.FAILED
    assert "Tiêu chí 1 bị 3/9 thành viên có mặt cho 0 điểm, quá 1/4." in result.reasons


def test_a_low_mark_is_no_zero():
    assert decided(SELECTION, scored(*[(1, 23, 16, 16, 16, 16)] * 9)).passed


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        ((13, 24, 16, 16, 16, 15), "tiêu chí 1 quá điểm tối đa"),
        ((12, 24, 16), "có 3 tiêu chí, thang điểm có 6"),
        ((-1, 24, 16, 16, 16, 16), "có điểm âm"),
        ((), "phiếu không ghi điểm"),
    ],
)
def test_a_ballot_that_breaks_the_scale_is_void(scores, why):
    ballots = scored(scores, FULL_MARKS, FULL_MARKS)
    result = decided(SELECTION, ballots, scale="tự nhiên")
    assert (result.void, result.mean) == (("TV1",), Fraction(100))
    assert result.reasons[-1] == f"Phiếu của TV1 không hợp lệ: {why}."


def test_without_a_scale_only_the_sum_is_held_to_its_highest():
    result = decided(PLAIN_MEAN, marks(101, 90))
    assert (result.void, result.mean) == (("TV1",), Fraction(90))


def test_a_scale_that_the_rule_does_not_have_is_refused():
    with pytest.raises(UnknownScaleError, match="xã hội"):
        decided(SELECTION, marks(80), scale="xã hội")


def test_two_ballots_of_one_member_both_fall_away():
    result = decided(AT_LEAST_2_3, [*votes(F, P, P), Ballot("TV1", grade=P)], size=3)
    assert (result.void, result.passed) == (("TV1",), True)


def test_a_ballot_of_somebody_absent_does_not_count():
    members = council(3)
    result = decide(rule(AT_LEAST_2_3), members, members[:2], votes(P, P, F))
    assert (result.void, result.passed) == (("TV3",), True)


def test_the_proposer_gets_ten_percent_of_its_own_mean():
    won = CouncilResult(True, True, Grade.PASSED, Fraction(80), ())
    other = replace(won, mean=Fraction(87))
    dossiers = {"A": won, "B": other}
    assert leaders(rule(SELECTION), dossiers) == ("B",)
    assert leaders(rule(SELECTION), dossiers, proposers={"A"}) == ("A",)


def test_level_dossiers_all_lead_and_one_that_failed_never_does():
    won = CouncilResult(True, True, Grade.PASSED, Fraction(80), ())
    lost = replace(won, passed=False, mean=Fraction(90))
    assert leaders(rule(SELECTION), {"A": won, "B": won, "C": lost}) == ("A", "B")
    assert leaders(rule(SELECTION), {"C": lost}) == ()


# ------------------------------------------------------------------ shares of ballots


@pytest.mark.parametrize(
    ("passes", "ballots", "passed"),
    [
        (AT_LEAST_2_3, (P, P, F), True),
        (AT_LEAST_2_3, (P, P, P, F, F), False),
        (MORE_THAN_3_4, (P, P, P, F), False),
        (MORE_THAN_3_4, (P, P, P, P, F), True),
        (BallotShare((Threshold(Fraction(2, 3), Whole.PRESENT, True),)), (P, P, F), False),
    ],
)
def test_the_border_of_a_share_passes_only_where_the_law_says_at_least(passes, ballots, passed):
    assert decided(passes, votes(*ballots)).passed is passed


def test_a_share_of_all_members_counts_those_who_did_not_vote():
    of_all = BallotShare((Threshold(Fraction(4, 5), Whole.SEATED),))
    assert decided(of_all, votes(P, P, P, P), size=5).passed
    assert not decided(of_all, votes(P, P, P), size=5).passed


def test_every_threshold_must_be_met_and_each_is_told():
    both = BallotShare(
        (Threshold(Fraction(2, 3), Whole.PRESENT), Threshold(Fraction(1, 2), Whole.SEATED))
    )
    members = council(9)
    result = decide(rule(both), members, members[:5], votes(P, P, P, P, F))
    assert (result.passed, result.reasons) == (
        False,
        (
            "4/5 phiếu Đạt (tính trên số thành viên có mặt), đủ mức từ 2/3.",
            "4/9 phiếu Đạt (tính trên tổng số thành viên), không đủ mức từ 1/2.",
        ),
    )


def test_without_any_ballot_nothing_passes():
    assert not decided(AT_LEAST_2_3, [], size=7).passed


# ------------------------------------------------------------------ grades


@pytest.mark.parametrize(
    ("ballots", "grade"),
    [
        ((E, E, E, P), Grade.EXCELLENT),
        ((E, E, P, P), Grade.PASSED),
        ((E, E, E, F), Grade.PASSED),
        ((E, E, E, E, E, E, E, E, F), Grade.PASSED),
        ((P, P, F), Grade.PASSED),
        ((P, F, F), Grade.FAILED),
        ((P, P, P, F, F), Grade.FAILED),
    ],
)
def test_acceptance_grades_at_their_borders(ballots, grade):
    assert decided(ACCEPTANCE, votes(*ballots)).grade is grade


def test_grades_count_those_present_not_those_who_voted():
    assert decided(ACCEPTANCE, votes(E, E, E, E, E, E), size=9).grade is Grade.PASSED


def test_a_ballot_without_a_grade_is_void():
    result = decided(ACCEPTANCE, [Ballot("TV1"), *votes(E, E, E)[1:]], size=3)
    assert result.void == ("TV1",)


# ------------------------------------------------------------------ properties

PASS_RULES = st.sampled_from([SELECTION, PLAIN_MEAN, AT_LEAST_2_3, MORE_THAN_3_4, ACCEPTANCE])
GRADES = st.lists(st.sampled_from([E, P, F]), min_size=1, max_size=11)
TOTALS = st.lists(st.integers(0, 100), min_size=1, max_size=11)
RANK = {None: -1, F: 0, P: 1, E: 2}


def ballots_for(passes, grades, totals) -> list[Ballot]:
    return marks(*totals) if isinstance(passes, MeanScore) else votes(*grades)


@given(PASS_RULES, GRADES, TOTALS, st.randoms())
def test_the_order_of_the_ballots_does_not_matter(passes, grades, totals, random):
    ballots = ballots_for(passes, grades, totals)
    shuffled = random.sample(ballots, len(ballots))
    assert decided(passes, ballots) == decided(passes, shuffled)


@given(st.sampled_from([AT_LEAST_2_3, MORE_THAN_3_4, ACCEPTANCE]), GRADES, st.data())
def test_a_better_vote_never_makes_the_conclusion_worse(passes, grades, data):
    place = data.draw(st.integers(0, len(grades) - 1))
    better = data.draw(st.sampled_from([g for g in (F, P, E) if RANK[g] >= RANK[grades[place]]]))
    improved = [*grades[:place], better, *grades[place + 1 :]]
    before, after = decided(passes, votes(*grades)), decided(passes, votes(*improved))
    assert RANK[after.grade] >= RANK[before.grade]


@given(TOTALS, st.data())
def test_a_higher_mark_never_lowers_a_mean_from_which_none_is_left_out(totals, data):
    place = data.draw(st.integers(0, len(totals) - 1))
    higher = data.draw(st.integers(totals[place], 100))
    improved = [*totals[:place], higher, *totals[place + 1 :]]
    before, after = decided(PLAIN_MEAN, marks(*totals)), decided(PLAIN_MEAN, marks(*improved))
    assert after.mean >= before.mean
    assert after.passed >= before.passed


@given(TOTALS)
def test_the_mean_lies_among_the_ballots_that_count(totals):
    result = decided(SELECTION, marks(*totals))
    kept = [t for n, t in enumerate(totals, start=1) if f"TV{n}" not in result.void]
    assert (result.mean is None) == (not kept)
    if kept:
        assert min(kept) <= result.mean <= max(kept)


@given(TOTALS)
def test_ballots_that_all_agree_are_never_void(totals):
    same = [totals[0]] * len(totals)
    assert decided(SELECTION, marks(*same)).void == ()


@given(st.integers(1, 11), st.integers(0, 11))
def test_the_quorum_agrees_with_counting_in_whole_numbers(size, there):
    there = min(there, size)
    members = council(size)
    alone = rule(AT_LEAST_2_3, quorum=Fraction(2, 3))
    assert (meeting_objections(alone, members, members[:there]) == ()) == (3 * there >= 2 * size)

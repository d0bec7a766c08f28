from hypothesis import given
from hypothesis import strategies as st

from notifications.ladder import DEFAULT_LADDER, Audience, Rung, most_urgent
from notifications.messages import Event

rungs = st.lists(st.sampled_from(DEFAULT_LADDER), unique=True)


def rung(rung_id):
    return next(r for r in DEFAULT_LADDER if r.id == rung_id)


def test_the_ladder_tells_the_owner_first_then_the_head_then_the_director():
    assert [(r.id, r.offset, r.audience.value, r.event.value) for r in DEFAULT_LADDER] == [
        ("D-7", -7, "owner", "due_soon"),
        ("D-3", -3, "owner", "due_soon"),
        ("D-1", -1, "owner", "due_soon"),
        ("D0", 0, "owner", "due_today"),
        ("D+1", 1, "owner", "overdue"),
        ("D+1-head", 1, "head_of_division", "overdue_head"),
        ("D+3-director", 3, "director", "overdue_director"),
    ]


def test_overdue_suppresses_due_soon_for_the_same_person():
    assert most_urgent([rung("D-3"), rung("D-1"), rung("D0"), rung("D+1")]) == (rung("D+1"),)


def test_each_audience_keeps_its_own_rung():
    crossed = [rung("D+3-director"), rung("D0"), rung("D+1"), rung("D+1-head")]
    assert most_urgent(crossed) == (rung("D+1"), rung("D+1-head"), rung("D+3-director"))


def test_nothing_crossed_tells_nobody():
    assert most_urgent([]) == ()


def test_of_two_rungs_on_the_same_day_the_first_one_stands():
    twin = Rung("D0-again", 0, Audience.OWNER, Event.DUE_SOON)
    assert most_urgent([rung("D0"), twin]) == (rung("D0"),)


@given(rungs, st.randoms())
def test_the_order_of_crossing_does_not_matter(crossed, random):
    shuffled = random.sample(crossed, len(crossed))
    assert most_urgent(shuffled) == most_urgent(crossed)


@given(rungs)
def test_every_audience_of_a_crossed_rung_is_told_exactly_once(crossed):
    told = most_urgent(crossed)
    assert [r.audience for r in told] == [a for a in Audience if a in {r.audience for r in crossed}]
    assert all(r.offset == max(c.offset for c in crossed if c.audience is r.audience) for r in told)

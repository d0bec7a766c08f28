from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifications.ladder import DEFAULT_LADDER, Audience, Reach, Rung, reaches
from notifications.messages import Event

DAYS = [date(2019, 6, 3) + timedelta(days=n) for n in range(12)]
days = st.sampled_from(DAYS)
offsets = st.integers(-3, 3)
rungs = st.builds(
    Rung, st.uuids().map(str), offsets, st.sampled_from(Audience), st.just(Event.OVERDUE)
)
newly_reached = st.dictionaries(rungs, st.tuples(days, days), max_size=5)


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
    newly = {rung("D0"): (DAYS[0], DAYS[5]), rung("D+1"): (DAYS[0], DAYS[4])}
    assert reaches(newly) == [
        Reach("D0", DAYS[0], DAYS[4], superseded=True),
        Reach("D0", DAYS[4], DAYS[5], superseded=False),
        Reach("D+1", DAYS[0], DAYS[4], superseded=False),
    ]


def test_each_audience_keeps_its_own_rung():
    newly = {rung("D+1"): (DAYS[0], DAYS[1]), rung("D+1-head"): (DAYS[0], DAYS[1])}
    assert [(r.rung, r.superseded) for r in reaches(newly)] == [("D+1", False), ("D+1-head", False)]


def test_nothing_reached_tells_nobody():
    assert reaches({rung("D0"): (DAYS[3], DAYS[3])}) == []


@given(newly_reached)
def test_of_each_due_date_the_latest_rung_of_each_audience_is_told(newly):
    cut = reaches(newly)
    for day in DAYS:
        reached = [r for r, (after, until) in newly.items() if after < day <= until]
        found = [reach for reach in cut if reach.after < day <= reach.until]
        assert sorted(r.id for r in reached) == sorted(reach.rung for reach in found)
        latest = {
            a: max((r.offset for r in reached if r.audience is a), default=0) for a in Audience
        }
        told = {r.id for r in reached if r.offset == latest[r.audience]}
        assert {reach.rung for reach in found if not reach.superseded} == told

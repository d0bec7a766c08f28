from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifications.ladder import Audience, Reach, Rung, Scope, reaches
from notifications.messages import Event

LADDER = (
    Rung("D-7", -7, Audience.OWNER, Event.DUE_SOON),
    Rung("D0", 0, Audience.OWNER, Event.DUE_TODAY),
    Rung("D+1", 1, Audience.OWNER, Event.OVERDUE),
    Rung("D+1-head", 1, Audience.HEAD_OF_DIVISION, Event.OVERDUE_HEAD),
    Rung("D+1-head/2", 6, Audience.HEAD_OF_DIVISION, Event.OVERDUE_HEAD),
)
DAYS = [date(2019, 6, 3) + timedelta(days=n) for n in range(12)]
days = st.sampled_from(DAYS)
offsets = st.integers(-3, 3)
STAGES = ("contract", "appraisal")
scopes = st.builds(Scope, st.sampled_from([(), *((stage,) for stage in STAGES)]))
rungs = st.builds(
    Rung,
    st.uuids().map(str),
    offsets,
    st.sampled_from(Audience),
    st.just(Event.OVERDUE),
    scope=scopes,
)
newly_reached = st.dictionaries(rungs, st.tuples(days, days), max_size=5)


def rung(rung_id):
    return next(r for r in LADDER if r.id == rung_id)


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


def test_of_repeats_reached_at_once_the_last_one_is_told():
    first, second = rung("D+1-head"), rung("D+1-head/2")
    newly = {first: (DAYS[0], DAYS[5]), second: (DAYS[0], DAYS[2])}
    assert reaches(newly) == [
        Reach(first.id, DAYS[0], DAYS[2], superseded=True),
        Reach(first.id, DAYS[2], DAYS[5], superseded=False),
        Reach(second.id, DAYS[0], DAYS[2], superseded=False),
    ]


def test_neighbours_of_which_the_same_is_said_are_one_range():
    rungs = [Rung(f"tp/{n}", n, Audience.HEAD_OF_DIVISION, Event.OVERDUE_HEAD) for n in range(9)]
    newly = {each: (DAYS[0], DAYS[10 - n]) for n, each in enumerate(rungs)}
    assert len(reaches(newly)) == 2 * len(rungs) - 1


def test_a_rung_of_some_steps_supersedes_another_for_those_steps():
    only = Scope(stages=("contract",))
    urgent = Rung("x", 1, Audience.OWNER, Event.OVERDUE, scope=only)
    newly = {rung("D0"): (DAYS[0], DAYS[5]), urgent: (DAYS[0], DAYS[5])}
    assert reaches(newly) == [
        Reach("D0", DAYS[0], DAYS[5], superseded=False, superseded_in=(only,)),
        Reach("x", DAYS[0], DAYS[5], superseded=False, scope=only),
    ]


def test_a_scope_holds_what_it_names_and_all_where_it_names_nothing():
    assert Scope().holds("contract", "tinh", "contract_signing")
    only = Scope(stages=("contract",), levels=("tinh",))
    assert only.holds("contract", "tinh", "contract_signing")
    assert not only.holds("contract", "quoc-gia", "contract_signing")
    assert not only.holds("appraisal", "tinh", "contract_signing")


@given(newly_reached, st.sampled_from(STAGES))
def test_of_each_due_date_the_latest_rung_of_each_audience_is_told(newly, stage):
    cut = reaches(newly)

    def there(scope: Scope) -> bool:
        return scope.holds(stage, "", "")

    for day in DAYS:
        reached = [
            r for r, (after, until) in newly.items() if after < day <= until and there(r.scope)
        ]
        found = [reach for reach in cut if reach.after < day <= reach.until and there(reach.scope)]
        assert sorted(r.id for r in reached) == sorted(reach.rung for reach in found)
        latest = {
            a: max((r.offset for r in reached if r.audience is a), default=0) for a in Audience
        }
        told = {r.id for r in reached if r.offset == latest[r.audience]}
        assert {
            reach.rung
            for reach in found
            if not reach.superseded and not any(map(there, reach.superseded_in))
        } == told

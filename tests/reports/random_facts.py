"""Random registers: tasks in every state a report tells apart, and activities of every kind."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from khcn_workflow.domain.ledger import Document
from khcn_workflow.domain.science_task import Kind, Level, Source
from khcn_workflow.regulations.activity_kinds import load_activity_kinds
from tests.reports import builder as b

FIRST, LAST = date(2018, 12, 15), date(2019, 6, 10)
levels, kinds = st.sampled_from(Level), st.sampled_from(Kind)
years = st.sampled_from((2018, 2019, 2020))
days = st.dates(FIRST - timedelta(days=40), LAST + timedelta(days=20))

WAITING = b.delay("appraisal_meeting", b.OPINION, date(2019, 4, 15), LAST)
OPINIONS = b.outcome("appraisal_meeting", "opinions_received", date(2019, 5, 5))
PHASES = (
    (),
    (OPINIONS,),
    (WAITING,),
    (b.appraised(),),
    (b.appraised(), *b.approved()),
    (b.appraised(), *b.approved(), b.signed()),
)
"""What may have followed the council of a task."""


@st.composite
def dossiers(draw, code):
    """One task anywhere on its way, perhaps ended."""
    found = draw(st.sampled_from(WAYS))(draw, code)
    if draw(st.booleans()) and draw(st.booleans()):
        ended = replace(found.progress, ended_on=draw(days), ending="chấm dứt thực hiện")
        found = replace(found, progress=ended)
    return found


def _running(draw, code):
    signed_on = draw(st.sampled_from((date(2018, 9, 3), date(2019, 1, 22))))
    facts = draw(st.sampled_from(((), (b.checked(),))))
    return b.running(code, signed_on, *facts, level=draw(levels), kind=draw(kinds))


def _proposed(draw, code):
    task = b.science_task(code, plan_year=2020, level=draw(levels))
    return b.dossier(task, "proposal_synthesis", date(2019, 4, 1))


def _selected(draw, code):
    make, facts = b.passed_council, draw(st.sampled_from(PHASES))
    if not facts and draw(st.booleans()):
        make = b.ordered
    given = {"plan_year": draw(years), "source": draw(st.sampled_from(Source))}
    return make(code, *facts, level=draw(levels), kind=draw(kinds), **given)


WAYS = (
    _running,
    _proposed,
    _selected,
    _selected,
    lambda draw, code: b.accepted(code, result=draw(st.sampled_from(("passed", "failed")))),
    lambda _, code: b.no_dossier(code),
    lambda draw, code: b.ministry(code, f"Dự án {code}", level=draw(levels)),
    lambda draw, code: b.supplementary(code, *draw(st.sampled_from(((), (b.appraised(),))))),
)


@st.composite
def activities(draw, code):
    """One piece of other work of any kind, with numbers that can be."""
    kind = draw(st.sampled_from(list(load_activity_kinds().values())))
    stage = draw(st.sampled_from([stage for stage, _ in kind.stages] or [""]))
    quantity = draw(st.none() | st.integers(1, 40))
    subset = draw(st.integers(0, quantity)) if quantity and draw(st.booleans()) else None
    places = quantity if kind.id == "kiem-tra-hang-hoa" else None
    number = "01/2019/QĐ-UBND" if stage == "da-ban-hanh" else "12/SKHCN"
    return b.activity(
        code,
        kind.id,
        f"Việc {code}",
        on=draw(days if kind.dated or stage == "da-ban-hanh" else st.none() | days),
        stage=stage,
        document=Document(number, date(2019, 1, 2)),
        quantity=quantity,
        subset=subset,
        place_count=places,
        amount_vnd=draw(st.none() | st.integers(1, 10**9)),
    )


@st.composite
def registers(draw, most=12):
    """Tasks and activities with codes of their own."""
    tasks = draw(st.integers(0, most))
    rows = draw(st.integers(0, most))
    return (
        [draw(dossiers(f"T-{n:02d}")) for n in range(tasks)],
        [draw(activities(f"A-{n:02d}")) for n in range(rows)],
    )

"""What the rounds tell of an earlier day is what folding the facts of that day tells."""

import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from khcn_workflow import standing
from khcn_workflow.domain.corrections import CORRECTABLE, told
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import advance, assignment
from khcn_workflow.domain.science_task import task_to_data
from khcn_workflow.services.correcting import Correction, correct
from khcn_workflow.services.funnel import funnel
from khcn_workflow.services.rebuilding import rebuild
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.storage.spans import StageCount, soonest
from khcn_workflow.storage.translate import person_to_data
from tests.office import PERSONS, a_task, enter, on_day, open_office, record

SPOIL = text("UPDATE step_round SET due_on = '2019-01-01' WHERE due_on IS NOT NULL")
MOVE_ON = text("UPDATE calendar SET projected_at = NULL")

FIRST, LAST = date(2019, 3, 4), date(2021, 12, 31)

KINDS = ["delay", "suspend", "resume", "extend", "amend", "assign"]
DEEDS = st.tuples(
    st.integers(0, 1),
    st.sampled_from(["outcome"] * 8 + ["correct"] * 3 + KINDS),
    st.integers(0, 5),
    st.integers(0, 5),
    st.sampled_from([0, 0, 1, 2, 5, 20, 60, 150, -3, -25]),
)
"""Task, what is recorded, of which step, with which outcome, how many days after the last."""


@given(st.lists(DEEDS, min_size=1, max_size=16))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_on_every_day_the_rows_tell_what_the_facts_tell(database, deeds):
    with tempfile.TemporaryDirectory() as folder:
        app = on_day(open_office(Path(folder), database=database), LAST)
        app.run(tell_of_people)
        app.run(play, deeds)
        app.ask(assert_rows_tell)
        app.ask(verify_ledger)
        app.run(rebuild)
        app.ask(assert_rows_tell)
        app.close()


def tell_of_people(context):
    for person in PERSONS:
        data = person_to_data(person)
        fact = Fact(EntryKind.PERSON, person.code, context.today, "cv1", data=data)
        context.work.append(fact, context.now)


def play(context, deeds):
    for number in range(2):
        enter(context, a_task(f"NV-{number}"), "contract_signing", FIRST)
    days = {0: FIRST, 1: FIRST}
    for task, kind, step, outcome, later in deeds:
        days[task] = max(FIRST, days[task] + timedelta(later))
        if kind == "correct":
            correct_something(context, f"NV-{task}", step, outcome, later)
        else:
            deed(context, f"NV-{task}", kind, step, outcome, days[task])


def correct_something(context, code, which, outcome, days):
    """Move one of the latest rows by some days, or annul it, if the later ones allow it."""
    rows = [e for e in context.work.entries(code) if e.fact.kind in CORRECTABLE]
    newest = {row.rows[0].seq: row.newest.seq for row in told(context.work.entries(code))}
    if not rows:
        return
    row = rows[-1 - which % len(rows)]
    wanted = Correction(
        newest[row.seq],
        "thử",
        "tp",
        annuls=outcome == 0,
        on=row.fact.valid_on + timedelta(days),
        day_off_confirmed=True,
    )
    with suppress(KhcnError):
        correct(context, wanted)


def deed(context, code, kind, step, outcome, on):
    """Record it if it can be: as the services do, but also where an officer would be refused."""
    progress = context.progress(code)
    rulebook = context.rulebook(progress)
    owed = progress.open_rounds()
    suspended = any(s.until is None for s in progress.suspensions)
    match kind:
        case "outcome" | "delay" if owed:
            chosen = owed[step % len(owed)]
            outcomes = rulebook.step(chosen.step).outcomes
            answer = outcomes[outcome % len(outcomes)]
            data = {wanted.id: "2021-03-31" for wanted in answer.fields}
            fact = Fact(
                EntryKind(kind),
                code,
                max(on, chosen.opened_on),
                "tp",
                step=chosen.step,
                outcome=answer.id if kind == "outcome" else "",
                data=data if kind == "outcome" else {},
            )
        case "suspend" if not suspended:
            fact = Fact(EntryKind.SUSPENDED, code, on, "tp", note="vì sao")
        case "resume" if suspended and on > progress.suspensions[-1].since:
            fact = Fact(EntryKind.RESUMED, code, on, "tp")
        case "extend" if progress.closed("contract_signing"):
            data = {"ends_on": "2021-09-30", "asked_on": on.isoformat()}
            fact = Fact(EntryKind.EXTENDED, code, on, "tp", data=data)
        case "amend":
            data = task_to_data(a_task(code, title=f"Tên mới {on}"))
            fact = Fact(EntryKind.AMENDED, code, on, "tp", data=data)
        case "assign":
            fact = assignment(code, ("tp", "cv1")[outcome % 2], on, "tp")
        case _:
            return
    context.work.append(fact, context.now)
    context.save(advance(progress, fact, context.rulebooks), before=progress)


def assert_rows_tell(context):
    assert context.work.calendars.carries_all(context.calendar)
    dates = {entry.fact.valid_on for entry in context.work.queries.ledger()}
    near = {on + timedelta(n) for on in dates for n in (-1, 0, 45)}
    for day in sorted(near | {LAST}):
        folded = sorted(standing.folded(context, context.tasks(day)), key=soonest)
        due = [span for span in folded if span.due_on]
        assert standing.owed(context, day) == due
        assert standing.owed(context, day, day) == [span for span in due if span.due_on < day]
        late = [s for s in due if not s.is_paused and context.calendar.count(s.due_on, day) > 0]
        assert standing.overdue(context, day) == late
        assert standing.by_stage(context, day) == counted(folded, late)


def counted(folded, late):
    stages = {span.stage for span in folded}
    return {
        stage: StageCount(
            sum(span.stage == stage for span in folded),
            sum(span.stage == stage for span in late),
            min(span.opened_on for span in folded if span.stage == stage),
        )
        for stage in stages
    }


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, FIRST, database=database)
    for number in range(3):
        app.run(enter, a_task(f"NV-{number}"), "contract_signing", FIRST)
    app.close()
    later = on_day(app, date(2019, 8, 1))
    sign(later, "NV-0", date(2019, 3, 20))
    yield later
    later.close()


def sign(app, code, on):
    fields = {"ends_on": "2021-03-31"}
    return record(app, code, "contract_signing", "signed", on, fields=fields)


def test_a_task_whose_papers_came_in_order_is_never_folded(office):
    for n in range(200):
        day = FIRST + timedelta(n)
        assert office.ask(lambda context, day=day: context.work.spans.inexact(day)) == []


def test_a_paper_typed_late_has_its_task_folded_for_the_days_it_disturbs(office):
    record(office, "NV-0", "progress_report", "received", date(2019, 7, 15))
    record(office, "NV-0", "periodic_check", "checked", date(2019, 6, 14))
    inexact = {
        day: office.ask(lambda context, day=day: context.work.spans.inexact(day))
        for day in (date(2019, 7, 14), date(2019, 7, 15))
    }
    assert inexact == {date(2019, 7, 14): ["NV-0"], date(2019, 7, 15): []}


def test_a_round_closed_at_once_has_the_due_date_it_had(office):
    def read(context):
        rounds = context.work.queries.kept(["NV-0"])["NV-0"].rounds
        return rounds["contract_signing", 1].due_on

    assert office.ask(read) == date(2019, 4, 3)


def test_the_funnel_counts_what_waits_and_what_is_late(office):
    stages = {s.stage: s for s in office.ask(funnel)}
    assert (stages["contract"].open, stages["contract"].overdue) == (2, 2)
    assert stages["contract"].oldest == FIRST
    assert stages["periodic_check"].oldest == date(2019, 3, 20)
    assert (stages["proposal"].open, stages["proposal"].oldest) == (0, None)
    before = {s.stage: s.open for s in office.ask(funnel, date(2019, 3, 19))}
    assert (before["contract"], before["periodic_check"]) == (3, 0)


def test_while_dates_wait_to_be_made_anew_the_facts_are_folded(office):
    def spoil_and_ask(context):
        context.work._session.execute(SPOIL)
        return standing.owed(context, context.today)

    def spoil_under_another_calendar(context):
        context.work._session.execute(MOVE_ON)
        return spoil_and_ask(context)

    told = office.ask(lambda context: standing.owed(context, context.today))
    assert office.ask(spoil_and_ask) != told
    assert office.ask(spoil_under_another_calendar) == told

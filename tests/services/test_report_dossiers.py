"""A report read from the rows is the report of the folded facts, whatever was recorded how late."""

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.reporting import gather
from khcn_workflow.reports.facts import count
from khcn_workflow.reports.report_input import AsOfError, Dossier
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.report_numbers import list_numbers
from tests.office import on_day, open_office
from tests.sample import ACTIVITIES, TASKS
from tests.services.test_standing import DEEDS, LAST, play, tell_of_people

PERIODS = ("2019-H1", "2019", "2020-Q3", "2021-H1")


def assert_alike(context, period, day):
    """The numbers with their lists, the late steps with their causes, and what is to come."""
    try:
        rows = gather(context, period, day)
    except AsOfError:
        return
    folded = tuple(Dossier(p, context.rulebook(p)) for p in context.tasks(rows.as_of))
    by_rows, by_facts = count(rows), count(replace(rows, dossiers=folded))
    assert dict(by_rows.figures) == dict(by_facts.figures)
    assert by_rows.late == by_facts.late
    assert sorted(by_rows.coming, key=str) == sorted(by_facts.coming, key=str)


@given(st.lists(DEEDS, min_size=1, max_size=16))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_on_every_day_the_rows_make_the_same_report(database, deeds):
    with tempfile.TemporaryDirectory() as folder:
        app = on_day(open_office(Path(folder), database=database), LAST)
        app.run(tell_of_people)
        app.run(play, deeds)
        for period in PERIODS:
            for day in (None, date(2019, 6, 10), date(2020, 8, 20), date(2021, 6, 14)):
                app.ask(assert_alike, period, day)
        app.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory, database):  # noqa: ARG001 - of each kind
    app = open_office(tmp_path_factory.mktemp("office"))
    app.run(import_file, TASKS)
    app.run(import_file, ACTIVITIES)
    yield app
    app.close()


@pytest.mark.parametrize("day", [date(2019, m, d) for m, d in ((1, 20), (4, 24), (5, 14), (6, 10))])
@pytest.mark.parametrize("period", ["2019-H1", "2019-Q2", "2019"])
def test_the_sample_is_told_alike(office, period, day):
    office.ask(assert_alike, period, day)


def test_no_task_is_folded_where_the_rows_tell(office, monkeypatch):
    monkeypatch.setattr("khcn_workflow.context.fold", None)
    (figure,) = office.ask(list_numbers, "2019-H1", ["carried"], date(2019, 6, 10))
    assert figure.value == 30


def test_what_is_known_now_is_read_from_the_rows_too(office, monkeypatch):
    monkeypatch.setattr("khcn_workflow.context.fold", None)

    def now(context):
        return list_numbers(context, "2019-H1", ["52"], date(2019, 6, 10), context.now)

    assert office.ask(now)[0].value == 8


def test_what_was_known_earlier_is_folded(office):
    def before_all_results(context):
        rows = [e for e in context.work.queries.ledger() if e.fact.kind is EntryKind.OUTCOME]
        at = rows[0].recorded_at
        return gather(context, "2019-H1", date(2019, 6, 10), at).dossiers

    dossiers = office.ask(before_all_results)
    assert all(dossier.dues is None for dossier in dossiers)

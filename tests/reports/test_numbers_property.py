"""Whatever the register: numbers are their lists, parts make wholes, a fact counts for itself."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khcn_workflow.reports.facts import gather
from khcn_workflow.reports.figures import Counting
from khcn_workflow.reports.number_table import TABLE, find
from tests.reports import builder as b
from tests.reports.random_facts import activities, dossiers, registers

PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def facts(register):
    return gather(b.report_input(*register))


@PATIENT
@given(registers())
def test_every_number_is_its_list_and_every_list_is_of_the_register(register):
    tasks, rows = register
    known = {d.task.code for d in tasks} | {a.code for a in rows}
    for figure in facts(register).figures.values():
        added = [figure.amount(place) for place in range(len(figure.rows))]
        expected = max(added, default=0) if figure.counting is Counting.MOST else sum(added)
        assert figure.value == expected, figure
        if figure.id not in {"period", "recipients", "signer"}:
            assert set(figure.rows) <= known


@PATIENT
@given(registers())
def test_parts_make_their_wholes(register):
    value = facts(register).value
    for cohort in ("backlog", "new", "next"):
        parts = ("council_done", "no_dossier", "council_stopped", "council_waiting")
        assert value(f"{cohort}_total") == sum(value(f"{cohort}_{part}") for part in parts)
        parts = ("appraised", "pending", "appraisal_stopped")
        assert value(f"{cohort}_council_done") == sum(value(f"{cohort}_{part}") for part in parts)
        assert value(f"{cohort}_contracted") <= value(f"{cohort}_appraised")
        assert value(f"{cohort}_with_opinions") <= value(f"{cohort}_pending")
    assert value("rural") == value("rural_central") + value("rural_delegated")
    assert value("goods_failed") <= value("goods_lots")
    assert value("initiatives_passed") <= value("initiatives")


@PATIENT
@given(registers(6), st.data())
def test_one_fact_more_changes_only_the_lists_it_stands_in(register, data):
    tasks, rows = register
    before = facts(register).figures
    if data.draw(st.booleans()):
        after = facts(([*tasks, data.draw(dossiers("X"))], rows)).figures
    else:
        after = facts((tasks, [*rows, data.draw(activities("X"))])).figures
    for key, figure in after.items():
        if figure.counting is Counting.MOST:
            continue
        was = before.get(key)
        held = (
            dict(zip(was.rows, map(was.amount, range(len(was.rows))), strict=True)) if was else {}
        )
        now = dict(zip(figure.rows, map(figure.amount, range(len(figure.rows))), strict=True))
        own = now.pop("X", None)
        assert now == held, key
        assert figure.value == sum(held.values()) + (own or 0)


@PATIENT
@given(registers(6))
def test_each_of_the_55_rows_finds_its_figures(register):
    figures = facts(register).figures
    assert [row.number for row in TABLE] == list(range(1, 56))
    for row in TABLE:
        assert [f.id for f in find(figures, str(row.number))] == list(row.figures)

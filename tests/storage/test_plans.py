"""How both databases find the rows: the sweep and the lists of a day never walk all rounds."""

import re
from datetime import date

import pytest
from sqlalchemy import event, text

from khcn_workflow import standing
from khcn_workflow.services.deadline_sweep import find_reached
from tests.office import a_task, enter, on_day, open_office

FIRST = date(2019, 5, 6)
TASKS = 60
WHOLE_TABLE = re.compile(r"Seq Scan on step_round|SCAN step_round(?! USING)")


@pytest.fixture
def office(tmp_path, database):
    """Many closed rounds and few open ones, as after some years."""
    app = open_office(tmp_path, FIRST, database=database)
    app.run(enter_many)
    app.run(find_reached)
    app.run(close_most)
    app.close()
    later = on_day(app, date(2019, 6, 10))
    yield later
    later.close()


def enter_many(context):
    for number in range(TASKS):
        enter(context, a_task(f"NV-{number}"), "contract_signing", FIRST)


def close_most(context):
    session = context.work._session
    session.execute(text("UPDATE step_round SET closed_on = '2019-06-20' WHERE id < 57"))
    more = "INSERT INTO step_round SELECT id + 1000 * {n}, task_code, stage, step, {n} + 1, "
    more += "opened_on, '2019-05-20', outcome, due_on, limit_id, deadline_version, exact_from "
    more += "FROM step_round WHERE id < 1000"
    for n in range(1, 80):
        session.execute(text(more.format(n=n)))
    session.execute(text("ANALYZE"))


def plans(context, ask) -> str:
    """The plans of every question that `ask` puts to the rounds."""
    session = context.work._session
    connection = session.connection()
    put = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if "FROM step_round" in statement and statement.lstrip().startswith(("SELECT", "INSERT")):
            put.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    ask(context)
    event.remove(connection, "before_cursor_execute", note)
    assert put
    word = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    found = []
    for statement, parameters in put:
        rows = connection.exec_driver_sql(f"{word} {statement}", parameters)
        found += [str(row[-1]) for row in rows]
    return "\n".join(found)


def test_the_sweep_walks_only_the_index_of_what_is_owed(office):
    def explain(context):
        return plans(context, find_reached)

    told = office.run(explain)
    assert "ix_step_round_owed" in told
    assert not WHOLE_TABLE.search(told)


@pytest.mark.parametrize(
    ("ask", "index"),
    [(standing.overdue, "ix_step_round_late"), (standing.by_stage, "ix_step_round_span")],
)
def test_lists_of_a_day_are_found_by_their_index(office, ask, index):
    told = office.ask(lambda context: plans(context, lambda c: ask(c, date(2019, 6, 7))))
    assert index in told
    assert not WHOLE_TABLE.search(told)

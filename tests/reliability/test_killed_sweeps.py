"""kill -9 in the middle of a sweep, then two at once: every reminder once, never a part of them."""

import multiprocessing
import os
import signal
import sys
from contextlib import closing
from datetime import date
from random import Random
from time import perf_counter, sleep

import pytest
from sqlalchemy import text

from khcn_workflow.bootstrap import Application
from khcn_workflow.services.deadline_sweep import sweep
from tests.office import a_task, enter, on_day, open_office

OPENED, BEFORE, SWEPT = date(2019, 5, 6), date(2019, 6, 3), date(2019, 6, 10)
TASKS = 40
KILLS = 20
DUE_AGAIN = (
    "DELETE FROM reminder",
    "DELETE FROM outbox",
    "UPDATE sweep_mark SET swept_to = '2019-06-03'",
)

_fork = multiprocessing.get_context("fork")  # warm: rulebooks and calendar are read already


@pytest.fixture
def office(tmp_path, durable):
    """Forty steps, five working days after the last sweep reached some of their rungs."""
    app = open_office(tmp_path, OPENED, database=durable)
    app.run(enter_all)
    with closing(on_day(app, BEFORE)) as before:
        before.run(sweep)
    app.close()
    return on_day(app, SWEPT)


def enter_all(context):
    for number in range(TASKS):
        enter(context, a_task(f"NV-{number}"), "contract_signing", OPENED)


def make_due_again(app) -> None:
    with closing(app):
        app.run(lambda context: [context.work._session.execute(text(sql)) for sql in DUE_AGAIN])


def written(app) -> tuple[list[tuple], list[str]]:
    """The reminders, and the keys of the messages."""

    def read(context):
        session = context.work._session
        reminders = session.execute(text("SELECT * FROM reminder ORDER BY rung, step_round_id"))
        messages = session.scalars(text("SELECT dedupe_key FROM outbox ORDER BY dedupe_key"))
        return [tuple(row) for row in reminders], list(messages)

    with closing(app):
        return app.ask(read)


def sweep_once(settings) -> None:
    with closing(Application(settings)) as app:
        app.run(sweep)


def sweeping(app) -> multiprocessing.Process:
    process = _fork.Process(target=sweep_once, args=(app.settings,))
    process.start()
    return process


def test_no_reminder_is_lost_or_doubled_when_sweeps_are_killed(office, capsys):
    make_due_again(office)
    started = perf_counter()
    sweep_once(office.settings)
    longest = perf_counter() - started
    whole = written(office)
    assert len(whole[0]) > TASKS
    random = Random(10)  # noqa: S311 - the same moments each run, as far as a clock allows
    before = 0
    for _ in range(KILLS):
        make_due_again(office)
        killed = sweeping(office)
        sleep(random.uniform(0, longest))
        os.kill(killed.pid, signal.SIGKILL)
        killed.join()
        left = written(office)
        assert left in (([], []), whole)
        before += left != whole
        both = [sweeping(office), sweeping(office)]
        for process in both:
            process.join(60)
        assert [process.exitcode for process in both] == [0, 0]
        assert written(office) == whole
    with capsys.disabled():
        sys.stdout.write(
            f"\n{KILLS} × kill -9 of a sweep, {before} before its commit; after two more at once "
            f"{len(whole[0])} reminders and {len(whole[1])} messages each time\n"
        )
    assert before

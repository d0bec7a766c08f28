"""The sweep against an oracle: each rung once, none missed, whatever the days it ran on."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from khcn_workflow.bootstrap import Application
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.ladders import load_ladder
from khcn_workflow.services.deadline_sweep import Swept, boundary, sweep
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.storage.records import OutboxRow, ReminderRow
from notifications.messages import Event
from notifications.templating import render
from tests.office import a_task, enter, on_day, open_office, record

CALENDAR = load_calendar()
LADDER = [r for r in load_ladder() if r.scope.holds("contract", "tinh", "contract_signing")]
OPENED = date(2019, 5, 6)
DUE = date(2019, 6, 5)  # 30 days after OPENED, the target of contract_signing


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, OPENED, database=database)
    app.run(enter, a_task(), "contract_signing", OPENED)
    yield app
    app.close()


def sweep_on(app, *days: date) -> list[Swept]:
    swept = []
    for day in days:
        other = on_day(app, day)
        swept.append(other.run(sweep))
        other.close()
    return swept


def reminders(app) -> list[tuple[str, bool]]:
    def read(context):
        rows = context.work._session.scalars(select(ReminderRow))
        return sorted((row.rung, row.superseded) for row in rows)

    return app.ask(read)


def told(app) -> Counter[tuple[str, str]]:
    def read(context):
        rows = context.work._session.scalars(select(OutboxRow))
        return Counter((row.recipient_code, row.event) for row in rows)

    return app.ask(read)


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_each_rung_is_told_once_on_its_day(office):
    sweep_on(office, *every_day(OPENED, date(2019, 6, 12)))
    assert told(office) == {
        ("cv1", "due_today"): 1,
        ("cv1", "overdue"): 1,
        ("tp", "overdue_head"): 1,
        ("pgd", "overdue_director"): 1,
    }


def test_a_sweep_run_twice_tells_nobody_twice(office):
    days = every_day(OPENED, date(2019, 6, 12))
    sweep_on(office, *[day for day in days for _ in range(2)])
    assert sum(told(office).values()) == 4


def test_a_second_sweep_of_the_day_finds_nothing(office):
    first, second = sweep_on(office, DUE, DUE)
    assert first.reached > 0
    assert (second.reached, second.messages) == (0, 0)


def test_three_days_of_silence_miss_no_rung_and_tell_the_most_urgent(office):
    sweep_on(office, date(2019, 6, 3), date(2019, 6, 10))
    recorded = reminders(office)
    assert [rung for rung, _ in recorded] == sorted(r.id for r in LADDER if r.offset <= 3)
    assert told(office) == {
        ("cv1", "overdue"): 1,
        ("tp", "overdue_head"): 1,
        ("pgd", "overdue_director"): 1,
    }


def test_only_the_head_of_the_owners_division_is_told(office):
    sweep_on(office, date(2019, 6, 14))
    assert ("tp2", "overdue_head") not in told(office)


def test_a_step_that_was_answered_is_not_swept(office):
    app = on_day(office, date(2019, 6, 4))
    record(
        app,
        "NV-2019-01",
        "contract_signing",
        "signed",
        date(2019, 6, 4),
        fields={"ends_on": "2021-06-04"},
    )
    sweep_on(office, date(2019, 6, 14))
    assert all(event == "outcome_recorded" for _, event in told(office))


def test_a_step_that_enters_already_overdue_is_found_behind_the_marks(office):
    sweep_on(office, date(2019, 6, 10))
    app = on_day(office, date(2019, 6, 10))
    app.run(enter, a_task("NV-2019-02"), "contract_signing", date(2019, 3, 1))
    before = sum(told(office).values())
    sweep_on(office, date(2019, 6, 10))
    assert sum(told(office).values()) == before + 3


def test_a_reminder_whose_step_was_answered_meanwhile_is_not_sent(office):
    sweep_on(office, date(2019, 6, 6))
    app = on_day(office, date(2019, 6, 6))
    record(
        app,
        "NV-2019-01",
        "contract_signing",
        "signed",
        date(2019, 6, 6),
        fields={"ends_on": "2021-06-04"},
    )
    assert deliver_outbox(app).counts == {"cancelled": 2, "sent": 1}


def test_a_reminder_of_the_due_day_is_worthless_after_it(office):
    sweep_on(office, DUE)
    assert deliver_outbox(on_day(office, date(2019, 6, 7))).counts == {"expired": 1}


def test_a_step_that_stays_overdue_is_told_to_head_and_director_again(office):
    sweep_on(office, *every_day(OPENED, date(2019, 7, 5)))
    assert told(office) == {
        ("cv1", "due_today"): 1,
        ("cv1", "overdue"): 1,
        ("tp", "overdue_head"): 5,  # 1, 6, 11, 16 and 21 working days late
        ("pgd", "overdue_director"): 2,  # 3 and 13
    }


OWN_LADDER = """
[[rung]]
id = "truoc-5"
days = -5
to = "owner"
stages = ["contract"]
levels = ["tinh"]
[[rung]]
id = "truoc-4"
days = -4
to = "owner"
stages = ["appraisal"]
[[rung]]
id = "truoc-3"
days = -3
to = "owner"
levels = ["quoc-gia"]
[[rung]]
id = "truoc-2"
days = -2
to = "owner"
steps = ["periodic_check"]
[[rung]]
id = "qua-han"
days = 2
to = "owner"
"""


def with_ladder(app, folder, text: str) -> Application:
    folder.mkdir(exist_ok=True)
    (folder / "ladder.toml").write_text(text, encoding="utf-8")
    load_ladder.cache_clear()
    return Application(replace(app.settings, mail_templates=folder))


def test_a_department_has_a_ladder_of_its_own_by_stage_level_and_step(office, tmp_path):
    own = with_ladder(office, tmp_path / "mau", OWN_LADDER)
    sweep_on(own, *every_day(OPENED, date(2019, 6, 12)))
    assert [rung for rung, _ in reminders(own)] == ["qua-han", "truoc-5"]
    assert told(own) == {("cv1", "due_soon"): 1, ("cv1", "overdue"): 1}
    own.close()


def test_a_step_behind_the_marks_meets_only_the_rungs_of_its_stage_and_level(office, tmp_path):
    own = with_ladder(office, tmp_path / "mau", OWN_LADDER)
    sweep_on(own, date(2019, 6, 10))
    later = on_day(own, date(2019, 6, 10))
    later.run(enter, a_task("NV-2019-02"), "contract_signing", date(2019, 3, 1))
    sweep_on(own, date(2019, 6, 10))
    assert Counter(rung for rung, _ in reminders(own)) == {"qua-han": 2, "truoc-5": 2}
    later.close()
    own.close()


def test_a_rung_that_is_new_in_the_ladder_does_not_tell_of_what_was_long_ago(office, tmp_path):
    sweep_on(office, *every_day(OPENED, date(2019, 6, 12)))
    before = told(office)
    own = with_ladder(office, tmp_path / "mau", OWN_LADDER)
    sweep_on(own, date(2019, 6, 12), date(2019, 6, 17))
    assert told(own) == before
    own.close()


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.id)
def test_the_boundary_is_the_latest_due_day_whose_rung_has_come(rung):
    for day in every_day(date(2019, 4, 20), date(2019, 5, 12)):
        limit = boundary(CALENDAR, rung, day)
        due_days = [d for d in every_day(date(2018, 11, 1), date(2019, 7, 1)) if _works(d)]
        come = [d for d in due_days if CALENDAR.add(d, rung.offset) <= day]
        assert max(come) == limit


@settings(max_examples=12, deadline=None)
@given(days=st.sets(st.integers(0, 50), min_size=1))
def test_whatever_days_it_ran_on_no_rung_is_doubled_or_missed(tmp_path_factory, days, database):
    app = open_office(tmp_path_factory.mktemp("office"), OPENED, database=database)
    app.run(enter, a_task(), "contract_signing", OPENED)
    last = OPENED + timedelta(days=max(days))
    sweep_on(app, *(OPENED + timedelta(days=n) for n in sorted(days)))
    reached = {r.id for r in LADDER if CALENDAR.add(DUE, r.offset) <= last}
    assert {rung for rung, _ in reminders(app)} == reached
    assert len(reminders(app)) == len(reached)
    assert set(told(app).values()) <= {1, 2, 3}
    app.close()


def _works(day: date) -> bool:
    return CALENDAR.is_working_day(day)


def test_a_report_that_the_host_owes_is_told_to_the_owner_to_pass_on(office):
    app = on_day(office, date(2019, 5, 13))
    fields = {"ends_on": "2021-05-13"}
    record(app, "NV-2019-01", "contract_signing", "signed", date(2019, 5, 13), fields=fields)
    sweep_on(office, date(2019, 10, 29))  # due 13/11/2019, 11 working days ahead
    assert ("cv1", "report_due") not in told(office)
    sweep_on(office, date(2019, 10, 30), date(2019, 10, 31))
    assert told(office)["cv1", "report_due"] == 1

    def read(context):
        rows = context.work._session.scalars(select(OutboxRow))
        return next(row.context for row in rows if row.event == "report_due")

    facts = office.ask(read)
    assert (facts["step"], facts["days_left"]) == ("Báo cáo định kỳ 6 tháng", 10)
    text = render(Event.REPORT_DUE, facts).text
    assert "Đề nghị Tổ chức chủ trì 01, chủ nhiệm Chủ nhiệm nhiệm vụ 01 gửi" in text
    app.close()

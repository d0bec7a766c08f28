from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khcn_workflow.domain.errors import (
    ClockEventError,
    FutureDateError,
    MissingFieldError,
    TaskEndedError,
)
from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.inquiry import explain_deadline, list_due, show_task
from khcn_workflow.services.verification import verify_ledger
from tests.office import HIRED, a_task, enter, on_day, open_office, record

CODE = "NV-2019-01"


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    yield app
    app.close()


@pytest.fixture
def running(office):
    """The same task under a contract of 24 months."""
    record(
        office, CODE, "contract_signing", "signed", date(2019, 5, 20),
        fields={"ends_on": "20/05/2021"},
    )  # fmt: skip
    return office


def event(kind: EntryKind, on: date, **more) -> ClockEvent:
    return ClockEvent(kind, CODE, on, "tp", document=Document("12/QĐ"), **more)


def suspend(app, on: date, reason: str = "chờ ý kiến cấp trên"):
    return app.run(record_clock_event, event(EntryKind.SUSPENDED, on, reason=reason))


def resume(app, on: date):
    return app.run(record_clock_event, event(EntryKind.RESUMED, on))


def due(app) -> date | None:
    return app.ask(lambda context: context.work.queries.owed_steps(CODE)[0].due_on)


def test_a_suspension_stops_the_clock_and_resuming_gives_the_days_back(office):
    assert due(office) == date(2019, 6, 5)
    (moved,) = suspend(office, date(2019, 5, 13))
    assert (moved.before, moved.after, due(office)) == (date(2019, 6, 5), None, None)
    (moved,) = resume(office, date(2019, 6, 3))
    assert moved.after == date(2019, 6, 26)
    assert office.ask(verify_ledger).rows == HIRED + 3


def test_each_version_of_the_date_stays_with_its_reason(office):
    suspend(office, date(2019, 5, 13))
    resume(office, date(2019, 6, 3))
    explained = office.ask(explain_deadline, CODE, "contract_signing")
    assert [(v.version, v.due_on, v.reason) for v in explained.versions] == [
        (1, date(2019, 6, 5), "mở bước"),
        (2, None, "tạm dừng từ 13/05/2019, 12/QĐ"),
        (3, date(2019, 6, 26), "tiếp tục sau tạm dừng từ 03/06/2019, 12/QĐ"),
    ]
    assert "không tính thời gian tạm dừng 13/05/2019 đến 02/06/2019" in explained.sentence


def test_a_suspended_step_reminds_nobody(office):
    suspend(office, date(2019, 5, 13))
    app = on_day(office, date(2019, 6, 20))
    assert app.run(sweep).messages == 0
    assert app.ask(list_due)[0].days_late == 0


def test_a_date_that_moved_reminds_again(office):
    assert on_day(office, date(2019, 6, 5)).run(sweep).messages == 1
    suspend(office, date(2019, 5, 13))
    resume(office, date(2019, 6, 3))
    assert on_day(office, date(2019, 6, 26)).run(sweep).messages == 1


@pytest.mark.parametrize(
    ("act", "refusal", "says"),
    [
        (lambda app: resume(app, date(2019, 5, 20)), ClockEventError, "không ở trạng thái"),
        (lambda app: suspend(app, date(2019, 6, 11)), FutureDateError, "ở sau hôm nay"),
        (lambda app: suspend(app, date(2019, 5, 20), ""), MissingFieldError, "Lý do"),
        (lambda app: suspend(app, date(2019, 5, 1)), ClockEventError, "ở trước ngày"),
    ],
)
def test_a_clock_event_that_cannot_be_is_refused(office, act, refusal, says):
    with pytest.raises(refusal, match=says):
        act(office)


def test_a_task_is_suspended_once_at_a_time_and_resumed_after_it(office):
    suspend(office, date(2019, 5, 13))
    row = office.ask(show_task, CODE).entries[-1]
    with pytest.raises(ClockEventError) as refused:
        suspend(office, date(2019, 5, 20))
    assert str(refused.value).startswith(
        "Nhiệm vụ NV-2019-01: đang tạm dừng từ 13/05/2019. "
        f"Đã ghi ở dòng {row.seq}: «Tạm dừng» ngày 13/05/2019, do {row.fact.actor} ghi lúc "
    )
    with pytest.raises(ClockEventError, match="phải sau ngày tạm dừng"):
        resume(office, date(2019, 5, 13))


def extend(app, ends_on: date, asked_on: date = date(2019, 6, 3), on: date = date(2019, 6, 10)):
    return app.run(
        record_clock_event, event(EntryKind.EXTENDED, on, ends_on=ends_on, asked_on=asked_on)
    )


def test_an_extension_moves_what_is_counted_from_the_contracts_end(running):
    (moved,) = extend(running, date(2021, 11, 20))
    assert moved.step == "acceptance_dossier"
    assert (moved.before, moved.after) == (date(2021, 6, 21), date(2021, 12, 20))


def test_an_extension_longer_than_the_law_allows_is_refused_with_its_article(running):
    with pytest.raises(ClockEventError, match=r"không quá 6 tháng \(Thông tư 04/2015"):
        extend(running, date(2021, 11, 22))


def test_an_extension_is_given_once(running):
    extend(running, date(2021, 8, 20))
    with pytest.raises(ClockEventError, match="chỉ được gia hạn 1 lần"):
        extend(running, date(2021, 9, 20))


def test_a_contract_of_more_than_two_years_may_be_extended_by_a_year(office):
    record(
        office, CODE, "contract_signing", "signed", date(2019, 5, 20),
        fields={"ends_on": "20/06/2021"},
    )  # fmt: skip
    extend(office, date(2022, 6, 20))


def test_an_extension_asked_for_too_late_is_refused(office):
    record(
        office, CODE, "contract_signing", "signed", date(2019, 5, 20),
        fields={"ends_on": "28/06/2019"},
    )  # fmt: skip
    with pytest.raises(ClockEventError, match="ít nhất 1 tháng trước ngày kết thúc 28/06/2019"):
        extend(office, date(2019, 9, 20))


def test_without_a_contract_there_is_nothing_to_extend(office):
    with pytest.raises(ClockEventError, match="chưa có hợp đồng"):
        extend(office, date(2021, 9, 20))


def test_a_termination_ends_the_task_and_all_it_owed(running):
    moved = running.run(
        record_clock_event, event(EntryKind.TERMINATED, date(2019, 6, 10), reason="không khả thi")
    )
    assert {m.after for m in moved} == {None}
    story = running.ask(show_task, CODE)
    assert (story.progress.ending, story.due) == ("chấm dứt thực hiện", ())
    with pytest.raises(TaskEndedError):
        suspend(running, date(2019, 6, 10))


def test_whose_clock_ran_how_long_is_counted_without_suspended_days(office):
    suspend(office, date(2019, 5, 13))
    resume(office, date(2019, 6, 3))
    story = office.ask(show_task, CODE)
    assert story.used == {"Sở": 10}  # 07–10/05 and 03–10/06, less the two days off of 08–09/06


def test_a_missed_round_shifts_no_later_one(running):
    app = on_day(running, date(2020, 3, 2))
    record(app, CODE, "progress_report", "received", date(2020, 3, 2))
    (report,) = [s for s in app.ask(list_due) if s.step_id == "progress_report"]
    assert (report.round, report.due_on) == (2, date(2020, 5, 20))


@settings(max_examples=8, deadline=None)
@given(gaps=st.lists(st.tuples(st.integers(1, 6), st.integers(1, 9)), min_size=1, max_size=4))
def test_versions_of_a_date_only_grow_and_the_last_is_in_force(tmp_path_factory, gaps, database):
    app = open_office(tmp_path_factory.mktemp("office"), date(2019, 12, 2), database=database)
    app.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    day = date(2019, 5, 6)
    for gap, length in gaps:
        day += timedelta(days=gap)
        suspend(app, day)
        day += timedelta(days=length)
        resume(app, day)
    versions = app.ask(explain_deadline, CODE, "contract_signing").versions
    assert [v.version for v in versions] == list(range(1, len(versions) + 1))
    assert versions[-1].due_on == due(app)
    assert app.ask(verify_ledger).rows == HIRED + 1 + 2 * len(gaps)
    app.close()

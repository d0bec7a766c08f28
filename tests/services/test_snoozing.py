"""An acknowledged step is reminded of later; once late, everybody is told all the same."""

from datetime import date

import pytest
from sqlalchemy import select

from khcn_workflow.domain.authority import NotAuthorisedError
from khcn_workflow.domain.errors import MissingFieldError, StepNotOpenError
from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.domain.snoozing import SnoozeError
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.services.digests import write_digests
from khcn_workflow.services.inquiry import show_task
from khcn_workflow.services.rebuilding import rebuild
from khcn_workflow.services.snoozing import Acknowledgement, snooze
from khcn_workflow.services.verification import verify_ledger
from khcn_workflow.storage.records import OutboxRow
from tests.office import a_task, at_hour, enter, on_day, open_office

OPENED, DUE = date(2019, 5, 6), date(2019, 6, 5)


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, OPENED, database=database)
    app.run(enter, a_task(), "contract_signing", OPENED)
    yield app
    app.close()


def put_off(app, on: date, until: date, **more):
    said = {"reason": "Chờ lịch của UBND tỉnh", "actor": "cv1", **more}
    other = on_day(app, on)
    try:
        return other.run(snooze, Acknowledgement("NV-2019-01", until, **said))
    finally:
        other.close()


def morning(app, day: date) -> None:
    other = at_hour(app, f"{day} 07:30")
    other.run(sweep)
    other.run(write_digests)
    other.close()


def told(app) -> list[tuple[str, str, str]]:
    """Event, reader and, in a digest, the note of its line; not the week's summaries."""

    def read(context):
        rows = context.work._session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        return [
            (
                row.event,
                row.recipient_code,
                "".join(
                    line["note"] for s in row.context.get("sections", []) for line in s["lines"]
                ),
            )
            for row in rows
            if row.event != "weekly"
        ]

    return app.ask(read)


def test_no_digest_names_it_until_the_day_is_over_and_then_it_says_why(office):
    put_off(office, date(2019, 5, 28), date(2019, 5, 31))
    for day in (28, 29, 30, 31):
        morning(office, date(2019, 5, day))
    assert told(office) == []
    morning(office, date(2019, 6, 3))
    note = "đã hoãn nhắc đến 31/05/2019: Chờ lịch của UBND tỉnh"
    assert told(office) == [("digest", "cv1", note)]


def test_put_off_to_the_due_day_it_is_silent_that_day_and_told_when_late(office):
    put_off(office, date(2019, 5, 28), DUE)
    morning(office, DUE)
    assert told(office) == []
    morning(office, date(2019, 6, 6))
    assert [each[:2] for each in told(office)] == [
        ("overdue", "cv1"),
        ("overdue_head", "tp"),
        ("digest", "cv1"),
    ]
    morning(office, date(2019, 6, 10))
    assert ("overdue_director", "pgd", "") in told(office)


def test_a_reminder_that_waits_to_leave_is_withdrawn(office):
    morning(office, DUE)
    assert ("due_today", "cv1", "") in told(office)
    put_off(office, DUE, DUE)
    assert deliver_outbox(at_hour(office, f"{DUE} 08:00")).counts == {"sent": 2}  # the week's too

    def read(context):
        statement = select(OutboxRow.status, OutboxRow.result_detail)
        return context.work._session.execute(statement.where(OutboxRow.event == "due_today")).one()

    assert tuple(office.ask(read)) == ("cancelled", "Đã hoãn nhắc.")


def test_an_overdue_message_that_waits_is_never_withdrawn(office):
    morning(office, date(2019, 6, 6))
    with pytest.raises(SnoozeError):
        put_off(office, date(2019, 6, 6), date(2019, 6, 20))
    assert [event for event, *_ in told(office)] == ["overdue", "overdue_head", "digest"]
    assert deliver_outbox(at_hour(office, "2019-06-06 08:00")).counts == {"sent": 4}


def test_the_last_word_counts_so_reminders_can_be_had_back(office):
    put_off(office, date(2019, 5, 28), DUE)
    put_off(office, date(2019, 5, 29), date(2019, 5, 29), reason="Lịch đã hủy")
    morning(office, date(2019, 5, 30))
    assert told(office) == [("digest", "cv1", "đã hoãn nhắc đến 29/05/2019: Lịch đã hủy")]


def test_a_due_date_that_moves_is_told_of_again(office):
    put_off(office, date(2019, 5, 28), DUE)
    paper = Document("01/QĐ")
    for kind, on in ((EntryKind.SUSPENDED, 29), (EntryKind.RESUMED, 30)):
        other = on_day(office, date(2019, 5, 30))
        event = ClockEvent(
            kind, "NV-2019-01", date(2019, 5, on), "pgd", reason="Chờ ý kiến", document=paper
        )
        other.run(record_clock_event, event)
        other.close()
    morning(office, date(2019, 5, 31))
    assert told(office) == [("digest", "cv1", "")]


@pytest.mark.parametrize(
    ("on", "until", "more", "refusal", "says"),
    [
        (DUE, date(2019, 6, 6), {}, SnoozeError, "đến ngày hạn 05/06/2019"),
        (date(2019, 6, 6), date(2019, 6, 6), {}, SnoozeError, "đã quá hạn từ 05/06/2019"),
        (DUE, date(2019, 6, 4), {}, SnoozeError, "đặt --until từ hôm nay"),
        (DUE, DUE, {"reason": " "}, MissingFieldError, "Lý do"),
        (DUE, DUE, {"actor": "tp2"}, NotAuthorisedError, "không được ghi «Hoãn nhắc»"),
        (DUE, DUE, {"step": "acceptance_meeting"}, StepNotOpenError, "contract_signing"),
    ],
)
def test_what_cannot_be_put_off_is_refused_with_what_to_do(office, on, until, more, refusal, says):
    with pytest.raises(refusal, match=says):
        put_off(office, on, until, **more)


def test_several_steps_with_dates_must_be_named(tmp_path, database):
    app = open_office(tmp_path, date(2019, 5, 6), database=database)
    app.run(enter, a_task(), "contract_signing", OPENED)
    from tests.office import record

    fields = {"ends_on": "2021-05-06"}
    record(app, "NV-2019-01", "contract_signing", "signed", OPENED, fields=fields)
    with pytest.raises(SnoozeError, match="hãy ghi rõ bước"):
        put_off(app, OPENED, OPENED)
    done = put_off(app, OPENED, OPENED, step="progress_report")
    assert done.step == "Báo cáo định kỳ 6 tháng"
    app.close()


def test_the_ledger_keeps_who_until_when_and_why_and_all_that_follows_from_it_stands(office):
    put_off(office, date(2019, 5, 28), date(2019, 5, 31))
    before = office.ask(lambda context: context.progress("NV-2019-01"))
    story = office.ask(show_task, "NV-2019-01")
    row = story.entries[-1]
    assert (row.fact.kind, row.fact.actor, row.fact.commitment, row.fact.note) == (
        EntryKind.SNOOZED,
        "cv1",
        date(2019, 5, 31),
        "Chờ lịch của UBND tỉnh",
    )
    assert story.results[row.seq] == "Hoãn nhắc đến 31/05/2019"
    office.ask(verify_ledger)
    office.run(rebuild)
    assert office.ask(lambda context: context.progress("NV-2019-01")) == before


def test_the_same_request_is_recorded_once(office):
    for _ in range(2):
        put_off(office, date(2019, 5, 28), date(2019, 5, 31), request_key="prefect:1")
    rows = office.ask(lambda context: context.entries("NV-2019-01"))
    assert [row.fact.kind for row in rows].count(EntryKind.SNOOZED) == 1

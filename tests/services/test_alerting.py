from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from khcn_workflow.domain.alerts import STUCK_FOR, Alert, AlertKind
from khcn_workflow.services.alerting import find_alerts, raise_alert, tell_at_once, watch
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import claim_messages, deliver_outbox
from khcn_workflow.storage.channel_states import PARKED_FOR
from khcn_workflow.storage.outbox import LEASE
from khcn_workflow.storage.records import OutboxRow
from notifications.outbox import Outcome
from notifications.reach import ADMIN
from tests.office import TODAY, a_task, at_hour, enter, open_office, record

NINE = datetime(2019, 6, 10, 2, 0, tzinfo=UTC)
BEFORE_NINE = datetime(2019, 6, 10, 1, 59, tzinfo=UTC)
SATURDAY = date(2019, 6, 8)


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    yield app
    app.close()


def kinds(office, now: datetime, today: date = TODAY) -> list[AlertKind]:
    def look(context):
        return find_alerts(replace(context, now=now, today=today))

    return [alert.kind for alert in office.ask(look)]


def test_a_working_day_that_was_not_swept_by_nine_is_told(office):
    assert kinds(office, BEFORE_NINE) == []
    assert kinds(office, NINE) == [AlertKind.SWEEP_MISSED]


def test_a_day_off_need_not_be_swept(office):
    assert kinds(office, NINE, SATURDAY) == []


def test_a_swept_day_is_in_order_and_the_next_is_not(office):
    office.run(sweep)
    assert kinds(office, NINE) == []
    assert kinds(office, NINE, date(2019, 6, 11)) == [AlertKind.SWEEP_MISSED]


def test_an_office_without_open_steps_is_not_told(tmp_path, database):
    app = open_office(tmp_path, database=database)
    assert kinds(app, NINE) == []
    app.close()


def test_the_same_alert_is_told_once_a_day_and_goes_to_its_own_folder(office):
    alert = Alert(AlertKind.RUN_BROKEN, "Lượt chạy «Gửi thư» báo lỗi", subject="Gửi thư")
    assert office.run(raise_alert, alert)
    assert not office.run(raise_alert, alert)
    assert deliver_outbox(office, channel=ADMIN).counts == {"sent": 1}
    assert len(list((office.settings.home / "quan-tri").glob("*.eml"))) == 1
    assert not (office.settings.home / "outbox").exists()


def test_a_channel_that_refuses_us_is_told_through_the_other(tmp_path, database):
    app = open_office(tmp_path, database=database, KHCN_MAIL_URL="khong-co://o-dau")
    app.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    record(app, "NV-2019-01", "council_meeting", "passed", date(2019, 6, 7))
    assert deliver_outbox(app).counts == {"parked": 1}
    told = [alert.title for alert in app.run(watch) if alert.kind is AlertKind.CHANNEL_PARKED]
    assert told == ["Kênh gửi thư hỏng: 01 thư đang chờ sửa kênh"]
    deliver_outbox(app, channel=ADMIN)
    assert list((tmp_path / "quan-tri").glob("*.eml"))
    app.close()


def test_the_admins_delivery_leaves_other_messages_alone(office):
    record(office, "NV-2019-01", "council_meeting", "passed", date(2019, 6, 7))
    assert deliver_outbox(office, channel=ADMIN).counts == {}
    assert deliver_outbox(office).counts == {"sent": 1}


def test_without_a_database_an_alert_still_goes_out(office):
    alert = Alert(AlertKind.RUN_BROKEN, "Lượt chạy «Gửi thư» báo lỗi", subject="Gửi thư")
    assert tell_at_once(office.settings, office.clock, alert).outcome is Outcome.SENT
    assert len(list((office.settings.home / "quan-tri").glob("*.eml"))) == 1


def test_nothing_parked_is_nothing_told(office):
    assert office.ask(lambda context: context.work.outbox.parked("mail")) == (0, "")


MOMENT = timedelta(seconds=1)


@pytest.fixture
def waiting(office):
    """One message to the owner that nobody sends, and when its time came."""
    record(office, "NV-2019-01", "council_meeting", "passed", date(2019, 6, 7))
    return office, office.ask(lambda context: context.work.outbox.counts()), first_try(office)


def first_try(office) -> datetime:
    def read(context):
        return context.work._session.scalar(select(OutboxRow.next_try_at))

    return office.ask(read)


def told(office, now: datetime) -> list[str]:
    """What is told of messages that lie, on a day off, when no sweep is missed."""
    found = office.ask(lambda context: find_alerts(replace(context, now=now, today=SATURDAY)))
    return [alert.title for alert in found if alert.kind is AlertKind.NOTHING_LEAVES]


def test_a_message_that_lies_for_two_hours_is_told_and_not_before(waiting):
    office, counts, since = waiting
    assert counts == {"mail": {"pending": 1}}
    assert told(office, since + STUCK_FOR) == []
    said = ["01 tin chờ gửi đã quá 2 giờ mà không được gửi"]
    assert told(office, since + STUCK_FOR + MOMENT) == said
    deliver_outbox(office)
    assert told(office, since + STUCK_FOR + MOMENT) == []


def test_a_message_in_a_dead_workers_hands_lies_from_the_end_of_its_lease(waiting):
    office, _, since = waiting
    (held,) = office.run(claim_messages, "mail")
    assert held.message.recipient.code == "cv1"
    assert told(office, since + STUCK_FOR + MOMENT) == []
    assert told(office, office.clock.now() + LEASE + STUCK_FOR + MOMENT) != []


def test_a_message_that_is_to_be_tried_later_does_not_lie(waiting):
    office, _, since = waiting
    office.run(put_off, since + timedelta(hours=6))
    assert told(office, since + timedelta(hours=6) + STUCK_FOR) == []
    assert told(office, since + timedelta(hours=6) + STUCK_FOR + MOMENT) != []


def test_what_waits_for_a_parked_channel_is_told_of_the_channel_alone(waiting):
    office, _, since = waiting
    later = since + STUCK_FOR + MOMENT
    office.run(refuse_thrice, later)
    assert told(office, later + MOMENT) == []
    assert told(office, later + PARKED_FOR + MOMENT) != []


def put_off(context, until: datetime) -> None:
    context.work._session.execute(update(OutboxRow).values(next_try_at=until))


def refuse_thrice(context, now: datetime) -> None:
    context.work.channels.refused("mail", 3, "535", now)


def alerts_at(office, instant: str) -> list[AlertKind]:
    other = at_hour(office, instant)
    found = [alert.kind for alert in other.ask(find_alerts)]
    other.close()
    return found


def test_messages_that_wait_for_the_morning_are_no_reason_to_be_alarmed(office):
    evening = at_hour(office, "2019-06-10 19:30")
    record(evening, "NV-2019-01", "council_meeting", "passed", date(2019, 6, 7))
    evening.close()
    assert AlertKind.NOTHING_LEAVES not in alerts_at(office, "2019-06-10 23:00")
    assert AlertKind.NOTHING_LEAVES not in alerts_at(office, "2019-06-11 08:59")
    assert AlertKind.NOTHING_LEAVES in alerts_at(office, "2019-06-11 09:01")


def test_the_administrator_is_told_at_any_hour(office):
    alert = Alert(AlertKind.RUN_BROKEN, "Lượt chạy «Gửi thư» báo lỗi", subject="Gửi thư")
    night = at_hour(office, "2019-06-15 23:00")
    night.run(raise_alert, alert)
    assert deliver_outbox(night).counts == {"sent": 1}
    night.close()

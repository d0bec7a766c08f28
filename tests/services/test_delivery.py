"""Delivery from the ledger's own outbox to a real SMTP server."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from khcn_workflow.services.assigning import Assignment, assign
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import (
    Noted,
    claim_messages,
    deliver_outbox,
    note,
    release,
)
from khcn_workflow.services.persons import delegate
from khcn_workflow.storage.outbox_rows import ANSWERED, Owed
from khcn_workflow.storage.records import OutboxRow
from notifications.messages import Recipient
from notifications.outbox import Attempt, Outcome
from tests.notifications.makers import message
from tests.notifications.smtp_server import Faults, running
from tests.office import (
    PERSONS,
    TODAY,
    a_task,
    at_hour,
    enter,
    hire,
    on_day,
    open_office,
    record,
)

SENT = Attempt(Outcome.SENT, "250", "")


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def office(tmp_path, faults, database):
    with running(faults) as port:
        app = open_office(
            tmp_path, KHCN_MAIL_URL=f"officemail://127.0.0.1:{port}", database=database
        )
        app.run(enter, a_task(), "contract_signing", date(2019, 3, 1))
        app.run(sweep)
        yield app
        app.close()


def test_each_overdue_step_reaches_owner_head_and_director(office, faults):
    assert deliver_outbox(office).counts == {"sent": 3}
    assert sorted(e.rcpt_tos[0] for e in faults.taken) == [
        "cv1@so.example",
        "pgd@so.example",
        "tp@so.example",
    ]


def test_an_escalation_names_who_was_told_before(tmp_path, database):
    app = open_office(tmp_path, date(2019, 5, 6), database=database)
    app.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    for day in (5, 6, 7, 10):  # due on Wednesday the 5th; the director is told three days on
        today = on_day(app, date(2019, 6, day))
        today.run(sweep)
        deliver_outbox(today)
        today.close()
    told = app.ask(lambda context: list(context.work._session.scalars(select(OutboxRow.context))))
    said = {facts["recipient_name"]: facts["told"] for facts in told}
    first, second = "05/06/2019: Chuyên viên 1", "06/06/2019: Chuyên viên 1, Trưởng phòng"
    assert said["Trưởng phòng"] == first
    assert said["Phó Giám đốc"] == f"{first}; {second}"
    assert said["Chuyên viên 1"] == ""
    app.close()


def test_what_was_sent_is_not_sent_again(office, faults):
    deliver_outbox(office)
    assert deliver_outbox(office).counts == {}
    assert len(faults.taken) == 3


def test_a_refused_recipient_is_given_up_and_can_be_sent_again_by_hand(office, faults):
    faults.rcpt = "550 5.1.1 no such user"
    assert deliver_outbox(office).counts == {"dead": 3}
    faults.rcpt = ""
    assert deliver_outbox(office).counts == {}
    assert office.run(release) == 3
    assert deliver_outbox(office).counts == {"sent": 3}


def test_a_busy_server_is_tried_again_later(office, faults):
    faults.data = "451 4.3.0 try later"
    assert deliver_outbox(office).counts == {"pending": 3}
    faults.data = ""
    assert deliver_outbox(office).counts == {}
    tomorrow = on_day(office, office.clock.today() + timedelta(days=1))
    assert deliver_outbox(tomorrow).counts == {"sent": 3}


def test_a_lost_answer_is_sent_again_under_the_same_message_id(office, faults):
    faults.drop_after_data = True
    deliver_outbox(office)
    faults.drop_after_data = False
    deliver_outbox(on_day(office, office.clock.today() + timedelta(days=1)))
    ids = [_message_id(envelope) for envelope in faults.taken]
    assert len(ids) == 6
    assert len(set(ids)) == 3


def test_a_dead_workers_messages_are_taken_over_after_its_lease(office):
    assert len(office.run(claim_messages, "mail")) == 3
    assert deliver_outbox(office).counts == {}
    later = on_day(office, office.clock.today() + timedelta(days=1))
    assert deliver_outbox(later).counts == {"sent": 3}


def test_a_step_answered_while_its_messages_wait_is_not_reminded_of(office):
    first, *rest = office.run(claim_messages, "mail")
    assert [each.moot for each in rest] == [""] * 2
    fields = {"ends_on": "20/05/2021"}
    record(office, "NV-2019-01", "contract_signing", "signed", date(2019, 6, 7), fields=fields)
    noted = office.run(note, [(first, SENT)], rest)
    assert [each.moot for each in noted.waiting] == [ANSWERED] * 2
    assert [status.value for status in noted.statuses] == ["sent"]


def test_a_task_given_to_another_is_not_reminded_of_to_its_old_owner(office, faults):
    office.run(hire, [replace(PERSONS[0], code="cv2", email="cv2@so.example")])
    office.run(assign, Assignment("NV-2019-01", "cv2", date(2019, 6, 7), "tp"))
    assert deliver_outbox(office).counts == {"sent": 2, "cancelled": 1}
    assert sorted(e.rcpt_tos[0] for e in faults.taken) == ["pgd@so.example", "tp@so.example"]


def test_who_stands_in_for_the_owner_is_still_reminded(office):
    away = TODAY, TODAY + timedelta(days=1)
    office.run(hire, [replace(PERSONS[0], code="cv2", email="cv2@so.example")])
    office.run(delegate, "cv1", "cv2", *away, "cv1")
    office.run(put_to, "cv2")
    assert deliver_outbox(office).counts == {"sent": 4}
    office.run(put_to, "tp2")
    assert deliver_outbox(office).counts == {"cancelled": 1}


def put_to(context, code: str) -> None:
    """The owner's reminder once more, to another."""
    (step,) = context.work.queries.owed_steps("NV-2019-01")
    made = message(f"them|{code}|mail", Recipient(code, code, f"{code}@so.example"))
    owed = Owed(step.id, step.deadline_version)
    context.work.outbox.put([(replace(made, created_at=context.now), owed)])


def test_who_lost_the_lease_writes_nothing(office):
    held = office.run(claim_messages, "mail")
    later = on_day(office, office.clock.today() + timedelta(days=1))
    assert deliver_outbox(later).counts == {"sent": 3}
    noted = later.run(note, [(held[0], Attempt(Outcome.PERMANENT, "550", "x"))], held[1:])
    assert noted == Noted([], [])
    assert later.ask(lambda context: context.work.outbox.parked("mail")) == (0, "")
    assert deliver_outbox(later).counts == {}
    later.close()


def test_a_server_that_refuses_us_is_asked_three_times_and_no_row_is_lost(office, faults):
    office.run(put_copies, 30)
    faults.mail = "535 5.7.8 authentication failed"
    assert deliver_outbox(office).counts == {"parked": 3}
    assert deliver_outbox(office).counts == {}
    faults.mail = ""
    assert office.run(release) == 3
    assert deliver_outbox(office).counts == {"sent": 33}


def put_copies(context, number: int) -> None:
    made = [message(f"m{n}|cv1|mail") for n in range(number)]
    context.work.outbox.enqueue([replace(m, created_at=context.now) for m in made])


def test_a_template_that_cannot_be_used_stops_only_its_message(tmp_path, faults, database):
    folder = tmp_path / "mau-thu" / "overdue"
    folder.mkdir(parents=True)
    (folder / "subject.txt.j2").write_text("{{ khong_co }}", encoding="utf-8")
    with running(faults) as port:
        app = open_office(
            tmp_path / "home",
            KHCN_MAIL_URL=f"officemail://127.0.0.1:{port}",
            KHCN_MAIL_TEMPLATES=str(tmp_path / "mau-thu"),
            database=database,
        )
        app.run(enter, a_task(), "contract_signing", date(2019, 3, 1))
        app.run(sweep)
        assert deliver_outbox(app).counts == {"dead": 1, "sent": 2}
        app.close()


def _message_id(envelope) -> str:
    lines = envelope.content.decode(errors="replace").splitlines()
    return next(line for line in lines if line.lower().startswith("message-id"))


def told_at(office, *instants: str) -> list[dict[str, int]]:
    counts = []
    for instant in instants:
        other = at_hour(office, instant)
        counts.append(deliver_outbox(other).counts)
        other.close()
    return counts


def test_nobody_is_told_at_night_or_on_days_off_and_nothing_is_lost(office, faults):
    days = ("2019-06-14 20:00", "2019-06-14 23:00", "2019-06-15 10:00")
    assert told_at(office, *days) == [{}, {}, {}]
    assert faults.taken == []
    assert told_at(office, "2019-06-17 06:59", "2019-06-17 07:00") == [
        {},
        {"sent": 3},
    ]


def test_who_delivers_at_night_is_told_what_waits_and_until_when(office):
    other = at_hour(office, "2019-06-14 21:00")
    assert deliver_outbox(other).left_alone == (
        "Ngoài giờ gửi (07:00–20:00 ngày làm việc): 03 tin chờ đến 07:00 17/06/2019."
    )
    other.close()
    other = at_hour(office, "2019-06-17 09:00")
    assert deliver_outbox(other).left_alone == ""
    other.close()


def test_a_message_that_was_tried_in_the_evening_is_tried_again_in_the_morning(office, faults):
    faults.data = "451 4.3.0 try later"
    assert told_at(office, "2019-06-14 19:59") == [{"pending": 3}]
    faults.data = ""
    assert told_at(office, "2019-06-14 22:00", "2019-06-17 07:00") == [{}, {"sent": 3}]


def test_a_reminder_of_the_due_day_that_the_night_held_back_is_not_sent_after_it(
    tmp_path, database
):
    app = open_office(tmp_path, date(2019, 5, 6), database=database)
    app.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    evening = at_hour(app, "2019-06-05 21:00")
    evening.run(sweep)
    assert told_at(app, "2019-06-05 22:00", "2019-06-06 08:00") == [{}, {"expired": 1}]
    evening.close()
    app.close()

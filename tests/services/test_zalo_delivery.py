"""Zalo beside mail, and mail in its stead, through the ledger's own outbox."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from khcn_workflow.domain.alerts import AlertKind
from khcn_workflow.services.alerting import watch
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import claim_messages, deliver_outbox
from khcn_workflow.storage.records import ChannelRow, OutboxRow
from notifications.reach import Contact, Wants
from tests.notifications import fake_zalo
from tests.notifications.fake_zalo import SEND, bot_error, dropped
from tests.notifications.makers import message
from tests.office import PERSONS, a_task, enter, on_day, open_office

DUE_SOON_DAY = date(2019, 5, 27)
"""Seven working days before the due date 05/06/2019: only the owner is told."""

LADDER = """
[[rung]]
id = "D-7"
days = -7
to = "owner"
by = "mail"
[[rung]]
id = "D+1"
days = 1
to = "owner"
"""


@pytest.fixture
def zalo(monkeypatch):
    with fake_zalo.running() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def home(tmp_path, database):
    def opened(day: date, wants: Wants, **more: str):
        own = tmp_path / "mau-thu"
        own.mkdir()
        (own / "ladder.toml").write_text(LADDER, encoding="utf-8")
        environment = {
            "KHCN_ZALO_URL": "zalobot://nhacviec",
            "KHCN_MAIL_TEMPLATES": str(own),
        } | more
        app = open_office(tmp_path, day, database=database, **environment)
        contact = Contact("cv1", wants, zalo_chat="chat-lan", zalo_user="uid-lan")
        app.run(lambda context: context.work.contacts.save(contact))
        app.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
        app.run(sweep)
        offices.append(app)
        return app

    offices = []
    yield opened
    for app in offices:
        app.close()


def mails(app) -> int:
    return len(list((app.settings.home / "outbox").glob("*.eml")))


def rows(app) -> list[tuple[str, str]]:
    def read(context):
        found = context.work._session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        return sorted((row.channel, row.status) for row in found)

    return app.ask(read)


def test_who_wants_both_is_told_by_both(home, zalo):
    app = home(DUE_SOON_DAY, Wants.BOTH)
    assert deliver_outbox(app).counts == {"sent": 2}
    assert [chat for _, chat, _ in zalo.sent] == ["chat-lan"]
    assert mails(app) == 1


def test_who_wants_zalo_is_spared_the_mail_that_need_not_be(home, zalo):
    app = home(DUE_SOON_DAY, Wants.ZALO)
    assert deliver_outbox(app).counts == {"sent": 1}
    assert (len(zalo.sent), mails(app)) == (1, 0)


def test_nobody_is_spared_the_mail_that_a_step_is_overdue(home, zalo):
    app = home(date(2019, 6, 10), Wants.ZALO)
    assert deliver_outbox(app).counts == {"sent": 2}
    assert (len(zalo.sent), mails(app)) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (bot_error(400, "Bad Request"), "dead"),
        (bot_error(401, "Unauthorized"), "cancelled"),
        (bot_error(429, "Quota exceeded"), "cancelled"),
        (dropped(taken=True), "unknown"),
    ],
)
def test_what_zalo_cannot_bring_goes_by_mail_once(home, zalo, fault, status):
    app = home(DUE_SOON_DAY, Wants.ZALO)
    zalo.will(SEND, fault)
    assert deliver_outbox(app).counts == {status: 1, "sent": 1}
    assert deliver_outbox(app).counts == {}
    assert mails(app) == 1
    assert rows(app) == [("mail", "sent"), ("zalo", status)]


def test_who_has_both_gets_no_second_mail_when_zalo_fails(home, zalo):
    app = home(DUE_SOON_DAY, Wants.BOTH)
    zalo.will(SEND, bot_error(400, "Bad Request"))
    assert deliver_outbox(app).counts == {"dead": 1, "sent": 1}
    assert mails(app) == 1


def test_a_nudge_in_a_dead_workers_hands_is_uncertain_and_goes_by_mail(home, zalo):
    app = home(DUE_SOON_DAY, Wants.ZALO)
    assert len(app.run(claim_messages, "zalo")) == 1
    later = on_day(app, DUE_SOON_DAY + timedelta(days=1))
    assert deliver_outbox(later).counts == {"sent": 1}
    assert (len(zalo.sent), mails(app)) == (0, 1)
    assert rows(app) == [("mail", "sent"), ("zalo", "unknown")]


def test_without_zalo_set_up_nudges_go_by_mail(home):
    app = home(DUE_SOON_DAY, Wants.ZALO, KHCN_ZALO_URL="")
    assert deliver_outbox(app).counts == {"cancelled": 1, "sent": 1}
    assert mails(app) == 1


def test_a_bot_that_refuses_us_is_parked_told_and_tried_again_after_an_hour(home, zalo):
    app = home(DUE_SOON_DAY, Wants.ZALO)
    put_nudges(app, 9)
    zalo.will(SEND, *[bot_error(401, "Unauthorized")] * 4)
    deliver_outbox(app)
    assert len(zalo.requests) == 3
    assert mails(app) == 10
    assert AlertKind.ZALO_PARKED in [alert.kind for alert in app.run(watch)]
    put_nudges(app, 12)
    deliver_outbox(app)
    assert len(zalo.requests) == 3
    assert mails(app) == 13
    app.run(an_hour_passes)
    put_nudges(app, 14)
    deliver_outbox(app)
    assert (len(zalo.requests), len(zalo.sent)) == (4, 0)
    app.run(an_hour_passes)
    put_nudges(app, 15)
    deliver_outbox(app)
    assert len(zalo.sent) == 1
    assert [alert.kind for alert in app.run(watch)] == []


def an_hour_passes(context) -> None:
    """For the channels: what was to be parked until later is parked no more."""
    past = context.now - timedelta(seconds=1)
    context.work._session.execute(update(ChannelRow).values(parked_until=past))


def put_nudges(app, until: int) -> None:
    """Copies of the first nudge, up to that number of them."""
    recipient = replace(message().recipient, code=PERSONS[0].code, email=PERSONS[0].email)

    def put(context):
        made = [replace(message(f"n{n}|zalo", recipient), channel="zalo") for n in range(until)]
        context.work.outbox.put([(replace(m, created_at=context.now), None) for m in made])

    app.run(put)

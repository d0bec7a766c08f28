"""kill -9 in the middle of delivering: nothing is lost, and what comes twice is one mail."""

import asyncio
import os
import signal
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import replace
from email import message_from_bytes
from random import Random

import pytest
from sqlalchemy import func, select

from khcn_workflow.bootstrap import Application
from khcn_workflow.storage.records import OutboxRow
from notifications.messages import Recipient
from notifications.outbox import Status
from notifications.reach import Contact, Wants
from tests.notifications import fake_zalo
from tests.notifications.fake_zalo import SEND, dropped
from tests.notifications.makers import message
from tests.notifications.smtp_server import Faults, running
from tests.office import open_office
from tests.reliability.deliverer import start

MAILS, NUDGES = 1_000, 100
DELIVERERS, KILLS = 4, 20
TEMPORARY, LOST = 0.05, 0.03
PATIENCE_S = 600
"""For a machine that is busy with other things; on a quiet one half a minute is enough."""


class Moody(Faults):
    """A server that now and then puts off, and now and then takes a mail without a word."""

    chance = Random(7)  # noqa: S311 - repeatable
    lost = 0

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        mood = self.chance.random()
        if mood < TEMPORARY:
            return "451 4.3.0 try later"
        self.taken.append(envelope)
        await asyncio.sleep(0)
        if mood < TEMPORARY + LOST:
            self.lost += 1
            server.transport.abort()
        return "250 2.0.0 queued"


@pytest.fixture
def zalo(monkeypatch):
    people = {f"chat-{n}" for n in range(NUDGES)}
    with fake_zalo.running(chats=people, quota=10 * NUDGES) as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


def put_all(context) -> None:
    outbox = context.work.outbox
    mails = [message(f"n{n}|cv1|mail", replace_code(f"p{n}")) for n in range(MAILS)]
    outbox.put([(replace(mail, created_at=context.now), None) for mail in mails])
    for n in range(NUDGES):
        context.work.contacts.save(Contact(f"z{n}", Wants.BOTH, zalo_chat=f"chat-{n}"))
    nudges = [
        replace(message(f"z{n}|zalo", replace_code(f"z{n}")), channel="zalo") for n in range(NUDGES)
    ]
    outbox.put([(replace(nudge, created_at=context.now), None) for nudge in nudges])


def replace_code(code: str) -> Recipient:
    return Recipient(code, f"Cán bộ {code}", f"{code}@so.example")


def standing(app: Application) -> Counter[tuple[str, str]]:
    def read(context):
        rows = context.work._session.execute(
            select(OutboxRow.channel, OutboxRow.status, func.count()).group_by(
                OutboxRow.channel, OutboxRow.status
            )
        )
        return Counter({(channel, status): number for channel, status, number in rows})

    return app.ask(read)


def message_id(envelope) -> str:
    return message_from_bytes(envelope.content)["Message-ID"]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_four_deliverers_killed_twenty_times_lose_nothing(tmp_path, database, zalo):
    faults, random = Moody(), Random(11)  # noqa: S311 - repeatable
    zalo.will(
        SEND, *[dropped(taken=True) if random.random() < LOST else None for _ in range(NUDGES)]
    )
    with running(faults) as port:
        app = open_office(
            tmp_path,
            None,
            database=database,
            KHCN_MAIL_URL=f"officemail://127.0.0.1:{port}",
            KHCN_ZALO_URL="zalobot://nhacviec",
        )
        app.run(put_all)
        app.close()
        _deliver_under_fire(app, random)
        with closing(app):
            found = standing(app)
    mails = Counter(message_id(envelope) for envelope in faults.taken)
    nudges = Counter(chat for _, chat, _ in zalo.sent)
    told_by_mail = {envelope.rcpt_tos[0].partition("@")[0] for envelope in faults.taken}
    ids_of = defaultdict(set)
    for envelope in faults.taken:
        ids_of[envelope.rcpt_tos[0]].add(message_id(envelope))
    twice = sum(mails.values()) - len(mails)
    nudged_twice = sum(nudges.values()) - len(nudges)
    print(  # noqa: T201 - the figures are what is asked for
        f"{database.kind}: {len(mails)} mails, {twice} twice ({faults.lost} answers lost); "
        f"{len(nudges)} nudges, {nudged_twice} twice, {dict(found)}; {KILLS} kills"
    )
    assert {len(ids) for ids in ids_of.values()} == {1}
    assert {f"p{n}" for n in range(MAILS)} <= told_by_mail
    assert found[("mail", Status.SENT)] == len(mails)
    assert max(nudges.values()) == 1
    for n in range(NUDGES):
        assert f"chat-{n}" in nudges or f"z{n}" in told_by_mail
    assert found[("zalo", Status.SENT)] + found[("zalo", Status.UNKNOWN)] == NUDGES
    assert not {status for _, status in found} - {Status.SENT, Status.UNKNOWN}


def _deliver_under_fire(app: Application, random: Random) -> None:
    workers = [start(app.settings) for _ in range(DELIVERERS)]
    try:
        for _ in range(KILLS):
            time.sleep(random.uniform(0.1, 0.5))
            victim = workers.pop(random.randrange(DELIVERERS))
            assert victim.is_alive()
            os.kill(victim.pid, signal.SIGKILL)
            victim.join()
            workers.append(start(app.settings))
        give_up = time.monotonic() + PATIENCE_S
        while _unfinished(app) and time.monotonic() < give_up:
            time.sleep(0.2)
        assert all(worker.is_alive() for worker in workers)
    finally:
        for worker in workers:
            worker.kill()
            worker.join()


def _unfinished(app: Application) -> int:
    with closing(app):
        found = standing(app)
    return sum(n for (_, status), n in found.items() if status in (Status.PENDING, Status.CLAIMED))

"""Thirty days around Tết 2026, hour by hour, with two outages, against an oracle."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from khcn_workflow.bootstrap import Application
from khcn_workflow.clock import HANOI
from khcn_workflow.domain.science_task import Person, Role
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.services.digests import write_digests
from khcn_workflow.services.persons import absent, delegate
from khcn_workflow.services.snoozing import Acknowledgement, snooze
from khcn_workflow.storage.records import OutboxRow
from tests.office import PERSONS, StoppedClock, a_task, enter, hire, open_office, record
from tests.services.reminder_oracle import Away, Mail, Oracle, Step, works

OFFICE, INSPECTORS = "Phòng Quản lý khoa học", "Thanh tra"
MORE = (
    Person("cv2", "Chuyên viên 2", Role.OFFICER, OFFICE, "cv2@so.example"),
    Person("cv3", "Chuyên viên 3", Role.OFFICER, INSPECTORS, "cv3@so.example"),
)
ROLES = {person.code: person.role.label for person in (*PERSONS, *MORE)}
FIRST = datetime(2026, 2, 2, 0, 30, tzinfo=HANOI)
DAYS = 30
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 2) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HANOI)


OUTAGES = ((at(5, 6), at(9, 10)), (at(24, 15), at(26, 9)))
"""A long weekend without power, and two days in a week."""

AWAY = (
    Away("cv1", "cv2", date(2026, 2, 11), date(2026, 2, 13)),
    Away("cv1", "cv2", date(2026, 2, 23), date(2026, 2, 24)),
    Away("pgd", "tp", date(2026, 2, 23), date(2026, 2, 23)),
)


def steps() -> list[Step]:
    """Due from two months ago to two weeks ahead, a few days apart, of three owners in turn."""
    owners = ("cv1", "cv2", "cv3")
    made = [
        Step(f"NV-2026-{n:02d}", owners[n % 3], date(2025, 12, 1) + timedelta(days=3 * n), FIRST)
        for n in range(30)
    ]
    for number, day, hour in ((9, 3, 15), (16, 11, 9), (20, 23, 16), (22, 26, 11), (23, 13, 21)):
        made[number].answered = at(day, hour)
    for number, day, until in ((21, 3, date(2026, 2, 10)), (25, 23, date(2026, 2, 27))):
        made[number].put_off = (at(day, 14), until)
    made[28].entered = at(12, 10)
    made.append(Step("NV-2026-90", "cv1", date(2025, 12, 20), at(12, 10)))
    made.append(Step("NV-2026-91", "cv3", date(2026, 1, 24), at(23, 17)))
    return made


def running_hours() -> list[datetime]:
    every = [FIRST + n * HOUR for n in range(24 * DAYS)]
    return [hour for hour in every if not any(since <= hour < until for since, until in OUTAGES)]


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, date(2026, 2, 2), database=database)
    app.run(hire, MORE)
    app.run(delegate, "cv1", "cv2", date(2026, 2, 2), date(2026, 3, 31), "cv1")
    app.run(delegate, "pgd", "tp", date(2026, 2, 2), date(2026, 3, 31), "pgd")
    for away in AWAY:
        app.run(absent, away.person, away.since, away.until, "", away.person)
    real = Application(replace(app.settings, today=None))
    app.close()
    yield real
    real.close()


def happens(app: Application, step: Step, since: datetime, until: datetime) -> None:
    """What of a step's story falls into an hour."""

    def now(instant: datetime | None) -> bool:
        return instant is not None and since < instant <= until

    if now(step.entered):
        task = a_task(step.code, officer=step.owner)
        app.run(enter, task, "contract_signing", step.opened)
    if step.put_off and now(step.put_off[0]):
        said = Acknowledgement(step.code, step.put_off[1], "đã có lịch", actor=step.owner)
        app.run(snooze, said)
    if now(step.answered):
        fields = {"ends_on": "2028-01-01"}
        on = app.clock.today()
        record(app, step.code, "contract_signing", "signed", on, fields=fields)


def left(app: Application, seen: set[int]) -> list[Mail]:
    """What was sent since the last look."""

    def read(context):
        rows = context.work._session.scalars(
            select(OutboxRow).where(OutboxRow.status == "sent").order_by(OutboxRow.id)
        )
        return [(row.id, row.recipient_code, row.event, row.context) for row in rows]

    instant = app.clock.now().astimezone(HANOI)
    fresh = [row for row in app.ask(read) if row[0] not in seen]
    seen.update(row[0] for row in fresh)
    return [Mail(instant, person, event, about(event, told)) for _, person, event, told in fresh]


def about(event: str, told: dict) -> str:
    if event == "weekly":
        day = datetime.strptime(told["today"], "%d/%m/%Y").replace(tzinfo=HANOI)
        return f"{(day - timedelta(days=day.weekday())).date()}"
    if event != "digest":
        return told["task_code"]
    return " ".join(
        f"{section['kind']}:{line['task_code']}"
        for section in told["sections"]
        for line in section["lines"]
    )


def lived(app: Application, story: list[Step]) -> list[Mail]:
    """The month as the program lives it."""
    received: list[Mail] = []
    seen: set[int] = set()
    before = FIRST - HOUR
    for hour in running_hours():
        app.clock = StoppedClock(None, hour)
        for step in story:
            happens(app, step, before, hour)
        app.run(sweep)
        app.run(write_digests)
        if deliver_outbox(app).sent:
            received += left(app, seen)
        before = hour
    return sorted(received)


@pytest.mark.slow
def test_each_role_receives_what_the_oracle_says_in_a_month_with_tet_and_outages(office):
    story = steps()
    received = lived(office, story)
    oracle = Oracle(
        steps(),
        divisions={"cv1": OFFICE, "cv2": OFFICE, "cv3": INSPECTORS},
        heads={OFFICE: "tp", INSPECTORS: "tp2"},
        directors=["pgd"],
        absences=AWAY,
        recorder="tp",
    )
    expected = oracle.received(running_hours())
    print(table(received))  # noqa: T201 - make test-slow shows it
    assert [m for m in received if m not in expected] == []
    assert [m for m in expected if m not in received] == []
    assert received == expected
    assert all(works(m.at.date()) and 7 <= m.at.hour < 20 for m in received)
    digests = Counter((m.reader, m.at.date()) for m in received if m.event == "digest")
    assert max(digests.values()) == 1


def table(received: list[Mail]) -> str:
    """What each role received: by event, and how much of it when the office opened after Tết."""
    events = sorted({mail.event for mail in received})
    rows = [["vai trò", *events, "cộng", "23/02 (sau Tết)"]]
    for role in dict.fromkeys(ROLES.values()):
        mine = [mail for mail in received if ROLES[mail.reader] == role]
        counts = Counter(mail.event for mail in mine)
        after = sum(1 for mail in mine if mail.at.date() == date(2026, 2, 23))
        rows.append([role, *(str(counts[event]) for event in events), str(len(mine)), str(after)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows)
    return "\n" + "\n".join(lines)

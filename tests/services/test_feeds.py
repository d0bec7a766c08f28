"""Calendar files, read by a parser that did not write them."""

import re
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes

import pytest
from ical.calendar_stream import CalendarStream

from khcn_workflow.domain.authority import AuthorityError
from khcn_workflow.domain.errors import NotFoundError, SettingError
from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.domain.science_task import Role
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.services.feeds import feeds_now, open_feed, refresh_feeds, revoke_feed
from khcn_workflow.services.persons import delegate
from tests.office import PERSONS, TODAY, a_task, enter, hire, on_day, open_office, record

SECRET = re.compile(r"[0-9a-f]{32}\.ics")
CV2 = replace(PERSONS[0], code="cv2", name="Chuyên viên 2", email="cv2@so.example")


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(hire, [CV2])
    app.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    app.run(enter, a_task("NV-2019-02", officer="cv2"), "contract_signing", date(2019, 5, 20))
    yield app
    app.close()


def events(path):
    (calendar,) = CalendarStream.from_ics(path.read_text(encoding="utf-8")).calendars
    return calendar.events


def summaries(path) -> list[str]:
    return [event.summary for event in events(path)]


def test_a_person_has_a_file_of_her_own_open_deadlines_under_a_random_name(office):
    path = open_feed(office, "cv1", "cv1")
    assert path.parent == office.settings.home / "feeds"
    assert SECRET.fullmatch(path.name)
    (event,) = events(path)
    (owed,) = office.ask(lambda context: context.work.queries.owed_steps("NV-2019-01"))
    assert event.uid == f"khcn-buoc-{owed.id}@localhost.example"
    assert (event.sequence, event.dtstart) == (owed.deadline_version, owed.due_on)
    assert event.dtend == owed.due_on + timedelta(days=1)
    assert event.summary == "NV-2019-01: Ký hợp đồng"
    assert "Nhiệm vụ minh họa NV-2019-01" in event.description
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_name_is_the_same_when_asked_again_and_stands_nowhere_in_clear(office):
    path = open_feed(office, "cv1", "cv1")
    rows = office.ask(lambda context: context.work.queries.head()[0])
    assert open_feed(office, "cv1", "cv1") == path
    assert office.ask(lambda context: context.work.queries.head()[0]) == rows
    (kept,) = office.ask(lambda context: context.work.feeds.all())
    assert path.stem not in kept.sealed
    told = office.ask(lambda context: [repr(entry) for entry in context.work.queries.ledger()])
    assert not [line for line in told if path.stem in line]
    assert "cấp lịch cá nhân" in told[-1]


def test_two_people_have_two_names(office):
    assert open_feed(office, "cv1", "cv1").name != open_feed(office, "cv2", "cv2").name
    assert [line.deadlines for line in feeds_now(office)] == [1, 1]


def test_what_is_delegated_is_there_while_the_delegation_lasts(office):
    path = open_feed(office, "cv1", "cv1")
    office.run(delegate, "cv2", "cv1", TODAY, TODAY + timedelta(days=1), "cv2")
    assert refresh_feeds(office) == 1
    assert summaries(path) == ["NV-2019-01: Ký hợp đồng", "NV-2019-02: Ký hợp đồng"]
    assert "Làm thay (ủy quyền): Chuyên viên 2" in events(path)[1].description
    assert "Làm thay" not in events(path)[0].description
    later = on_day(office, TODAY + timedelta(days=2))
    assert refresh_feeds(later) == 1
    assert summaries(path) == ["NV-2019-01: Ký hợp đồng"]
    later.close()


def test_a_result_takes_the_day_away_and_brings_the_next(office):
    path = open_feed(office, "cv2", "cv2")
    before = summaries(path)
    fields = {"ends_on": "20/05/2021"}
    record(office, "NV-2019-02", "contract_signing", "signed", date(2019, 6, 7), fields=fields)
    assert refresh_feeds(office) == 1
    after = summaries(path)
    assert before == ["NV-2019-02: Ký hợp đồng"]
    assert after
    assert before[0] not in after


def clock_event(kind: EntryKind, on: date) -> ClockEvent:
    return ClockEvent(kind, "NV-2019-02", on, "tp", "chờ hồ sơ", Document("12/QĐ"))


def test_a_day_that_moved_is_the_same_entry_with_a_higher_number(office):
    path = open_feed(office, "cv2", "cv2")
    (before,) = events(path)
    office.run(record_clock_event, clock_event(EntryKind.SUSPENDED, date(2019, 6, 3)))
    refresh_feeds(office)
    assert summaries(path) == []
    office.run(record_clock_event, clock_event(EntryKind.RESUMED, date(2019, 6, 10)))
    refresh_feeds(office)
    (after,) = events(path)
    assert after.uid == before.uid
    assert after.sequence == before.sequence + 2
    assert after.dtstart > before.dtstart


def test_nothing_new_leaves_the_file_as_it_is(office):
    path = open_feed(office, "cv1", "cv1")
    before = path.stat().st_mtime_ns, path.read_bytes()
    assert refresh_feeds(office) == 0
    later = on_day(office, TODAY + timedelta(days=3))
    assert refresh_feeds(later) == 0
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    later.close()


def test_a_revoked_name_leads_nowhere_and_the_next_is_another(office):
    path, other = open_feed(office, "cv1", "cv1"), open_feed(office, "cv2", "cv2")
    revoke_feed(office, "cv1", "cv1")
    refresh_feeds(office)
    assert not path.exists()
    assert other.exists()
    assert open_feed(office, "cv1", "cv1") != path
    with pytest.raises(NotFoundError, match="lịch cá nhân của"):
        revoke_feed(office, "pgd", "pgd")


def test_nobody_having_one_costs_no_folder(office):
    assert refresh_feeds(office) == 0
    assert feeds_now(office) == []
    assert not (office.settings.home / "feeds").exists()


def test_somebody_else_gets_no_calendar_once_there_is_an_administrator(office):
    office.run(hire, [replace(CV2, code="qt", role=Role.ADMINISTRATOR)])
    for deed in (open_feed, revoke_feed):
        with pytest.raises(AuthorityError):
            deed(office, "cv1", "cv2")
    assert open_feed(office, "cv1", "qt") == open_feed(office, "cv1", "cv1")
    with pytest.raises(NotFoundError, match="cán bộ"):
        open_feed(office, "khong-co", "qt")


def test_a_name_sealed_with_another_key_is_told_and_can_be_given_anew(office):
    open_feed(office, "cv1", "cv1")
    (office.settings.home / "secret.key").unlink()
    assert refresh_feeds(office) == 0
    (line,) = feeds_now(office)
    assert line.changed_at is None
    revoke_feed(office, "cv1", "cv1")
    assert open_feed(office, "cv1", "cv1").exists()


def test_an_entry_is_the_one_that_came_by_mail(office):
    office.run(sweep)
    deliver_outbox(office)
    mails = [
        message_from_bytes(path.read_bytes())
        for path in (office.settings.home / "outbox").glob("*chuyen-vien-1-overdue*.eml")
    ]
    (part,) = [p for p in mails[0].walk() if p.get_content_type() == "text/calendar"]
    (by_mail,) = CalendarStream.from_ics(part.get_payload(decode=True).decode()).calendars
    (feed,) = events(open_feed(office, "cv1", "cv1"))
    (mailed,) = by_mail.events
    assert (mailed.uid, mailed.sequence, mailed.dtstart, mailed.summary) == (
        feed.uid,
        feed.sequence,
        feed.dtstart,
        feed.summary,
    )


def test_a_sender_without_an_address_is_told_by_its_setting(office):
    open_feed(office, "cv1", "cv1")
    office.settings = replace(office.settings, mail_from="không phải địa chỉ")
    with pytest.raises(SettingError, match="KHCN_MAIL_FROM"):
        refresh_feeds(office)

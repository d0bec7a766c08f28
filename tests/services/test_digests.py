"""What each person is told once a working day, and the directors once a week."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from khcn_workflow.domain.science_task import Level, Person, Role
from khcn_workflow.regulations.ladders import load_ladder
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.services.digests import write_digests
from khcn_workflow.services.persons import absent, delegate
from khcn_workflow.storage.records import OutboxRow
from tests.office import a_task, at_hour, enter, hire, on_day, open_office, record

OTHER = Person("cv2", "Chuyên viên 2", Role.OFFICER, "Phòng Quản lý khoa học", "cv2@so.example")
DUE = date(2019, 6, 5)
"""30 days after 06/05, the target of contract_signing."""


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, date(2019, 5, 6), database=database)
    app.run(hire, [OTHER])
    app.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    yield app
    app.close()


def write(app, instant: str):
    other = at_hour(app, instant)
    written = other.run(write_digests)
    other.close()
    return written


def told(app, event="digest") -> list[dict]:
    def read(context):
        rows = context.work._session.scalars(
            select(OutboxRow).where(OutboxRow.event == event).order_by(OutboxRow.id)
        )
        return [row.context | {"to": row.recipient_code} for row in rows]

    return app.ask(read)


def lines(digest) -> list[tuple[str, str, str, str]]:
    return [
        (section["kind"], line["task_code"], line["when"], line["note"])
        for section in digest["sections"]
        for line in section["lines"]
    ]


@pytest.mark.parametrize(
    ("day", "kind", "when"),
    [
        ("2019-05-27", "later", "còn 7 ngày làm việc (mục tiêu nội bộ)"),
        ("2019-05-30", "later", "còn 4 ngày làm việc (mục tiêu nội bộ)"),
        ("2019-05-31", "soon", "còn 3 ngày làm việc (mục tiêu nội bộ)"),
        ("2019-06-04", "soon", "còn 1 ngày làm việc (mục tiêu nội bộ)"),
        ("2019-06-05", "today", "hôm nay (mục tiêu nội bộ)"),
        ("2019-06-06", "overdue", "chậm 1 ngày làm việc so với mục tiêu"),
        ("2019-07-01", "overdue", "chậm 18 ngày làm việc so với mục tiêu"),
    ],
)
def test_a_step_is_in_the_section_of_its_day(office, day, kind, when):
    assert write(office, f"{day} 07:30").digests == 1
    (digest,) = told(office)
    assert lines(digest) == [(kind, "NV-2019-01", when, "")]
    assert digest["to"] == "cv1"


def test_nothing_near_is_no_digest(office):
    assert write(office, "2019-05-24 07:30").digests == 0
    assert told(office) == []


def test_a_person_gets_one_digest_a_day_whatever_comes_later(office):
    assert write(office, "2019-06-06 07:30").digests == 1
    office.run(enter, a_task("NV-2019-02"), "contract_signing", date(2019, 3, 1))
    office.run(enter, a_task("NV-2019-03", officer="cv2"), "contract_signing", date(2019, 3, 1))
    assert write(office, "2019-06-06 08:30").digests == 0
    assert write(office, "2019-06-07 07:30").digests == 2
    assert [line[1] for line in lines(told(office)[1])] == ["NV-2019-02", "NV-2019-01"]


@pytest.mark.parametrize("instant", ["2019-06-06 07:29", "2019-06-08 09:00", "2019-06-06 20:00"])
def test_no_digest_before_half_past_seven_nor_on_days_off_nor_at_night(office, instant):
    written = write(office, instant)
    assert (written.in_time, written.digests) == (False, 0)
    assert write(office, "2019-06-10 07:30").digests == 1


def test_a_digest_that_was_late_is_of_no_worth_the_next_day(office):
    write(office, "2019-06-06 19:58")
    other = at_hour(office, "2019-06-07 07:00")
    assert deliver_outbox(other).counts == {"expired": 1, "sent": 1}  # the week's summary
    other.close()


def test_who_stands_in_finds_it_on_her_own_list_and_in_one_mail(office):
    office.run(enter, a_task("NV-2019-02", officer="cv2"), "contract_signing", date(2019, 5, 6))
    office.run(delegate, "cv1", "cv2", date(2019, 6, 3), date(2019, 6, 30), "cv1")
    office.run(absent, "cv1", date(2019, 6, 5), date(2019, 6, 7), "", "cv1")
    write(office, "2019-06-04 07:30")
    assert [d["to"] for d in told(office)] == ["cv1", "cv2"]
    write(office, "2019-06-06 07:30")
    when = "chậm 1 ngày làm việc so với mục tiêu"
    assert [(d["to"], lines(d)) for d in told(office)[2:]] == [
        ("cv1", [("overdue", "NV-2019-01", when, "")]),
        (
            "cv2",
            [
                ("overdue", "NV-2019-01", when, "thay Chuyên viên 1, vắng đến 07/06/2019"),
                ("overdue", "NV-2019-02", when, ""),
            ],
        ),
    ]


def test_an_answered_step_is_told_no_more(office):
    app = on_day(office, DUE)
    fields = {"ends_on": "2021-06-04"}
    record(app, "NV-2019-01", "contract_signing", "signed", date(2019, 6, 4), fields=fields)
    assert write(office, "2019-06-06 07:30").digests == 0
    app.close()


def test_a_long_section_says_how_many_it_does_not_name(office):
    for n in range(2, 34):
        office.run(enter, a_task(f"NV-2019-{n:02d}"), "contract_signing", date(2019, 5, 6))
    write(office, "2019-06-06 07:30")
    (digest,) = told(office)
    (section,) = digest["sections"]
    assert (section["total"], len(section["lines"]), digest["total"]) == (33, 30, 33)


LADDER = """
[[rung]]
id = "D-10"
days = -10
to = "owner"
by = "digest"
levels = ["quoc-gia"]
[[rung]]
id = "D-2"
days = -2
to = "owner"
by = "digest"
[[rung]]
id = "D+1"
days = 1
to = "owner"
"""


def test_how_early_the_digest_tells_stands_in_the_ladder(office, tmp_path):
    folder = tmp_path / "mau"
    folder.mkdir()
    (folder / "ladder.toml").write_text(LADDER, encoding="utf-8")
    load_ladder.cache_clear()
    national = a_task("NV-2019-02", level=Level.NATIONAL)
    office.run(enter, national, "contract_signing", date(2019, 5, 6))
    office.settings = replace(office.settings, mail_templates=folder)
    codes = []
    for day in ("2019-05-21", "2019-05-22", "2019-05-31", "2019-06-03"):
        write(office, f"{day} 08:00")
        codes.append([line[1] for line in lines(told(office)[-1])] if told(office) else [])
    assert codes == [[], ["NV-2019-02"], ["NV-2019-02"], ["NV-2019-01", "NV-2019-02"]]


def test_due_soon_is_told_in_the_digest_and_the_due_day_by_a_mail_too(office):
    for day in ("2019-05-27", "2019-05-31", "2019-06-04", "2019-06-05"):
        other = at_hour(office, f"{day} 07:30")
        other.run(sweep)
        other.run(write_digests)
        other.close()
    assert len(told(office)) == 4
    assert (len(told(office, "due_soon")), len(told(office, "due_today"))) == (0, 1)


def test_directors_get_a_summary_on_the_first_working_day_of_the_week(office):
    for day in range(3, 13):
        write(office, f"2019-06-{day:02d} 07:30")
    weeks = told(office, "weekly")
    assert [(w["to"], w["today"], w["week"]) for w in weeks] == [
        ("pgd", "03/06/2019", "03/06–09/06/2019"),
        ("pgd", "10/06/2019", "10/06–16/06/2019"),
    ]
    assert [(w["open"], w["overdue"], w["due_this_week"]) for w in weeks] == [(1, 0, 1), (1, 1, 0)]
    assert weeks[1]["overdue_before"] == 0
    (late,) = weeks[1]["latest"]
    assert (late["task_code"], late["officer"]) == ("NV-2019-01", "Chuyên viên 1")
    bars = {bar["title"]: (bar["late_share"], bar["open_share"]) for bar in weeks[1]["stages"]}
    assert bars["Ký hợp đồng"] == (100, 0)
    assert len(bars) == 6


def test_a_monday_without_power_has_its_summary_on_tuesday(office):
    write(office, "2019-06-07 07:30")
    write(office, "2019-06-11 07:30")
    write(office, "2019-06-12 07:30")
    assert [w["today"] for w in told(office, "weekly")] == ["07/06/2019", "11/06/2019"]


def test_after_tet_the_week_begins_when_the_office_opens(tmp_path, database):
    app = open_office(tmp_path, date(2026, 2, 2), database=database)
    app.run(enter, a_task(), "contract_signing", date(2026, 1, 20))
    for day in range(9, 25):
        write(app, f"2026-02-{day:02d} 09:00")
    assert [w["today"] for w in told(app, "weekly")] == ["09/02/2026", "23/02/2026"]
    app.close()


def test_nothing_open_is_no_summary(tmp_path, database):
    app = open_office(tmp_path, date(2019, 6, 3), database=database)
    assert write(app, "2019-06-03 07:30").weekly == 0
    app.close()


def test_digests_never_hide_that_the_ladder_was_not_swept(office):
    write(office, "2019-06-06 07:30")
    other = at_hour(office, "2019-06-06 07:31")
    assert other.run(sweep).messages == 2  # the owner and her head
    other.close()

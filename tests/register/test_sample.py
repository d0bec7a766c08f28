"""The sample of Cao Bằng 2019: it reads without a problem and adds up to the real report."""

import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from khcn_workflow.domain.deadlines import deadline_of
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.progress import apply, check_outcome, register
from khcn_workflow.domain.rules import Force
from khcn_workflow.domain.science_task import Kind, Level, Source, Way
from khcn_workflow.register.rows import ResultRow
from khcn_workflow.register.workbook import read_register
from khcn_workflow.regulations.calendars import load_calendar
from tests.register.office_workbook import KINDS, RULEBOOK

SAMPLE = Path(__file__).parents[2] / "samples" / "cao_bang_2019"
FILES = ("nhiem-vu.xlsx", "hoat-dong.xlsx")
CALENDAR = load_calendar()
NEW_YEAR, AS_OF = date(2019, 1, 1), date(2019, 6, 10)
COUNTED_FROM = date(2018, 12, 15)
JUNE = date(2019, 6, 30)


@cache
def read(name):
    return read_register(SAMPLE / name, RULEBOOK, KINDS)


@cache
def tasks():
    histories = read("nhiem-vu.xlsx").histories()
    return {row.value.code: folded(row.value, histories) for row in read("nhiem-vu.xlsx").tasks}


def folded(science_task, histories):
    events = [event.value for event in histories[science_task.code]]
    progress = register(science_task, RULEBOOK.step(events[0].step), events[0].on)
    for event in events:
        fact = as_fact(event)
        check_outcome(progress, RULEBOOK, fact, AS_OF)
        progress = apply(progress, RULEBOOK, fact)
    return progress


def as_fact(event):
    is_result = isinstance(event, ResultRow)
    return Fact(
        EntryKind.OUTCOME if is_result else EntryKind.DELAY,
        event.task,
        event.on,
        event.actor,
        step=event.step,
        outcome=event.outcome if is_result else "",
        document=event.document,
        cause=event.cause,
        commitment=event.commitment,
        data=event.fields if is_result else {},
    )


def codes(wanted):
    return [code for code, progress in tasks().items() if wanted(progress)]


def contract_on(progress):
    signed = progress.closed("contract_signing")
    return signed.closed_on if signed else None


def is_carried(progress):
    return (contract_on(progress) or AS_OF) < NEW_YEAR


def is_new(progress):
    given = progress.task
    return (given.plan_year, given.level) == (2019, Level.PROVINCIAL)


def done_in_period(progress, step, *outcomes):
    return any(
        r.step == step and r.outcome in outcomes and r.closed_on >= COUNTED_FROM
        for r in progress.rounds
    )


def numbered(prefix, numbers):
    return [f"{prefix}-{n:02}" for n in numbers]


def contents(path):
    book = load_workbook(path)
    return {
        sheet.title: (
            [[(c.value, c.number_format) for c in row] for row in sheet.iter_rows()],
            sorted(str(merged) for merged in sheet.merged_cells.ranges),
        )
        for sheet in book.worksheets
    }


@pytest.fixture(scope="module")
def written_again(tmp_path_factory):
    folders = [tmp_path_factory.mktemp("sample") for _ in range(2)]
    for folder in folders:
        script = SAMPLE / "make_sample.py"
        subprocess.run([sys.executable, script, folder], check=True, capture_output=True)
    return folders


@pytest.mark.parametrize("name", FILES)
def test_the_committed_file_is_what_the_script_writes(written_again, name):
    assert contents(written_again[0] / name) == contents(SAMPLE / name)


@pytest.mark.parametrize("name", FILES)
def test_the_script_writes_the_same_bytes_each_time(written_again, name):
    assert (written_again[0] / name).read_bytes() == (written_again[1] / name).read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_the_sample_is_read_without_a_problem(name):
    assert read(name).problems == ()


def test_people_are_named_by_their_office_and_reached_nowhere():
    people = [row.value for row in read("nhiem-vu.xlsx").persons]
    assert [person.code for person in people] == ["cv1", "cv2", "cv3", "tp", "pgd", "gd", "vt"]
    assert all(person.email.endswith(".example") for person in people)


def test_thirty_six_tasks_are_carried_over():
    carried = Counter(p.task.level for p in tasks().values() if is_carried(p))
    assert carried == {
        Level.NATIONAL: 1,
        Level.URGENT_LOCAL: 1,
        Level.RURAL_CENTRAL: 2,
        Level.RURAL_DELEGATED: 2,
        Level.PROVINCIAL: 30,
    }
    assert all(p.ended_on is None for p in tasks().values())


def test_the_provincial_ones_are_projects_and_topics_the_others_projects():
    kinds = {(p.task.level, p.task.kind) for p in tasks().values() if is_carried(p)}
    others = {(level, Kind.PROJECT) for level in Level if level is not Level.PROVINCIAL}
    assert kinds == others | {(Level.PROVINCIAL, kind) for kind in (Kind.PROJECT, Kind.TOPIC)}


def test_two_topics_were_accepted_and_two_checked_in_the_period():
    grades = ("excellent", "passed")
    accepted = codes(lambda p: done_in_period(p, "acceptance_meeting", *grades))
    checked = codes(lambda p: done_in_period(p, "periodic_check", "checked", "adjust"))
    assert (accepted, checked) == (numbered("NV-2017", (1, 2)), numbered("NV-2018", (1, 2)))
    assert {tasks()[code].task.kind for code in (*accepted, *checked)} == {Kind.TOPIC}


def test_both_supplementary_tasks_are_appraised_and_wait_for_their_contract():
    added = codes(lambda p: p.task.source is Source.SUPPLEMENTARY)
    assert added == numbered("BS-2018", (1, 2))
    for code in added:
        progress = tasks()[code]
        assert progress.task.plan_year == 2018
        assert progress.closed("appraisal_meeting").closed_on > NEW_YEAR
        assert [r.step for r in progress.open_rounds()] == ["contract_signing"]


def test_seven_of_eight_new_tasks_passed_their_council():
    assert codes(is_new) == numbered("NV-2019", range(1, 9))
    new = [p for p in tasks().values() if is_new(p)]
    assert [p.rounds[0].step for p in new] == ["call"] * 8
    assert codes(lambda p: is_new(p) and p.closed("council_meeting")) == numbered(
        "NV-2019", range(1, 8)
    )
    assert tasks()["NV-2019-08"].closed("dossier_receipt").outcome == "no_dossier"
    assert {p.task.way for p in new} == {Way.SELECTION, Way.DIRECT}


def test_two_of_seven_are_appraised_of_which_one_has_its_contract():
    appraised = codes(lambda p: is_new(p) and p.closed("appraisal_meeting"))
    assert appraised == numbered("NV-2019", (1, 2))
    assert codes(lambda p: is_new(p) and contract_on(p)) == ["NV-2019-01"]


def test_five_of_seven_wait_for_appraisal_with_opinions_received():
    waiting = codes(lambda p: is_new(p) and p.open_round("appraisal_meeting"))
    assert waiting == numbered("NV-2019", range(3, 8))
    for code in waiting:
        remarks = tasks()[code].open_round("appraisal_meeting").remarks
        assert [r.outcome for r in remarks] == ["opinions_received"]


def test_two_rural_projects_went_to_the_ministry_and_six_proposals_wait():
    sent = codes(lambda p: done_in_period(p, "proposal_synthesis", "sent_to_ministry"))
    assert sent == numbered("ĐX-NTMN-2020", (1, 2))
    assert {tasks()[code].task.level for code in sent} == {Level.RURAL_CENTRAL}
    proposed = codes(lambda p: p.task.plan_year == 2020 and p.task.level is Level.PROVINCIAL)
    assert proposed == numbered("ĐX-2020", range(1, 7))


def test_a_council_may_be_recorded_on_the_day_of_the_report():
    waiting = [p.open_round("determination_council") for p in tasks().values()]
    opened = [owed.opened_on for owed in waiting if owed]
    assert len(opened) == 5
    assert max(opened) < date(2019, 6, 5)


def test_only_the_steps_of_the_report_are_overdue_and_none_breaks_the_law():
    late = {}
    for code, progress in tasks().items():
        for owed in progress.open_rounds():
            deadline = deadline_of(progress, owed, RULEBOOK, CALENDAR)
            if deadline and deadline.due_on < AS_OF:
                late.setdefault(owed.step, []).append(code)
                assert deadline.limit.force is Force.INTERNAL
    assert late == {
        "contract_signing": ["BS-2018-01", "BS-2018-02", "NV-2019-02"],
        "appraisal_meeting": numbered("NV-2019", range(3, 8)),
    }


def test_of_the_steps_closed_in_the_period_only_two_appraisals_were_late():
    late = []
    for code, progress in tasks().items():
        for done in progress.rounds:
            deadline = deadline_of(progress, done, RULEBOOK, CALENDAR) if done.outcome else None
            if deadline and done.closed_on > max(deadline.due_on, COUNTED_FROM):
                late.append((code, done.step))
    assert late == [(code, "appraisal_meeting") for code in numbered("BS-2018", (1, 2))]


def test_every_late_step_has_a_cause_and_every_open_one_a_promise():
    explained = [r for p in tasks().values() for r in p.rounds if r.delays]
    assert len(explained) == 10
    assert {r.is_open: {d.commitment for d in r.delays} for r in explained} == {
        False: {None},
        True: {JUNE},
    }
    steps, causes = ("appraisal_meeting", "contract_signing"), ("yeu-cau-cap-tren", "xin-y-kien")
    given = {(r.step, delay.cause) for r in explained for delay in r.delays}
    assert given == {(step, cause) for step in steps for cause in causes}


def test_every_result_is_dated_on_a_working_day_and_none_in_the_last_fortnight_of_2018():
    histories = read("nhiem-vu.xlsx").histories().values()
    days = [event.value.on for history in histories for event in history]
    assert all(map(CALENDAR.is_working_day, days))
    assert max(days) <= AS_OF
    assert not [on for on in days if COUNTED_FROM <= on < NEW_YEAR]


def of_kind(kind):
    found = [row.value for row in read("hoat-dong.xlsx").activities]
    return [activity for activity in found if activity.kind == kind]


def test_the_other_work_has_the_numbers_of_the_report():
    counted = Counter(row.value.kind for row in read("hoat-dong.xlsx").activities)
    assert counted == {
        **dict.fromkeys(KINDS, 1),
        "van-ban-qppl": 5, "tham-muu": 2, "thanh-tra": 4, "chuong-trinh-712": 2, "xay-dung": 3,
        "sap-nhap": 3, "ke-hoach-ky-sau": 3,
    }  # fmt: skip
    quantities = {
        kind: [(a.quantity, a.subset, a.place_count) for a in of_kind(kind)]
        for kind in ("sang-kien", "kiem-tra-hang-hoa", "giai-thuong-chat-luong", "tin-bai",
                     "truyen-hinh", "xuat-ban", "tu-chu")
    }  # fmt: skip
    assert quantities == {
        "sang-kien": [(19, 17, None)],
        "kiem-tra-hang-hoa": [(37, 3, 37)],
        "giai-thuong-chat-luong": [(9, None, None)],
        "tin-bai": [(88, None, None)],
        "truyen-hinh": [(5, None, None)],
        "xuat-ban": [(1000, None, None)],
        "tu-chu": [(3, None, None)],
    }


def test_the_stages_of_legal_papers_and_inspections_are_those_of_the_report():
    assert Counter(a.stage for a in of_kind("van-ban-qppl")) == {
        "da-ban-hanh": 1,
        "dang-lay-y-kien": 1,
        "da-lay-y-kien": 2,
        "da-lay-y-kien-noi-vu": 1,
    }
    special = [a for a in of_kind("thanh-tra") if a.stage == "chuyen-nganh"]
    assert (len(special), sum(a.place_count for a in special)) == (3, 9)
    fine = of_kind("xu-phat")[0]
    assert (fine.organisation, fine.amount_vnd) == ("Trung tâm Y tế huyện Hạ Lang", 6_000_000)


def test_the_papers_of_the_report_keep_number_day_and_issuer():
    papers = [row.value.document for row in read("hoat-dong.xlsx").activities]
    assert {(p.number, p.on) for p in papers if p.number} == {
        ("729/SKHĐT-THQH", date(2019, 5, 15)),
        ("01/2019/QĐ-UBND", date(2019, 1, 30)),
        ("491/QĐ-UBND", date(2019, 4, 25)),
        ("54/2016/NĐ-CP", date(2016, 6, 14)),
    }


def test_nothing_of_the_other_work_is_dated_outside_the_half_year():
    days = [row.value.on for row in read("hoat-dong.xlsx").activities if row.value.on]
    assert (min(days), max(days)) == (NEW_YEAR, date(2019, 6, 7))

"""Every recording use case asks who may; what is refused stands in the ledger and nowhere else."""

from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.bootstrap import Application
from khcn_workflow.domain.authority import AuthorityError, NotAuthorisedError, UnknownSpeakerError
from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.domain.science_task import Role
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.freezing import freeze
from khcn_workflow.services.inquiry import list_due, show_task
from khcn_workflow.services.persons import PersonChange, delegate, set_person
from khcn_workflow.services.recording import Answer, Explanation, record_delay, record_outcome
from khcn_workflow.services.register_export import export_file
from khcn_workflow.services.register_import import RegisterProblemsError, import_file
from khcn_workflow.services.verification import verify_ledger
from tests.office import PERSONS, TODAY, a_task, enter, hire, on_day, open_office
from tests.sample import ACTIVITIES, TASKS, changed

CODE, STEP = "NV-2019-91", "contract_signing"
CLERK = replace(PERSONS[0], code="vt", name="Văn thư", role=Role.CLERK, division="Văn phòng")
OTHER = replace(PERSONS[0], code="cv2", name="Chuyên viên 2")


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    app.run(hire, (CLERK, OTHER))
    app.run(enter, a_task(CODE), STEP, date(2019, 5, 6))
    yield app
    app.close()


def answer(actor: str, outcome: str = "signed", **more) -> Answer:
    fields = {"ends_on": "20/05/2021"}
    return Answer(CODE, STEP, outcome, date(2019, 5, 20), actor, fields=fields, **more)


def entries(app):
    return app.ask(show_task, CODE).entries


def test_the_row_says_in_which_role(office):
    office.run(record_outcome, answer("vt", document=Document("05/HĐ")))
    fact = entries(office)[-1].fact
    assert (fact.actor, fact.role, fact.on_behalf_of) == ("vt", "van-thu", "")


def test_a_refused_outcome_leaves_one_row_that_nothing_else_heeds(office):
    due, rows = office.ask(list_due), office.ask(verify_ledger).rows
    with pytest.raises(NotAuthorisedError) as refused:
        office.run(record_outcome, answer("cv2"))
    story = office.ask(show_task, CODE)
    (kept,) = [e.fact for e in story.entries if e.fact.kind is EntryKind.REFUSED]
    assert (kept.actor, kept.subject, kept.step, kept.note) == (
        "cv2",
        CODE,
        STEP,
        str(refused.value),
    )
    assert kept.data == {"kind": "outcome", "outcome": "signed"}
    assert (kept.outcome, kept.valid_on) == ("", TODAY)
    assert [r.is_open for r in story.progress.rounds] == [True]
    assert office.ask(list_due) == due
    assert office.ask(verify_ledger).rows == rows + 1
    office.run(record_outcome, answer("cv1"))
    assert not office.ask(show_task, CODE).progress.open_round(STEP)


def test_each_try_is_kept(office):
    for _ in range(2):
        with pytest.raises(AuthorityError):
            office.run(record_outcome, answer("cv2"))
    assert [e.fact.kind for e in entries(office)].count(EntryKind.REFUSED) == 2


def test_what_is_asked_without_writing_is_not_kept(office):
    with pytest.raises(AuthorityError):
        office.ask(record_outcome, answer("cv2"))
    assert len(entries(office)) == 1


def test_an_officer_does_not_end_her_own_task(office):
    with pytest.raises(NotAuthorisedError, match="«Không ký hợp đồng»|Được làm: trưởng phòng"):
        office.run(record_outcome, answer("cv1", "not_signed"))
    office.run(record_outcome, answer("tp", "not_signed"))


def test_the_clerk_needs_a_number(office):
    with pytest.raises(NotAuthorisedError, match="văn thư khi có số văn bản"):
        office.run(record_outcome, answer("vt"))


@pytest.mark.parametrize("actor", ["cv1", "tp2", "vt"])
def test_a_clock_event_is_recorded_by_who_decides(office, actor):
    event = ClockEvent(EntryKind.SUSPENDED, CODE, date(2019, 5, 13), actor, reason="chờ ý kiến")
    with pytest.raises(NotAuthorisedError, match="ghi «Tạm dừng» cho nhiệm vụ NV-2019-91"):
        office.run(record_clock_event, event)
    assert entries(office)[-1].fact.data == {"kind": "suspended"}
    office.run(record_clock_event, replace(event, actor="pgd"))
    assert entries(office)[-1].fact.role == "lanh-dao-so"


def test_a_delay_is_explained_by_the_owner_and_not_by_another_officer(office):
    told = Explanation(CODE, STEP, TODAY, "cv2", "xin-y-kien")
    with pytest.raises(NotAuthorisedError):
        office.run(record_delay, told)
    office.run(record_delay, replace(told, actor="cv1"))
    assert entries(office)[-1].fact.role == "chuyen-vien"


def test_a_name_of_any_length_is_refused_and_kept(office):
    with pytest.raises(UnknownSpeakerError, match="không có trong danh sách cán bộ"):
        office.run(record_outcome, answer("x" * 300))
    assert entries(office)[-1].fact.actor == "x" * 64


def test_a_delegate_records_for_the_owner_who_stays_the_owner(office):
    office.run(delegate, "cv1", "cv2", TODAY, date(2019, 6, 12), "cv1")
    office.run(record_outcome, answer("cv2"))
    story = office.ask(show_task, CODE)
    fact = story.entries[-1].fact
    assert (fact.actor, fact.role, fact.on_behalf_of) == ("cv2", "chuyen-vien", "cv1")
    assert story.progress.task.officer == "cv1"


@pytest.mark.parametrize(("day", "may"), [(9, False), (10, True), (12, True), (13, False)])
def test_a_delegation_holds_on_its_first_and_last_day(office, day, may):
    on_day(office, date(2019, 6, 9)).run(delegate, "cv1", "cv2", TODAY, date(2019, 6, 12), "cv1")
    app = on_day(office, date(2019, 6, day))
    if may:
        app.run(record_outcome, answer("cv2"))
        return
    with pytest.raises(NotAuthorisedError, match="chỉ từ 10/06/2019 đến 12/06/2019"):
        app.run(record_outcome, answer("cv2"))


def identified(office, account: str) -> Application:
    """The office at the command line of one account, after people were given theirs."""
    for code, role in (("qt", Role.ADMINISTRATOR), ("cv1", None), ("tp", None), ("vt", None)):
        office.run(set_person, PersonChange(code, code, role, account=f"may-{code}"), "qt")
    return Application(office.settings, account)


def test_the_machine_says_who_records_whatever_the_environment_says(office):
    app = identified(office, "may-cv1")
    app.run(record_outcome, answer(""))
    assert entries(office)[-1].fact.actor == "cv1"


def test_an_account_of_nobody_records_nothing(office):
    app = identified(office, "khach")
    with pytest.raises(UnknownSpeakerError, match="«khach» chưa là của cán bộ nào"):
        app.run(record_outcome, answer("tp"))
    kept = entries(office)[-1].fact
    assert (kept.kind, kept.actor, kept.data["account"]) == (EntryKind.REFUSED, "khach", "khach")


def test_somebody_elses_code_is_refused_at_the_command_line(office):
    app = identified(office, "may-cv1")
    with pytest.raises(NotAuthorisedError, match="không phải của «tp»"):
        app.run(record_outcome, answer("tp", "not_signed"))


def test_workbooks_are_brought_in_by_whom_the_office_trusts_with_them(office):
    for account, may in (("may-cv1", False), ("khach", False), ("may-vt", True)):
        app = identified(office, account)
        if may:
            app.run(import_file, ACTIVITIES)
            continue
        rows = app.ask(verify_ledger).rows
        with pytest.raises(AuthorityError, match="nhập sổ Excel"):
            app.run(import_file, ACTIVITIES)
        assert app.ask(verify_ledger).rows == rows + 1
    (*_, last) = office.ask(lambda c: list(c.work.queries.ledger()))
    fact = last.fact
    assert (fact.actor, fact.role) == ("vt", "van-thu")


def with_an_account(sheets):
    """The second officer of the sample gets an account."""
    sheets["Cán bộ"]["G7"], sheets["Cán bộ"]["G9"] = "Tài khoản máy", "may-moi"


def test_a_workbook_gives_nobody_a_role_or_an_account_once_there_is_an_administrator(
    office, tmp_path
):
    office.run(import_file, TASKS)
    app = identified(office, "may-tp")
    with pytest.raises(RegisterProblemsError, match="chỉ quản trị mới thêm người, đổi vai trò"):
        app.run(import_file, changed(TASKS, tmp_path / "so.xlsx", with_an_account))


def test_a_workbook_without_accounts_takes_none_away(office):
    office.run(import_file, TASKS)
    identified(office, "")
    office.run(import_file, TASKS)
    assert office.ask(lambda c: c.work.queries.person("cv1").account) == "may-cv1"


def test_accounts_go_out_and_come_in_with_the_workbook(office, tmp_path):
    identified(office, "")
    office.ask(export_file, tmp_path / "so.xlsx")
    other = open_office(tmp_path / "khac")
    other.run(import_file, tmp_path / "so.xlsx")
    read = lambda c: {p.code: p.account for p in c.work.queries.persons().values()}  # noqa: E731
    assert other.ask(read) | {"tp2": "", "pgd": ""} == office.ask(read)
    other.close()


def test_a_workbook_cannot_lock_the_office_out(office, tmp_path):
    with pytest.raises(RegisterProblemsError, match="ít nhất một quản trị mang tài khoản máy"):
        office.run(import_file, changed(TASKS, tmp_path / "so.xlsx", with_an_account))


def test_a_report_is_not_frozen_by_who_only_looks(office):
    office.run(set_person, PersonChange("xem", "Xem", Role.VIEWER, account=""), "")
    identified(office, "")
    office.run(set_person, PersonChange("xem", account="may-xem"), "qt")
    with pytest.raises(NotAuthorisedError, match="không được chốt báo cáo"):
        Application(office.settings, "may-xem").run(freeze, "2019-H1")
    Application(office.settings, "may-tp").run(freeze, "2019-H1")

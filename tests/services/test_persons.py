"""People, delegations and absences: who may keep them, and that the ledger has them all."""

from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.authority import AuthorityError, NotAuthorisedError
from khcn_workflow.domain.errors import MissingFieldError, NotFoundError
from khcn_workflow.domain.ledger import EntryKind, Fact
from khcn_workflow.domain.science_task import Role
from khcn_workflow.domain.staff import StaffError
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.inquiry import list_due
from khcn_workflow.services.persons import (
    PersonChange,
    absent,
    delegate,
    list_persons,
    revoke,
    set_person,
)
from khcn_workflow.services.rebuilding import rebuild
from khcn_workflow.services.recording import Answer, record_outcome
from khcn_workflow.services.verification import RegisterDiffersError, verify_ledger
from khcn_workflow.storage.translate import person_to_data
from tests.databases import sql
from tests.office import PERSONS, TODAY, a_task, enter, hire, on_day, open_office, record

UNTIL = date(2019, 6, 14)
SIGNED = {"ends_on": "20/05/2021"}


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    yield app
    app.close()


def line(app, code: str):
    return next(line for line in app.ask(list_persons) if line.code == code)


def appoint(app):
    app.run(set_person, PersonChange("qt", "Quản trị", Role.ADMINISTRATOR))


def test_a_new_person_needs_a_name_and_a_role(office):
    with pytest.raises(MissingFieldError, match="Họ và tên"):
        office.run(set_person, PersonChange("cv9", role=Role.OFFICER))
    with pytest.raises(MissingFieldError, match="Vai trò"):
        office.run(set_person, PersonChange("cv9", "Chuyên viên 9"))
    office.run(
        set_person, PersonChange("cv9", "Chuyên viên 9", Role.OFFICER, "Phòng", "a@b.example")
    )
    office.run(set_person, PersonChange("cv9", division="Thanh tra"))
    found = line(office, "cv9")
    assert (found.name, found.role, found.division) == ("Chuyên viên 9", "Chuyên viên", "Thanh tra")
    office.ask(verify_ledger)


def test_the_same_again_is_no_new_row(office):
    change = PersonChange("cv9", "Chuyên viên 9", Role.OFFICER)
    office.run(set_person, change)
    rows = office.ask(verify_ledger).rows
    office.run(set_person, change)
    assert office.ask(verify_ledger).rows == rows


def test_only_the_administrator_sets_people_once_there_is_one(office):
    appoint(office)
    with pytest.raises(NotAuthorisedError, match="Được làm: quản trị"):
        office.run(set_person, PersonChange("cv1", role=Role.DIRECTOR), "tp")
    office.run(set_person, PersonChange("cv1", division="Thanh tra"), "qt")
    assert line(office, "cv1").division == "Thanh tra"


def test_the_last_administrator_with_an_account_stays(office):
    appoint(office)
    office.run(set_person, PersonChange("qt", account="root"), "qt")
    with pytest.raises(StaffError, match="ít nhất một quản trị"):
        office.run(set_person, PersonChange("qt", role=Role.OFFICER), "qt")
    for change in (
        PersonChange("qt", account=""),
        PersonChange("qt", role=Role.VIEWER, account=""),
    ):
        with pytest.raises(StaffError, match="ít nhất một quản trị"):
            office.run(set_person, change, "qt")


def test_a_delegation_and_an_absence_are_told_listed_and_rebuilt(office):
    made = office.run(delegate, "cv1", "tp2", TODAY, UNTIL, "cv1")
    away = office.run(absent, "cv1", TODAY, UNTIL, "nghỉ phép", "cv1")
    found = line(office, "cv1")
    assert (found.delegations, found.absences) == ((made,), (away,))
    (*_, row) = office.ask(lambda c: list(c.work.queries.ledger()))
    assert (row.fact.kind, row.fact.subject) == (EntryKind.ABSENT, "cv1")
    assert row.fact.data == {
        "id": "VM-001", "since": "2019-06-10", "until": "2019-06-14", "reason": "nghỉ phép",
    }  # fmt: skip
    before = office.ask(lambda c: c.work.staffing.staff())
    office.run(rebuild)
    assert office.ask(lambda c: c.work.staffing.staff()) == before
    office.ask(verify_ledger)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE delegation SET until = '2030-01-01'", "ủy quyền .*«UQ-001»"),
        ("DELETE FROM absence", "vắng mặt .*«VM-001»"),
        ("INSERT INTO delegation VALUES ('UQ-9','tp','cv1','2019-01-01','2030-01-01')", "«UQ-9»"),
    ],
)
def test_verify_names_a_delegation_that_nobody_gave(tmp_path, statement, named):
    app = open_office(tmp_path)
    app.run(delegate, "cv1", "tp2", TODAY, UNTIL, "cv1")
    app.run(absent, "cv1", TODAY, UNTIL, "", "cv1")
    sql(app.settings.database_url, statement)
    with pytest.raises(RegisterDiffersError, match=named):
        app.ask(verify_ledger)
    app.run(rebuild)
    app.ask(verify_ledger)
    app.close()


def test_one_gives_away_ones_own_part_and_not_anothers(office):
    appoint(office)
    with pytest.raises(AuthorityError, match="không được ghi ủy quyền của tp"):
        office.run(delegate, "tp", "cv1", TODAY, UNTIL, "cv1")
    office.run(delegate, "cv1", "tp", TODAY, UNTIL, "cv1")
    office.run(delegate, "tp", "cv1", TODAY, UNTIL, "qt")


def test_the_same_delegation_is_refused_and_another_is_not(office):
    office.run(delegate, "cv1", "tp2", TODAY, UNTIL, "cv1")
    with pytest.raises(StaffError, match="UQ-001"):
        office.run(delegate, "cv1", "tp2", TODAY, UNTIL, "cv1")
    assert office.run(delegate, "cv1", "tp2", TODAY, date(2019, 6, 15), "cv1").id == "UQ-002"


def test_a_revoked_delegation_holds_no_longer_and_may_be_given_again(office):
    office.run(delegate, "cv1", "tp2", TODAY, UNTIL, "cv1")
    app = on_day(office, date(2019, 6, 12))
    assert app.run(revoke, "UQ-001", "cv1").until == date(2019, 6, 11)
    assert line(app, "cv1").delegations == ()
    with pytest.raises(StaffError, match="hết hiệu lực"):
        app.run(revoke, "UQ-001", "cv1")
    with pytest.raises(NotFoundError, match="UQ-7"):
        app.run(revoke, "UQ-7", "cv1")
    office.run(rebuild)
    office.ask(verify_ledger)


def test_one_revoked_before_it_begins_never_holds(office):
    office.run(delegate, "cv1", "tp2", date(2019, 6, 12), UNTIL, "cv1")
    office.run(revoke, "UQ-001", "cv1")
    staff = office.ask(lambda c: c.work.staffing.staff())
    assert [d for day in range(9, 16) for d in staff.delegates_of("cv1", date(2019, 6, day))] == []


def told_on(office, day: date, event: str) -> list[str]:
    """Whom the sweep of a day tells of something."""
    app = on_day(office, day)
    app.run(sweep)
    claimed = app.run(lambda c: c.work.outbox.claim("mail", c.now))
    return sorted(c.message.recipient.code for c in claimed if c.message.event == event)


def test_reminders_of_somebody_away_go_to_who_stands_in_too(office):
    office.run(enter, a_task(), "contract_signing", date(2019, 5, 13))  # due 12/06/2019
    office.run(delegate, "cv1", "tp2", TODAY, date(2019, 6, 30), "cv1")
    office.run(absent, "cv1", TODAY, date(2019, 6, 12), "", "cv1")
    assert told_on(office, date(2019, 6, 12), "due_today") == ["cv1", "tp2"]
    # back at work: the delegation alone tells nobody
    assert told_on(office, date(2019, 6, 13), "overdue") == ["cv1"]


def test_who_is_both_asked_for_and_standing_in_is_told_once(office):
    office.run(enter, a_task(), "contract_signing", date(2019, 5, 13))
    deputy = replace(PERSONS[3], code="gd", name="Giám đốc")
    office.run(hire, [deputy])
    office.run(delegate, "gd", "pgd", TODAY, date(2019, 6, 30), "gd")
    office.run(absent, "gd", TODAY, date(2019, 6, 30), "", "gd")
    assert told_on(office, date(2019, 6, 20), "overdue_director") == ["gd", "pgd"]


def test_a_result_is_told_to_who_stands_in_unless_she_recorded_it(office):
    office.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    office.run(delegate, "cv1", "tp2", TODAY, UNTIL, "cv1")
    office.run(absent, "cv1", TODAY, UNTIL, "", "cv1")
    office.run(
        record_outcome,
        Answer("NV-2019-01", "contract_signing", "signed", TODAY, "tp2", fields=SIGNED),
    )
    (claimed,) = office.run(lambda c: c.work.outbox.claim("mail", c.now))
    assert claimed.message.recipient.code == "cv1"
    assert claimed.message.context["recorded_by"] == "Trưởng phòng khác (thay Chuyên viên 1)"


def test_who_stands_in_is_addressed_by_her_own_name_about_the_owners_task(office):
    office.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    office.run(delegate, "cv1", "tp2", TODAY, UNTIL, "cv1")
    office.run(absent, "cv1", TODAY, UNTIL, "", "cv1")
    record(office, "NV-2019-01", "contract_signing", "signed", TODAY, fields=SIGNED)
    claimed = office.run(lambda c: c.work.outbox.claim("mail", c.now))
    told = {c.message.recipient.code: c.message.context for c in claimed}
    assert {code: said["recipient_name"] for code, said in told.items()} == {
        "cv1": "Chuyên viên 1",
        "tp2": "Trưởng phòng khác",
    }
    assert {said["officer_name"] for said in told.values()} == {"Chuyên viên 1"}


def test_the_list_of_due_steps_says_who_is_away(office):
    office.run(enter, a_task(), "contract_signing", date(2019, 5, 6))
    office.run(absent, "cv1", TODAY, UNTIL, "", "cv1")
    assert [s.away_until for s in office.ask(list_due)] == [UNTIL]
    assert [s.away_until for s in on_day(office, date(2019, 6, 15)).ask(list_due)] == [None]


def test_a_row_from_before_accounts_is_read_with_none(office):
    def tell(context):
        data = {k: v for k, v in person_to_data(PERSONS[0]).items() if k != "account"}
        context.work.append(Fact(EntryKind.PERSON, "cv1", TODAY, "tp", data=data), context.now)

    office.run(tell)
    assert office.ask(lambda c: c.work.queries.persons_told())[0] == PERSONS[0]
    office.ask(verify_ledger)

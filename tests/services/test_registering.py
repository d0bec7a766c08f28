import re
from dataclasses import replace
from datetime import date

import pytest

from khcn_workflow.domain.authority import AuthorityError
from khcn_workflow.domain.errors import (
    FieldValueError,
    FutureDateError,
    NotFoundError,
    UnknownStepError,
)
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.domain.science_task import Role
from khcn_workflow.services.inquiry import show_task
from khcn_workflow.services.registering import NewTask, TaskExistsError, register_task
from khcn_workflow.services.verification import verify_ledger
from tests.office import PERSONS, a_task, hire, open_office

NEW = NewTask(a_task("NV-2019-50", rulebook=""), date(2019, 6, 3), "tp")


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, database=database)
    yield app
    app.close()


def test_a_new_task_waits_at_the_first_step_of_the_rulebook_in_force(office):
    office.run(register_task, NEW)
    story = office.ask(show_task, "NV-2019-50")
    assert story.progress.task.rulebook == "cao-bang"
    assert [s.step_id for s in story.due] == ["proposal_synthesis"]
    assert (story.entries[0].fact.actor, story.entries[0].fact.valid_on) == ("tp", NEW.on)
    office.ask(verify_ledger)


def test_it_may_begin_further_on_and_keeps_a_rulebook_that_is_named(office):
    task = replace(NEW.task, rulebook="luat-2013")
    office.run(register_task, replace(NEW, task=task, step="contract_signing"))
    story = office.ask(show_task, "NV-2019-50")
    assert story.progress.task.rulebook == "luat-2013"
    assert [s.step_id for s in story.due] == ["contract_signing"]


def test_the_same_request_enters_it_once(office):
    for _ in range(2):
        office.run(register_task, replace(NEW, request_key="form-1"))
    assert len(office.ask(show_task, "NV-2019-50").entries) == 1


@pytest.mark.parametrize(
    ("new", "error", "says"),
    [
        (replace(NEW, on=date(2019, 6, 11)), FutureDateError, "11/06/2019"),
        (replace(NEW, step="khong-co"), UnknownStepError, "khong-co"),
        (replace(NEW, task=replace(NEW.task, officer="ai-do")), NotFoundError, "ai-do"),
        (replace(NEW, task=replace(NEW.task, code="NV 1|2")), FieldValueError, "NV 1|2"),
        (replace(NEW, task=replace(NEW.task, title="  ")), FieldValueError, "Tên nhiệm vụ"),
        (replace(NEW, task=replace(NEW.task, rulebook="x")), NotFoundError, "x"),
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_written(office, new, error, says):
    before = office.ask(verify_ledger).rows
    with pytest.raises(error, match=re.escape(says)):
        office.run(register_task, new)
    assert office.ask(verify_ledger).rows == before


def test_a_code_is_used_once(office):
    office.run(register_task, NEW)
    with pytest.raises(TaskExistsError, match="NV-2019-50 đã có: «Nhiệm vụ minh họa"):
        office.run(register_task, replace(NEW, task=replace(NEW.task, title="Khác")))


@pytest.mark.parametrize("actor", ["ai-do", "xem"])
def test_a_task_is_not_entered_by_who_is_nobody_or_only_looks(office, actor):
    office.run(hire, [replace(PERSONS[0], code="xem", role=Role.VIEWER)])
    with pytest.raises(AuthorityError, match="đưa nhiệm vụ NV-2019-50 vào sổ"):
        office.run(register_task, replace(NEW, actor=actor))
    assert office.ask(lambda c: c.work.entries("NV-2019-50"))[-1].fact.kind is EntryKind.REFUSED

"""Việc trên một nhiệm vụ: started by hand, with a form, in the Prefect UI."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.choices import picked
from flows.desk import perform, prove, request_key
from flows.desk_forms import (
    AckForm,
    AssignForm,
    CorrectForm,
    ExtendForm,
    NewTaskForm,
    ResumeForm,
    SuspendForm,
    TerminateForm,
)
from khcn_workflow.bootstrap import Application
from khcn_workflow.context import Moved
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import FieldValueError
from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.domain.science_task import ScienceTask
from khcn_workflow.register.money import read_money
from khcn_workflow.register.vocabulary import read_kind, read_level, read_source
from khcn_workflow.services.assigning import Assignment, assign
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.correcting import Correction, correct, task_of
from khcn_workflow.services.registering import NewTask, register_task
from khcn_workflow.services.snoozing import Acknowledgement, snooze


@flow(name="Nhiệm vụ mới", flow_run_name="Nhiệm vụ mới")
def new_task(form: NewTaskForm) -> State[Any]:
    """Đưa một nhiệm vụ mới vào sổ và mở bước đầu tiên."""
    code = vietnamese.nfc(form.code)

    def deed(app: Application) -> str:
        new = replace(_new_task(form, code), request_key=request_key())
        prove(app, new.actor, form.one_time_code, code)
        progress = app.run(register_task, new)
        return f"Đã vào sổ {code} theo bộ quy định «{progress.task.rulebook}»."

    return perform(deed, code)


@flow(name="Tạm dừng", flow_run_name="Tạm dừng")
def suspend_task(form: SuspendForm) -> State[Any]:
    """Tạm dừng một nhiệm vụ: mọi thời hạn đứng lại."""
    return _clock(_event(EntryKind.SUSPENDED, form), form.one_time_code, reason=form.reason)


@flow(name="Tiếp tục", flow_run_name="Tiếp tục")
def resume_task(form: ResumeForm) -> State[Any]:
    """Tiếp tục một nhiệm vụ sau tạm dừng: thời hạn chạy tiếp."""
    return _clock(_event(EntryKind.RESUMED, form), form.one_time_code)


@flow(name="Gia hạn", flow_run_name="Gia hạn")
def extend_contract(form: ExtendForm) -> State[Any]:
    """Gia hạn hợp đồng trong giới hạn luật cho."""
    return _clock(
        _event(EntryKind.EXTENDED, form),
        form.one_time_code,
        ends_on=form.ends_on,
        asked_on=form.asked_on,
    )


@flow(name="Chấm dứt", flow_run_name="Chấm dứt")
def terminate_task(form: TerminateForm) -> State[Any]:
    """Chấm dứt thực hiện một nhiệm vụ: mọi bước đang chờ khép lại."""
    return _clock(_event(EntryKind.TERMINATED, form), form.one_time_code, reason=form.reason)


@flow(name="Giao lại", flow_run_name="Giao lại")
def reassign_task(form: AssignForm) -> State[Any]:
    """Giao nhiệm vụ cho chuyên viên khác; nhắc việc từ nay đến người mới."""
    given = Assignment(
        task_code=picked(form.task),
        officer=picked(form.officer),
        on=form.on,
        actor=picked(form.recorded_by),
        document=Document(form.document_number.strip()),
        note=form.note.strip(),
        request_key=request_key(),
    )

    def deed(app: Application) -> str:
        prove(app, given.actor, form.one_time_code, given.task_code)
        done = app.run(assign, given)
        return f"Đã giao {done.task_code}: {done.before.name} → {done.after.name}."

    return perform(deed, given.task_code)


@flow(name="Hoãn nhắc", flow_run_name="Hoãn nhắc")
def snooze_step(form: AckForm) -> State[Any]:
    """Đã biết một bước sắp đến hạn, hoãn nhắc đến một ngày; quá hạn thì vẫn báo."""
    said = Acknowledgement(
        task_code=picked(form.task),
        until=form.until,
        reason=form.reason,
        step=picked(form.step),
        actor=picked(form.recorded_by),
        request_key=request_key(),
    )

    def deed(app: Application) -> str:
        prove(app, said.actor, form.one_time_code, said.task_code)
        done = app.run(snooze, said)
        until, due = vietnamese.day(done.until), vietnamese.day(done.due_on)
        return (
            f"Đã ghi: {done.task_code}, bước «{done.step}» (hạn {due}) không nhắc đến hết {until}."
        )

    return perform(deed, said.task_code)


@flow(name="Sửa dòng sổ", flow_run_name="Sửa dòng {form.seq}")
def correct_row(form: CorrectForm) -> State[Any]:
    """Sửa một dòng của sổ cái bằng một dòng mới; dòng cũ vẫn còn."""

    def deed(app: Application) -> str:
        code = app.ask(task_of, form.seq)
        wanted = _correction(form)
        prove(app, wanted.actor, form.one_time_code, code)
        done = app.run(correct, wanted)
        owed = [f"chờ {title}" for title in done.opened]
        gone = [f"không còn chờ {title}" for title in done.gone]
        words = [f"Đã ghi dòng {done.seq}: {done.task_code} – {done.what}", *gone, *owed]
        return "; ".join(words) + "."

    return perform(deed, lambda app: app.ask(task_of, form.seq))


def _correction(form: CorrectForm) -> Correction:
    """What the form wants corrected; a field left empty was right.

    Raises:
        FieldValueError: The date cannot be read.
    """
    try:
        on = vietnamese.read_day(form.on) if form.on.strip() else None
    except ValueError:
        title, expected = "Ngày đúng trên văn bản", "ngày viết dd/mm/yyyy"
        raise FieldValueError(title, form.on, expected) from None
    number = form.document_number.strip()
    return Correction(
        seq=form.seq,
        reason=form.reason,
        actor=picked(form.recorded_by),
        annuls=form.annuls,
        outcome=form.outcome.strip() or None,
        on=on,
        document=Document(number) if number else None,
        cause=form.cause.strip() or None,
        note=form.note.strip() or None,
        day_off_confirmed=form.day_off_confirmed,
        request_key=request_key(),
    )


def _new_task(form: NewTaskForm, code: str) -> NewTask:
    task = ScienceTask(
        code=code,
        title=form.title,
        level=read_level(form.level),
        kind=read_kind(form.kind),
        source=read_source(form.source),
        plan_year=form.plan_year,
        host=form.host,
        principal_investigator=form.principal_investigator,
        officer=picked(form.officer),
        rulebook="",
        budget_vnd=read_money(form.budget) if form.budget.strip() else None,
    )
    return NewTask(task, form.on, picked(form.recorded_by), picked(form.step))


def _event(
    kind: EntryKind, form: SuspendForm | ResumeForm | ExtendForm | TerminateForm
) -> ClockEvent:
    return ClockEvent(
        kind=kind,
        task_code=picked(form.task),
        on=form.on,
        actor=picked(form.recorded_by),
        document=Document(form.document_number.strip()),
        request_key=request_key(),
    )


def _clock(event: ClockEvent, code: str, **more: Any) -> State[Any]:
    def deed(app: Application) -> str:
        prove(app, event.actor, code, event.task_code)
        return _moves(event, app.run(record_clock_event, replace(event, **more)))

    return perform(deed, event.task_code)


def _moves(event: ClockEvent, moved: Sequence[Moved]) -> str:
    lines = [
        f"{move.title}: {vietnamese.day(move.before) if move.before else 'không chạy'} → "
        f"{vietnamese.day(move.after) if move.after else 'không chạy'}"
        for move in moved
    ]
    return "; ".join([f"Đã ghi {event.kind.label.lower()} {event.task_code}", *lines]) + "."

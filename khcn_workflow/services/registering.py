"""Vào sổ một nhiệm vụ: a science task entered by hand, pinned to the rulebook in force."""

import re
from dataclasses import dataclass, replace
from datetime import date

from khcn_workflow.context import Context
from khcn_workflow.domain.errors import FieldValueError, FutureDateError, KhcnError
from khcn_workflow.domain.progress import Progress, register, registration
from khcn_workflow.domain.recorders import RECORDING
from khcn_workflow.domain.rules import Rulebook
from khcn_workflow.domain.science_task import ScienceTask
from khcn_workflow.domain.vietnamese import nfc
from khcn_workflow.regulations.rulebook_reader import rulebook_of
from khcn_workflow.signing import signed_by_office

CODE = re.compile(r"[^\s/|;]{1,64}")
"""What a task's code may be: it stands in links, tags and file names."""


class TaskExistsError(KhcnError):
    """A task of that code stands in the ledger already."""

    def __init__(self, code: str, title: str) -> None:
        super().__init__(f"Mã {code} đã có: «{title}». Hãy chọn mã khác, hoặc sửa nhiệm vụ đó.")


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task that enters the ledger.

    Attributes:
        task: Its facts; a rulebook it names is kept, else the one in force on `on`.
        step: Id of the step it begins at; empty for the first of its rulebook.
        on: The day the step was opened: the date on the paper that brings the task in.
        request_key: Names this request; the same one is recorded once.
    """

    task: ScienceTask
    on: date
    actor: str
    step: str = ""
    request_key: str = ""


def register_task(context: Context, new: NewTask) -> Progress:
    """Enter a task: guard, ledger row, its first step with its deadline.

    Raises:
        TaskExistsError: Another task has that code.
        AuthorityError: Whoever only looks, or keeps the people, enters no task.
        KhcnError: The code, the officer, the step or the day cannot stand.
    """
    code = new.task.code
    if new.request_key and context.work.find_request(new.request_key):
        return context.progress(code)
    if not CODE.fullmatch(code):
        raise FieldValueError("Mã nhiệm vụ", code, "chữ, số, dấu gạch; không dấu cách, / | ;")
    if context.work.queries.has_task(code):
        raise TaskExistsError(code, context.progress(code).task.title)
    if not nfc(new.task.title):
        raise FieldValueError("Tên nhiệm vụ", new.task.title, "một tên")
    if new.on > context.today:
        raise FutureDateError(new.on, context.today)
    context.work.queries.person(new.task.officer)
    rulebook = _rulebook(context, new)
    step = rulebook.step(new.step or next(rulebook.steps()).id)
    task = replace(new.task, title=nfc(new.task.title), rulebook=rulebook.id)
    fact = replace(registration(task, step.id, new.on, new.actor), request_key=new.request_key)
    fact = signed_by_office(context, fact, f"đưa nhiệm vụ {code} vào sổ", RECORDING, strict=True)
    context.work.append(fact, context.now)
    progress = register(task, step, new.on)
    context.save(progress)
    return progress


def _rulebook(context: Context, new: NewTask) -> Rulebook:
    if new.task.rulebook:
        return rulebook_of(context.rulebooks, new.task.rulebook)
    return context.default_rulebook(new.on)

"""Dấu của trang nhiệm vụ: tells whether a page that was written is still true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class PageStamp:
    """What a page depends on: the task's version, and what is late by today.

    Attributes:
        late: Open steps whose due date has gone by; a page without any stays true all year.
    """

    code: str
    version: int
    late: int
    today: date

    def __str__(self) -> str:
        """The text kept beside the page."""
        stamp = f"{self.code}, bản {self.version}"
        if not self.late:
            return stamp
        return f"{stamp}, {self.late} bước quá hạn ngày {vietnamese.day(self.today)}"


def page_stamps(context: Context) -> Iterable[PageStamp]:
    """The stamp of every task, by code."""
    return _stamps(context, None)


def page_stamp(context: Context, code: str) -> PageStamp:
    """The stamp of one task.

    Raises:
        NotFoundError: No task has that code.
    """
    found = _stamps(context, code)
    if not found:
        raise NotFoundError("nhiệm vụ", code)
    return found[0]


def _stamps(context: Context, code: str | None) -> list[PageStamp]:
    late: dict[str, int] = {}
    for step in context.work.queries.owed_steps(code):
        if step.due_on and step.due_on < context.today:
            late[step.task_code] = late.get(step.task_code, 0) + 1
    return [
        PageStamp(task, version, late.get(task, 0), context.today)
        for task, version in context.work.queries.task_versions(code).items()
    ]

"""Hoãn nhắc: somebody knows of a step and wants no reminder for a while; lateness is told."""

from dataclasses import dataclass
from datetime import date

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError


class SnoozeError(KhcnError):
    """A step's reminders cannot be put off so; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Snooze:
    """One acknowledgement of a step that is to come.

    Attributes:
        until: The last day without reminders.
        due_on: The due date it was said of; once that moves, it holds no longer.
        actor: Who said so.
    """

    task_code: str
    step: str
    until: date
    due_on: date
    reason: str
    actor: str

    def holds(self, on: date, due_on: date) -> bool:
        """Whether reminders of the coming due date are put off on a day; never once it is past."""
        return self.due_on == due_on and on <= self.until and on <= due_on

    def has_lapsed(self, on: date, due_on: date) -> bool:
        """Whether it was said of this due date and its time is over."""
        return self.due_on == due_on and on > self.until


def check_snooze(title: str, due_on: date | None, until: date, today: date) -> date:
    """The due date whose reminders are put off.

    Args:
        title: Of the step, for the sentence.
        due_on: None where no date runs.

    Raises:
        SnoozeError: No date runs, it is past, or `until` is not from today to the due date.
    """
    if due_on is None:
        raise SnoozeError(f"Bước «{title}» không có hạn đang chạy nên không có lời nhắc để hoãn.")
    due = vietnamese.day(due_on)
    if due_on < today:
        raise SnoozeError(
            f"Bước «{title}» đã quá hạn từ {due}; lời nhắc quá hạn không hoãn được. Hãy ghi kết "
            "quả, hoặc giải trình bằng: khcn delay"
        )
    if until < today:
        raise SnoozeError(
            f"Ngày {vietnamese.day(until)} đã qua; đặt --until từ hôm nay "
            f"({vietnamese.day(today)}) đến ngày hạn {due}."
        )
    if until > due_on:
        raise SnoozeError(
            f"Chỉ hoãn nhắc được đến ngày hạn {due} của bước «{title}»; quá hạn thì vẫn báo. Được "
            "gia hạn thì ghi bằng: khcn extend"
        )
    return due_on

"""Bảng: what operators see as artifacts in the Prefect UI, in markdown."""

from collections.abc import Sequence
from datetime import date

from khcn_workflow.domain import vietnamese
from khcn_workflow.services.inquiry import DueStep

SOON = 7
"""Working days ahead that the board shows."""


def overdue_board(steps: Sequence[DueStep], today: date) -> str:
    """Overdue steps, the latest first, then those due within a week of working days."""
    late = sorted((s for s in steps if s.days_late), key=lambda s: -s.days_late)
    soon = [s for s in steps if not s.days_late and s.days_left <= SOON]
    return "\n\n".join(
        [
            f"# Hạn tính đến ngày {vietnamese.day(today)}",
            f"## Quá hạn: {vietnamese.count(len(late))}",
            _table(late, "Chậm (ngày làm việc)", [s.days_late for s in late]),
            f"## Đến hạn trong {SOON} ngày làm việc: {vietnamese.count(len(soon))}",
            _table(soon, "Còn (ngày làm việc)", [s.days_left for s in soon]),
        ]
    )


def _table(steps: Sequence[DueStep], measure: str, values: Sequence[int]) -> str:
    if not steps:
        return "*Không có.*"
    head = f"| Nhiệm vụ | Bước | Hạn | {measure} | Loại hạn | Chuyên viên |"
    rows = [_row(step, value) for step, value in zip(steps, values, strict=True)]
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def _row(step: DueStep, value: int) -> str:
    link = f"[{step.task_code}](/v2/runs?state=Suspended&tags=nv:{step.task_code})"
    due = vietnamese.day(step.due_on) if step.due_on else ""
    return f"| {link} | {step.step} | {due} | {value} | {step.force} | {step.officer} |"

"""Dòng sau con số: what each row behind a figure is called, and what tells it apart."""

from collections.abc import Iterator

from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.science_task import ScienceTask
from khcn_workflow.reports.facts import Facts
from khcn_workflow.reports.paper_figures import paper_rows
from khcn_workflow.reports.report_input import ReportInput


def row_names(facts: Facts, report_input: ReportInput) -> dict[str, str]:
    """The title of each task, activity and part of the paper, by its code."""
    return {
        **paper_rows(report_input),
        **{code: task.title for code, task in facts.tasks.items()},
        **{activity.code: activity.title for activity in report_input.activities},
    }


def row_details(facts: Facts, report_input: ReportInput) -> dict[str, str]:
    """What else an officer needs to know a row again, in one line, by its code."""
    stages = {kind.id: dict(kind.stages) for kind in report_input.kinds.values()}
    return {
        **{code: _joined(_of_task(task)) for code, task in facts.tasks.items()},
        **{
            activity.code: _joined(_of_activity(activity, stages.get(activity.kind, {})))
            for activity in report_input.activities
        },
    }


def _joined(parts: Iterator[str]) -> str:
    return " · ".join(part for part in parts if part)


def _of_task(task: ScienceTask) -> Iterator[str]:
    yield task.level.label
    yield task.kind.label
    yield f"{task.source.label}, kế hoạch {task.plan_year}"
    yield task.host


def _of_activity(activity: Activity, stages: dict[str, str]) -> Iterator[str]:
    yield vietnamese.day(activity.on) if activity.on else ""
    yield stages.get(activity.stage, activity.stage)
    yield activity.document.number
    yield vietnamese.dong(activity.amount_vnd) if activity.amount_vnd else ""
    yield activity.organisation

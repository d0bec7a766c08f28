"""Tệp JSON: a report's figures with their rows, its sections and late steps, for machines."""

import json
from collections.abc import Iterator
from typing import Any

from khcn_workflow.reports.document import Report, Role
from khcn_workflow.reports.limitations import LateStep
from khcn_workflow.reports.period import Period


def to_json(report: Report) -> str:
    """The report as one JSON object, keys in a fixed order."""
    return json.dumps(to_data(report), ensure_ascii=False, indent=2) + "\n"


def to_data(report: Report) -> dict[str, Any]:
    """The report as JSON values, as `reports.json_schema` publishes them."""
    return {
        "period": _period(report.period),
        "as_of": report.as_of.isoformat(),
        "subject": report.subject,
        "figures": {key: _figure(report, key) for key in report.figures},
        "sections": list(_sections(report)),
        "footnotes": ["".join(run.text for run in note) for note in report.footnotes()],
        "limitations": [_late(step) for step in report.late],
        "edits": [
            {
                "section": applied.edit.section,
                "text": applied.edit.text,
                "by": applied.edit.by,
                "at": applied.edit.at.isoformat(),
                "over": applied.edit.over,
                "generated": applied.generated,
                "is_stale": applied.is_stale,
            }
            for applied in report.edits
        ],
        "comparison": _comparison(report),
        "rows": dict(sorted(report.rows.items())),
    }


def _period(period: Period) -> dict[str, Any]:
    return {
        "id": period.id,
        "label": period.label,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }


def _comparison(report: Report) -> dict[str, Any] | None:
    found = report.comparison
    if found is None:
        return None
    return {
        "period": _period(found.period),
        "as_of": found.as_of.isoformat(),
        "is_empty": found.is_empty,
        "rows": [
            {
                "figure": row.figure,
                "before": row.before,
                "now": report.figures[row.figure].text,
                "change": row.change,
            }
            for row in found.rows
        ],
    }


def _figure(report: Report, key: str) -> dict[str, Any]:
    figure = report.figures[key]
    return {
        "title": figure.title,
        "value": figure.value,
        "of": figure.of,
        "text": figure.text,
        "rows": list(figure.rows),
        "amounts": list(figure.amounts),
        "counting": figure.counting.value,
        "whole": figure.whole,
    }


def _sections(report: Report) -> Iterator[dict[str, Any]]:
    section: dict[str, Any] = {"heading": "", "paragraphs": []}
    for paragraph in report.paragraphs:
        if paragraph.role in (Role.PART, Role.SECTION):
            if section["heading"] or section["paragraphs"]:
                yield section
            section = {"heading": paragraph.text, "paragraphs": []}
        else:
            figures = [run.figure for run in paragraph.runs if run.figure]
            section["paragraphs"].append({"text": paragraph.text, "figures": figures})
    yield section


def _late(step: LateStep) -> dict[str, Any]:
    return {
        "task": step.code,
        "step": step.step,
        "title": step.title,
        "cohort": step.cohort,
        "force": step.force.value,
        "owner": step.owner,
        "article": step.article,
        "due_on": step.due_on.isoformat(),
        "closed_on": step.closed_on.isoformat() if step.closed_on else None,
        "working_days_late": step.working_days_late,
        "causes": [cause.words for cause in step.causes],
        "commitment": step.commitment.isoformat() if step.commitment else None,
    }

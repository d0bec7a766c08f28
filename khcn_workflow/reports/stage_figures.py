"""Phễu giai đoạn trong báo cáo: how many tasks wait in each stage, and how many were late there."""

from collections.abc import Iterator

from khcn_workflow.domain.rules import STAGE_TITLES, Force
from khcn_workflow.reports.figures import Figure, counted
from khcn_workflow.reports.limitations import Lateness
from khcn_workflow.reports.report_input import ReportInput

LAW, TARGET = "late_law", "late_target"


def stage_figures(report_input: ReportInput, late: Lateness) -> Iterator[Figure]:
    """For each stage: tasks with a step owed in it, late by law, late by the office's target."""
    for stage, title in STAGE_TITLES.items():
        waiting = (
            d.task.code
            for d in report_input.dossiers
            if d.ended_on is None and any(r.stage == stage for r in d.progress.open_rounds())
        )
        yield counted(stage_id(stage), f"{title}: nhiệm vụ đang ở giai đoạn", sorted(waiting))
        for force, key, words in (
            (Force.STATUTORY, LAW, "quá thời hạn luật định"),
            (Force.INTERNAL, TARGET, "chậm mục tiêu nội bộ"),
        ):
            codes = {s.code for s in late.steps if s.stage == stage and s.force is force}
            yield counted(stage_id(stage, key), f"{title}: nhiệm vụ {words}", sorted(codes))


def stage_id(stage: str, of: str = "open") -> str:
    """Id of a figure of a stage."""
    return f"stage_{stage}_{of}"

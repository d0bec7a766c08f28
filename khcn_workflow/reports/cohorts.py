"""Nhóm nhiệm vụ: what reports call "chuyển tiếp", "bổ sung năm 2018", "mới từ năm 2019"."""

from enum import StrEnum

from khcn_workflow.domain.science_task import Level, Source
from khcn_workflow.reports.period import Period
from khcn_workflow.reports.report_input import Dossier


class Cohort(StrEnum):
    """Which group of the plan a task is counted in; the value begins its figures' ids."""

    PAST = "past"
    CARRIED = "carried"
    RUNNING = "running"
    SUPPLEMENTARY = "supplementary"
    UNPLANNED = "unplanned"
    BACKLOG = "backlog"
    NEW = "new"
    NEXT = "next"
    PROPOSED = "proposed"
    OTHER = "other"


_BY_SOURCE = {Source.SUPPLEMENTARY: Cohort.SUPPLEMENTARY, Source.UNPLANNED: Cohort.UNPLANNED}


def cohort_of(dossier: Dossier, period: Period) -> Cohort:
    """The group of a task for a report of that period; derived, never stored.

    Only provincial tasks pass the Department's own council and appraisal; a task of
    another level is counted once it is under contract.
    """
    if dossier.ended_on is not None and dossier.ended_on < period.new_year:
        return Cohort.PAST
    if dossier.contract_on is not None and dossier.contract_on < period.new_year:
        return Cohort.CARRIED
    if dossier.task.plan_year > period.year and _is_proposal(dossier):
        return Cohort.PROPOSED
    if dossier.task.level is not Level.PROVINCIAL:
        return Cohort.RUNNING if dossier.contract_on else Cohort.OTHER
    return _BY_SOURCE.get(dossier.task.source) or _ordered(dossier.task.plan_year, period)


def label(cohort: Cohort, plan_year: int) -> str:
    """The words after "các nhiệm vụ KH&CN"."""
    return _LABELS[cohort].format(year=plan_year)


_LABELS = {
    Cohort.PAST: "đã kết thúc",
    Cohort.CARRIED: "chuyển tiếp",
    Cohort.RUNNING: "thực hiện mới năm {year}",
    Cohort.SUPPLEMENTARY: "bổ sung năm {year}",
    Cohort.UNPLANNED: "đột xuất năm {year}",
    Cohort.BACKLOG: "đặt hàng năm {year}",
    Cohort.NEW: "thực hiện mới năm {year}",
    Cohort.NEXT: "thực hiện mới năm {year}",
    Cohort.PROPOSED: "đề xuất thực hiện năm {year}",
    Cohort.OTHER: "cấp trên quản lý, kế hoạch năm {year}",
}


def _is_proposal(dossier: Dossier) -> bool:
    return all(r.stage == "proposal" for r in dossier.progress.rounds)


def _ordered(plan_year: int, period: Period) -> Cohort:
    if plan_year < period.year:
        return Cohort.BACKLOG
    return Cohort.NEW if plan_year == period.year else Cohort.NEXT

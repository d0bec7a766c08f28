"""Việc còn mở: what the next period owes, each open task and piece of work in one list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.calendar import CalendarHorizonError
from khcn_workflow.domain.progress import StepRound
from khcn_workflow.domain.rules import STAGE_TITLES
from khcn_workflow.domain.science_task import Level
from khcn_workflow.reports.activity_figures import ISSUED, LEGAL
from khcn_workflow.reports.cohorts import Cohort, cohort_of
from khcn_workflow.reports.figures import Figure, counted
from khcn_workflow.reports.report_input import Dossier, ReportInput
from khcn_workflow.reports.task_figures import ADDED, DOSSIERS, ORDERED

STILL_OPEN = "still_open"

_TASKS = {
    "next_contracts": "Nhiệm vụ chưa ký hợp đồng",
    "next_second_calls": "Nhiệm vụ không có hồ sơ, chưa kết thúc",
    "next_monitoring": "Nhiệm vụ có hợp đồng đang thực hiện",
    "next_plan": "Đề xuất cấp tỉnh chờ đưa vào kế hoạch",
    "next_ministry": "Đề xuất với Bộ KH&CN đang chờ",
    "next_other": "Nhiệm vụ khác chưa kết thúc",
}

_WORK: Mapping[str, tuple[str, str]] = {
    "next_drafts": (LEGAL, "Văn bản QPPL chưa ban hành"),
    "next_organisation": ("sap-nhap", "Đề án sắp xếp, sáp nhập đang thực hiện"),
    "next_radiation": ("co-so-buc-xa", "Cơ sở bức xạ đang theo dõi"),
    "next_iso": ("iso-9001", "Kế hoạch TCVN ISO 9001 đang thực hiện"),
    "next_works": ("xay-dung", "Hạng mục đầu tư xây dựng đang thực hiện"),
    "next_conferences": ("hoi-thao", "Hội thảo chưa tổ chức"),
    "next_supervisions": ("giam-sat", "Đoàn giám sát đang phục vụ"),
    "next_autonomy": ("tu-chu", "Đơn vị sự nghiệp đang chuyển sang tự chủ"),
}

PARTS = (*_TASKS, *_WORK)
"""The lists that together hold all that is open; each is spoken for in part II."""

_UNTIL_DATED = {"hoi-thao", "giam-sat", "tu-chu"}
"""Kinds that are over once a day is given; other states go on."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that falls due in the next period."""

    due_on: date
    code: str
    stage: str


def next_figures(
    report_input: ReportInput, found: Mapping[str, Sequence[Activity]], coming: Sequence[Coming]
) -> Iterator[Figure]:
    """What is open at the cut-off, in parts, and what of it falls due in the next period."""
    groups: dict[str, list[str]] = {key: [] for key in PARTS}
    for dossier in sorted(report_input.dossiers, key=lambda d: d.task.code):
        if dossier.ended_on is None:
            groups[_part_of(dossier, report_input)].append(dossier.task.code)
    for key, (kind, _) in _WORK.items():
        groups[key] = [a.code for a in found.get(kind, ()) if _is_open(a)]
    titles = {**_TASKS, **{key: title for key, (_, title) in _WORK.items()}}
    for key, codes in groups.items():
        yield counted(key, titles[key], codes)
    everything = [code for codes in groups.values() for code in codes]
    yield counted(STILL_OPEN, "Việc còn mở lúc chốt số liệu", everything)
    for stage, title in STAGE_TITLES.items():
        codes = sorted({step.code for step in coming if step.stage == stage})
        yield counted(coming_id(stage), f"{title}: nhiệm vụ có bước đến hạn kỳ sau", codes)


def coming_id(stage: str) -> str:
    """Id of the figure of what falls due in a stage in the next period."""
    return f"due_next_{stage}"


def coming_steps(report_input: ReportInput) -> list[Coming]:
    """Every open step that falls due after the cut-off, up to the next one."""
    until = report_input.period.next_last
    return [
        Coming(due, dossier.task.code, owed.stage)
        for dossier in report_input.dossiers
        if dossier.ended_on is None
        for owed in dossier.progress.open_rounds()
        for due in [_due_on(dossier, owed, report_input)]
        if due is not None and report_input.as_of < due <= until
    ]


def _due_on(dossier: Dossier, owed: StepRound, report_input: ReportInput) -> date | None:
    try:
        due = dossier.due(owed, report_input.calendar)
    except CalendarHorizonError:
        return None
    return due.on if due else None


def _part_of(dossier: Dossier, report_input: ReportInput) -> str:
    if dossier.contract_on is not None:
        return "next_monitoring"
    cohort = cohort_of(dossier, report_input.period)
    if cohort is Cohort.PROPOSED:
        return "next_plan" if dossier.task.level is Level.PROVINCIAL else "next_ministry"
    if cohort in ORDERED and _had_no_dossier(dossier):
        return "next_second_calls"
    return "next_contracts" if cohort in (*ADDED, *ORDERED) else "next_other"


def _had_no_dossier(dossier: Dossier) -> bool:
    received = dossier.progress.closed(DOSSIERS)
    return received is not None and received.outcome == "no_dossier"


def _is_open(activity: Activity) -> bool:
    if activity.kind == LEGAL:
        return activity.stage != ISSUED
    return activity.kind not in _UNTIL_DATED or activity.on is None

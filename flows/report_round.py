"""Báo cáo: on the cut-off days, a week before to see what is missing, or by hand."""

from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext
from prefect.states import Completed, Failed

from flows.artifacts import publish
from flows.boards import table
from flows.links import task_page
from khcn_workflow.bootstrap import Application, start_unattended
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.anchors import Occasion
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.reports.limitations import LateStep
from khcn_workflow.services.freezing import freeze
from khcn_workflow.services.report_preview import Preview, announce_preview, preview_report
from khcn_workflow.services.report_round import Written, announce, write_report

FORMS = (".docx", ".md", ".html", ".json")


@flow(name="Báo cáo", flow_run_name="Báo cáo {period}")
def report_round(period: str = "", as_of: date | None = None) -> State[Any]:
    """Viết báo cáo của một kỳ ra Word, Markdown, HTML, JSON và báo cho lãnh đạo Sở.

    Số liệu đến đúng ngày chốt của kỳ thì được chốt luôn (bản chốt không đổi nữa); báo cáo đến
    một ngày khác chỉ được viết.

    Args:
        period: Kỳ báo cáo, ví dụ 2019-H1; để trống là nửa năm có ngày hôm nay.
        as_of: Ngày chốt số liệu; để trống là ngày chốt của kỳ, hoặc hôm nay nếu chưa tới.
    """
    app = start_unattended()
    period = period.strip() or half_year_of(app.clock.today())
    try:
        written = app.run(write_report, period, as_of, report_paths(app, period))
        frozen = _freeze(app, written)
        app.run(announce, written)
    except KhcnError as refusal:
        return Failed(message=str(refusal))
    markdown = next(path for path in written.paths if path.suffix == ".md")
    names = ", ".join(path.name for path in written.paths)
    kept = f" Bản chốt {frozen}." if frozen else " Chưa tới ngày chốt của kỳ, chưa chốt số liệu."
    head = f"Tệp ở {markdown.parent}: {names}.{kept}"
    _publish(
        f"bao-cao-{vietnamese.slug(period)}",
        f"> {head}\n\n{markdown.read_text(encoding='utf-8')}",
        f"Báo cáo {written.period.label}, số liệu đến {vietnamese.day(written.as_of)}",
    )
    return Completed(message=f"Đã viết {names} vào {markdown.parent}.{kept}")


@flow(name="Soát trước báo cáo", flow_run_name="Soát trước báo cáo {period}")
def report_preview(period: str = "") -> State[Any]:
    """Xem trước báo cáo còn thiếu gì: bước chậm chưa có nguyên nhân, con số không có danh sách.

    Không viết, không chốt gì; báo cho lãnh đạo Sở và trưởng phòng.

    Args:
        period: Kỳ báo cáo, ví dụ 2019-H1; để trống là nửa năm có ngày hôm nay.
    """
    app = start_unattended()
    period = period.strip() or half_year_of(app.clock.today())
    try:
        preview = app.ask(preview_report, period)
        app.run(announce_preview, preview)
    except KhcnError as refusal:
        return Failed(message=str(refusal))
    _publish(
        f"soat-truoc-{vietnamese.slug(period)}",
        preview_page(preview),
        f"Soát trước báo cáo {preview.period.label}, {vietnamese.day(preview.as_of)}",
    )
    missing = vietnamese.count(len(preview.sentences()))
    return Completed(message=f"Báo cáo {preview.period.label}: còn {missing} điều thiếu.")


def preview_page(preview: Preview) -> str:
    """What is missing, in markdown."""
    last = vietnamese.day(preview.period.last)
    parts = [
        f"# Soát trước báo cáo {preview.period.label}",
        f"Xem ngày {vietnamese.day(preview.as_of)}; chốt số liệu ngày {last}.",
    ]
    if preview.contradiction:
        parts += ["## Báo cáo chưa viết được", preview.contradiction]
    parts += ["## Bước chậm chưa ghi nguyên nhân", _late(preview.no_cause)]
    parts += ["## Bước chậm chưa có cam kết ngày hoàn thành", _late(preview.no_promise)]
    unlisted = [(number.title, number.text) for number in preview.unlisted]
    parts += ["## Con số không có danh sách", table(["Con số", "Giá trị"], unlisted)]
    return "\n\n".join(parts)


def half_year_of(today: date) -> str:
    """The half-year whose cut-off comes next (NĐ 09/2019/NĐ-CP Điều 12)."""
    if (today.month, today.day) > (12, 14):
        return f"{today.year + 1}-H1"
    return f"{today.year}-{'H1' if (today.month, today.day) <= (6, 14) else 'H2'}"


def report_paths(app: Application, period: str) -> list[Path]:
    """Where the files of a period's report lie, one for each form; the folder is made."""
    folder = app.settings.home / "bao-cao"
    folder.mkdir(parents=True, exist_ok=True)
    return [folder / f"bao-cao-{period}{form}" for form in FORMS]


def _freeze(app: Application, written: Written) -> str:
    """Keep the report if it stands for its period's cut-off; the id of what was kept."""
    if written.as_of != written.period.last:
        return ""
    frozen = app.run(freeze, written.period.id, written.as_of)
    app.note_head(Occasion.FREEZE)
    return frozen.id


def _publish(key: str, markdown: str, description: str) -> None:
    with SyncClientContext.get_or_create() as connection:
        publish(connection.client, key, markdown, description)


def _late(steps: tuple[LateStep, ...]) -> str:
    rows = [
        (
            f"[{step.code}]({task_page(step.code)})",
            step.title,
            vietnamese.day(step.due_on),
            step.working_days_late,
            step.force.label,
        )
        for step in steps
    ]
    return table(["Nhiệm vụ", "Bước", "Hạn", "Chậm (ngày làm việc)", "Loại hạn"], rows)

"""Báo cáo: on the cut-off days, or by hand for any period and day."""

from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed

from khcn_workflow.bootstrap import Application, start_unattended
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.report_round import announce, write_report

FORMS = (".docx", ".md", ".html", ".json")


@flow(name="Báo cáo", flow_run_name="Báo cáo {period}")
def report_round(period: str = "", as_of: date | None = None) -> State[Any]:
    """Viết báo cáo của một kỳ ra Word, Markdown, HTML, JSON và báo cho lãnh đạo Sở.

    Args:
        period: Kỳ báo cáo, ví dụ 2019-H1; để trống là nửa năm có ngày hôm nay.
        as_of: Ngày chốt số liệu; để trống là ngày chốt của kỳ, hoặc hôm nay nếu chưa tới.
    """
    app = start_unattended()
    period = period or half_year_of(app.clock.today())
    written = app.run(write_report, period, as_of, report_paths(app, period))
    app.run(announce, written)
    markdown = next(path for path in written.paths if path.suffix == ".md")
    create_markdown_artifact(
        key=f"bao-cao-{vietnamese.slug(period)}",
        markdown=markdown.read_text(encoding="utf-8"),
        description=f"Báo cáo {written.period.label}",
    )
    names = ", ".join(path.name for path in written.paths)
    return Completed(message=f"Đã viết {names} vào {markdown.parent}.")


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

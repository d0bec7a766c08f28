"""`khcn what-if | reproject | forecast`: dates that would move, do move, or come."""

from collections.abc import Sequence
from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json, print_table
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.rules import Rulebook
from khcn_workflow.notices import Move
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_draft
from khcn_workflow.services.forecast import forecast
from khcn_workflow.services.reprojection import draft_rulebook, reproject, what_if

existing = click.Path(path_type=Path, exists=True)


@click.command("what-if")
@click.option("--rulebook", type=existing, help="Tệp bộ quy định nháp (.toml).")
@click.option("--for", "replaces", default="", help="Bộ quy định mà bản nháp thay.")
@click.option("--calendar", type=existing, help="Thư mục, hoặc tệp .toml, lịch nháp.")
@json_option
def what_if_command(
    rulebook: Path | None, replaces: str, calendar: Path | None, as_json: bool
) -> None:
    """Thử bộ quy định hoặc lịch nháp, không ghi gì.

    In mọi thời hạn đang chạy sẽ đổi: từ ngày nào, đến ngày nào, vì sao.
    """
    if rulebook is None and calendar is None:
        raise click.UsageError("cần --rulebook hoặc --calendar")
    app = start()
    draft = load_draft(rulebook, app.settings.rulebooks) if rulebook else None
    overlays = [folder for folder in (app.settings.overlays, calendar) if folder]
    other = load_calendar(overlays) if calendar else None

    def try_out(context: Context) -> list[Move]:
        return what_if(context, _drafts(context, draft, replaces), other)

    _print(app.ask(try_out), as_json, "sẽ đổi")


@click.command("reproject")
@json_option
def reproject_command(as_json: bool) -> None:
    """Tính lại thời hạn sau khi lịch, bộ quy định đổi.

    Hạn cũ vẫn được lưu; chuyên viên được báo một thư; chạy lại không làm gì thêm.
    """
    done = start().run(reproject)
    if as_json:
        print_json(done)
        return
    _print(done.moves, False, "đã đổi")
    if done.moves:
        click.echo(f"Sổ cái dòng {done.ledger_row}; {done.messages} thư báo chuyên viên.")


@click.command("forecast")
@click.option("--months", type=int, default=3, show_default=True, help="Số tháng tới.")
@json_option
def forecast_command(months: int, as_json: bool) -> None:
    """Dự báo bước đến hạn trong những tháng tới.

    Nếu không có gì chuyển, và theo nhịp làm việc của Sở ở chính bước đó.
    """
    lines = start().ask(forecast, months)
    if as_json:
        print_json(lines)
        return
    print_table(
        ["Hạn", "Mã", "Bước", "Quá hạn", "Dự kiến xong", "Chậm (ngày làm việc)"],
        [
            (
                line.due_on,
                line.task_code,
                line.step,
                "quá hạn" if line.is_overdue else "",
                line.expected_on or "chưa đủ số liệu",
                line.late_by or "",
            )
            for line in lines
        ],
    )
    late = sum(1 for line in lines if line.is_overdue)
    click.echo(
        f"\n{vietnamese.count(len(lines))} bước đến hạn trong {months} tháng, "
        f"{vietnamese.count(late)} đã quá hạn. Nhịp của Sở: trung vị các lần đã làm của bước đó."
    )


def _drafts(context: Context, draft: Rulebook | None, replaces: str) -> dict[str, Rulebook] | None:
    return dict(draft_rulebook(context, draft, replaces)) if draft else None


def _print(moves: Sequence[Move], as_json: bool, verb: str) -> None:
    if as_json:
        print_json(moves)
        return
    print_table(
        ["Mã", "Bước", "Từ", "Đến", "Vì sao"],
        [
            (m.task_code, m.title, m.before or "không có", m.after or "không có", m.reason)
            for m in moves
        ],
    )
    click.echo(f"\n{vietnamese.count(len(moves))} thời hạn {verb}.")

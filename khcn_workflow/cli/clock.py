"""`khcn suspend | resume | extend | terminate`: what stops, moves or ends a task's clocks."""

from datetime import date
from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.drafts import DraftedCommand
from khcn_workflow.cli.printing import DAY, json_option, print_json, print_moves
from khcn_workflow.cli.record import by_option, document_option, file_option, seen_option
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.documents import shown_document

reason_option = click.option("--reason", required=True, help="Lý do.")


@click.command("suspend", cls=DraftedCommand)
@click.argument("code")
@click.option("--on", type=DAY, required=True, help="Ngày đầu tiên không tính.")
@reason_option
@document_option
@file_option
@by_option
@seen_option
@json_option
def suspend_command(
    code: str,
    on: date,
    reason: str,
    document: str,
    file: Path | None,
    by: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Tạm dừng nhiệm vụ CODE: mọi thời hạn đứng lại."""
    _record(EntryKind.SUSPENDED, code, on, by, (document, file), seen, as_json, reason=reason)


@click.command("resume", cls=DraftedCommand)
@click.argument("code")
@click.option("--on", type=DAY, required=True, help="Ngày đầu tiên tính lại.")
@document_option
@file_option
@by_option
@seen_option
@json_option
def resume_command(
    code: str,
    on: date,
    document: str,
    file: Path | None,
    by: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Tiếp tục nhiệm vụ CODE sau tạm dừng: thời hạn chạy tiếp."""
    _record(EntryKind.RESUMED, code, on, by, (document, file), seen, as_json)


@click.command("extend", cls=DraftedCommand)
@click.argument("code")
@click.option("--until", "ends_on", type=DAY, required=True, help="Ngày kết thúc hợp đồng mới.")
@click.option("--asked", "asked_on", type=DAY, required=True, help="Ngày tổ chức đề nghị.")
@click.option("--on", type=DAY, required=True, help="Ngày quyết định gia hạn.")
@document_option
@file_option
@by_option
@seen_option
@json_option
def extend_command(
    code: str,
    ends_on: date,
    asked_on: date,
    on: date,
    document: str,
    file: Path | None,
    by: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Gia hạn hợp đồng của nhiệm vụ CODE.

    Trong giới hạn của bộ quy định: xin trước bao lâu, mấy lần, dài nhất bao nhiêu.
    """
    _record(
        EntryKind.EXTENDED,
        code,
        on,
        by,
        (document, file),
        seen,
        as_json,
        ends_on=ends_on,
        asked_on=asked_on,
    )


@click.command("terminate", cls=DraftedCommand)
@click.argument("code")
@click.option("--on", type=DAY, required=True, help="Ngày quyết định chấm dứt.")
@reason_option
@document_option
@file_option
@by_option
@seen_option
@json_option
def terminate_command(
    code: str,
    on: date,
    reason: str,
    document: str,
    file: Path | None,
    by: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Chấm dứt thực hiện nhiệm vụ CODE."""
    _record(EntryKind.TERMINATED, code, on, by, (document, file), seen, as_json, reason=reason)


def _record(
    kind: EntryKind,
    code: str,
    on: date,
    by: str,
    paper: tuple[str, Path | None],
    seen: int | None,
    as_json: bool,
    *,
    reason: str = "",
    ends_on: date | None = None,
    asked_on: date | None = None,
) -> None:
    app = start()
    event = ClockEvent(
        kind=kind,
        task_code=code,
        on=on,
        actor=by,
        reason=reason,
        document=shown_document(app.settings, *paper),
        ends_on=ends_on,
        asked_on=asked_on,
        seen=seen,
    )
    moved = app.run(record_clock_event, event)
    if as_json:
        print_json(moved)
        return
    click.echo(f"Đã ghi: {code} – {kind.label}.")
    print_moves(moved)

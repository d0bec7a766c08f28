"""`khcn suspend | resume | extend | terminate`: what stops, moves or ends a task's clocks."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.drafts import DraftedCommand
from khcn_workflow.cli.printing import DAY, json_option, print_json, print_moves
from khcn_workflow.cli.record import by_option, document_option, file_option, seen_option
from khcn_workflow.domain.ledger import EntryKind
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.documents import shown_document


class Written(TypedDict):
    """What is asked of every event: the paper, who writes it down, what was looked at."""

    document: str
    file: Path | None
    by: str
    seen: int | None
    as_json: bool


def written_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of `Written`."""
    for option in (json_option, seen_option, by_option, file_option, document_option):
        command = option(command)
    return command


reason_option = click.option("--reason", required=True, help="Lý do.")


@click.command("suspend", cls=DraftedCommand)
@click.argument("code")
@click.option("--on", type=DAY, required=True, help="Ngày đầu tiên không tính.")
@reason_option
@written_options
def suspend_command(
    code: str,
    on: date,
    reason: str,
    **written: Unpack[Written],
) -> None:
    """Tạm dừng nhiệm vụ CODE: mọi thời hạn đứng lại."""
    _record(EntryKind.SUSPENDED, code, on, written, reason=reason)


@click.command("resume", cls=DraftedCommand)
@click.argument("code")
@click.option("--on", type=DAY, required=True, help="Ngày đầu tiên tính lại.")
@written_options
def resume_command(
    code: str,
    on: date,
    **written: Unpack[Written],
) -> None:
    """Tiếp tục nhiệm vụ CODE sau tạm dừng: thời hạn chạy tiếp."""
    _record(EntryKind.RESUMED, code, on, written)


@click.command("extend", cls=DraftedCommand)
@click.argument("code")
@click.option("--until", "ends_on", type=DAY, required=True, help="Ngày kết thúc hợp đồng mới.")
@click.option("--asked", "asked_on", type=DAY, required=True, help="Ngày tổ chức đề nghị.")
@click.option("--on", type=DAY, required=True, help="Ngày quyết định gia hạn.")
@written_options
def extend_command(
    code: str,
    ends_on: date,
    asked_on: date,
    on: date,
    **written: Unpack[Written],
) -> None:
    """Gia hạn hợp đồng của nhiệm vụ CODE.

    Trong giới hạn của bộ quy định: xin trước bao lâu, mấy lần, dài nhất bao nhiêu.
    """
    _record(
        EntryKind.EXTENDED,
        code,
        on,
        written,
        ends_on=ends_on,
        asked_on=asked_on,
    )


@click.command("terminate", cls=DraftedCommand)
@click.argument("code")
@click.option("--on", type=DAY, required=True, help="Ngày quyết định chấm dứt.")
@reason_option
@written_options
def terminate_command(
    code: str,
    on: date,
    reason: str,
    **written: Unpack[Written],
) -> None:
    """Chấm dứt thực hiện nhiệm vụ CODE."""
    _record(EntryKind.TERMINATED, code, on, written, reason=reason)


def _record(
    kind: EntryKind,
    code: str,
    on: date,
    written: Written,
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
        actor=written["by"],
        reason=reason,
        document=shown_document(app.settings, written["document"], written["file"]),
        ends_on=ends_on,
        asked_on=asked_on,
        seen=written["seen"],
    )
    moved = app.run(record_clock_event, event)
    if written["as_json"]:
        print_json(moved)
        return
    click.echo(f"Đã ghi: {code} – {kind.label}.")
    print_moves(moved)

"""Việc của cả Sở: import, what-if, freeze and verify, started by hand in the Prefect UI."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext

from flows.artifacts import publish
from flows.boards import table
from flows.choices import picked
from flows.desk import perform, prove
from flows.desk_forms import FreezeForm, ImportForm, WhatIfForm
from flows.links import board
from khcn_workflow.bootstrap import Application
from khcn_workflow.context import Context
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import MissingFieldError
from khcn_workflow.notices import Move
from khcn_workflow.regulations.calendars import load_calendar
from khcn_workflow.regulations.rulebook_reader import load_draft
from khcn_workflow.services.freezing import freeze
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.reprojection import draft_rulebook, what_if
from khcn_workflow.services.verification import verify_ledger

WHAT_IF = "thu-gia-dinh"
"""Key of the artifact that the last what-if wrote."""


@flow(name="Nhập sổ Excel", flow_run_name="Nhập sổ Excel")
def import_register(form: ImportForm) -> State[Any]:
    """Nhập một sổ Excel; có chỗ sai thì không nhập dòng nào và nói rõ mọi chỗ.

    Lượt chờ của các bước mới do lần đối soát kế tiếp tạo.
    """
    path, only_check, by = Path(form.path.strip()), form.only_check, picked(form.recorded_by)

    def deed(app: Application) -> str:
        if only_check:
            done = app.ask(import_file, path, by)
        else:
            prove(app, by, form.one_time_code, "")
            done = app.run(import_file, path, by)
        warnings = "".join(f"\nLưu ý: {warning}" for warning in done.warnings)
        return f"{'Sẽ ghi' if only_check else 'Đã ghi'} {done.written} dòng mới.{warnings}"

    return perform(deed, writes=not only_check)


@flow(name="Thử giả định", flow_run_name="Thử giả định")
def try_what_if(form: WhatIfForm) -> State[Any]:
    """Thử một bộ quy định hay lịch nháp: thời hạn nào sẽ đổi; không ghi gì."""

    def deed(app: Application) -> str:
        moves = app.ask(_what_if, form)
        with SyncClientContext.get_or_create() as connection:
            publish(connection.client, WHAT_IF, _moves(moves), "Thử giả định gần nhất")
        return f"{len(moves)} thời hạn sẽ đổi. Xem {board(WHAT_IF)}"

    return perform(deed, writes=False)


@flow(name="Chốt số liệu", flow_run_name="Chốt số liệu")
def freeze_report(form: FreezeForm) -> State[Any]:
    """Chốt số liệu một kỳ: bản chốt không đổi nữa, chữ ký băm nằm trong sổ cái."""

    def deed(app: Application) -> str:
        by = picked(form.recorded_by)
        prove(app, by, form.one_time_code, "")
        frozen = app.run(freeze, form.period.strip(), form.as_of, by)
        return f"Đã chốt {frozen.id}, số liệu đến {vietnamese.day(frozen.as_of)}."

    return perform(deed)


@flow(name="Kiểm tra sổ", flow_run_name="Kiểm tra sổ")
def verify_books() -> State[Any]:
    """Kiểm tra chuỗi mã băm của sổ cái, bảng tiến độ và các bản chốt."""

    def deed(app: Application) -> str:
        verified = app.ask(verify_ledger)
        return (
            f"Sổ cái toàn vẹn: {verified.rows} dòng, {verified.tasks} nhiệm vụ, "
            f"{verified.snapshots} bản chốt. Mã băm dòng cuối: {verified.head}"
        )

    return perform(deed, writes=False)


def _what_if(context: Context, form: WhatIfForm) -> list[Move]:
    rulebook, calendar = (Path(text.strip()) for text in (form.rulebook, form.calendar))
    if not form.rulebook.strip() and not form.calendar.strip():
        raise MissingFieldError("Thử giả định", "Bộ quy định nháp hoặc Lịch nháp")
    drafts = None
    if form.rulebook.strip():
        draft = load_draft(rulebook, context.settings.rulebooks)
        drafts = dict(draft_rulebook(context, draft, form.replaces.strip()))
    overlays = [folder for folder in (context.settings.overlays, calendar) if folder]
    return what_if(context, drafts, load_calendar(overlays) if form.calendar.strip() else None)


def _moves(moves: Sequence[Move]) -> str:
    rows = [
        (
            move.task_code,
            move.title,
            vietnamese.day(move.before) if move.before else "không có",
            vietnamese.day(move.after) if move.after else "không có",
            move.reason,
        )
        for move in moves
    ]
    return f"# Thử giả định\n\n{table(['Nhiệm vụ', 'Bước', 'Từ', 'Đến', 'Vì sao'], rows)}"

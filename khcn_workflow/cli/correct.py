"""`khcn correct`: a row that stands in the place of an earlier one."""

from datetime import date

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.drafts import DraftedCommand
from khcn_workflow.cli.printing import DAY, json_option, print_json, print_moves
from khcn_workflow.cli.record import (
    by_option,
    day_off_option,
    field_option,
    read_field_options,
    seen_option,
)
from khcn_workflow.domain.ledger import Document
from khcn_workflow.services.correcting import Correction, correct


@click.command("correct", cls=DraftedCommand)
@click.argument("seq", type=int)
@click.option("--reason", required=True, help="Vì sao sửa.")
@click.option("--annul", is_flag=True, help="Hủy dòng ghi nhầm.")
@click.option("--outcome", help="Kết quả đúng.")
@click.option("--on", type=DAY, help="Ngày đúng trên văn bản.")
@click.option("--document", help="Số, ký hiệu văn bản đúng.")
@click.option("--cause", help="Nguyên nhân chậm đúng.")
@click.option("--commit", "commitment", type=DAY, help="Ngày cam kết đúng.")
@click.option("--note", help="Ghi chú đúng (của tạm dừng, chấm dứt: lý do).")
@field_option
@day_off_option
@by_option
@seen_option
@json_option
def correct_command(
    seq: int,
    reason: str,
    annul: bool,
    outcome: str | None,
    on: date | None,
    document: str | None,
    cause: str | None,
    commitment: date | None,
    note: str | None,
    fields: tuple[str, ...],
    day_off: bool,
    by: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Sửa dòng số SEQ của sổ cái bằng một dòng mới.

    Chỉ ghi điều cần sửa, phần còn lại giữ như cũ; --annul hủy dòng ghi nhầm. Dòng cũ vẫn
    còn trong sổ. Số dòng xem bằng: khcn show MÃ.
    """
    app = start()
    corrected = app.run(
        correct,
        Correction(
            seq=seq,
            reason=reason,
            actor=by,
            annuls=annul,
            outcome=outcome,
            on=on,
            document=None if document is None else Document(document),
            cause=cause,
            commitment=commitment,
            note=note,
            fields=read_field_options(fields),
            day_off_confirmed=day_off,
            seen=seen,
        ),
    )
    if as_json:
        print_json(corrected)
        return
    click.echo(f"Đã ghi dòng {corrected.seq}: {corrected.task_code} – {corrected.what}.")
    for title in corrected.gone:
        click.echo(f"  Không còn chờ: {title}.")
    for title in corrected.opened:
        click.echo(f"  Chờ kết quả: {title}.")
    print_moves(corrected.moved)

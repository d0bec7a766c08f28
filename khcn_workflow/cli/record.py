"""`khcn record`, `khcn delay`: a result of a step, or why it is late."""

from datetime import date
from pathlib import Path

import click

from khcn_workflow.bootstrap import Application, start
from khcn_workflow.cli.drafts import DraftedCommand
from khcn_workflow.cli.printing import DAY, json_option, print_json
from khcn_workflow.context import Context
from khcn_workflow.domain.deadlines import sentence
from khcn_workflow.domain.errors import FieldValueError
from khcn_workflow.domain.minutes import EXAMPLE
from khcn_workflow.services.documents import shown_document
from khcn_workflow.services.recording import (
    Answer,
    Explanation,
    Recorded,
    record_delay,
    record_outcome,
)

by_option = click.option(
    "--by", default="", help="Mã người ghi (mặc định: tài khoản máy, khi chưa đặt thì KHCN_ACTOR)."
)
document_option = click.option("--document", default="", help="Số, ký hiệu văn bản.")
file_option = click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    help="Tệp của văn bản: được chép vào KHCN_HOME và giữ cùng mã băm trong sổ cái.",
)
note_option = click.option("--note", default="", help="Ghi chú.")
seen_option = click.option(
    "--seen", type=int, help="Phiên bản đã xem (khcn show); có người ghi thêm thì từ chối."
)
day_off_option = click.option(
    "--day-off", is_flag=True, help="Xác nhận văn bản đúng ghi ngày nghỉ."
)
field_option = click.option(
    "--field", "fields", multiple=True, help="Dữ kiện riêng của bước, dạng tên=giá trị."
)


@click.command("record", cls=DraftedCommand)
@click.argument("code")
@click.argument("step")
@click.argument("outcome")
@click.option("--on", type=DAY, required=True, help="Ngày trên văn bản.")
@document_option
@file_option
@by_option
@click.option("--cause", default="", help="Nguyên nhân chậm: mã trong bộ quy định, hoặc lời.")
@note_option
@field_option
@click.option("--member", "minutes", multiple=True, help=f"Thành viên hội đồng: {EXAMPLE!r}.")
@click.option("--scale", default="", help="Thang điểm, nếu hội đồng có nhiều thang.")
@day_off_option
@seen_option
@json_option
def record_command(
    code: str,
    step: str,
    outcome: str,
    on: date,
    document: str,
    file: Path | None,
    by: str,
    cause: str,
    note: str,
    fields: tuple[str, ...],
    minutes: tuple[str, ...],
    scale: str,
    day_off: bool,
    seen: int | None,
    as_json: bool,
) -> None:
    """Ghi kết quả OUTCOME của bước STEP thuộc nhiệm vụ CODE."""
    app = start()
    answer = Answer(
        task_code=code,
        step=step,
        outcome=outcome,
        on=on,
        actor=by,
        document=shown_document(app.settings, document, file),
        cause=cause,
        note=note,
        fields=read_field_options(fields),
        minutes=minutes,
        scale=scale,
        day_off_confirmed=day_off,
        seen=seen,
    )
    _print(app, app.run(record_outcome, answer), as_json)


@click.command("delay", cls=DraftedCommand)
@click.argument("code")
@click.argument("step")
@click.option("--cause", required=True, help="Nguyên nhân: mã trong bộ quy định, hoặc lời.")
@click.option("--commit", "commitment", type=DAY, help="Ngày cam kết hoàn thành.")
@click.option("--on", type=DAY, help="Ngày giải trình (mặc định hôm nay).")
@document_option
@file_option
@by_option
@note_option
@seen_option
@json_option
def delay_command(
    code: str,
    step: str,
    cause: str,
    commitment: date | None,
    on: date | None,
    document: str,
    file: Path | None,
    by: str,
    note: str,
    seen: int | None,
    as_json: bool,
) -> None:
    """Giải trình vì sao bước STEP của nhiệm vụ CODE chậm.

    Bước vẫn chờ kết quả; nguyên nhân và cam kết đi vào phần tồn tại, hạn chế của báo cáo.
    """
    app = start()
    recorded = app.run(
        record_delay,
        Explanation(
            task_code=code,
            step=step,
            on=on or app.clock.today(),
            actor=by,
            cause=cause,
            commitment=commitment,
            document=shown_document(app.settings, document, file),
            note=note,
            seen=seen,
        ),
    )
    _print(app, recorded, as_json)


def read_field_options(texts: tuple[str, ...]) -> dict[str, str]:
    """The values of `--field name=value`, by name.

    Raises:
        FieldValueError: One has no equals sign.
    """
    return dict(map(_field, texts))


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise FieldValueError("--field", text, "dạng tên=giá trị, ví dụ ends_on=31/12/2020")
    return name.strip(), value.strip()


def _print(app: Application, recorded: Recorded, as_json: bool) -> None:
    if as_json:
        print_json(recorded)
        return
    code = recorded.progress.task.code
    click.echo(f"Đã ghi: {code} – {recorded.step_title}: {recorded.outcome_title}.")
    if recorded.progress.ending:
        click.echo(f"Nhiệm vụ đã kết thúc: {recorded.progress.ending}.")
    for line in app.ask(_next_lines, recorded):
        click.echo(line)


def _next_lines(context: Context, recorded: Recorded) -> list[str]:
    lines = []
    for owed in recorded.opened:
        deadline = context.deadline(recorded.progress, owed)
        title = context.rulebook(recorded.progress).step(owed.step).title
        due = sentence(deadline, context.calendar) if deadline else "Không có thời hạn"
        lines.append(f"Bước tiếp theo: {title}. {due}.")
    return lines

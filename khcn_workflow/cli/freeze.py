"""`khcn freeze`, `khcn diff-freeze`: reports kept as they were handed over."""

from datetime import date

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import DAY, json_option, print_json, print_table
from khcn_workflow.clock import told_time
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.anchors import Occasion
from khcn_workflow.services.freezing import (
    Drift,
    Frozen,
    compare_frozen,
    freeze,
    list_frozen,
)


@click.command("freeze")
@click.argument("period", required=False)
@click.option("--as-of", type=DAY, help="Ngày chốt số liệu (mặc định: ngày chốt của kỳ).")
@click.option("--list", "as_list", is_flag=True, help="Xem các bản đã chốt.")
@json_option
def freeze_command(period: str | None, as_of: date | None, as_list: bool, as_json: bool) -> None:
    """Chốt báo cáo của kỳ PERIOD như lúc này.

    Số liệu và văn bản được giữ nguyên từng byte, dù sổ có thêm điều mới.
    """
    if as_list:
        _print_list(start().ask(list_frozen), as_json)
        return
    if period is None:
        raise click.UsageError("Cần ghi kỳ báo cáo, ví dụ: khcn freeze 2019-H1; hoặc --list.")
    app = start()
    frozen = app.run(freeze, period, as_of)
    app.note_head(Occasion.FREEZE)
    if as_json:
        print_json(frozen)
        return
    click.echo(f"Đã chốt {frozen.id}: số liệu đến {vietnamese.day(frozen.as_of)}.")
    click.echo(f"Xuất lại: khcn report --frozen {frozen.id} --out bao-cao.docx")


@click.command("diff-freeze")
@click.argument("before")
@click.argument("after", required=False, default="")
@json_option
def diff_freeze_command(before: str, after: str, as_json: bool) -> None:
    """Số liệu nào đổi, điều gì vào sổ muộn.

    Từ bản chốt BEFORE đến bản AFTER, hoặc đến nay.
    """
    drift = start().ask(compare_frozen, before, after)
    if as_json:
        print_json(drift)
        return
    _print_drift(drift)


def _print_list(frozen: list[Frozen], as_json: bool) -> None:
    if as_json:
        print_json(frozen)
        return
    print_table(
        ["Bản chốt", "Kỳ", "Số liệu đến", "Chốt lúc", "Bộ quy định", "Lịch"],
        [
            (f.id, f.period, f.as_of, told_time(f.known_at), ", ".join(f.rulebooks), f.calendar)
            for f in frozen
        ],
    )
    click.echo(f"\n{vietnamese.count(len(frozen))} bản chốt.")


def _print_drift(drift: Drift) -> None:
    until = f"đến bản {drift.after}" if drift.after else "đến nay"
    click.echo(f"Từ bản chốt {drift.before} {until}:")
    changed, late = len(drift.figures), len(drift.late)
    click.echo(f"\n{vietnamese.count(changed)} số liệu đổi.")
    for figure in drift.figures:
        click.echo(
            f"  {figure.title}: {figure.before or 'chưa có'} → {figure.after or 'không còn'}"
        )
        for sign, codes in (("+", figure.came), ("-", figure.went)):
            if codes:
                click.echo(f"    {sign} {', '.join(codes)}")
    click.echo(f"\n{vietnamese.count(late)} điều vào sổ muộn (thuộc kỳ chốt, ghi sau khi chốt).")
    if drift.late:
        print_table(
            ["Dòng", "Ghi lúc", "Ngày", "Mã", "Điều đã ghi", "Văn bản", "Người ghi"],
            [
                (f.seq, told_time(f.recorded_at), f.on, f.subject, f.what, f.document, f.actor)
                for f in drift.late
            ],
        )

"""`khcn report`: the report of a period, as of a day."""

from datetime import date, datetime
from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import DAY, json_option, known_at_option, print_json
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.report_round import write_report


@click.command("report")
@click.argument("period")
@click.option("--as-of", type=DAY, help="Ngày chốt số liệu (mặc định: ngày chốt của kỳ).")
@known_at_option
@click.option(
    "--out",
    "paths",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Tệp .docx, .md, .html hoặc .json; ghi nhiều lần để có nhiều tệp.",
)
@json_option
def report_command(
    period: str,
    as_of: date | None,
    known_at: datetime | None,
    paths: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Viết báo cáo của kỳ PERIOD, ví dụ 2019-H1."""
    written = start().ask(write_report, period, as_of, paths, known_at)
    if as_json:
        print_json({"period": written.period.id, "as_of": written.as_of, "paths": written.paths})
        return
    click.echo(f"Báo cáo {written.period.label}, số liệu đến {vietnamese.day(written.as_of)}:")
    for path in written.paths:
        click.echo(f"  {path}")

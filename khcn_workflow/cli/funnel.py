"""`khcn funnel`: how much waits in each stage."""

from datetime import date, datetime

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import (
    as_of_option,
    json_option,
    known_at_option,
    print_json,
    print_table,
)
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.funnel import funnel


@click.command("funnel")
@as_of_option
@known_at_option
@json_option
def funnel_command(as_of: date | None, known_at: datetime | None, as_json: bool) -> None:
    """Phễu giai đoạn: số bước đang chờ, quá hạn, chờ lâu nhất."""
    stages = start().ask(funnel, as_of, known_at)
    if as_json:
        print_json(stages)
        return
    print_table(
        ["Giai đoạn", "Đang chờ", "Quá hạn", "Chờ từ"],
        ((s.title, s.open or "", s.overdue or "", s.oldest) for s in stages),
    )
    waiting = sum(s.open for s in stages)
    late = sum(s.overdue for s in stages)
    click.echo(f"\n{vietnamese.count(waiting)} bước đang chờ, {vietnamese.count(late)} quá hạn.")

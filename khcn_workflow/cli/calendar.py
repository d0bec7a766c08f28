"""`khcn calendar`: working days, with the reason of each day that is skipped."""

from datetime import date

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import DAY, json_option, print_json
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.calendar import Day
from khcn_workflow.domain.deadlines import derive, sentence
from khcn_workflow.domain.rules import Direction, Force, TimeLimit, Unit


@click.group("calendar", subcommand_metavar="LỆNH [THAM SỐ]...")
def calendar_command() -> None:
    """Lịch làm việc: cộng ngày làm việc, ngày, tháng theo Bộ luật Dân sự 2015."""


@calendar_command.command("add", options_metavar="[LỰA CHỌN]")
@click.argument("start_on", metavar="DATE", type=DAY)
@click.argument("amount", metavar="N", type=int)
@click.option(
    "--unit",
    type=click.Choice([unit.value for unit in Unit]),
    default=Unit.WORKING_DAYS.value,
    show_default=True,
    help="Đơn vị: ngày làm việc, ngày, tháng.",
)
@click.option("--explain", is_flag=True, help="In từng ngày: được tính, hay bỏ qua vì sao.")
@json_option
def add(start_on: date, amount: int, unit: str, explain: bool, as_json: bool) -> None:
    """Ngày đến hạn của N đơn vị tính từ DATE (N âm: ít nhất N đơn vị trước DATE)."""
    calendar = start().calendar
    side = Direction.AFTER if amount >= 0 else Direction.BEFORE
    limit = TimeLimit("", abs(amount), Unit(unit), "opened", Force.INTERNAL, "", direction=side)
    deadline = derive(limit, start_on, calendar)
    first, last = sorted((start_on, deadline.due_on))
    days = list(calendar.days_between(first, last))
    if as_json:
        shown = days if explain else []
        print_json({"due_on": deadline.due_on, "raw_on": deadline.raw_on, "days": shown})
        return
    click.echo(f"{sentence(deadline, calendar)}.")
    if explain:
        _explain(days, Unit(unit))


def _explain(days: list[Day], unit: Unit) -> None:
    counted = 0
    for day in days:
        counts = day.is_working or unit is not Unit.WORKING_DAYS
        counted += counts
        mark = f"{counted:>3}" if counts else "  –"
        why = f"  {day.reason or day.kind.label}" if not day.is_working or day.reason else ""
        source = f" [{day.source}]" if day.source and why else ""
        click.echo(f"{mark}  {vietnamese.weekday(day.on):<9} {vietnamese.day(day.on)}{why}{source}")

"""`khcn calendar`: terms with the reason of each skipped day, the days off, and what is unsure."""

from datetime import MAXYEAR, MINYEAR, date

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import DAY, json_option, print_json, print_proof, print_table
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.calendar import Day, DayKind
from khcn_workflow.domain.deadlines import derive, proof, sentence
from khcn_workflow.domain.rules import Direction, Force, TimeLimit, Unit
from khcn_workflow.services.calendar_check import CalendarCheck, check_calendar, show_year

OPTIONS = "[LỰA CHỌN]"


@click.group("calendar", subcommand_metavar="LỆNH [THAM SỐ]...")
def calendar_command() -> None:
    """Lịch làm việc: tính hạn, ngày nghỉ, nguồn."""


@calendar_command.command(
    "add",
    options_metavar=OPTIONS,
    context_settings={"ignore_unknown_options": True},  # -5 is a number of days, no option
)
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
    limit = TimeLimit("", abs(amount), Unit(unit), "opened", Force.STATUTORY, "", direction=side)
    deadline = derive(limit, start_on, calendar)
    days = list(proof(deadline, calendar)) if explain else []
    if as_json:
        print_json({"due_on": deadline.due_on, "raw_on": deadline.raw_on, "days": days})
        return
    click.echo(f"{sentence(deadline, calendar)}.")
    print_proof(days)


@calendar_command.command("show", options_metavar=OPTIONS)
@click.argument("year", metavar="YEAR", type=click.IntRange(MINYEAR, MAXYEAR))
@json_option
def show(year: int, as_json: bool) -> None:
    """Ngày nghỉ và ngày làm bù của năm YEAR, mỗi ngày một nguồn."""
    shown = show_year(start().calendar, year)
    if as_json:
        print_json(shown)
        return
    print_table(
        ["Ngày", "Thứ", "Loại", "Lý do", "Nguồn"],
        [_cells(day) for day in shown.days],
    )
    made_up = sum(day.kind is DayKind.SWAPPED_IN for day in shown.days)
    click.echo(
        f"\nNăm {year}: {shown.working_days} ngày làm việc, trong đó "
        f"{vietnamese.count(made_up)} ngày làm bù. Lịch nghỉ {_status(shown.official)}."
    )


@calendar_command.command("check", options_metavar=OPTIONS)
@json_option
def check(as_json: bool) -> None:
    """Soát lịch: khác thư viện ở đâu, năm nào dự kiến, ngày hoán đổi nào thiếu số văn bản."""
    found = check_calendar(start().settings)
    if as_json:
        print_json(found)
        return
    click.echo(
        f"Lịch làm việc từ {vietnamese.day(found.first)} đến {vietnamese.day(found.last)}, "
        f"phiên bản {found.version}. Đã công bố đến {vietnamese.day(found.official_until)}; "
        "hạn dựa vào ngày sau đó là dự kiến."
    )
    _print_differences(found)
    _print_years(found)
    _print_swaps(found)


def _print_differences(found: CalendarCheck) -> None:
    click.echo(f"\nKhác thư viện holidays: {vietnamese.count(len(found.differences))} ngày.")
    rows = [
        (
            each.on,
            vietnamese.weekday(each.on),
            each.base.reason or each.base.kind.label,
            each.ours.reason,
            each.document or "chưa có số",
            "thay đổi" if each.moves_terms else "không đổi",
        )
        for each in found.differences
    ]
    if rows:
        print_table(["Ngày", "Thứ", "Thư viện", "Đã công bố", "Số văn bản", "Tính hạn"], rows)


def _print_years(found: CalendarCheck) -> None:
    click.echo("\nCác năm có tệp lịch:")
    rows = [
        (
            year.year,
            _status(year.official),
            year.working_days,
            ", ".join(f"{way} {number}" for way, number in year.confidences.items()),
        )
        for year in found.years
    ]
    print_table(["Năm", "Lịch nghỉ", "Ngày làm việc", "Số ngày ghi, theo độ tin cậy"], rows)
    click.echo(
        "SEEN đã đọc văn bản; SEC nguồn thứ cấp; MEM theo trí nhớ; NF chưa tìm được. "
        "Năm không có tệp: ngày nghỉ suy ra từ luật."
    )


def _print_swaps(found: CalendarCheck) -> None:
    days = found.unnumbered_swaps
    click.echo(f"\nNgày hoán đổi chưa có số văn bản: {vietnamese.count(len(days))} ngày.")
    if days:
        print_table(["Ngày", "Thứ", "Loại", "Lý do", "Nguồn"], [_cells(day) for day in days])


def _cells(day: Day) -> tuple[date, str, str, str, str]:
    return day.on, vietnamese.weekday(day.on), day.kind.label, day.reason, day.source


def _status(official: bool) -> str:
    return "đã công bố" if official else "dự kiến (chưa công bố)"

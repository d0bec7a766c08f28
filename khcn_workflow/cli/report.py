"""`khcn report`: the report of a period, as of a day."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import DAY, json_option, known_at_option, print_json, print_table
from khcn_workflow.domain import vietnamese
from khcn_workflow.reports.period import with_cut_off
from khcn_workflow.services.freezing import write_frozen
from khcn_workflow.services.report_numbers import list_numbers, number_table
from khcn_workflow.services.report_round import write_report


@click.command("report")
@click.argument("period", required=False)
@click.option("--as-of", type=DAY, help="Ngày chốt số liệu (mặc định: ngày chốt của kỳ).")
@click.option("--cut-off", type=DAY, help="Ngày cuối kỳ, nếu khác ngày 14 của NĐ 09/2019/NĐ-CP.")
@click.option("--compare", "compared", is_flag=True, help="So với cùng kỳ năm trước.")
@known_at_option
@click.option("--frozen", metavar="ID", help="Xuất lại bản đã chốt (khcn freeze), đúng từng byte.")
@click.option(
    "--out",
    "paths",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Tệp .docx, .pdf, .md, .html, .json, .xlsx; ghi nhiều lần để có nhiều tệp.",
)
@click.option(
    "--number",
    "numbers",
    multiple=True,
    metavar="ID",
    help="Liệt kê đúng các dòng sau một con số (mã, hoặc 1-55); «all» in cả bảng.",
)
@click.option("--pdf", is_flag=True, help="Thêm một PDF cạnh mỗi tệp .docx (cần LibreOffice).")
@json_option
def report_command(
    period: str | None,
    as_of: date | None,
    cut_off: date | None,
    compared: bool,
    known_at: datetime | None,
    frozen: str | None,
    paths: tuple[Path, ...],
    numbers: tuple[str, ...],
    pdf: bool,
    as_json: bool,
) -> None:
    """Viết báo cáo của kỳ PERIOD, ví dụ 2019-H1.

    Các kỳ: 2019-06, 2019-Q2, 2019-H1, 2019-9M, 2019, 2019-03-01..2019-05-20.
    Hoặc tra các dòng đứng sau một con số của báo cáo (--number).
    """
    if bool(paths) == bool(numbers):
        raise click.UsageError("Cần ghi --out TỆP để viết báo cáo, hoặc --number ID để tra số.")
    if pdf:
        paths += tuple(path.with_suffix(".pdf") for path in paths if path.suffix == ".docx")
    if frozen is not None:
        if period or as_of or cut_off or compared or known_at or numbers:
            raise click.UsageError("Bản đã chốt có sẵn kỳ và ngày; chỉ ghi --frozen ID và --out.")
        _write_frozen(frozen, paths, as_json)
        return
    if period is None:
        raise click.UsageError("Cần ghi kỳ báo cáo, ví dụ 2019-H1, hoặc --frozen ID.")
    period = with_cut_off(period, cut_off) if cut_off else period
    if numbers:
        _print_numbers(period, numbers, as_of, known_at, as_json=as_json)
        return
    written = start().ask(write_report, period, as_of, paths, known_at, compared=compared)
    if as_json:
        print_json({"period": written.period.id, "as_of": written.as_of, "paths": written.paths})
        return
    click.echo(f"Báo cáo {written.period.label}, số liệu đến {vietnamese.day(written.as_of)}:")
    for path in written.paths:
        click.echo(f"  {path}")
    stale = [applied.edit.section for applied in written.report.edits if applied.is_stale]
    if stale:
        click.echo(
            f"Lời tự sinh của mục {', '.join(stale)} đã đổi từ khi được sửa; so hai lời bằng: "
            f"khcn edit-report {written.period.id}"
        )


def _print_numbers(
    period: str,
    asked: tuple[str, ...],
    as_of: date | None,
    known_at: datetime | None,
    *,
    as_json: bool,
) -> None:
    if "all" in asked:
        lines = start().ask(number_table, period, as_of, known_at)
        if as_json:
            print_json([asdict(line) for line in lines])
            return
        print_table(
            ["TT", "Nội dung", "Số", "Mã"],
            [(x.row.number, x.row.title, ", ".join(x.texts), ", ".join(x.row.figures))
             for x in lines],
        )  # fmt: skip
        return
    found = start().ask(list_numbers, period, asked, as_of, known_at)
    if as_json:
        print_json(found)
        return
    for number in found:
        click.echo(f"{number.title} [{number.id}]: {number.text}")
        if number.rows:
            head = ["Mã", "Số lượng", "Tên", "Chi tiết"]
            print_table(head, [(r.code, r.amount, r.title, r.detail) for r in number.rows])
        click.echo("")


def _write_frozen(snapshot_id: str, paths: tuple[Path, ...], as_json: bool) -> None:
    frozen = start().ask(write_frozen, snapshot_id, paths)
    if as_json:
        print_json({"period": frozen.period, "as_of": frozen.as_of, "paths": paths})
        return
    click.echo(f"Bản chốt {frozen.id}, số liệu đến {vietnamese.day(frozen.as_of)}:")
    for path in paths:
        click.echo(f"  {path}")

"""`khcn register`, `khcn import`, `khcn export`: tasks into the ledger, and out of it."""

from datetime import date
from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import DAY, json_option, print_json
from khcn_workflow.cli.record import by_option
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.science_task import Kind, Level, ScienceTask, Source
from khcn_workflow.register.money import read_money
from khcn_workflow.register.vocabulary import read_kind, read_level, read_source
from khcn_workflow.services.register_export import export_file
from khcn_workflow.services.register_import import import_file
from khcn_workflow.services.registering import NewTask, register_task


@click.command("register")
@click.argument("code")
@click.option("--title", required=True, help="Tên nhiệm vụ.")
@click.option("--officer", required=True, help="Mã chuyên viên phụ trách.")
@click.option("--on", type=DAY, required=True, help="Ngày trên văn bản đưa nhiệm vụ vào sổ.")
@click.option("--level", default=Level.PROVINCIAL.label, show_default=True, help="Cấp.")
@click.option("--kind", default=Kind.TOPIC.label, show_default=True, help="Loại hình.")
@click.option("--source", default=Source.ORDERED.label, show_default=True, help="Nguồn.")
@click.option("--year", type=int, help="Năm kế hoạch (mặc định năm của --on).")
@click.option("--host", default="", help="Tổ chức chủ trì.")
@click.option("--investigator", default="", help="Chủ nhiệm.")
@click.option("--budget", default="", help="Kinh phí, ví dụ «980 triệu».")
@click.option("--step", default="", help="Bước bắt đầu (mặc định bước đầu của bộ quy định).")
@click.option("--rulebook", default="", help="Bộ quy định (mặc định bộ đang có hiệu lực).")
@by_option
@json_option
def register_command(
    code: str,
    title: str,
    officer: str,
    on: date,
    level: str,
    kind: str,
    source: str,
    year: int | None,
    host: str,
    investigator: str,
    budget: str,
    step: str,
    rulebook: str,
    by: str,
    as_json: bool,
) -> None:
    """Vào sổ một nhiệm vụ mới mang mã CODE."""
    app = start()
    task = ScienceTask(
        code=code,
        title=title,
        level=read_level(level),
        kind=read_kind(kind),
        source=read_source(source),
        plan_year=year or on.year,
        host=host,
        principal_investigator=investigator,
        officer=officer,
        rulebook=rulebook,
        budget_vnd=read_money(budget) if budget else None,
    )
    progress = app.run(register_task, NewTask(task, on, by, step))
    if as_json:
        print_json(progress)
        return
    rules = app.ask(lambda context: context.rulebook(progress))
    (owed,) = progress.rounds
    click.echo(
        f"Đã vào sổ: {code} – {progress.task.title} ({rules.title}); "
        f"đang chờ: {rules.step(owed.step).title}."
    )


@click.command("import")
@click.argument("files", metavar="FILE.xlsx...", nargs=-1, required=True, type=Path)
@click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra, không ghi gì.")
@json_option
def import_command(files: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Nhập sổ Excel vào sổ cái.

    Các trang: cán bộ, nhiệm vụ, kết quả bước, tạm dừng và gia hạn, hoạt động khác.

    Có chỗ sai thì không nhập dòng nào và in ra mọi chỗ cần sửa. Nhập lại cùng một tệp không
    ghi thêm gì.
    """
    app = start()
    for file in files:
        done = app.ask(import_file, file) if dry_run else app.run(import_file, file)
        if as_json:
            print_json(done)
            continue
        verb = "Sẽ nhập" if dry_run else "Đã nhập"
        counts = [
            (done.persons, "cán bộ"),
            (done.tasks, "nhiệm vụ"),
            (done.amended, "nhiệm vụ đổi thông tin"),
            (done.results, "kết quả bước"),
            (done.delays, "giải trình chậm"),
            (done.clocks, "lần tạm dừng, tiếp tục, gia hạn, chấm dứt"),
            (done.activities, "hoạt động khác"),
        ]
        new = ", ".join(f"{vietnamese.count(n)} {words}" for n, words in counts if n)
        click.echo(f"{verb} từ {done.file}: {new or 'không có gì mới'}.")
        for warning in done.warnings:
            click.echo(f"  Lưu ý: {warning}")


@click.command("export")
@click.argument("file", metavar="FILE.xlsx", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def export_command(file: Path, as_json: bool) -> None:
    """Xuất sổ ra Excel, nhập lại được.

    Nhập lại bằng khcn import ở nơi khác thì được sổ như cũ.
    """
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"Tên tệp «{file.name}» phải có đuôi .xlsx.")
    done = start().ask(export_file, file)
    if as_json:
        print_json(done)
        return
    counts = [
        (done.persons, "cán bộ"),
        (done.tasks, "nhiệm vụ"),
        (done.results, "kết quả bước"),
        (done.delays, "giải trình chậm"),
        (done.clocks, "lần tạm dừng, tiếp tục, gia hạn, chấm dứt"),
        (done.activities, "hoạt động khác"),
    ]
    click.echo(
        f"Đã xuất ra {file}: "
        + ", ".join(f"{vietnamese.count(n)} {words}" for n, words in counts)
        + "."
    )
    if done.left_out:
        click.echo(
            "  Lưu ý: sổ Excel không có cột cho thông tin riêng của bộ quy định khác; "
            f"còn thiếu ở: {', '.join(done.left_out)}."
        )

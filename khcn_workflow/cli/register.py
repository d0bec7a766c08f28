"""`khcn import`, `khcn export`: a workbook into the ledger, and the ledger into one."""

from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.register_export import export_file
from khcn_workflow.services.register_import import import_file


@click.command("import")
@click.argument("files", metavar="FILE.xlsx...", nargs=-1, required=True, type=Path)
@click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra, không ghi gì.")
@json_option
def import_command(files: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Nhập sổ Excel vào sổ cái.

    Các trang: cán bộ, nhiệm vụ, kết quả bước, hoạt động khác.

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
        (done.activities, "hoạt động khác"),
    ]
    click.echo(
        f"Đã xuất ra {file}: "
        + ", ".join(f"{vietnamese.count(n)} {words}" for n, words in counts)
        + "."
    )
    if done.left_out:
        click.echo(
            "  Lưu ý: sổ Excel không có cột cho tạm dừng, gia hạn, chấm dứt và thông tin riêng của "
            f"bộ quy định khác; còn thiếu ở: {', '.join(done.left_out)}."
        )

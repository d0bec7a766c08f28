"""`khcn backup`, `khcn restore`: the whole database in one file, and back."""

from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json
from khcn_workflow.services.backup import back_up, restore


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def backup_command(file: Path, as_json: bool) -> None:
    """Sao lưu vào một tệp FILE.zip, kể cả khi đang dùng."""
    app = start()
    backup = back_up(app.settings.database_url, file, app.clock.now())
    if as_json:
        print_json(backup)
        return
    click.echo(f"Đã sao lưu vào {file}: sổ cái {backup.rows} dòng.")
    click.echo(f"Mã băm dòng cuối: {backup.head}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Thay cơ sở dữ liệu đang có; tệp cũ giữ bên cạnh.")
@json_option
def restore_command(file: Path, replace: bool, as_json: bool) -> None:
    """Khôi phục từ bản sao lưu FILE.zip.

    Sổ cái bên trong được kiểm tra trước; bản hỏng bị từ chối.
    """
    app = start()
    restored = restore(app.settings.database_url, file, app.clock.now(), replace=replace)
    if as_json:
        print_json(restored)
        return
    click.echo(f"Đã khôi phục từ {file}: sổ cái {restored.backup.rows} dòng.")
    click.echo(f"Mã băm dòng cuối: {restored.backup.head}")
    if restored.kept:
        click.echo(f"Cơ sở dữ liệu cũ: {restored.kept}")

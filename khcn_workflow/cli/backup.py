"""`khcn backup`, `khcn restore`: the database and its documents in one file, and back."""

from pathlib import Path

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.anchors import Occasion
from khcn_workflow.services.backup import back_up, restore


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def backup_command(file: Path, as_json: bool) -> None:
    """Sao lưu vào một tệp FILE.zip, kể cả khi đang dùng.

    Gồm cơ sở dữ liệu (dạng SQLite, dù đang dùng PostgreSQL) và các tệp văn bản mà sổ cái nêu.
    """
    app = start()
    backup = back_up(app.settings, file, app.clock.now())
    app.note_head(Occasion.BACKUP, (backup.rows, backup.head))
    if as_json:
        print_json(backup)
        return
    papers = f"{vietnamese.count(backup.documents)} tệp văn bản"
    click.echo(f"Đã sao lưu vào {file}: sổ cái {backup.rows} dòng, {papers}.")
    if backup.missing:
        missing = vietnamese.count(backup.missing)
        click.echo(f"  Lưu ý: thiếu {missing} tệp văn bản mà sổ cái nêu; xem khcn verify.")
    click.echo(f"Mã băm dòng cuối: {backup.head}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Thay dữ liệu đang có; dữ liệu cũ giữ bên cạnh.")
@json_option
def restore_command(file: Path, replace: bool, as_json: bool) -> None:
    """Khôi phục từ bản sao lưu FILE.zip.

    Sổ cái bên trong được kiểm tra trước; bản hỏng bị từ chối. Nơi khôi phục là SQLite hay
    PostgreSQL đều được.
    """
    app = start()
    restored = restore(app.settings, file, app.clock.now(), replace=replace)
    app.note_head(Occasion.RESTORE, (restored.backup.rows, restored.backup.head))
    if as_json:
        print_json(restored)
        return
    made = restored.backup
    click.echo(f"Đã khôi phục từ {file}: sổ cái {made.rows} dòng.")
    click.echo(f"Mã băm dòng cuối: {restored.backup.head}")
    if restored.kept:
        click.echo(f"Cơ sở dữ liệu cũ: {restored.kept}")

"""`khcn move-to`: to PostgreSQL when one machine's file no longer suffices, or back."""

from dataclasses import replace

import click

from khcn_workflow.bootstrap import Application, start
from khcn_workflow.services.moving import move_everything
from khcn_workflow.services.verification import verify_ledger

TABLES = {
    "ledger": "dòng sổ cái",
    "science_task": "nhiệm vụ",
    "step_round": "lượt của bước",
    "deadline": "lần tính hạn",
    "person": "cán bộ",
    "activity": "hoạt động khác",
    "reminder": "lần nhắc",
    "outbox": "thư trong hộp thư đi",
}
"""The tables that people know, in the order of interest."""


@click.command("move-to")
@click.argument("url", metavar="ĐỊA_CHỈ")
def move_to_command(url: str) -> None:
    """Chuyển dữ liệu sang PostgreSQL, hoặc về SQLite.

    Cơ sở dữ liệu đích phải trống.

    ĐỊA_CHỈ: postgresql+psycopg://tài-khoản@máy-chủ/tên hoặc sqlite:///tệp.

    Mật khẩu nên để trong PGPASSWORD hoặc tệp ~/.pgpass để không hiện trong danh sách tiến trình.
    Hãy dừng các luồng trong lúc chuyển.
    """
    source = start()
    target = Application(replace(source.settings, database_url=url))
    moved = source.ask(move_everything, target, verify_ledger)
    for table, words in TABLES.items():
        click.echo(f"{moved.rows[table]:>8}  {words}")
    click.echo(f"Đã chuyển {sum(moved.rows.values())} dòng của {len(moved.rows)} bảng.")
    click.echo(f"Sổ cái ở nơi mới toàn vẹn, mã băm dòng cuối: {moved.proof.head}")
    click.echo("Từ nay hãy đặt KHCN_DATABASE_URL bằng địa chỉ ấy; dữ liệu ở nơi cũ còn nguyên.")

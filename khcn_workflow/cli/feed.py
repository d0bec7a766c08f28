"""`khcn feed`: a person's deadlines as a calendar file."""

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json, print_table
from khcn_workflow.cli.record import by_option
from khcn_workflow.clock import told_time
from khcn_workflow.services import feeds


@click.command("feed")
@click.argument("person", metavar="[MÃ]", default="")
@click.option("--revoke", is_flag=True, help="Thu hồi: đường dẫn cũ không dùng được nữa.")
@by_option
@json_option
def feed_command(person: str, revoke: bool, by: str, as_json: bool) -> None:
    """Lịch cá nhân (.ics) của MÃ: mọi hạn đang mở.

    Gồm hạn của mình và hạn được ủy quyền. Không ghi MÃ: xem ai đã có lịch.
    Tên tệp là bí mật: chỉ đưa cho chính người ấy.
    """
    app = start()
    if not person:
        if revoke:
            raise click.UsageError("Thu hồi lịch của ai? Viết: khcn feed MÃ --revoke")
        _list(feeds.feeds_now(app), as_json=as_json)
    elif revoke:
        feeds.revoke_feed(app, person, by)
        click.echo(f"Đã thu hồi lịch của {person}. Cấp lịch mới: khcn feed {person}")
    else:
        path = feeds.open_feed(app, person, by)
        if as_json:
            print_json({"person": person, "path": str(path)})
        else:
            click.echo(path)


def _list(lines: list[feeds.FeedLine], *, as_json: bool) -> None:
    if as_json:
        print_json(lines)
        return
    if not lines:
        click.echo("Chưa ai có lịch cá nhân. Cấp: khcn feed MÃ")
        return
    print_table(
        ["Mã", "Cán bộ", "Số hạn", "Cấp lúc", "Đổi lần cuối"],
        [
            (
                line.person,
                line.name,
                line.deadlines,
                told_time(line.made_at),
                told_time(line.changed_at) if line.changed_at else "không mở được, hãy cấp lại",
            )
            for line in lines
        ],
    )

"""`khcn sweep`, `khcn deliver`: reminders into the outbox, and out of it."""

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.printing import json_option, print_json
from khcn_workflow.domain import vietnamese
from khcn_workflow.services.deadline_sweep import sweep
from khcn_workflow.services.delivery import deliver_outbox, release
from khcn_workflow.services.digests import write_digests
from khcn_workflow.services.feeds import refresh_feeds

STATUS_WORDS = {
    "sent": "đã gửi",
    "pending": "chờ thử lại",
    "dead": "không gửi được",
    "cancelled": "không cần gửi nữa",
    "expired": "quá thời gian có ích",
    "parked": "chờ sửa kênh gửi",
    "unknown": "chưa rõ đã gửi hay chưa",
    "claimed": "đang gửi",
}


@click.command("sweep")
@json_option
def sweep_command(as_json: bool) -> None:
    """Quét hạn: viết lời nhắc cho hạn vừa tới mốc.

    Chạy lại không nhắc hai lần; bỏ quét vài ngày cũng không sót.
    """
    app = start()
    swept = app.run(sweep)
    refresh_feeds(app)
    if as_json:
        print_json(swept)
        return
    click.echo(
        f"Ngày {vietnamese.day(swept.day)}: {swept.reached} mốc nhắc mới "
        f"({swept.superseded} mốc gộp vào mốc gấp hơn), {swept.messages} lời nhắc mới."
    )


@click.command("digest")
@json_option
def digest_command(as_json: bool) -> None:
    """Viết thư tổng hợp hôm nay, thư tuần cho lãnh đạo.

    Từ 07:30 ngày làm việc, mỗi người một thư một ngày; không có việc thì không có thư.
    """
    written = start().run(write_digests)
    if as_json:
        print_json(written)
        return
    day = vietnamese.day(written.day)
    if not written.in_time:
        click.echo(f"Ngày {day}: thư tổng hợp chỉ viết từ 07:30 đến 20:00 ngày làm việc.")
        return
    click.echo(
        f"Ngày {day}: {written.digests} thư tổng hợp mới cho {written.steps} bước, "
        f"{written.weekly} thư tuần mới."
    )


@click.command("deliver")
@click.option("--again", is_flag=True, help="Gửi lại cả thư đã dừng: kênh hỏng, bị từ chối.")
@json_option
def deliver_command(again: bool, as_json: bool) -> None:
    """Gửi thư đang chờ trong hộp thư đi."""
    app = start()
    if again:
        app.run(release)
    delivered = deliver_outbox(app)
    refresh_feeds(app)
    if as_json:
        print_json(delivered)
        return
    if delivered.quiet_until:
        click.echo(delivered.left_alone)
    elif not delivered.counts:
        click.echo("Không có thư chờ gửi.")
    for status, number in sorted(delivered.counts.items()):
        click.echo(f"{vietnamese.count(number)} thư {STATUS_WORDS[status]}.")
    click.echo(f"Kênh gửi: {app.settings.mail_url.partition('@')[2] or app.settings.mail_url}")

"""`khcn up`: server, worker and deployments of one machine, until Ctrl-C."""

import os
import threading
from contextlib import suppress
from pathlib import Path

import click

from khcn_workflow.bootstrap import Application
from khcn_workflow.cli.home_lock import HomeLock
from khcn_workflow.cli.local_prefect import LocalPrefect, free_port
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.services.alerting import last_swept, watch
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.settings import read_settings
from notifications.reach import ADMIN
from notifications.templating import TemplateProblem, check_templates

WATCH_SECONDS = 300
"""How often the administrator's alerts are looked for, without Prefect's help."""


@click.command("up")
@click.option("--port", type=int, default=4200, show_default=True, help="Cổng; 0: cổng trống.")
@click.option("--home", type=click.Path(path_type=Path), help="Nơi để dữ liệu (KHCN_HOME).")
def up_command(port: int, home: Path | None) -> None:
    """Chạy Prefect trên máy này đến khi bấm Ctrl-C.

    Máy chủ hay máy thực thi dừng giữa chừng thì được mở lại; nhật ký ở logs/ trong KHCN_HOME.
    """
    environment = {**os.environ, **({"KHCN_HOME": str(home)} if home else {})}
    app = Application(read_settings(environment))
    _warn_of_templates(app)
    port = port or free_port()
    with (
        HomeLock(app.settings.home, f"http://127.0.0.1:{port}") as lock,
        LocalPrefect(app.settings, port, on_change=lock.note) as prefect,
    ):
        left = lock.end_leftovers()
        if left:
            click.echo(f"Đã dừng {left} chương trình còn sót của lần chạy trước.")
        _start(prefect)
        click.echo(_health_line(app, prefect))
        stopped = threading.Event()
        watcher = threading.Thread(target=_watch, args=(app, stopped), daemon=True)
        watcher.start()
        try:
            prefect.stay(click.echo)
        finally:
            stopped.set()
            click.echo("\nĐang dừng…")
    click.echo("Đã dừng.")


def _start(prefect: LocalPrefect) -> None:
    click.echo("Đang khởi động máy chủ Prefect…")
    prefect.start_server()
    click.echo("Đang triển khai các luồng…")
    prefect.deploy()
    prefect.start_worker()
    prefect.run_deployment("Đối soát")
    click.echo(f"Sẵn sàng. Giao diện: {prefect.address}  (Ctrl-C để dừng)")
    click.echo(f"Việc đang chờ: {prefect.address}/v2/runs?state=Suspended")


def _health_line(app: Application, prefect: LocalPrefect) -> str:
    """What stands, in one line; `khcn doctor` looks closer."""
    found = prefect.call("POST", "/deployments/filter", {})
    schedules = sum(each["active"] for one in found for each in one["schedules"])
    swept = app.ask(last_swept)
    when = f"quét gần nhất {vietnamese.day(swept)}" if swept else "chưa quét lần nào"
    return f"Sức khỏe: {len(found)} bản triển khai, {schedules} lịch đang bật, {when}."


def _warn_of_templates(app: Application) -> None:
    try:
        check_templates(app.settings.mail_templates)
    except TemplateProblem as problem:
        click.echo(f"Cảnh báo: {problem} Thư dùng mẫu này sẽ không gửi được.", err=True)


def _watch(app: Application, stopped: threading.Event) -> None:
    """Look for alerts and send them, even when server, worker or sweep stand still."""
    while not stopped.wait(WATCH_SECONDS):
        with suppress(KhcnError):  # a locked database is looked at again in five minutes
            app.run(watch)
            deliver_outbox(app, channel=ADMIN)

"""`khcn doctor`: what stands, what does not, and what to do about it."""

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from urllib.parse import urlsplit

import click

from khcn_workflow.bootstrap import Application, start
from khcn_workflow.cli import checks, prefect_checks, production_checks
from khcn_workflow.cli.findings import Finding, Level, gathered
from khcn_workflow.cli.home_lock import address_up
from khcn_workflow.cli.prefect_api import PrefectApi, address_of, auth_of
from khcn_workflow.cli.printing import json_option, print_json
from khcn_workflow.domain.alerts import Alert, AlertKind
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.services.alerting import raise_alert, tell_at_once, watch
from khcn_workflow.services.delivery import deliver_outbox
from notifications.reach import ADMIN

PORT = 4200
PATIENCE = 10
"""Seconds that a server may take for one answer."""

SIGNS = {Level.GOOD: "✔", Level.WARNING: "!", Level.BAD: "✘"}

Look = Callable[[], Iterable[Finding]]


@click.command("doctor")
@click.option("--production", is_flag=True, help="Soát thêm điều kiện để dùng thật (an toàn).")
@click.option("--alert", is_flag=True, help="Báo quản trị điều hỏng, mỗi điều một ngày một lần.")
@json_option
def doctor_command(production: bool, alert: bool, as_json: bool) -> None:
    """Tự khám: mỗi điều một dòng, điều hỏng kèm cách sửa.

    Mã thoát 1 khi có điều hỏng.
    """
    app = start()
    findings = [
        finding
        for name, look in _looks(app, production=production)
        for finding in gathered(name, look)
    ]
    if as_json:
        print_json(findings)
    else:
        _print(findings)
    wrong = [finding for finding in findings if finding.level is Level.BAD]
    if alert:
        _tell(app, wrong)
    if wrong:
        sys.exit(1)


def _looks(app: Application, *, production: bool) -> list[tuple[str, Look]]:
    up = address_up(app.settings.home)
    address = address_of(os.environ.get("PREFECT_API_URL", "")) or up or f"http://127.0.0.1:{PORT}"
    api = PrefectApi(address, auth_of(), PATIENCE)
    number = urlsplit(address).port or PORT
    local = urlsplit(address).hostname in ("127.0.0.1", "localhost")
    looks: list[tuple[str, Look]] = [
        ("Thư viện", checks.python_and_libraries),
        ("Đĩa", lambda: checks.disk(app.settings)),
        ("Ngày", lambda: checks.zone_and_day(app)),
        ("Cơ sở dữ liệu", lambda: checks.database(app)),
        ("Quy định", lambda: checks.rules(app)),
        ("Kênh gửi thư", lambda: checks.channels(app.settings)),
        ("Quét hạn", lambda: checks.sweep(app)),
        (prefect_checks.SERVER, lambda: prefect_checks.server(app, api)),
    ]
    if local and not api.is_healthy():
        looks.append(("Cổng", lambda: checks.port(number, up)))
    if production:
        looks += [
            ("Mật khẩu API", lambda: production_checks.access(api)),
            ("Khóa mã hóa", production_checks.environment),
            ("TLS", lambda: production_checks.public_address(app.settings)),
            ("Cài đặt máy chủ", lambda: production_checks.server_settings(app.settings, api)),
            ("Quyền tệp", lambda: production_checks.files(app.settings)),
        ]
    return looks


def _print(findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(f"{SIGNS[finding.level]} {finding.check}: {finding.found}")
        if finding.remedy:
            click.echo(f"    → {finding.remedy}")
    counts = {level: sum(each.level is level for each in findings) for level in Level}
    click.echo(", ".join(f"{number} {level}" for level, number in counts.items()) + ".")


def _tell(app: Application, wrong: list[Finding]) -> None:
    """Through the outbox, so that each is told once a day; past it when that is what is broken."""
    alerts = [
        Alert(AlertKind.CHECK_FAILED, f"{each.check}: {each.found}", each.remedy, each.check)
        for each in wrong
    ]
    try:
        app.run(watch)
        for alert in alerts:
            app.run(raise_alert, alert)
        deliver_outbox(app, channel=ADMIN)
    except KhcnError:
        for alert in alerts:
            with suppress(KhcnError):
                tell_at_once(app.settings, app.clock, alert)

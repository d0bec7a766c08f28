"""Báo quản trị: tells the administrator what automations saw, through our own channel."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.admin_channel import through_block
from flows.events import emit_alert
from khcn_workflow.bootstrap import Application, start_unattended
from khcn_workflow.domain.alerts import Alert, run_broken
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.services.alerting import raise_alert, tell_at_once, watch
from khcn_workflow.services.delivery import deliver_outbox
from notifications.reach import ADMIN


@flow(name="Báo quản trị", flow_run_name="Báo quản trị")
def admin_alert(
    run: str = "", state: str = "", message: str = "", resource: str = ""
) -> State[Any]:
    """Báo cho quản trị một lượt chạy hỏng; để trống mọi ô thì soát xem có gì cần báo.

    Args:
        run: Tên lượt chạy.
        state: Trạng thái: Failed hoặc Crashed.
        message: Lời kèm theo trạng thái.
        resource: Mã lượt chạy, dạng prefect.flow-run.<mã>.
    """
    app = start_unattended()
    through_block(app)
    if run:
        path = f"/v2/runs/flow-run/{resource.rpartition('.')[2]}"
        return Completed(message=tell(app, run_broken(run, state, message, path)))
    return Completed(message=look_around(app))


def tell(app: Application, alert: Alert) -> str:
    """Send one alert, past the outbox when the database is what is broken; what became of it."""
    try:
        fresh = app.run(raise_alert, alert)
        sent = deliver_outbox(app, channel=ADMIN).sent
    except KhcnError:
        return tell_at_once(app.settings, app.clock, alert).detail
    return f"Đã báo: {alert.title}." if fresh and sent else f"Hôm nay đã báo: {alert.title}."


def look_around(app: Application) -> str:
    """Tell what the ledger and the outbox show to be wrong, once a day; the sentence."""
    found = app.run(watch)
    for alert in found:
        emit_alert(alert)
    deliver_outbox(app, channel=ADMIN)
    return "; ".join(alert.title for alert in found) or "Không có gì mới cần báo."

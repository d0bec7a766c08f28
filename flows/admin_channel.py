"""Kênh báo quản trị: where alerts about the system go, as a block that operators edit.

Prefect's own server loads this module (entry point `prefect.collections`), so that an
automation's action "Send a notification" can use such a block; hence what is ours is
imported when something is sent.
"""

from dataclasses import replace
from typing import Any

from anyio import to_thread
from prefect.blocks.abstract import NotificationBlock, NotificationError
from prefect.client.orchestration import SyncPrefectClient
from prefect.context import SyncClientContext
from prefect.exceptions import ObjectNotFound
from pydantic import Field, SecretStr

SLUG, NAME = "kenh-bao-quan-tri", "quan-tri"
"""Type and name of the block that goes before `KHCN_ADMIN_URL`."""


class AdminChannel(NotificationBlock):
    """Một kênh gửi cảnh báo hệ thống cho người quản trị."""

    _block_type_name = "Kênh báo quản trị"
    _block_type_slug = SLUG
    _description = (
        "Cảnh báo về chính hệ thống đi đâu. Block tên «quan-tri» thay cho KHCN_ADMIN_URL; block "
        "tên khác dùng được trong hành động «Send a notification» của Automations."
    )

    url: SecretStr = Field(
        title="Địa chỉ kênh",
        description=(
            "officemails://tài-khoản:mật-khẩu@máy-chủ, mailbox:///thư/mục, "
            "zalobot://bí-danh/mã-chat, hoặc địa chỉ Apprise khác."
        ),
    )
    email: str = Field(
        default="",
        title="Thư của quản trị",
        description="Người nhận, khi kênh là thư; để trống: KHCN_ADMIN_EMAIL.",
    )

    async def notify(self, body: str, subject: str | None = None) -> None:
        """Send one message now; nothing is tried again.

        Raises:
            NotificationError: It was not taken, within `raise_on_failure`.
        """
        refused = await to_thread.run_sync(
            _send, self.url.get_secret_value(), self.email, subject, body
        )
        if refused and self._raise_on_failure:
            raise NotificationError(refused)
        if refused:
            self.logger.error(refused)


def through_block(app: Any) -> None:
    """Let an application's alerts go where the block of that name says, if there is one."""
    with SyncClientContext.get_or_create() as connection:
        found = block_data(connection.client)
    if found:
        app.settings = replace(
            app.settings,
            admin_url=found["url"],
            admin_email=found.get("email") or app.settings.admin_email,
        )


def block_data(client: SyncPrefectClient) -> dict[str, Any]:
    """What the block says; empty where there is none."""
    try:
        document = client.read_block_document_by_name(
            name=NAME, block_type_slug=SLUG, include_secrets=True
        )
    except ObjectNotFound:
        return {}
    return dict(document.data)


def _send(url: str, email: str, subject: str | None, body: str) -> str:
    """Why the channel did not take it; empty when it did."""
    from khcn_workflow.bootstrap import start_unattended  # noqa: PLC0415 - see above
    from khcn_workflow.domain.alerts import Alert, AlertKind  # noqa: PLC0415
    from khcn_workflow.services.alerting import tell_at_once  # noqa: PLC0415
    from notifications.outbox import Outcome  # noqa: PLC0415

    app = start_unattended()
    settings = replace(app.settings, admin_url=url, admin_email=email or app.settings.admin_email)
    title = (subject or body).strip().rstrip(".")
    attempt = tell_at_once(settings, app.clock, Alert(AlertKind.TOLD_BY_PREFECT, title, body))
    return "" if attempt.outcome is Outcome.SENT else f"{attempt.detail} (mã {attempt.code})"

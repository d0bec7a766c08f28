"""Kênh gửi: how a rendered message leaves the house. Apprise is imported on first use only."""

from collections.abc import Callable, Sequence
from datetime import datetime

from notifications.channels.email_message import Attachment
from notifications.channels.zalo_tokens import Vault
from notifications.messages import Message, Rendered
from notifications.outbox import Attempt


def register() -> None:
    """Make our schemas known to Apprise; safe to repeat.

    They are `mailbox`, `officemail(s)`, `zalobot` and `zalooa`; `zalo` is left to Apprise.

    Raises:
        RuntimeError: another plugin has already taken one of the schemas.
    """
    from notifications.channels import delivery  # noqa: PLC0415 - Apprise is slow to import

    delivery.register()


def deliver(
    message: Message,
    rendered: Rendered,
    channel_url: str,
    sender: str,
    sent_at: datetime,
    attachments: Sequence[Attachment] = (),
    vaults: Callable[[str], Vault] | None = None,
) -> Attempt:
    """Send one message to one person through the channel at `channel_url`, once.

    `sender` is an address with or without a name: `Sở KH&CN Cao Bằng <nhacviec@so.gov.vn>`.
    `sent_at` becomes the mail's Date. `vaults` opens the access tokens of the OA whose alias it is
    given; only `zalooa` asks for it. A fault of the channel is an `Attempt`, never an exception,
    and never holds the channel's password. Nothing is retried here: that is the outbox's part.
    """
    from notifications.channels import delivery  # noqa: PLC0415 - Apprise is slow to import

    return delivery.deliver(message, rendered, channel_url, sender, sent_at, attachments, vaults)


def open_channel(channel_url: str) -> Attempt:
    """Whether the channel at `channel_url` would let us in now; nothing is sent.

    SENT: it would (a folder can be written to, a mail server took our log-in, or a channel of
    Apprise's own is well formed: those cannot be asked). Any other outcome as `deliver` gives.
    """
    from notifications.channels import delivery  # noqa: PLC0415 - Apprise is slow to import

    return delivery.open_channel(channel_url)

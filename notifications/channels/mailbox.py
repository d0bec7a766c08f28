"""Hộp thư thử: a channel that keeps each mail as a file, for trials and for offices without SMTP.

URL: `mailbox:///absolute/folder` or `mailbox://folder/relative/to/the/working/folder`.
"""

# mypy: disable-error-code="assignment, no-untyped-call, override"
# Apprise is typed in part, and its own plugins break those types the way ours must.

import hashlib
import re
import tempfile
import unicodedata
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from apprise import NotifyBase

from notifications.channels.email_message import POLICY
from notifications.files import write_whole
from notifications.outbox import Attempt, Outcome

_URL = re.compile(r"mailbox://(?P<folder>[^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)


class NotifyMailbox(NotifyBase):
    """Writes one `.eml` file per message.

    Set `email` to the mail before `notify`; read `results` after it. Apprise's own title and
    body are not used. The same mail always goes to the same file, so a mail sent twice is there
    once.
    """

    service_name = "Mailbox folder"
    protocol = "mailbox"
    templates = ("{schema}://{folder}",)
    template_tokens = {  # noqa: RUF012 - Apprise declares it so
        **NotifyBase.template_tokens,
        "folder": {"name": "Folder", "type": "string", "required": True},
    }
    request_rate_per_sec = 0

    def __init__(self, folder: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not folder:
            message = "Địa chỉ kênh mailbox:// thiếu thư mục"
            raise TypeError(message)
        self.retry = 0
        self.folder = Path(folder)
        self.email: EmailMessage | None = None
        self.results: Attempt | None = None

    def send(self, body: str, title: str = "", **_: Any) -> bool:  # noqa: ARG002 - Apprise's shape
        """Write the mail; True if it is safely on disk."""
        if self.email is None:
            return False
        self.results = write_mail(self.email, self.folder)
        return self.results.outcome is Outcome.SENT

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The URL this channel can be made from again; it holds no secret."""
        parameters = self.url_parameters(*args, privacy=privacy, **kwargs)
        return f"mailbox://{quote(str(self.folder))}?{self.urlencode(parameters)}"

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """The constructor's arguments for `url`, or None if it is not ours.

        Apprise would take a path's first part for a host name, so the folder is read here.
        """
        parts = _URL.fullmatch(url)
        if parts is None:
            return None
        common = NotifyBase.parse_url("mailbox://localhost", verify_host=False) or {}
        return {**common, "folder": unquote(parts["folder"])}


def write_mail(email: EmailMessage, folder: Path) -> Attempt:
    """Keep `email` in `folder`: whole or not at all, and over an earlier copy of itself."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / file_name(email), email.as_bytes(policy=POLICY))
    except OSError as error:
        detail = f"Không ghi được thư vào {folder}: {error.strerror or error}"
        return Attempt(Outcome.RETRY, "disk", detail)
    return Attempt(Outcome.SENT, "ok", f"Đã ghi vào {folder}", str(email["Message-ID"]))


def try_folder(folder: Path) -> Attempt:
    """Whether a mail could be kept in `folder` now."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        detail = f"Không ghi được thư vào {folder}: {error.strerror or error}"
        return Attempt(Outcome.RETRY, "disk", detail)
    return Attempt(Outcome.SENT, "ok", f"Ghi được vào {folder}")


def file_name(email: EmailMessage) -> str:
    """A name that sorts by the day the message was made, says whom it is for, and is unique."""
    recipient = email["To"].addresses[0]
    words = (
        email["X-KHCN-Created"],
        _slug(recipient.display_name or recipient.username)[:40],
        _slug(email["X-KHCN-Event"]),
        hashlib.sha256(str(email["Message-ID"]).encode()).hexdigest()[:16],
    )
    return "-".join(words) + ".eml"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    ascii_only = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")

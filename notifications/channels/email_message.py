"""Thư điện tử: a rendered message as a standard mail, the same mail however often it is built."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from notifications.channels.calendar_file import METHOD, calendar_file
from notifications.messages import Appointment, Message, Rendered

HANOI = timezone(timedelta(hours=7), "ICT")

_SENDER = re.compile(
    r'\s*(?:"?(?P<name>[^<>]*?)"?\s*<(?P<in_brackets>[^<>]*)>|(?P<bare>[^<>]*))\s*'
)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 .'-]{1,60}")
_EMAIL = re.compile(r"(?P<user>[!#-'*+\-/-9=?A-Z^-~.]+)@(?P<domain>[A-Za-z0-9.-]+)")


class _MailPolicy(EmailPolicy):
    """How headers are written: as the standard library does, but for Subject and addresses.

    Python 3.11 drops spaces where it folds a long Vietnamese subject, and the quotes of a long
    name with a comma, which then reads as several recipients. The older `Header` does neither.
    """

    def fold(self, name: str, value: str) -> str:
        text = _written(name, value)
        return super().fold(name, value) if text is None else f"{name}: {text}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        text = _written(name, value)
        return super().fold_binary(name, value) if text is None else self.fold(name, value).encode()


POLICY = _MailPolicy(linesep="\r\n", cte_type="7bit")


class AddressError(ValueError):
    """A mail address cannot be written to: it is not of the form user@domain, in ASCII."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"Địa chỉ thư «{address}» không hợp lệ")


class RecipientError(AddressError):
    """The recipient's address cannot be written to; another recipient's may."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent along: its name as people see it, its bytes, its type ("application/pdf")."""

    name: str
    content: bytes
    mime_type: str


def build_email(
    message: Message,
    rendered: Rendered,
    sender: str,
    sent_at: datetime,
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """The mail for `message`: text and HTML, from `sender`, dated `sent_at` in Hà Nội's time.

    Its Message-ID depends on the dedupe key alone, so a mail sent twice is seen to be one mail;
    the mails of one thread all refer to the same root. An appointment goes along as a calendar
    file.

    Raises:
        RecipientError: the recipient's address cannot be used.
        AddressError: the sender's address cannot be used.
    """
    check_recipient(message.recipient.email)
    origin = sender_address(sender)
    email = EmailMessage(policy=POLICY)
    email["From"] = origin
    email["To"] = _address(message.recipient.name, message.recipient.email)
    email["Subject"] = rendered.subject
    email["Date"] = format_datetime(sent_at.astimezone(HANOI))
    email["Message-ID"] = message_id(message.dedupe_key, origin.domain)
    email["In-Reply-To"] = email["References"] = message_id(
        f"thread:{message.thread}", origin.domain
    )
    email["Auto-Submitted"] = "auto-generated"
    email["X-KHCN-Event"] = message.event.value
    email["X-KHCN-Created"] = f"{message.created_at.astimezone(HANOI):%Y-%m-%d}"
    email.set_content(rendered.text)
    email.add_alternative(rendered.html, subtype="html")
    if message.appointment is not None:
        _attach_calendar(email, message.appointment, origin.domain, sent_at)
    for attachment in attachments:
        _attach(email, attachment)
    return email


def message_id(key: str, domain: str) -> str:
    """The Message-ID that belongs to `key`, always the same."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def sender_address(sender: str) -> Address:
    """A sender as written in the settings, with or without a name before `<user@domain>`.

    Raises:
        AddressError: there is no address in it.
    """
    parts = _SENDER.fullmatch(sender)
    if parts is None:
        raise AddressError(sender)
    return _address(parts["name"] or "", parts["in_brackets"] or parts["bare"] or sender)


def check_recipient(email: str) -> None:
    """Refuse an address no mail can be sent to.

    Raises:
        RecipientError: it is not of the form user@domain, in ASCII.
    """
    if _EMAIL.fullmatch(email.strip()) is None:
        raise RecipientError(email)


def _written(name: str, value: str) -> str | None:
    """A subject's or an address's text in ASCII, folded; None for any other header."""
    if isinstance(value, AddressHeader):
        return ", ".join(_written_address(name, address) for address in value.addresses)
    return _encoded(name, str(value)) if name.lower() == "subject" else None


def _written_address(header: str, address: Address) -> str:
    if not address.display_name:
        return address.addr_spec
    if _PLAIN_NAME.fullmatch(address.display_name):
        return f'"{address.display_name}" <{address.addr_spec}>'
    return f"{_encoded(header, address.display_name)} <{address.addr_spec}>"


def _encoded(header: str, text: str) -> str:
    charset = "us-ascii" if text.isascii() and header.lower() == "subject" else "utf-8"
    return Header(text, charset, header_name=header).encode(linesep="\r\n")


def _address(name: str, email: str) -> Address:
    parts = _EMAIL.fullmatch(email.strip())
    if parts is None:
        raise AddressError(email)
    return Address(" ".join(name.split()), parts["user"], parts["domain"])


def _attach(email: EmailMessage, attachment: Attachment) -> None:
    main, _, sub = attachment.mime_type.partition("/")
    email.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)


def _attach_calendar(
    email: EmailMessage, appointment: Appointment, domain: str, sent_at: datetime
) -> None:
    """Mail programs offer to keep the day only if the part's method is the file's own."""
    email.add_attachment(
        calendar_file(appointment, domain, sent_at),
        maintype="text",
        subtype="calendar",
        filename="thoi-han.ics",
        params={"charset": "utf-8", "method": METHOD},
    )

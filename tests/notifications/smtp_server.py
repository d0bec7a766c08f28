"""A real SMTP server in a thread, with the faults of real ones."""

import asyncio
import socket
import ssl
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "nhacviec@so", "m:t-kh/u?1@#%"


@dataclass
class Faults:
    """What the server does wrong, and what it took.

    `mail`, `rcpt` and `data` are answers given in place of 250, `refused` likewise for one
    recipient; `greylist` is how many first tries of each recipient are put off. `drop_after_data`
    closes the line once the mail has arrived, without an answer; `drop_at_rcpt` closes it before.
    `slow_at_rcpt` and `slow_after_data` are seconds to wait before answering.
    """

    mail: str = ""
    rcpt: str = ""
    data: str = ""
    drop_at_rcpt: bool = False
    drop_after_data: bool = False
    slow_at_rcpt: float = 0
    slow_after_data: float = 0
    greylist: int = 0
    refused: dict = field(default_factory=dict)
    tried: Counter = field(default_factory=Counter)
    taken: list = field(default_factory=list)

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802
        envelope.mail_from = address
        return self.mail or "250 OK"

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802
        if self.drop_at_rcpt:
            server.transport.abort()
        await asyncio.sleep(self.slow_at_rcpt)
        answer = self.rcpt or self.refused.get(address)
        if answer:
            return answer
        self.tried[address] += 1
        if self.tried[address] <= self.greylist:
            return "450 4.2.0 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        if self.data:
            return self.data
        self.taken.append(envelope)
        await asyncio.sleep(self.slow_after_data)
        if self.drop_after_data:
            server.transport.abort()
        return "250 2.0.0 queued as 42"


class _Controller(Controller):
    def __init__(self, handler, port, *, over_tls=None, **smtp):
        self._smtp = smtp
        super().__init__(handler, hostname="127.0.0.1", port=port, ssl_context=over_tls)

    def factory(self):
        return SMTP(self.handler, **self._smtp)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(faults, **smtp):
    """A server on this machine; yields its port."""
    controller = _Controller(faults, free_port(), **smtp)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def with_login(answer=None):
    """The settings of a server that wants a log-in; `answer` refuses every one of them."""

    def check(_server, _session, _envelope, _mechanism, data):
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        if answer:
            return AuthResult(success=False, handled=False, message=answer)
        return AuthResult(success=right, handled=False)

    return {"authenticator": check, "auth_required": True, "auth_require_tls": False}


def self_signed(folder):
    """The TLS side of a server whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime(2019, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context

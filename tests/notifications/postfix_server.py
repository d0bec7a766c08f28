"""A Postfix of our own: Debian's programs, our folder, a port of this machine, no mark left."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.notifications.smtp_server import free_port, self_signed

DOMAIN = "khcn.caobang.example"
_MAIN = """
compatibility_level = 3.6
maillog_file = {home}/log
maillog_file_prefixes = {home}
queue_directory = {home}/queue
data_directory = {home}/data
mail_owner = postfix
setgid_group = postdrop
alias_maps =
alias_database =
mydestination =
mynetworks = 127.0.0.0/8
myhostname = mail.{domain}
inet_interfaces = loopback-only
inet_protocols = ipv4
message_size_limit = 200000
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = inline:{{ {{ lan@{domain} = lan/ }}, {{ cham@{domain} = cham/ }} }}
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_recipient_restrictions =
    check_recipient_access inline:{{ {{ cham@{domain} = 450 4.2.0 Try again later }} }},
    permit_mynetworks, reject
smtpd_tls_security_level = may
smtpd_tls_chain_files = {home}/server.pem
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    port: int
    home: Path

    def mails(self, user, count):
        """The mails in a user's box, once there are `count` of them."""
        new = self.home / "mail" / user / "new"
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            files = sorted(new.glob("*")) if new.is_dir() else []
            if len(files) >= count:
                return [file.read_bytes() for file in files]
            time.sleep(0.05)
        raise AssertionError(f"{count} mails expected for {user}\n{self.log()}")

    def log(self):
        return (self.home / "log").read_text()


@contextmanager
def running():
    """A Postfix that is up; needs root and Debian's package."""
    home = Path(tempfile.mkdtemp(prefix="khcn-postfix-"))
    home.chmod(0o755)
    port = free_port()
    _configure(home, port)
    try:
        _run(home, "start")
        _wait_for(port, home)
        yield Postfix(port, home)
    finally:
        subprocess.run(["postfix", "-c", home / "etc", "stop"], capture_output=True, check=False)
        shutil.rmtree(home)


def _configure(home, port):
    account = pwd.getpwnam("postfix")
    owner = account.pw_uid, account.pw_gid
    for name in ("etc", "queue", "data", "mail"):
        (home / name).mkdir()
    for name in ("data", "mail"):
        os.chown(home / name, *owner)
    self_signed(home)
    main = _MAIN.format(home=home, domain=DOMAIN, uid=owner[0], gid=owner[1])
    (home / "etc/main.cf").write_text(main)
    (home / "etc/master.cf").write_text(_MASTER.format(port=port))


def _run(home, order):
    done = subprocess.run(
        ["postfix", "-c", home / "etc", order], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _wait_for(port, home):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError((home / "log").read_text())

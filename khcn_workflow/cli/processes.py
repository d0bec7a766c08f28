"""Who listens on a port, and whether a process is the one we once started (Linux's /proc)."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
LISTENING = "0A"
STARTED_FIELD = 19
"""Place of `starttime` in /proc/PID/stat, counted after the command's closing bracket."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process as two figures name it: numbers are used again, a start is not."""

    pid: int
    started: str

    @property
    def is_running(self) -> bool:
        """Whether that very process is still there."""
        return bool(self.started) and started(self.pid) == self.started


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on that port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """The process that listens on a port, as "name (PID)"; empty when that is hidden from us."""
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for folder in PROC.glob("[0-9]*/fd"):
        with suppress(OSError):
            if any(str(link.readlink()) in wanted for link in folder.iterdir()):
                return f"{(folder.parent / 'comm').read_text().strip()} ({folder.parent.name})"
    return ""


def started(pid: int) -> str:
    """When a process started, in the kernel's ticks; empty when it is not there."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    state, *rest = text.rpartition(")")[2].split()
    return "" if state == "Z" else rest[STARTED_FIELD - 1]


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (PROC / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                    yield fields[9]

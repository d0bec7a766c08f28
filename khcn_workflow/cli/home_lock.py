"""One `khcn up` a home: a lock that the kernel lets go, and a note of what runs."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from khcn_workflow.cli.processes import Process, started
from khcn_workflow.domain.errors import KhcnError

LOCK = "up.lock"
NOTE = "up.json"
LEFTOVER_SECONDS = 10


class AlreadyUpError(KhcnError):
    """Another `khcn up` runs on the same home."""

    def __init__(self, home: Path, pid: int, address: str) -> None:
        super().__init__(
            f"«khcn up» đang chạy trên {home} rồi: tiến trình {pid}, giao diện {address}. "
            "Dừng nó (Ctrl-C hoặc kill), hoặc chọn nơi khác bằng --home."
        )


@dataclass(slots=True)
class HomeLock:
    """Held while `khcn up` runs; however that ends, the kernel lets go.

    Attributes:
        address: The UI's address, for whoever comes second and for `khcn doctor`.
    """

    home: Path
    address: str
    _file: IO[str] | None = field(default=None)

    def __enter__(self) -> "HomeLock":
        self.home.mkdir(parents=True, exist_ok=True)
        self._file = (self.home / LOCK).open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note = _read(self.home)
            raise AlreadyUpError(self.home, note.pid, note.address) from None
        return self

    def __exit__(self, *_: object) -> None:
        (self.home / NOTE).unlink(missing_ok=True)
        if self._file is not None:
            self._file.close()

    def note(self, children: Iterable[int]) -> None:
        """Write down which programs run now."""
        content = {
            "pid": os.getpid(),
            "address": self.address,
            "children": [[pid, started(pid)] for pid in children],
        }
        whole = self.home / f"{NOTE}.new"
        whole.write_text(json.dumps(content), encoding="utf-8")
        whole.replace(self.home / NOTE)

    def end_leftovers(self) -> int:
        """End the programs of a `khcn up` that was killed; how many there were."""
        left = [child for child in _read(self.home).children if child.is_running]
        for child in left:
            _end(child)
        return len(left)


@dataclass(frozen=True, slots=True)
class UpNote:
    """What the last `khcn up` of a home wrote down; zero and empty when there is nothing."""

    pid: int = 0
    address: str = ""
    children: tuple[Process, ...] = ()


def address_up(home: Path) -> str:
    """The UI's address of the `khcn up` of that home; empty when none was noted."""
    return _read(home).address


def _read(home: Path) -> UpNote:
    try:
        content = json.loads((home / NOTE).read_text(encoding="utf-8"))
        children = tuple(Process(int(pid), str(since)) for pid, since in content["children"])
        return UpNote(int(content["pid"]), str(content["address"]), children)
    except (OSError, ValueError, KeyError, TypeError):
        return UpNote()


def _end(child: Process) -> None:
    """SIGINT to its group, SIGKILL when it does not go."""
    for how in (signal.SIGINT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, how)
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while child.is_running and time.monotonic() < deadline:
            time.sleep(0.1)
        if not child.is_running:
            return

"""Small disks that can be filled, for root and for everybody else."""

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NOBODY = 65534
_fork = multiprocessing.get_context("fork")


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A file system of that size of its own; None where this user may not mount one."""
    with TemporaryDirectory(prefix="khcn-disk-") as folder:
        Path(folder).chmod(0o755)
        size = f"size={megabytes}m"
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False
        )
        try:
            yield Path(folder) if mounted.returncode == 0 else None
        finally:
            if mounted.returncode == 0:
                subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


@contextmanager
def quota(byte_count: int) -> Iterator[None]:
    """No file of this process may grow beyond that, as if the disk had no room."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (byte_count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def in_child(scenario: Callable[..., None], *args: Any) -> None:
    """Run a test's part in a process of its own, which is nobody special if we are root."""
    process = _fork.Process(target=_as_nobody, args=(scenario, args))
    process.start()
    process.join(120)
    assert process.exitcode == 0


def _as_nobody(scenario: Callable[..., None], args: tuple[Any, ...]) -> None:
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        scenario(*args)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


@contextmanager
def home_of_nobody() -> Iterator[Path]:
    """A folder in which the process of `in_child` may write."""
    with TemporaryDirectory(prefix="khcn-home-") as folder:
        home = Path(folder)
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
        yield home

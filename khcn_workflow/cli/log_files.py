"""Log files of the programs that `khcn up` runs, kept from growing without end."""

import shutil
from pathlib import Path

LIMIT = 10 * 1024 * 1024
"""Bytes at which a log file begins anew."""
KEPT = 5
"""Older files kept beside it: `server.log.1` is the newest."""


def rotate(log: Path, limit: int = LIMIT, kept: int = KEPT) -> bool:
    """Begin a log anew once it has `limit` bytes; whether that was done.

    The program keeps its handle: it appends (O_APPEND), so that after the cut it writes at
    the start again. What it writes between copy and cut is lost.
    """
    if not log.is_file() or log.stat().st_size < limit:
        return False
    for number in range(kept - 1, 0, -1):
        older = _numbered(log, number)
        if older.exists():
            older.replace(_numbered(log, number + 1))
    shutil.copyfile(log, _numbered(log, 1))
    with log.open("r+b") as file:
        file.truncate(0)
    return True


def _numbered(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")

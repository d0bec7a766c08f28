"""Tệp mốc: heads of the ledger beside the database, one a line, only ever added to."""

import os
from pathlib import Path

from khcn_workflow.domain.anchors import Anchor, read_anchor
from khcn_workflow.domain.errors import KhcnError

NAME = "anchors.txt"
CUT_OFF = "(dở)"
"""Ends a line that a crash left unfinished, so that it is read no more."""


class AnchorFileError(KhcnError):
    """The file of anchors cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(
            f"Không đọc hoặc ghi được tệp mốc «{path}» ({reason}); hãy kiểm tra quyền và đĩa."
        )


def read_anchors(home: Path) -> list[Anchor]:
    """Every anchor of the file, oldest first; a last line that was cut off counts not.

    Raises:
        AnchorUnreadableError: Names the line that is no anchor.
        AnchorFileError: The file cannot be read.
    """
    path = home / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise AnchorFileError(path, str(error)) from error
    lines = text[: text.rfind("\n") + 1].splitlines()
    return [
        read_anchor(line, f"{path}, dòng {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.endswith(CUT_OFF)
    ]


def add_anchor(home: Path, anchor: Anchor) -> None:
    """Add a line and see it to the disk; to be called when its rows are committed.

    Raises:
        AnchorFileError: The file cannot be written.
    """
    path = home / NAME
    try:
        home.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            file.write(_mend(file.tell(), path) + f"{anchor}\n".encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise AnchorFileError(path, error.strerror or str(error)) from error


def _mend(size: int, path: Path) -> bytes:
    """What ends a last line that a crash cut off: it must not swallow the next."""
    whole = not size or path.read_bytes().endswith(b"\n")
    return b"" if whole else f" {CUT_OFF}\n".encode()

"""Tệp lịch cá nhân: calendar files in the home, under names that nobody can guess."""

import fcntl
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from khcn_workflow.domain.errors import KhcnError
from notifications.files import write_whole

FOLDER = "feeds"
_LOCK = ".lock"
_SUFFIX = ".ics"


class FeedFileError(KhcnError):
    """A calendar file cannot be written or removed."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        super().__init__(
            f"Không ghi được lịch cá nhân vào «{folder}» ({reason}); hãy kiểm tra quyền và đĩa."
        )


class FeedFiles:
    """The folder of a home; who changes it holds `alone`."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While one writes what it read, nobody revokes; the kernel lets go of the lock.

        Raises:
            FeedFileError: The folder cannot be used.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self.folder / _LOCK).open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise FeedFileError(self.folder, error.strerror or str(error)) from error

    def path(self, token: str) -> Path:
        """Where the file of that name is."""
        return self.folder / f"{token}{_SUFFIX}"

    def write(self, token: str, content: bytes) -> bool:
        """Put the file in place, whole; False where it says this already."""
        path = self.path(token)
        if path.exists() and path.read_bytes() == content:
            return False
        write_whole(path, content)
        return True

    def keep_only(self, tokens: Collection[str]) -> None:
        """Remove every calendar that is none of these."""
        wanted = {self.path(token) for token in tokens}
        for path in self.folder.glob(f"*{_SUFFIX}"):
            if path not in wanted:
                path.unlink(missing_ok=True)

    def changed_at(self, token: str) -> datetime | None:
        """When the file last changed; None while there is none."""
        try:
            return datetime.fromtimestamp(self.path(token).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

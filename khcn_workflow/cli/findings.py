"""What a check found, and how `khcn doctor` says it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.error import URLError

from khcn_workflow.domain.errors import KhcnError

AGAIN = "Sửa điều nêu trên, rồi soát lại"


class Level(StrEnum):
    """How a check ended: in order, to be looked at, wrong."""

    GOOD = "tốt"
    WARNING = "lưu ý"
    BAD = "hỏng"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check.

    Attributes:
        check: What was looked at.
        found: What was seen, one sentence.
        remedy: What to do; empty when all is well.
    """

    check: str
    level: Level
    found: str
    remedy: str = ""


def good(check: str, found: str) -> Finding:
    """All is well."""
    return Finding(check, Level.GOOD, found)


def warning(check: str, found: str, remedy: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(check, Level.WARNING, found, remedy)


def bad(check: str, found: str, remedy: str) -> Finding:
    """It does not work, or is not safe."""
    return Finding(check, Level.BAD, found, remedy)


def gathered(check: str, look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """The findings of one check; one that cannot be made is itself a finding."""
    try:
        return list(look())
    except URLError as problem:
        return [bad(check, f"máy chủ Prefect không trả lời ({problem.reason})", AGAIN)]
    except (KeyError, TypeError, IndexError):
        return [bad(check, "có máy trả lời, nhưng không như máy chủ Prefect", AGAIN)]
    except (KhcnError, OSError, ValueError) as problem:
        return [bad(check, str(problem) or type(problem).__name__, AGAIN)]

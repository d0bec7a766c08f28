"""Runs `khcn` as a person does: a process of its own, an environment of its own.

The home's database is of the kind whose turn it is.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.databases import current

KHCN = Path(sys.executable).parent / "khcn"
TODAY = "2019-06-10"


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "KHCN_HOME": str(home),
        "KHCN_TODAY": TODAY,
        "KHCN_RULEBOOK": "cao-bang",
        "KHCN_ACTOR": "tp",
        **more,
    }
    if "KHCN_DATABASE_URL" not in more:
        environment["KHCN_DATABASE_URL"] = current().at(home)
    return subprocess.run(
        [str(KHCN), *arguments], env=environment, capture_output=True, text=True, check=False
    )


def khcn(home: Path, *arguments: str, **more: str) -> str:
    """What the command prints; it must succeed."""
    done = run(home, *arguments, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(home: Path, *arguments: str, **more: str) -> str:
    """What the command says when it refuses; never a traceback."""
    done = run(home, *arguments, **more)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    return done.stderr

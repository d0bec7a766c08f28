"""Each contract of .importlinter is broken once, on a copy, and must say so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT = Path(sys.executable).parent / "lint-imports"

VIOLATIONS = [
    ("The staircase", "notifications/ladder.py", "import khcn_workflow.domain.rules"),
    ("Inside khcn_workflow", "khcn_workflow/domain/rules.py", "import khcn_workflow.clock"),
    ("Inside khcn_workflow", "khcn_workflow/unplaced.py", "X = 1"),
    ("Only flows import prefect", "khcn_workflow/cli/up.py", "import prefect"),
    ("Only storage imports sqlalchemy", "khcn_workflow/services/inquiry.py", "import sqlalchemy"),
    ("The domain is pure", "khcn_workflow/domain/rules.py", "import pydantic"),
    ("Stage flows know nothing", "flows/contract.py", "import flows.appraisal"),
    (
        "Use cases know nothing",
        "khcn_workflow/services/inquiry.py",
        "import khcn_workflow.services.recording",
    ),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(
        [str(LINT), "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path):
    for name in ("flows", "khcn_workflow", "notifications"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.toml")
        )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_house_as_it_stands_keeps_every_contract(copy):
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_a_broken_contract_is_named(copy, contract, file, line):
    path = copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode != 0
    complaints = [row for row in done.stdout.splitlines() if "BROKEN" in row or "issing" in row]
    assert any(contract in row or "unplaced" in row for row in complaints), done.stdout

"""The wheel holds what the program reads: a file that .gitignore hides is missed here."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("flows", "khcn_workflow", "notifications")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_three_packages_is_in_the_wheel(files):
    kept = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert kept <= files


@pytest.mark.parametrize(
    "name",
    [
        "flows/prefect.yaml",
        "khcn_workflow/cli/locale/vi/LC_MESSAGES/messages.mo",
        "khcn_workflow/regulations/rulebooks/luat-2013.toml",
        "khcn_workflow/regulations/calendar/2026.toml",
        "khcn_workflow/regulations/agencies/cao-bang.toml",
        "khcn_workflow/storage/migrations/script.py.mako",
        "notifications/templates/overdue/body.html.j2",
        "khcn_workflow/py.typed",
    ],
)
def test_data_that_is_read_at_run_time_is_in_the_wheel(files, name):
    assert name in files


def test_nothing_but_the_three_packages_is_in_the_wheel(files):
    tops = {name.partition("/")[0] for name in files}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)

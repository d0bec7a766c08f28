"""The units of deploy/systemd: read by systemd itself where it is there, and by us anyway."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from khcn_workflow.cli.commands import khcn

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
HARDENING = {
    "NoNewPrivileges": "true",
    "PrivateTmp": "true",
    "ProtectSystem": "strict",
    "ProtectHome": "true",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
}


def read(path: Path) -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path, encoding="utf-8")
    return unit


def test_all_are_here():
    assert [path.stem for path in SERVICES] == [
        "khcn-deploy",
        "khcn-doctor",
        "khcn-prefect-services",
        "khcn-server",
        "khcn-worker",
    ]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_service_runs_as_khcn_behind_closed_doors_a_program_of_ours(path):
    service = read(path)["Service"]
    assert (service["User"], service["EnvironmentFile"]) == ("khcn", "/etc/khcn/khcn.env")
    assert {name: service.get(name) for name in HARDENING} == HARDENING
    program, command, *arguments = service["ExecStart"].split()
    assert program in {"/opt/khcn/bin/prefect", "/opt/khcn/bin/khcn"}
    if program.endswith("khcn"):
        found = khcn.get_command(click.Context(khcn), command)
        assert found is not None
        options = {name for each in found.params for name in each.opts}
        assert set(arguments) <= options
    else:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", command, *_words(arguments), "--help"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert all(word in done.stdout for word in arguments if word.startswith("--"))


def _words(arguments: list[str]) -> list[str]:
    """The subcommands before the first option."""
    return arguments[: next((i for i, w in enumerate(arguments) if w.startswith("-")), None)]


@pytest.mark.parametrize("name", ["khcn-server", "khcn-worker", "khcn-prefect-services"])
def test_a_worker_that_ignores_sigterm_is_made_to_stop_and_comes_back(name):
    service = read(UNITS / f"{name}.service")["Service"]
    assert (service["KillSignal"], service["TimeoutStopSec"]) == ("SIGINT", "30")
    assert service["Restart"] == "always"


def test_the_timer_asks_the_doctor_after_nine_every_day():
    timer = read(UNITS / "khcn-doctor.timer")["Timer"]
    assert timer["OnCalendar"] == "*-*-* 08..17:05,35:00 Asia/Ho_Chi_Minh"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="máy không có systemd-analyze")
def test_systemd_itself_finds_nothing_wrong(tmp_path):
    for path in [*SERVICES, UNITS / "khcn-doctor.timer"]:
        text = path.read_text(encoding="utf-8").replace("/opt/khcn/bin", str(tmp_path / "bin"))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    for name in ("prefect", "khcn"):
        (tmp_path / "bin" / name).touch(mode=0o755)
    units = [str(tmp_path / path.name) for path in UNITS.iterdir()]
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")

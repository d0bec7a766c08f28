"""`khcn up` on this machine: it starts, says where, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from khcn_workflow.cli.deploying import prefect_file
from khcn_workflow.cli.local_prefect import STOP_SECONDS, free_port
from tests.cli.running import run
from tests.databases import current
from tests.office import open_office

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]
KHCN = Path(sys.executable).parent / "khcn"


class Up:
    """`khcn up` as a process, with what it has printed."""

    def __init__(self, home: Path, port: int, **more: str) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "KHCN_DATABASE_URL": current().at(home),
            "KHCN_RULEBOOK": "cao-bang",
            **more,
        }
        self.process = subprocess.Popen(
            [str(KHCN), "up", "--port", str(port), "--home", str(home)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []

    def read_until(self, part: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if part in line:
                return line
        raise AssertionError("".join(self.lines))

    def stop(self, how: signal.Signals) -> tuple[int, float]:
        """The exit code, and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(how)
        self.read_until("Đã dừng.")
        return self.process.wait(60), time.monotonic() - began


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5):
            return True
    except OSError:
        return False


def answers_within_a_minute(port: int) -> bool:
    """A server that has just lost its worker, on a busy machine, may need some seconds."""
    deadline = time.monotonic() + 60
    while not answers(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(1)
    return True


def children(home: Path) -> list[int]:
    note = json.loads((home / "up.json").read_text(encoding="utf-8"))
    return [pid for pid, _ in note["children"]]


def test_up_outlives_a_lost_worker_and_its_own_sudden_death(tmp_path):
    open_office(tmp_path).close()
    port = free_port()
    up = Up(tmp_path, port)
    assert "bản triển khai" in up.read_until("Sức khỏe")
    assert f"Sẵn sàng. Giao diện: http://127.0.0.1:{port}" in "".join(up.lines)
    os.kill(children(tmp_path)[1], signal.SIGKILL)
    assert up.read_until("đang mở lại").startswith("worker đã dừng")
    second = Up(tmp_path, port)
    assert f"tiến trình {up.process.pid}" in second.read_until("đang chạy trên")
    assert second.process.wait(60) == 1
    up.process.kill()
    up.process.wait(10)
    assert answers_within_a_minute(port)  # what it had started still runs
    again = Up(tmp_path, port)
    again.read_until("Đã dừng 2 chương trình còn sót")
    again.read_until("Sức khỏe")
    assert answers_within_a_minute(port)
    code, seconds = again.stop(signal.SIGTERM)
    assert (code, answers(port)) == (0, False)
    assert seconds < 2 * 2 * STOP_SECONDS
    assert not (tmp_path / "up.json").exists()


def test_a_hardened_server_is_run_and_the_doctor_finds_it_so(tmp_path):
    """docs/hardening.md, sections 1 to 6, as far as one machine without a proxy has them."""
    open_office(tmp_path).close()
    tmp_path.chmod(0o700)
    hardened = {
        "PREFECT_SERVER_API_AUTH_STRING": "quan-tri:mot-mat-khau-that-dai",
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": "https://khcn.so.local",
        "PREFECT_SERVER_ENCRYPTION_KEY": Fernet.generate_key().decode(),
        "KHCN_UI_URL": "https://khcn.so.local",
    }
    up = Up(tmp_path, free_port(), **hardened)
    up.read_until("Sức khỏe")

    def wrong(**more: str) -> set[str]:
        done = run(tmp_path, "doctor", "--production", "--json", **{"KHCN_TODAY": "", **more})
        return {each["check"] for each in json.loads(done.stdout) if each["level"] == "hỏng"}

    for _ in range(60):  # the worker registers some seconds after it was started
        found = wrong(**hardened)
        if "Máy thực thi" not in found:
            break
        time.sleep(1)
    assert found == set()
    assert "Máy chủ Prefect" in wrong()  # without the password nothing can be asked
    assert up.stop(signal.SIGINT)[0] == 0


def test_prefect_yaml_is_found_where_the_flows_are():
    assert prefect_file().name == "prefect.yaml"

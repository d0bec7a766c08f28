"""`khcn up` on this machine: it starts, says where, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

from khcn_workflow.cli.deploying import prefect_file
from khcn_workflow.cli.local_prefect import free_port
from tests.databases import current
from tests.office import open_office

pytestmark = [pytest.mark.server, pytest.mark.timeout(300)]
KHCN = Path(sys.executable).parent / "khcn"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_up_answers_and_leaves_no_program_behind_when_it_is_stopped(tmp_path, how):
    open_office(tmp_path).close()
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "KHCN_HOME": str(tmp_path),
        "KHCN_DATABASE_URL": current().at(tmp_path),
        "KHCN_RULEBOOK": "cao-bang",
    }
    with subprocess.Popen(
        [str(KHCN), "up", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as up:
        assert up.stdout is not None
        lines = []
        for line in up.stdout:
            lines.append(line)
            if "Việc đang chờ" in line:
                break
        assert f"Sẵn sàng. Giao diện: http://127.0.0.1:{port}" in "".join(lines)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health") as answer:
            assert answer.status == 200
        up.send_signal(how)
        assert "Đã dừng." in up.stdout.read()
        assert up.wait(60) == 0
    time.sleep(1)
    with pytest.raises(URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5)


def test_prefect_yaml_is_found_where_the_flows_are():
    assert prefect_file().name == "prefect.yaml"

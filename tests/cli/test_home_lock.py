import os
import socket
import subprocess
import sys
import time

import pytest

from khcn_workflow.cli.home_lock import AlreadyUpError, HomeLock, address_up
from khcn_workflow.cli.local_prefect import LocalPrefect, PortTakenError
from khcn_workflow.cli.processes import Process, holder, is_free, started
from tests.office import settings_in

HOLD = """
import subprocess, sys, time
from pathlib import Path
from khcn_workflow.cli.home_lock import HomeLock
lock = HomeLock(Path(sys.argv[1]), "http://127.0.0.1:4999").__enter__()
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
lock.note([child.pid])
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def other(tmp_path):
    """Another `khcn up` on that home, and the program it runs."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as holding:
        assert holding.stdout is not None
        child = int(holding.stdout.readline())
        yield holding, child
        holding.kill()


def test_a_second_start_is_refused_and_told_who_and_where(tmp_path, other):
    with pytest.raises(AlreadyUpError) as refusal, HomeLock(tmp_path, "http://127.0.0.1:1"):
        pass
    assert f"tiến trình {other[0].pid}" in str(refusal.value)
    assert "http://127.0.0.1:4999" in str(refusal.value)
    assert address_up(tmp_path) == "http://127.0.0.1:4999"


def test_after_kill_9_the_next_start_gets_the_home_and_ends_what_was_left(tmp_path, other):
    holding, child = other
    holding.kill()
    holding.wait()
    assert started(child)
    with HomeLock(tmp_path, "http://127.0.0.1:1") as lock:
        assert lock.end_leftovers() == 1
    for _ in range(100):
        if not started(child):
            break
        time.sleep(0.05)
    assert not started(child)
    assert address_up(tmp_path) == ""


def test_a_process_number_used_again_is_not_ours(tmp_path):
    assert not Process(os.getpid(), "1").is_running
    assert Process(os.getpid(), started(os.getpid())).is_running
    (tmp_path / "up.json").write_text(
        f'{{"pid": 1, "address": "", "children": [[{os.getpid()}, "1"]]}}'
    )
    with HomeLock(tmp_path, "") as lock:
        assert lock.end_leftovers() == 0


def test_a_note_cut_short_is_no_note(tmp_path):
    (tmp_path / "up.json").write_text('{"pid": 1, "chil')
    assert address_up(tmp_path) == ""


def test_a_taken_port_is_refused_with_the_name_of_who_has_it(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        assert holder(port).endswith(f"({os.getpid()})")
        prefect = LocalPrefect(settings_in(tmp_path), port)
        with pytest.raises(PortTakenError) as refusal:
            prefect.start_server()
    assert f"Cổng {port} đang bị chiếm bởi" in str(refusal.value)
    assert is_free(port)

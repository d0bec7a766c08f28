"""Chaos: whatever dies, each acknowledged answer is in the ledger once, each step asked once.

On a real server and worker; the server's own reconciliation runs beside the passes made
here. Each test prints what it counted.
"""

import shutil
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from threading import Semaphore

import pytest

from flows.automations import SILENCE
from khcn_workflow.cli.local_prefect import LocalPrefect, free_port
from khcn_workflow.services.reconciliation import desired_waits
from tests import office as desk  # not by name: one database, not each kind in turn
from tests.databases import SQLITE
from tests.flows.chaos import (
    asked,
    at_once,
    check_whole,
    kill,
    kill_family,
    nobody_may_write,
    on_their_way,
    owed,
    recorded,
    stands_at_the_ledger,
    state_of,
    wait_until,
)
from tests.flows.server import a_good_answer, resume, waiting

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
OPENED = date(2019, 5, 6)
RECONCILE = "from flows.reconciliation import *; print(reconcile(start_unattended()))"
SOON = timedelta(seconds=5)
"""Patience of a pass that need not wait ten minutes for what is known to be dead."""

RECORDED_HERE = "Đã ghi vào sổ: Đạt, đề nghị trúng tuyển."
"""What a run says whose own answer was taken."""

_numbers = count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    app = desk.open_office(tmp_path_factory.mktemp("office"), database=SQLITE)
    yield app
    app.close()


@pytest.fixture(scope="module")
def prefect(office):
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with LocalPrefect(office.settings, free_port(), worker_query_seconds=1) as server:
        server.start_server()
        deploy(server)
        server.start_worker()
        with temporary_settings({PREFECT_API_URL: f"{server.address}/api"}):
            yield server


@pytest.fixture
def told(capsys):
    def tell(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}")  # noqa: T201 - a figure

    return tell


def deploy(prefect) -> None:
    """What runs besides answers is reconciliation."""
    prefect.deploy()
    for each in prefect.call("POST", "/deployments/filter", {}):
        if "he-thong" in each["tags"] and each["name"] not in ("Đối soát", "Báo quản trị"):
            prefect.call("PATCH", f"/deployments/{each['id']}", {"paused": True})


def one_pass(office, patience=SOON):
    from flows.reconciliation import reconcile

    return reconcile(office, patience)


def new_tasks(office, prefect, how_many: int) -> dict[str, dict]:
    """Tasks that wait for their council, each with its waiting run."""
    codes = [f"NV-2019-{next(_numbers):03d}" for _ in range(how_many)]
    for code in codes:
        office.run(desk.enter, desk.a_task(code), "council_meeting", OPENED)
    one_pass(office, timedelta(minutes=10))
    found = {code: waiting(prefect, code) for code in codes}
    assert all(len(each) == 1 for each in found.values())
    return {code: each[0] for code, each in found.items()}


def answer(prefect, run: dict) -> bool:
    return resume(prefect, run, **a_good_answer()) == "ACCEPT"


def all_recorded_once(office, codes) -> bool:
    found = recorded(office, codes)
    assert set(found.values()) <= {1}, found
    return len(found) == len(codes)


def test_kill_9_of_a_worker_in_the_middle_of_recording(office, prefect, told):
    found = new_tasks(office, prefect, 3)
    with nobody_may_write(office):
        assert all(answer(prefect, run) for run in found.values())
        wait_until(lambda: any(is_running(prefect, run) for run in found.values()))
        time.sleep(3)
        died = kill(prefect, "worker")
        states = Counter(state_of(prefect, run)["type"] for run in found.values())
    began = time.monotonic()
    assert recorded(office, found) == {}
    prefect.start_worker()
    silent = [run for run in found.values() if is_running(prefect, run)]
    for run in silent:
        wait_until(lambda run=run: not is_running(prefect, run))
    noticed = time.monotonic() - began
    done = one_pass(office)
    wait_until(lambda: all_recorded_once(office, found))
    check_whole(office, prefect, lambda: one_pass(office))
    told(
        f"kill -9 của worker khi đang ghi: {died} tiến trình chết, trạng thái {dict(states)}; "
        f"mất tín hiệu được nhận ra sau {noticed:.0f} giây; {done}; "
        f"{len(found)} câu trả lời, mỗi câu một dòng sổ"
    )


def test_a_run_that_lasts_longer_than_the_silence_is_left_alone(prefect, told):
    """It bears what prefect.yaml gives every run of ours."""
    sample = prefect.call("POST", "/deployments/filter", {"limit": 1})[0]
    flow = prefect.call("POST", "/flows/", {"name": "Chạy lâu thử"})
    variables = sample["job_variables"]
    body = {
        "name": "Chạy lâu thử",
        "flow_id": flow["id"],
        "entrypoint": "tests.flows.broken_flows.slow",
        "work_pool_name": "khcn",
        "job_variables": {"env": {**variables["env"], "PYTHONPATH": str(ROOT)}},
        "enforce_parameter_schema": False,
    }
    prefect.call("POST", "/deployments/", body)
    run_id = prefect.run_deployment("Chạy lâu thử")
    state = prefect.wait_for_run(run_id, 600)
    assert (state["type"], state["message"]) == ("COMPLETED", None)
    seconds = prefect.call("GET", f"/flow_runs/{run_id}")["total_run_time"]
    assert seconds > SILENCE.total_seconds()
    told(f"một lượt chạy {seconds:.0f} giây, lâu hơn {SILENCE.total_seconds():.0f} giây im lặng")


def test_kill_9_of_a_worker_right_after_the_row_was_written(office, prefect, told):
    found = new_tasks(office, prefect, 1)
    for run in found.values():
        assert answer(prefect, run)
    wait_until(lambda: all_recorded_once(office, found), every=0.01)
    died = kill(prefect, "worker")
    states = Counter(state_of(prefect, run)["type"] for run in found.values())
    prefect.start_worker()
    time.sleep(SOON.total_seconds())
    done = one_pass(office)
    assert done.revived == states["RUNNING"]
    check_whole(office, prefect, lambda: one_pass(office))
    for run in found.values():
        assert state_of(prefect, run)["name"] == "Đạt, đề nghị trúng tuyển"
    assert all_recorded_once(office, found)
    told(
        f"kill -9 của worker ngay sau khi ghi: {died} tiến trình chết, trạng thái {dict(states)}, "
        f"mở lại {done.revived}; {len(found)} câu trả lời, mỗi câu một dòng sổ"
    )


def test_a_run_whose_worker_died_before_it_started_is_started_again(office, prefect, told):
    (run,) = new_tasks(office, prefect, 1).values()
    kill(prefect, "worker")
    assert answer(prefect, run)
    body = {"state": {"type": "PENDING"}, "force": True}
    prefect.call("POST", f"/flow_runs/{run['id']}/set_state", body)
    assert one_pass(office, timedelta(minutes=10)).revived == 0
    time.sleep(SOON.total_seconds() + 1)
    assert one_pass(office).revived == 1
    prefect.start_worker()
    prefect.wait_for_run(run["id"])
    assert all_recorded_once(office, [run["parameters"]["task_code"]])
    told("worker chết trước khi lượt kịp chạy: 1 lượt được mở lại, 1 dòng sổ")


def test_kill_9_of_the_server_in_the_middle_of_resuming(office, prefect, told):
    found = new_tasks(office, prefect, 6)
    api = LocalPrefect(office.settings, prefect.port)
    acknowledged = lost = 0
    for half, heard in ((list(found)[:3], 0), (list(found)[3:], 1)):
        heard_of = Semaphore(0)

        def resumed(code, heard_of=heard_of):
            said = answer(api, found[code])
            heard_of.release()
            return said

        def shoot(heard=heard, heard_of=heard_of):
            for _ in range(heard):
                heard_of.acquire(timeout=60)
            kill(prefect, "server")

        deeds = [lambda code=code, resumed=resumed: resumed(code) for code in half]
        results = at_once(*deeds, shoot)[:-1]
        acknowledged += sum(each is True for each in results)
        lost += sum(each is not True for each in results)
        prefect.start_server()
        sure = [code for code, said in zip(half, results, strict=True) if said is True]
        wait_until(lambda sure=sure: all_recorded_once(office, sure))
    wait_until(lambda: not on_their_way(prefect))
    again = [run for code in found for run in waiting(prefect, code) if is_council(run)]
    assert all(answer(prefect, run) for run in again)
    wait_until(lambda: all_recorded_once(office, found))
    check_whole(office, prefect, lambda: one_pass(office))
    told(
        f"kill -9 của máy chủ giữa lúc Resume, 2 lần: {acknowledged} câu được nhận, {lost} câu "
        f"không có hồi âm ({len(again)} câu phải gửi lại); {len(found)} câu, mỗi câu một dòng sổ"
    )


def test_kill_9_of_a_reconciliation_in_the_middle_of_its_pass(office, prefect, told):
    total = 24
    codes = [f"NV-2019-{next(_numbers):03d}" for _ in range(total)]
    for code in codes:
        office.run(desk.enter, desk.a_task(code), "council_meeting", OPENED)
    killed_at, one = [], [sys.executable, "-c", RECONCILE]
    for reached in (2, 8, 14):
        with subprocess.Popen(one, env=prefect.environment) as single:
            wait_until(
                lambda reached=reached, single=single: (
                    born(prefect, codes) >= reached or single.poll() is not None
                ),
                every=0.01,
            )
            if single.poll() is None:
                kill_family(single.pid)
                killed_at.append(born(prefect, codes))
    both = [subprocess.Popen(one, env=prefect.environment) for _ in range(2)]
    assert [each.wait(300) for each in both] == [0, 0]
    assert asked(prefect) == owed(office)
    check_whole(office, prefect, lambda: one_pass(office))
    assert killed_at
    told(
        f"kill -9 của đối soát giữa lượt quét: {len(killed_at)} lần, khi đã có {killed_at} trong "
        f"{total} lượt chờ; hai lượt quét cùng lúc sau đó: {total} bước, mỗi bước một lượt chờ"
    )


def test_the_same_answer_twice_at_once(office, prefect, told):
    found = new_tasks(office, prefect, 4)
    said = Counter()
    for run in found.values():
        said.update(map(str, at_once(*[lambda run=run: answer(prefect, run)] * 2)))
    wait_until(lambda: all_recorded_once(office, found))
    check_whole(office, prefect, lambda: one_pass(office))
    assert all_recorded_once(office, found)
    assert said["True"] >= len(found)
    told(f"cùng câu trả lời gửi hai lần cùng lúc: {dict(said)}; {len(found)} câu, mỗi câu một dòng")


def test_answered_in_the_ui_and_at_the_command_line_at_once(office, prefect, told):
    found = new_tasks(office, prefect, 3)
    khcn = str(Path(sys.executable).with_name("khcn"))
    given = ["--on", "2019-06-07", "--document", "12/BB-HĐ", "--by", "tp"]
    with nobody_may_write(office):
        doors = {
            code: subprocess.Popen(
                [khcn, "record", code, "council_meeting", "passed", *given],
                env=prefect.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for code in found
        }
        assert all(answer(prefect, run) for run in found.values())

        def contenders() -> list[int]:
            runs = [prefect.call("GET", f"/flow_runs/{run['id']}") for run in found.values()]
            pids = [int(run["infrastructure_pid"] or 0) for run in runs]
            pids += [door.pid for door in doors.values()]
            return [pid for pid in pids if pid and stands_at_the_ledger(office, pid)]

        wait_until(lambda: len(contenders()) == 2 * len(found), 25)
        time.sleep(1)
        assert len(contenders()) == 2 * len(found)
        assert recorded(office, found) == {}
    said = {code: door.communicate(timeout=120)[0] for code, door in doors.items()}
    wait_until(lambda: all_recorded_once(office, found))
    check_whole(office, prefect, lambda: one_pass(office))
    assert all_recorded_once(office, found)
    for code, door in doors.items():
        by_form = state_of(prefect, found[code])["message"] == RECORDED_HERE
        assert by_form == bool(door.returncode), said[code]
        assert by_form == ("không ghi lần thứ hai" in said[code]), said[code]
    codes = Counter(door.returncode for door in doors.values())
    told(
        f"ở giao diện và ở dòng lệnh cùng lúc: {2 * len(found)} tiến trình cùng đứng trước sổ; "
        f"dòng lệnh ghi được {codes[0]}, bị từ chối {codes[1]}; {len(found)} câu, mỗi câu một dòng"
    )


def test_prefects_database_deleted(office, prefect, told):
    found = new_tasks(office, prefect, 2)
    assert all(answer(prefect, run) for run in found.values())
    wait_until(lambda: all_recorded_once(office, found))
    kill(prefect, "worker")
    kill(prefect, "server")
    shutil.rmtree(office.settings.home / "prefect")
    prefect.start_server()
    deploy(prefect)
    prefect.start_worker()
    assert asked(prefect) == {}
    began = time.monotonic()
    done = one_pass(office)
    seconds = time.monotonic() - began
    check_whole(office, prefect, lambda: one_pass(office))
    assert all_recorded_once(office, found)
    told(f"cơ sở dữ liệu của Prefect bị xóa: {done.born} lượt chờ có lại trong {seconds:.0f} giây")


def test_the_clock_is_set_three_days_on(office, prefect, told):
    found = new_tasks(office, prefect, 2)
    later = desk.on_day(office, desk.TODAY + timedelta(days=3))
    kill(prefect, "worker")
    kill(prefect, "server")
    jumped = LocalPrefect(later.settings, prefect.port, worker_query_seconds=1)
    with jumped:
        jumped.start_server()
        jumped.start_worker()
        assert all(answer(jumped, run) for run in found.values())
        wait_until(lambda: all_recorded_once(later, found))
        check_whole(later, jumped, lambda: one_pass(later))
        late = [run for run in waiting(jumped) if "quá hạn" in run["tags"]]
        assert len(late) == sum(wait.is_overdue for wait in later.ask(desired_waits))
        steps = len(owed(later))
    prefect.start_server()
    prefect.start_worker()
    told(
        f"đồng hồ nhảy ba ngày: {steps} bước, mỗi bước một lượt chờ, {len(late)} quá hạn; "
        f"{len(found)} câu, mỗi câu một dòng sổ"
    )


def is_running(prefect, run: dict) -> bool:
    return state_of(prefect, run)["type"] == "RUNNING"


def is_council(run: dict) -> bool:
    return run["parameters"]["step"] == "council_meeting"


def born(prefect, codes) -> int:
    return sum(number for (code, _, _), number in asked(prefect).items() if code in codes)

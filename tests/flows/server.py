"""What tests say to a real Prefect server, as its UI does."""

import time
from contextlib import contextmanager, suppress
from urllib.error import HTTPError

from khcn_workflow.cli.local_prefect import LocalPrefect, free_port


@contextmanager
def running_prefect(office):
    """A server with everything deployed and a worker."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    server = LocalPrefect(office.settings, free_port(), worker_query_seconds=1)
    with server:
        server.start_server()
        server.deploy()
        server.start_worker()
        with temporary_settings({PREFECT_API_URL: f"{server.address}/api"}):
            yield server


COUNCIL = "Đạt, đề nghị trúng tuyển"


def reconcile(office):
    from flows.reconciliation import reconcile as one_pass

    return one_pass(office)


def runs(prefect: LocalPrefect, **state: object) -> list[dict]:
    body = {"flow_runs": {"state": state} if state else {}, "sort": "ID_DESC", "limit": 200}
    return prefect.call("POST", "/flow_runs/filter", body)


def waiting(prefect: LocalPrefect, code: str = "") -> list[dict]:
    found = runs(prefect, name={"any_": ["Suspended"]})
    return [run for run in found if code in run["parameters"].get("task_code", "")]


def resume(prefect: LocalPrefect, run: dict, **answer: object) -> str:
    body = {"run_input": answer} if answer else {}
    return prefect.call("POST", f"/flow_runs/{run['id']}/resume", body)["status"]


def wait_until_asked_again(prefect: LocalPrefect, run: dict, attempt: int) -> str:
    """The description on top of the form of that attempt."""
    for _ in range(600):
        state = prefect.call("GET", f"/flow_runs/{run['id']}")["state"]
        if str(state["state_details"]["pause_key"]).endswith(f"-{attempt}"):
            key = state["state_details"]["run_input_keyset"]["description"]
            with suppress(HTTPError):  # Prefect suspends first and saves the form right after
                return str(prefect.call("GET", f"/flow_runs/{run['id']}/input/{key}"))
        assert state["type"] not in ("FAILED", "CRASHED", "COMPLETED"), state["message"]
        time.sleep(0.25)
    raise AssertionError("không hỏi lại")


def a_good_answer(**more: object) -> dict[str, object]:
    return {
        "outcome": COUNCIL,
        "on": "2019-06-07",
        "recorded_by": "Trưởng phòng (tp)",
        "document_number": "12/BB-HĐ",
        **more,
    }

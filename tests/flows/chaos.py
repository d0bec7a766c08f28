"""What breaks in the tests of chaos, and what is read from the ruins."""

import os
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from threading import Barrier, Thread

import psutil
from sqlalchemy import make_url

from khcn_workflow.services.inquiry import show_task
from khcn_workflow.services.reconciliation import desired_waits
from khcn_workflow.services.verification import verify_ledger
from tests.flows.server import runs, waiting

ACTIVE = ("SCHEDULED", "PENDING", "RUNNING")


def kill(prefect, name: str) -> int:
    """SIGKILL for a program of this machine's Prefect and all it started; how many died."""
    (program,) = [each for each in prefect._programs if each.name == name]
    prefect._programs.remove(program)
    died = kill_family(program.process.pid)
    program.process.wait(30)
    return died


def kill_family(pid: int) -> int:
    head = psutil.Process(pid)
    family = [head, *head.children(recursive=True)]
    for each in family:
        with suppress(psutil.NoSuchProcess):
            os.kill(each.pid, signal.SIGKILL)
    psutil.wait_procs(family[1:], timeout=30)
    return len(family)


@contextmanager
def nobody_may_write(office):
    """The ledger's write lock is ours: whoever records stands in the middle of it."""
    file = make_url(office.settings.database_url).database
    with closing(sqlite3.connect(file, isolation_level=None, timeout=60)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def stands_at_the_ledger(office, pid: int) -> bool:
    """Whether a process that has come to record is there: it has the ledger's file open.

    Ours open it once they have read all they need from elsewhere; while nobody may write,
    none of them gets past it.
    """
    file = str(make_url(office.settings.database_url).database)
    with suppress(psutil.NoSuchProcess):
        return file in {each.path for each in psutil.Process(pid).open_files()}
    return False


def at_once(*deeds):
    """All deeds start together, each in a thread; what each returned or raised."""
    gate, results = Barrier(len(deeds)), [None] * len(deeds)

    def do(number, deed):
        gate.wait()
        try:
            results[number] = deed()
        except Exception as error:
            results[number] = error

    threads = [Thread(target=do, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def state_of(prefect, run: dict) -> dict:
    return prefect.call("GET", f"/flow_runs/{run['id']}")["state"]


def wait_until(what, seconds: float = 300, every: float = 0.25):
    """The first true thing that `what` returns."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(every)
    raise AssertionError(f"chưa thấy sau {seconds} giây")


def recorded(office, codes) -> Counter[str]:
    """How often the council's result of each task stands in the ledger."""
    entries = [entry for code in codes for entry in office.ask(show_task, code).entries]
    found = [e for e in entries if e.fact.step == "council_meeting" and e.fact.outcome]
    return Counter(entry.fact.subject for entry in found)


def owed(office) -> dict[tuple[str, str, int], int]:
    keys = [wait.key for wait in office.ask(desired_waits)]
    return dict.fromkeys(((key.task_code, key.step, key.round) for key in keys), 1)


def asked(prefect) -> Counter[tuple[str, str, int]]:
    given = [run["parameters"] for run in waiting(prefect)]
    return Counter((each["task_code"], each["step"], each["round_number"]) for each in given)


def on_their_way(prefect) -> list[dict]:
    """Stage runs that some worker has, or should take."""
    found = runs(prefect, type={"any_": list(ACTIVE)})
    return [run for run in found if "step" in run["parameters"]]


def check_whole(office, prefect, one_pass) -> None:
    """One pass, and each open step has exactly one waiting run; the ledger is whole."""
    wait_until(lambda: not on_their_way(prefect), 600)
    one_pass()
    assert asked(prefect) == owed(office)
    office.ask(verify_ledger)

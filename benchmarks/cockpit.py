"""Tủ điều khiển: what a waiting run costs on a real Prefect server, beside a process per wait.

Not among those run without a name: it takes a quarter of an hour.
"""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from benchmarks.results import Bar, Report, Table
from khcn_workflow.bootstrap import Application
from khcn_workflow.cli.local_prefect import LocalPrefect, free_port
from khcn_workflow.services.inquiry import show_task
from tests import office as desk
from tests.databases import SQLITE

STEPS = 1000
TEN_MINUTES = 600
ANSWERS = 12
FEWEST_STEPS = 20
KB, MB = 1024, 1024**2
OPENED, HELD = date(2019, 5, 6), "2019-06-07"
OUTCOME = "Đạt, đề nghị trúng tuyển"
WAITS = {"flow_runs": {"state": {"name": {"any_": ["Suspended"]}}}}
PROGRAMS = 3
NAIVE = 3
"""Processes of the naive design that are started and measured."""


@dataclass(frozen=True, slots=True)
class Pass:
    """The first pass: how long, how far its progress was shown, bytes a waiting run."""

    seconds: float
    shown: tuple[float, ...]
    own: float
    events: float


def measure(rounds: int = 7, scale: float = 1.0) -> Report:  # noqa: ARG001 - one round is long enough
    """One server, one worker, one office of 1,000 open steps."""
    steps = max(FEWEST_STEPS, int(STEPS * scale))
    with TemporaryDirectory(prefix="khcn-bench-") as folder, _site(Path(folder), steps) as site:
        app, prefect = site
        first = _first_pass(prefect, steps)
        again = _timed_pass(prefect)[0]
        memory = {name: each.memory_info().rss for name, each in _programs().items()}
        busy = _processor()
        latencies = [_answer(app, prefect, number) for number in range(ANSWERS)]
        busy = (_processor() - busy) / ANSWERS
        naive = [_naive(prefect) for _ in range(NAIVE)]
    process, start = (median(figure) for figure in zip(*naive, strict=True))
    rows = (
        ("bytes in Prefect's database, for good", f"{first.own / KB:.0f} KB", "the same"),
        ("and of events, gone after 7 days", f"{first.events / KB:.0f} KB", "the same"),
        ("memory while it waits", "0", f"{process / MB:.0f} MB"),
        ("seconds until it waits", f"{first.seconds / steps:.2f}", f"{start:.1f}"),
        (f"memory of {steps} that wait", "0", f"{process * steps / MB / KB:.0f} GB"),
    )
    found = (
        (f"first pass over {steps} open steps, s", first.seconds),
        ("births a second", steps / first.seconds),
        ("a pass that finds nothing to do, s", again),
        (f"Resume to recorded, median of {ANSWERS}, s", median(latencies)),
        ("fastest / slowest, s", f"{min(latencies):.1f} / {max(latencies):.1f}"),
        ("processor time of an answer, server and worker, s", busy),
        *((f"memory of the {name}, MB", size / MB) for name, size in memory.items()),
    )
    reached = first.seconds < TEN_MINUTES
    bar = Bar(0, f"{steps} births", f"< {TEN_MINUTES} s", f"{first.seconds:.0f} s", reached)
    return Report(
        "Cost of the cockpit",
        (
            Table("one server and one worker on this machine", ("", "measured"), found),
            Table("one open step", ("", "born suspended", "a process per wait"), rows),
        ),
        (bar,),
        (f"the progress artifact showed {len(first.shown)} different figures on the way",),
    )


@contextmanager
def _site(home: Path, steps: int) -> Iterator[tuple[Application, LocalPrefect]]:
    app = desk.open_office(home, database=SQLITE)
    for number in range(steps):
        app.run(desk.enter, desk.a_task(_code(number)), "council_meeting", OPENED)
    with closing(app), LocalPrefect(app.settings, free_port()) as prefect:
        prefect.start_server()
        prefect.deploy()
        for each in prefect.call("POST", "/deployments/filter", {}):
            if "he-thong" in each["tags"]:  # only what is measured shall run
                prefect.call("PATCH", f"/deployments/{each['id']}", {"paused": True})
        prefect.start_worker()
        yield app, prefect


def _first_pass(prefect: LocalPrefect, steps: int) -> Pass:
    before = _bytes(prefect)
    seconds, shown = _timed_pass(prefect)
    assert prefect.call("POST", "/flow_runs/count", WAITS) == steps
    after = _bytes(prefect)
    own, events = ((now - then) / steps for now, then in zip(after, before, strict=True))
    return Pass(seconds, shown, own, events)


def _timed_pass(prefect: LocalPrefect) -> tuple[float, tuple[float, ...]]:
    """Seconds that a pass in the worker ran, and the figures its artifact showed."""
    run = prefect.run_deployment("Đối soát")
    path, shown, state = f"/flow_runs/{run}", set[float](), ""
    progress = {"artifacts": {"flow_run_id": {"any_": [run]}, "type": {"any_": ["progress"]}}}
    while state not in ("COMPLETED", "FAILED", "CRASHED"):
        time.sleep(2)
        shown |= {each["data"] for each in prefect.call("POST", "/artifacts/filter", progress)}
        state = prefect.call("GET", path)["state"]["type"]
    found = prefect.call("GET", path)
    assert state == "COMPLETED", found["state"]
    return found["total_run_time"], tuple(sorted(shown))


def _bytes(prefect: LocalPrefect) -> tuple[int, int]:
    """What Prefect's database holds: (without events, events)."""
    file = prefect.settings.home / "prefect" / "prefect.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as database:
        sizes = dict(database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
        tables = dict(database.execute("SELECT name, tbl_name FROM sqlite_master"))
    events = sum(s for n, s in sizes.items() if tables.get(n) in ("events", "event_resources"))
    return sum(sizes.values()) - events, events


def _programs() -> Mapping[str, psutil.Process]:
    """Server, worker, and what the worker forks its runs from."""
    found = {}
    for child in psutil.Process().children():
        words = child.cmdline()
        for name in ("server", "worker"):
            if words[1:4] == ["-m", "prefect", name]:
                found[name] = child
    for child in found["worker"].children():
        if "multiprocessing.forkserver" in " ".join(child.cmdline()):
            found["process that runs are forked from"] = child
    assert len(found) == PROGRAMS
    return found


def _processor() -> float:
    """Seconds of processor time that server, worker and all ended runs have taken."""
    times = [program.cpu_times() for program in _programs().values()]
    return sum(sum((t.user, t.system, t.children_user, t.children_system)) for t in times)


def _answer(app: Application, prefect: LocalPrefect, number: int) -> float:
    """Seconds from Resume, as the UI sends it, to the row in the ledger."""
    code = _code(number)
    body = {"flow_runs": {**WAITS["flow_runs"], "tags": {"all_": [f"nv:{code}"]}}}
    (run,) = prefect.call("POST", "/flow_runs/filter", body)
    answer = {
        "outcome": OUTCOME,
        "on": HELD,
        "recorded_by": "Trưởng phòng (tp)",
        "document_number": "12/BB-HĐ",
    }
    began = time.monotonic()
    said = prefect.call("POST", f"/flow_runs/{run['id']}/resume", {"run_input": answer})
    assert said["status"] == "ACCEPT", said
    while not any(entry.fact.outcome for entry in app.ask(show_task, code).entries):
        time.sleep(0.1)
        assert time.monotonic() - began < TEN_MINUTES
    seconds = time.monotonic() - began
    prefect.wait_for_run(run["id"])
    return seconds


def _naive(prefect: LocalPrefect) -> tuple[int, float]:
    """A flow whose process stays while it waits: its own bytes, seconds until it waits."""
    began = time.monotonic()
    line = [sys.executable, "-m", "benchmarks.naive_wait"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        line, env=prefect.environment, stdin=subprocess.DEVNULL
    ) as process:
        try:
            _wait_until_paused(prefect)
            seconds = time.monotonic() - began
            return psutil.Process(process.pid).memory_full_info().uss, seconds
        finally:
            process.kill()
            _end_paused(prefect)


def _paused(prefect: LocalPrefect) -> list[dict[str, Any]]:
    body = {"flow_runs": {"state": {"name": {"any_": ["Paused"]}}}}
    return list(prefect.call("POST", "/flow_runs/filter", body))


def _wait_until_paused(prefect: LocalPrefect) -> None:
    deadline = time.monotonic() + TEN_MINUTES
    while not _paused(prefect):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _end_paused(prefect: LocalPrefect) -> None:
    body = {"state": {"type": "CANCELLED"}, "force": True}
    for run in _paused(prefect):
        prefect.call("POST", f"/flow_runs/{run['id']}/set_state", body)


def _code(number: int) -> str:
    return f"NV-2019-{number:04d}"

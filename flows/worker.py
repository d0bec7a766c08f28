"""Máy thực thi: Prefect's process worker, but each run is forked off a process that imported all.

A new interpreter imports Prefect and ours for seconds of processor time, and Prefect's own
process worker starts three of them a run (docs/decisions/0027). Start with
`prefect worker start --pool khcn --type khcn`.
"""

import atexit
import os
import runpy
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING, Any

import anyio
import anyio.abc
import anyio.to_thread
from httpx import HTTPError
from prefect.context import refresh_global_settings_context
from prefect.exceptions import PrefectException
from prefect.states import Cancelled
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun, State
    from prefect.client.schemas.responses import WorkerFlowRunResponse

ENGINE = "prefect.engine"
IMPORTED_ONCE = (
    "anyio._backends._asyncio",  # named by a string inside anyio
    "prefect.cli",  # the worker's own program, which each child looks at
    "prefect.flow_engine",
    "prefect._vendor.croniter",  # when a schedule is read
    "flows.acceptance",
    "flows.admin_alert",
    "flows.appraisal",
    "flows.channel_deeds",
    "flows.contract",
    "flows.council_selection",
    "flows.deadline_sweep",
    "flows.delivery",
    "flows.housekeeping",
    "flows.office_deeds",
    "flows.periodic_check",
    "flows.proposal",
    "flows.reconciliation",
    "flows.report_round",
    "flows.task_deeds",
)
LOOKS_AGAIN_SECONDS = 10
"""How often a run that lasts is asked after: an operator may have cancelled it."""

_forks = get_context("forkserver")
_forks.set_forkserver_preload(list(IMPORTED_ONCE))


class KhcnWorker(ProcessWorker):
    """Starts runs in milliseconds; everything else is as Prefect's process worker does it."""

    type = "khcn"
    _display_name = "KHCN"
    _description = "Chạy mỗi lượt trong một tiến trình tách từ tiến trình đã nạp sẵn mọi thứ."

    async def _get_scheduled_flow_runs(self) -> list["WorkerFlowRunResponse"]:
        """Without those whose last process still holds its place here.

        A run that is resumed within a second of its suspension is offered before that
        process has gone; Prefect's worker 3.8 dies of it (RuntimeError of its limiter).
        """
        offered = await super()._get_scheduled_flow_runs()
        held = set(self._limiter.statistics().borrowers) if self._limiter else set()
        return [each for each in offered if each.flow_run.id not in held]

    async def run(
        self,
        flow_run: "FlowRun",
        configuration: ProcessJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Run Prefect's engine in a forked process, to its end; in the worker's own folder."""
        environment = {k: v for k, v in configuration.env.items() if v is not None}
        folder = str(configuration.working_dir or Path.cwd())
        child = _forks.Process(target=run_engine, args=(str(flow_run.id), environment, folder))
        await anyio.to_thread.run_sync(child.start)  # the first waits for the imports
        try:
            if task_status is not None:
                task_status.started(child.pid or 0)
            code = await self._ended(child, flow_run)
        finally:
            if child.exitcode is None:  # the worker stops
                child.terminate()
        return ProcessWorkerResult(status_code=code, identifier=str(child.pid))

    async def _ended(self, child: ForkServerProcess, flow_run: "FlowRun") -> int:
        """Wait for the end; the exit code, which is 0 if an operator cancelled the run."""
        while True:
            with anyio.move_on_after(LOOKS_AGAIN_SECONDS):
                await anyio.wait_readable(child.sentinel)
            if child.exitcode is not None:
                return child.exitcode
            if await self._is_cancelled(flow_run):
                child.kill()  # told to end it would call itself crashed, and alert somebody
                await anyio.to_thread.run_sync(child.join)
                state: State[Any] = Cancelled(message="Người vận hành đã hủy.")
                await self.client.set_flow_run_state(flow_run.id, state, force=True)
                return 0

    async def _is_cancelled(self, flow_run: "FlowRun") -> bool:
        """Whether the server says so; while it cannot be asked, a run goes on."""
        with suppress(HTTPError, PrefectException):
            state = (await self.client.read_flow_run(flow_run.id)).state
            return state is not None and (state.is_cancelling() or state.is_cancelled())
        return False


def run_engine(run_id: str, environment: Mapping[str, str], folder: str) -> None:
    """What `python -m prefect.engine RUN_ID` does, in a process that has imported already."""
    signal(SIGINT, SIG_IGN)  # Ctrl-C is for the worker, which ends its runs
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    refresh_global_settings_context()
    sys.argv = [ENGINE, run_id]
    sys.modules.pop(ENGINE, None)
    try:
        runpy.run_module(ENGINE, run_name="__main__", alter_sys=True)
    finally:
        atexit._run_exitfuncs()  # noqa: SLF001 - a fork ends without: logs, events

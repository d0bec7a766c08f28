"""Flows that break in ways a real server must notice."""

import os
import signal
import time

from prefect import flow

from flows.automations import SILENCE


@flow(name="Lỗi thử", flow_run_name="Lỗi thử")
def failing() -> None:
    raise RuntimeError("không mở được tệp")


@flow(name="Im lặng thử", flow_run_name="Im lặng thử")
def silent() -> None:
    """Stops dead, as a process whose machine lost its power: no state, no heartbeat."""
    time.sleep(8)  # one heartbeat is sent first
    os.kill(os.getpid(), signal.SIGSTOP)


@flow(name="Chạy lâu thử")
def slow() -> None:
    time.sleep(SILENCE.total_seconds() + 20)

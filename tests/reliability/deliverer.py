"""Processes that deliver an office's outbox until they are killed, with short leases."""

import multiprocessing
import time
from datetime import timedelta

from khcn_workflow.bootstrap import Application
from khcn_workflow.services import delivery
from khcn_workflow.services.delivery import deliver_outbox
from khcn_workflow.settings import Settings
from khcn_workflow.storage import outbox
from notifications import channels, reach
from notifications.retry import RetryPolicy

LEASE = timedelta(seconds=6)
"""Many times as long as results are gathered, as in an office."""
QUICK = RetryPolicy(
    first=timedelta(seconds=0.1),
    ceiling=timedelta(seconds=0.5),
    greylist_floor=timedelta(seconds=0.1),
)

channels.register()  # Apprise is slow to import; who is killed must have been sending
fork = multiprocessing.get_context("fork")  # warm: everything is imported already


def deliver_for_ever(settings: Settings) -> None:
    """What an office's `Gửi thư` does, again and again, in seconds instead of minutes."""
    outbox.LEASE, delivery.LOOK_EVERY_S = LEASE, 0.2
    reach.MAIL_POLICY = QUICK
    app = Application(settings)
    while True:
        deliver_outbox(app)
        time.sleep(0.05)


def start(settings: Settings) -> multiprocessing.process.BaseProcess:
    process = fork.Process(target=deliver_for_ever, args=(settings,), daemon=True)
    process.start()
    return process

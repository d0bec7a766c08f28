"""A process that records for an office and says after each commit what stands, until killed."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing.connection import Connection
from time import sleep

from khcn_workflow.bootstrap import Application
from khcn_workflow.context import Context
from khcn_workflow.domain.ledger import Document, EntryKind
from khcn_workflow.services.clock_events import ClockEvent, record_clock_event
from khcn_workflow.services.recording import Answer, Explanation, record_delay, record_outcome
from khcn_workflow.settings import Settings
from khcn_workflow.storage.refusals import StorageUnavailableError
from tests.office import a_task, enter

FIRST_DAY = date(2019, 5, 6)
DEEDS = ("suspended", "resumed", "delay", "outcome")
"""What is recorded of each task, in this order."""

WRITTEN, REPEATED, REFUSED = "written", "repeated", "refused"

_fork = multiprocessing.get_context("fork")  # warm: rulebooks and calendar are read already


@dataclass(frozen=True, slots=True)
class Job:
    """One recording; its key is its request key."""

    task: str
    deed: str

    @property
    def key(self) -> str:
        return f"{self.task}-{self.deed}"


def jobs_of(task: str) -> list[Job]:
    return [Job(task, deed) for deed in DEEDS]


def enter_all(context: Context, tasks: Sequence[str]) -> None:
    for code in tasks:
        enter(context, a_task(code), "proposal_revision", FIRST_DAY)


def do(app: Application, job: Job) -> str:
    """Record a job through its use case; whether it was written now or stood there already."""
    on = FIRST_DAY + timedelta(days=1 + DEEDS.index(job.deed))
    if job.deed in ("suspended", "resumed"):
        return _clock_event(app, job, on)
    if job.deed == "delay":
        told = Explanation(
            job.task, "proposal_revision", on, "tp", "xin-y-kien", request_key=job.key
        )
        recorded = app.run(record_delay, told)
    else:
        answer = Answer(job.task, "proposal_revision", "received", on, "tp", request_key=job.key)
        recorded = app.run(record_outcome, answer)
    return REPEATED if recorded.repeated else WRITTEN


def _clock_event(app: Application, job: Job, on: date) -> str:
    stood = app.ask(lambda context: context.work.find_request(job.key)) is not None
    event = ClockEvent(
        EntryKind(job.deed),
        job.task,
        on,
        "tp",
        reason="chờ ý kiến cấp trên",
        document=Document("12/QĐ"),
        request_key=job.key,
    )
    app.run(record_clock_event, event)
    return REPEATED if stood else WRITTEN


def record_all(settings: Settings, jobs: Sequence[Job], acknowledge: Connection) -> None:
    """Do the jobs in turn; a job that the database refused is tried again."""
    app = Application(settings)
    for job in jobs:
        while (end := _try(app, job)) == REFUSED:
            acknowledge.send((job.key, end))
            sleep(0.05)
        acknowledge.send((job.key, end))
    app.close()


def _try(app: Application, job: Job) -> str:
    try:
        return do(app, job)
    except StorageUnavailableError:
        return REFUSED


@contextmanager
def recording(
    settings: Settings, jobs: Sequence[Job]
) -> Iterator[tuple[multiprocessing.Process, Connection]]:
    """A process that does the jobs, and where it says so; it is gone at the end."""
    said, acknowledge = _fork.Pipe(duplex=False)
    process = _fork.Process(target=record_all, args=(settings, jobs, acknowledge))
    process.start()
    acknowledge.close()
    try:
        yield process, said
    finally:
        if process.is_alive():
            os.kill(process.pid, 9)
        process.join()
        said.close()


def drained(said: Connection) -> Iterator[tuple[str, str]]:
    """What a process that is gone had said."""
    try:
        while said.poll():
            yield said.recv()
    except EOFError:
        return

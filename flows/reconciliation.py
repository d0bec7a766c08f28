"""Đối soát: makes the waiting runs and pages in Prefect those that the ledger asks for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect import flow
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.context import FlowRunContext, SyncClientContext
from prefect.states import Completed

from flows.artifacts import publish, published
from flows.boards import publish_boards, table
from flows.choices import refresh_choices
from flows.deployments import deployment_ids
from flows.links import page_key, waiting_runs
from flows.run_life import (
    PATIENCE,
    call_off,
    close,
    give_birth,
    is_half_born,
    is_stuck,
    key_of,
    live_runs,
    rename,
    renew_form,
    start_again,
)
from flows.task_page import renew_page
from khcn_workflow.bootstrap import Application, start_unattended
from khcn_workflow.domain.errors import KhcnError
from khcn_workflow.services.reconciliation import Wait, WaitKey, desired_waits, settled
from khcn_workflow.services.task_pages import page_stamps

REPORT = "doi-soat"
"""Key of the artifact that tells what the last pass did."""

MANY = 20
"""Births from which on a pass shows how far it is."""

Runs = Mapping[WaitKey, Sequence[FlowRun]]
Stages = Mapping[str, UUID]
"""The deployment of each stage."""


@dataclass(slots=True)
class Reconciled:
    """What one pass did.

    Attributes:
        called_off: Runs cancelled because another waits for the same answer.
        revived: Runs started again because their process was gone.
        deeds: A line for each thing done: what, and to which task.
    """

    owed: int = 0
    born: int = 0
    closed: int = 0
    called_off: int = 0
    revived: int = 0
    renamed: int = 0
    forms: int = 0
    pages: int = 0
    deeds: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        """The sentence an operator reads."""
        return (
            f"{self.owed} bước đang chờ: tạo {self.born} lượt chờ, đóng {self.closed}, "
            f"hủy {self.called_off} lượt thừa, mở lại {self.revived} lượt mất tiến trình, "
            f"đổi nhãn {self.renamed}, viết lại {self.forms} mẫu và {self.pages} trang nhiệm vụ."
        )


@flow(name="Đối soát", flow_run_name="Đối soát")
def reconciliation() -> State[Any]:
    """So sổ cái với các lượt chờ: tạo lượt thiếu, đóng lượt thừa, sửa nhãn quá hạn."""
    done = reconcile(start_unattended())
    return Completed(message=str(done))


def reconcile(app: Application, patience: timedelta = PATIENCE) -> Reconciled:
    """One pass: desired is the ledger's open steps, actual the runs that have not ended.

    Idempotent, and safe when two passes run at once: a run is named by its step.

    Args:
        patience: How long a run may be about to start, or run, before it is started again.
    """
    done = Reconciled()
    with SyncClientContext.get_or_create() as connection:
        client = connection.client
        stages = deployment_ids(client)
        _revive(client, stages, patience, done)
        _match(app, client, stages, done)
        _finish_crashed(app, client, stages, done)
        _renew_pages(app, client, done)
        publish_boards(app, client)
        refresh_choices(app, client)
        publish(client, REPORT, _report(done), str(done))
    return done


def reconcile_task(app: Application, client: SyncPrefectClient, task_code: str) -> Reconciled:
    """The same for the waiting runs of one task, right after something was recorded."""
    return _match(app, client, deployment_ids(client), Reconciled(), task_code)


def _revive(
    client: SyncPrefectClient, stages: Stages, patience: timedelta, done: Reconciled
) -> None:
    """Start again what lost its process; what was started too often makes room for another."""
    for run in list(live_runs(client, stages.values())):
        if is_stuck(run, patience) and start_again(client, run):
            done.revived += 1
            done.deeds.append(("Mở lại lượt", run.name))


def _match(
    app: Application,
    client: SyncPrefectClient,
    stages: Stages,
    done: Reconciled,
    task_code: str | None = None,
) -> Reconciled:
    """Births, names and ends, so that each answer that is owed has one run that waits."""
    wanted = {wait.key: wait for wait in app.ask(desired_waits, task_code)}
    actual = _actual(client, stages, task_code or "")
    done.owed = len(wanted)
    _give_births(app, client, stages, _missing(wanted, actual), done)
    for key, runs in actual.items():
        if key in wanted:
            _keep_one(app, client, wanted[key], runs, done)
        else:
            _close_all(app, client, key, runs, done)
    return done


def _actual(client: SyncPrefectClient, stages: Stages, task_code: str) -> Runs:
    """Living runs of the six stages by the answer they wait for, the first made first."""
    stage_of = {deployment: stage for stage, deployment in stages.items()}
    found: dict[WaitKey, list[FlowRun]] = defaultdict(list)
    for run in live_runs(client, stage_of, task_code):
        if run.deployment_id is not None:
            found[key_of(run, stage_of[run.deployment_id])].append(run)
    return {key: sorted(runs, key=_precedence) for key, runs in found.items()}


def _precedence(run: FlowRun) -> tuple[bool, str]:
    """A run named by its step goes before one that somebody started by hand."""
    return not run.idempotency_key, str(run.created)


def _missing(wanted: Mapping[WaitKey, Wait], actual: Runs) -> list[Wait]:
    return [
        wait for key, wait in wanted.items() if key not in actual or is_half_born(actual[key][0])
    ]


def _give_births(
    app: Application,
    client: SyncPrefectClient,
    stages: Stages,
    missing: Sequence[Wait],
    done: Reconciled,
) -> None:
    with _progress(len(missing)) as advance:
        for number, wait in enumerate(missing, 1):
            if give_birth(app, client, stages[wait.key.stage], wait) is not None:
                done.born += 1
                done.deeds.append(("Tạo lượt chờ", wait.name))
            advance(number)


def _keep_one(
    app: Application,
    client: SyncPrefectClient,
    wait: Wait,
    runs: Sequence[FlowRun],
    done: Reconciled,
) -> None:
    """One run waits for an answer: the first, rightly named and with a true form."""
    if _sleeps(runs[0]) and renew_form(app, client, runs[0], wait):
        done.forms += 1
        done.deeds.append(("Viết lại mẫu", wait.name))
    if rename(client, runs[0], wait):
        done.renamed += 1
        done.deeds.append(("Đổi nhãn", wait.name))
    for run in runs[1:]:
        if _sleeps(run):
            call_off(client, run.id)
            done.called_off += 1
            done.deeds.append(("Hủy lượt thừa", run.name))


def _close_all(
    app: Application,
    client: SyncPrefectClient,
    key: WaitKey,
    runs: Sequence[FlowRun],
    done: Reconciled,
) -> None:
    """Nothing is owed any more: the runs end, with the outcome where there is one."""
    for run in runs:
        if not _sleeps(run):
            continue
        try:
            close(client, run.id, app.ask(settled, key))
        except KhcnError:  # a run made by hand, of a task or step that is none
            call_off(client, run.id)
        done.closed += 1
        done.deeds.append(("Đóng lượt", run.name))


def _finish_crashed(
    app: Application, client: SyncPrefectClient, stages: Stages, done: Reconciled
) -> None:
    """A run that died right after it recorded ends under the outcome's name after all.

    Nothing is owed for it any more, so nothing would start it again.
    """
    stage_of = {deployment: stage for stage, deployment in stages.items()}
    for run in list(live_runs(client, stage_of, states=[StateType.CRASHED])):
        if run.deployment_id is None:
            continue
        key = key_of(run, stage_of[run.deployment_id])
        with suppress(KhcnError):  # a run made by hand, of a task or step that is none
            ended = app.ask(settled, key)
            if ended.title:
                close(client, run.id, ended)
                done.closed += 1
                done.deeds.append(("Đóng lượt", run.name))


def _sleeps(run: FlowRun) -> bool:
    return run.state is not None and run.state.is_paused()


def _renew_pages(app: Application, client: SyncPrefectClient, done: Reconciled) -> None:
    pages = published(client, "nv-%")
    for stamp in app.ask(page_stamps):
        done.pages += renew_page(app, client, stamp, pages.get(page_key(stamp.code)))


def _report(done: Reconciled) -> str:
    rows = [
        (deed, f"[{name}]({waiting_runs(name.partition(' · ')[0])})") for deed, name in done.deeds
    ]
    return "\n\n".join(["# Đối soát", str(done), table(["Đã làm", "Lượt"], rows)])


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Shows on the run's page how many of many births are done."""
    if total < MANY or FlowRunContext.get() is None:
        yield lambda _: None
        return
    shown = create_progress_artifact(progress=0, description=f"Tạo {total} lượt chờ")

    def advance(number: int) -> None:
        if number % MANY == 0 or number == total:
            update_progress_artifact(shown, progress=100 * number / total)  # type: ignore[arg-type]

    yield advance

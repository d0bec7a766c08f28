"""Sự kiện: hints to Prefect that the ledger grew; nothing is lost when they are."""

from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5

from prefect.events import emit_event
from prefect.variables import Variable

from khcn_workflow.bootstrap import Application
from khcn_workflow.domain.alerts import Alert, AlertKind
from khcn_workflow.domain.ledger import EntryKind, LedgerEntry
from khcn_workflow.domain.vietnamese import slug
from khcn_workflow.services.announcing import FIRST_PASS, facts_after
from khcn_workflow.services.reconciliation import WaitKey

RECORDED = "khcn.task.recorded"
PARKED = "khcn.channel.parked"
SWEEP_MISSED = "khcn.sweep.missed"

MARK = "khcn_so_cai_da_bao"
"""Prefect variable: number of the last ledger row that was told as an event."""

ABOUT: Mapping[EntryKind, str] = {
    EntryKind.PERSON: "person",
    EntryKind.ACTIVITY: "activity",
    EntryKind.REPROJECTED: "office",
    EntryKind.IMPORTED: "office",
    EntryKind.FROZEN: "report",
    EntryKind.EDITED: "report",
}
"""What a kind of fact is about, where it is not a science task."""

_ALERT_EVENTS = {AlertKind.CHANNEL_PARKED: PARKED, AlertKind.SWEEP_MISSED: SWEEP_MISSED}


def emit_recorded(key: WaitKey, outcome: str) -> None:
    """Say that a result of a task was recorded."""
    emit_event(
        event=RECORDED,
        resource={
            "prefect.resource.id": f"khcn.task.{slug(key.task_code)}",
            "prefect.resource.name": key.task_code,
            "khcn.stage": key.stage,
            "khcn.step": key.step,
        },
        payload={"outcome": outcome, "round": key.round},
    )


def announce_new_facts(app: Application) -> int:
    """Emit an event for each ledger row since the mark, whichever door it came through.

    The mark is a variable of Prefect's, since events are its: a server without one starts
    at today's end of the ledger. A row may be told twice (its event keeps its id), never
    relied on.
    """
    mark = Variable.get(MARK)
    facts = app.ask(facts_after, int(str(mark)) if mark is not None else FIRST_PASS)
    for entry in facts.entries:
        _emit_fact(entry)
    if mark != facts.mark:
        Variable.set(MARK, facts.mark, overwrite=True)
    return len(facts.entries)


def emit_alert(alert: Alert) -> None:
    """Say in the event feed what the administrator is told."""
    name = _ALERT_EVENTS.get(alert.kind)
    if name:
        emit_event(
            event=name,
            resource={"prefect.resource.id": name, "prefect.resource.name": alert.title},
            payload={"detail": alert.detail},
        )


def _emit_fact(entry: LedgerEntry) -> None:
    fact = entry.fact
    about = ABOUT.get(fact.kind, "task")
    labels = {
        "prefect.resource.id": f"khcn.{about}.{slug(fact.subject)}",
        "prefect.resource.name": fact.subject,
        "khcn.stage": fact.stage,
        "khcn.step": fact.step,
        "khcn.outcome": fact.outcome,
        "khcn.rulebook": fact.rulebook,
    }
    emit_event(
        event=f"khcn.{about}.{fact.kind}",
        resource={name: value for name, value in labels.items() if value},
        occurred=entry.recorded_at,
        payload={"seq": entry.seq, "valid_on": fact.valid_on.isoformat(), "round": fact.round},
        id=uuid5(NAMESPACE_URL, f"khcn:{entry.hash}"),
    )

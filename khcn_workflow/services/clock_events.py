"""Tạm dừng, tiếp tục, gia hạn, chấm dứt: recorded with their paper, and what they move."""

from dataclasses import dataclass
from datetime import date

from khcn_workflow.context import Context, Moved
from khcn_workflow.domain import vietnamese
from khcn_workflow.domain.ledger import NO_DOCUMENT, Document, EntryKind, Fact
from khcn_workflow.domain.progress import apply
from khcn_workflow.signing import signed


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """A decision that stops, moves or ends a task's clocks.

    Attributes:
        kind: SUSPENDED, RESUMED, EXTENDED or TERMINATED.
        on: The first day it holds: the day suspended from, or counted again from.
        reason: Why; needed for a suspension and a termination.
        ends_on: The new last day of the contract, for an extension.
        asked_on: The day the host asked for the extension.
        seen: Version of the task that was looked at, None to record without looking.
    """

    kind: EntryKind
    task_code: str
    on: date
    actor: str
    reason: str = ""
    document: Document = NO_DOCUMENT
    ends_on: date | None = None
    asked_on: date | None = None
    request_key: str = ""
    seen: int | None = None


def record_clock_event(context: Context, event: ClockEvent) -> list[Moved]:
    """Record the event and derive the task's deadlines anew.

    Raises:
        KhcnError: The task's state or the rulebook does not allow it.
    """
    before = context.progress(event.task_code)
    rulebook = context.rulebook(before)
    if event.request_key and context.work.find_request(event.request_key):
        return []
    context.refuse_if_changed(event.task_code, event.seen)
    fact = signed(context, _fact(event, rulebook.id), before)
    context.check_event(before, fact)
    context.work.append(fact, context.now)
    after = apply(before, rulebook, fact)
    context.save(after, _reason(event))
    return context.moves(before, after)


def _fact(event: ClockEvent, rulebook: str) -> Fact:
    dates = {"ends_on": event.ends_on, "asked_on": event.asked_on}
    return Fact(
        kind=event.kind,
        subject=event.task_code,
        valid_on=event.on,
        actor=event.actor,
        document=event.document,
        note=event.reason,
        rulebook=rulebook,
        data={name: day.isoformat() for name, day in dates.items() if day},
        request_key=event.request_key,
    )


def _reason(event: ClockEvent) -> str:
    paper = f", {event.document.number}" if event.document.number else ""
    match event.kind:
        case EntryKind.EXTENDED if event.ends_on:
            return f"gia hạn hợp đồng đến {vietnamese.day(event.ends_on)}{paper}"
        case _:
            label = event.kind.label[:1].lower() + event.kind.label[1:]
            return f"{label} từ {vietnamese.day(event.on)}{paper}"

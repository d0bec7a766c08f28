"""Between the domain's values and the rows of the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row

from khcn_workflow.domain.activities import Activity
from khcn_workflow.domain.ledger import NO_DOCUMENT, Document, EntryKind, Fact, LedgerEntry
from khcn_workflow.domain.progress import Progress
from khcn_workflow.domain.science_task import Person, Role, task_to_data
from khcn_workflow.domain.staff import Absence, Delegation
from khcn_workflow.storage.records import (
    AbsenceRow,
    ActivityRow,
    DelegationRow,
    LedgerRow,
    PersonRow,
)


def entry_values(entry: LedgerEntry) -> dict[str, Any]:
    """The columns of the ledger row that keeps `entry`."""
    return {
        "seq": entry.seq,
        "recorded_at": entry.recorded_at,
        **fact_values(entry.fact),
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def fact_values(fact: Fact) -> dict[str, Any]:
    """The columns of a ledger row that say what was asserted."""
    return {
        "kind": fact.kind.value,
        "subject": fact.subject,
        "stage": fact.stage,
        "step": fact.step,
        "round": fact.round,
        "outcome": fact.outcome,
        "valid_on": fact.valid_on,
        "actor": fact.actor,
        "document_number": fact.document.number,
        "document_on": fact.document.on,
        "document_issuer": fact.document.issuer,
        "cause": fact.cause,
        "commitment": fact.commitment,
        "note": fact.note,
        "rulebook": fact.rulebook,
        "data": dict(fact.data),
        "request_key": fact.request_key or None,
        "role": fact.role,
        "on_behalf_of": fact.on_behalf_of,
        "corrects": fact.corrects,
        "document_sha256": fact.document.sha256,
    }


def entry_of(row: LedgerRow | Row[Any]) -> LedgerEntry:
    """The ledger entry that a row keeps."""
    return entry_from([getattr(row, name) for name in LEDGER_COLUMNS])


def entry_from(values: Sequence[Any]) -> LedgerEntry:
    """The ledger entry that these values of `LEDGER_COLUMNS` keep."""
    (seq, recorded_at, kind, subject, stage, step, number, outcome, valid_on, actor) = values[:10]
    (paper, paper_on, issuer, cause, commitment, note, rulebook, data, request_key) = values[10:19]
    (role, on_behalf_of, corrects, sha256, previous_hash, digest) = values[19:]
    fact = Fact(
        _KINDS[kind],
        subject,
        valid_on,
        actor,
        stage,
        step,
        number,
        outcome,
        Document(paper, paper_on, issuer, sha256)
        if paper or paper_on or issuer or sha256
        else NO_DOCUMENT,
        cause,
        commitment,
        note,
        rulebook,
        data,
        request_key or "",
        role,
        on_behalf_of,
        corrects,
    )
    return LedgerEntry(seq, recorded_at, fact, previous_hash, digest)


LEDGER_COLUMNS = tuple(LedgerRow.__table__.columns.keys())
_KINDS = {kind.value: kind for kind in EntryKind}


def person_of(row: PersonRow | Row[Any]) -> Person:
    """The person that a row keeps."""
    return Person(row.code, row.name, Role(row.role), row.division, row.email, row.account)


def person_from_data(data: Mapping[str, Any]) -> Person:
    """The person that `person_to_data` made these values of, with or without an account."""
    return Person(**{**data, "role": Role(data["role"])})


def person_to_data(person: Person) -> dict[str, Any]:
    """The person as JSON values, as a ledger row keeps it."""
    return asdict(person)


def task_values(progress: Progress) -> dict[str, Any]:
    """The columns of the row that keeps a task, but for its code and version."""
    task = progress.task
    return {
        "title": task.title,
        "level": task.level.value,
        "officer": task.officer,
        "rulebook": task.rulebook,
        "data": task_to_data(task),
        "registered_on": progress.registered_on,
        "ending": progress.ending,
        "ended_on": progress.ended_on,
    }


def delegation_of(row: DelegationRow | Row[Any]) -> Delegation:
    """The delegation that a row keeps."""
    return Delegation(row.id, row.owner, row.delegate, row.since, row.until)


def delegation_values(delegation: Delegation) -> dict[str, Any]:
    """The columns of the row that keeps a delegation."""
    return asdict(delegation)


def delegation_to_data(delegation: Delegation) -> dict[str, str]:
    """The delegation as JSON values; its owner is the subject of the ledger row."""
    return {
        "id": delegation.id,
        "delegate": delegation.delegate,
        "since": delegation.since.isoformat(),
        "until": delegation.until.isoformat(),
    }


def delegation_from_data(owner: str, data: Mapping[str, Any]) -> Delegation:
    """The delegation that `delegation_to_data` made these values of."""
    since, until = (date.fromisoformat(data[key]) for key in ("since", "until"))
    return Delegation(data["id"], owner, data["delegate"], since, until)


def absence_of(row: AbsenceRow | Row[Any]) -> Absence:
    """The absence that a row keeps."""
    return Absence(row.id, row.person, row.since, row.until, row.reason)


def absence_values(absence: Absence) -> dict[str, Any]:
    """The columns of the row that keeps an absence."""
    return asdict(absence)


def absence_to_data(absence: Absence) -> dict[str, str]:
    """The absence as JSON values; who is away is the subject of the ledger row."""
    return {
        "id": absence.id,
        "since": absence.since.isoformat(),
        "until": absence.until.isoformat(),
        "reason": absence.reason,
    }


def absence_from_data(person: str, data: Mapping[str, Any]) -> Absence:
    """The absence that `absence_to_data` made these values of."""
    since, until = (date.fromisoformat(data[key]) for key in ("since", "until"))
    return Absence(data["id"], person, since, until, data["reason"])


def activity_to_data(activity: Activity) -> dict[str, Any]:
    """The activity as JSON values, as a ledger row keeps it."""
    data = asdict(activity)
    data["on"] = activity.on.isoformat() if activity.on else None
    data["document"]["on"] = activity.document.on.isoformat() if activity.document.on else None
    return data


def activity_of(row: ActivityRow) -> Activity:
    """The activity that a row keeps."""
    return activity_from_data(row.data)


def activity_from_data(values: Mapping[str, Any]) -> Activity:
    """The activity that `activity_to_data` made these values of."""
    data = dict(values)
    document = data.pop("document")
    on = data.pop("on")
    return Activity(
        on=_day(on),
        document=Document(
            document["number"],
            _day(document["on"]),
            document["issuer"],
            document.get("sha256", ""),
        ),
        **data,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""The same transition by libraries one would take instead; they are the extra `peers`.

Every peer looks the request up, validates, moves the state, writes an audit row with a
SHA-256 chain, computes the deadline on our calendar and keeps its version, looks the owner
up, writes a message, and commits durably: transitions and SpiffWorkflow through the
SQLAlchemy ORM, viewflow (its state machine, viewflow.fsm) through Django's.
"""

import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, String, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from benchmarks.recording_contenders import (
    OWNER,
    REQUEST,
    SIGNED,
    Record,
    Site,
    audit_body,
    database_name,
    digest,
    due_after,
    message_body,
)
from khcn_workflow.storage.database import open_database
from khcn_workflow.storage.records import PersonRow

TRANSITIONS, SPIFF, VIEWFLOW = "transitions + SQLAlchemy ORM", "SpiffWorkflow", "django-viewflow"
PEERS = (TRANSITIONS, SPIFF, VIEWFLOW)
REVISION, APPRAISAL, SIGNING = "revision", "appraisal", "signing"

PROCESS = b"""<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="khcn" id="d">
  <process id="task" isExecutable="true">
    <startEvent id="start"/><userTask id="revision"/><userTask id="appraisal"/>
    <userTask id="signing"/><endEvent id="end"/>
    <sequenceFlow id="a" sourceRef="start" targetRef="revision"/>
    <sequenceFlow id="b" sourceRef="revision" targetRef="appraisal"/>
    <sequenceFlow id="c" sourceRef="appraisal" targetRef="signing"/>
    <sequenceFlow id="d" sourceRef="signing" targetRef="end"/>
  </process>
</definitions>"""


def installed_peers(site: Site) -> tuple[dict[str, Record], list[str]]:
    """Peers that can be imported, ready on the database; and the names of the others."""
    makers: Mapping[str, Callable[[Site], Record]] = {
        TRANSITIONS: _transitions,
        SPIFF: _spiff,
        VIEWFLOW: _viewflow,
    }
    found = {}
    for name, maker in makers.items():
        with suppress(ModuleNotFoundError):
            found[name] = maker(site)
    return found, [name for name in PEERS if name not in found]


class Peer(DeclarativeBase):
    """Tables of a peer."""


class PeerTask(Peer):
    __tablename__ = "peer_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    workflow: Mapped[str] = mapped_column(default="")
    due_on: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once


class PeerAudit(Peer):
    __tablename__ = "peer_audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    task_id: Mapped[int]
    request: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class PeerDeadline(Peer):
    __tablename__ = "peer_deadline"

    task_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_on: Mapped[str]
    reason: Mapped[str]


class PeerOutbox(Peer):
    __tablename__ = "peer_outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]


def _prepared(site: Site, first: int, workflow: str = "") -> Engine:
    engine = open_database(site.url)
    Peer.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            PeerTask(id=first + number, state=REVISION, workflow=workflow)
            for number in range(site.tasks)
        )
        session.commit()
    return engine


def _book(session: Session, site: Site, task: PeerTask, moved_from: str) -> None:
    """Audit, deadline and message of a task that has moved."""
    if site.kind == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(2)))
    request = f"{REQUEST}-{task.id}"
    asked = select(PeerAudit).where(PeerAudit.request == request)
    assert session.scalars(asked).one_or_none() is None
    newest = select(PeerAudit).order_by(PeerAudit.seq.desc()).limit(1)
    head = session.scalars(newest).one_or_none()
    seq, previous = (head.seq, head.hash) if head else (0, "")
    due_on, body = due_after(site.app.calendar, SIGNED), audit_body(task.id, moved_from, task.state)
    task.due_on = due_on.isoformat()
    session.add(
        PeerAudit(
            seq=seq + 1,
            task_id=task.id,
            request=request,
            body=body,
            previous_hash=previous,
            hash=digest(previous, body),
        )
    )
    session.add(
        PeerDeadline(task_id=task.id, version=task.version + 1, due_on=task.due_on, reason="opened")
    )
    owner = session.get_one(PersonRow, OWNER)
    message = message_body(task.id, f"{owner.name} <{owner.email}>", due_on)
    session.add(PeerOutbox(dedupe_key=f"{SIGNED}|{task.id}", body=message))


def _transitions(site: Site) -> Record:
    from transitions import Machine  # noqa: PLC0415 - may be missing

    machine: Any = Machine(
        model=None,
        states=[REVISION, APPRAISAL, SIGNING],
        transitions=[["receive", REVISION, APPRAISAL], ["appraise", APPRAISAL, SIGNING]],
        initial=REVISION,
        auto_transitions=False,
    )
    engine, first = _prepared(site, 0), 0

    def record(number: int) -> None:
        with Session(engine) as session:
            task: Any = session.get_one(PeerTask, first + number)
            moved_from = task.state
            machine.add_model(task, initial=moved_from)
            task.receive()
            machine.remove_model(task)
            _book(session, site, task, moved_from)
            session.commit()

    return record


def _spiff(site: Site) -> Record:
    from SpiffWorkflow import TaskState  # noqa: PLC0415 - may be missing
    from SpiffWorkflow.bpmn import BpmnWorkflow  # noqa: PLC0415
    from SpiffWorkflow.bpmn.parser import BpmnParser  # noqa: PLC0415
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer  # noqa: PLC0415

    parser, serializer = BpmnParser(), BpmnWorkflowSerializer()
    parser.add_bpmn_io(io.BytesIO(PROCESS), "task.bpmn")
    fresh = BpmnWorkflow(parser.get_spec("task"))
    fresh.do_engine_steps()
    first = 1_000_000
    engine = _prepared(site, first, serializer.serialize_json(fresh))

    def record(number: int) -> None:
        with Session(engine) as session:
            task = session.get_one(PeerTask, first + number)
            workflow = serializer.deserialize_json(task.workflow)
            step = workflow.get_next_task(state=TaskState.READY, manual=True)
            assert step.task_spec.name == REVISION
            step.run()
            workflow.do_engine_steps()
            moved_from, task.state = task.state, APPRAISAL
            task.workflow = serializer.serialize_json(workflow)
            _book(session, site, task, moved_from)
            session.commit()

    return record


def _viewflow(site: Site) -> Record:
    models = _django(site)
    from django.db import connections, transaction  # noqa: PLC0415 - may be missing
    from viewflow import fsm  # noqa: PLC0415

    class Flow:
        state = fsm.State((REVISION, APPRAISAL, SIGNING), default=REVISION)

        def __init__(self, task: Any) -> None:
            self.task = task

        @state.setter()
        def _set(self, value: str) -> None:
            self.task.state = value

        @state.getter()
        def _get(self) -> str:
            return str(self.task.state)

        @state.transition(source=REVISION, target=APPRAISAL)
        def receive(self) -> None:
            self.task.version += 1

    using = site.kind
    with connections[using].schema_editor() as editor:
        for model in models[1:]:  # the people are there
            editor.create_model(model)
    person_of, task_of, audit_of, deadline_of, outbox_of = models
    task_of.objects.using(using).bulk_create(
        task_of(id=number, state=REVISION) for number in range(site.tasks)
    )

    def record(number: int) -> None:
        with transaction.atomic(using=using):
            if using == "postgresql":
                with connections[using].cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(3)")
            task = task_of.objects.using(using).get(pk=number)
            moved_from = task.state
            Flow(task).receive()
            request = f"{REQUEST}-{number}"
            assert not audit_of.objects.using(using).filter(request=request).exists()
            head = audit_of.objects.using(using).order_by("-seq").first()
            seq, previous = (head.seq, head.hash) if head else (0, "")
            due_on = due_after(site.app.calendar, SIGNED)
            body = audit_body(number, moved_from, task.state)
            task.due_on = due_on.isoformat()
            task.save(using=using)
            audit_of(
                seq=seq + 1,
                task_id=number,
                request=request,
                body=body,
                previous_hash=previous,
                hash=digest(previous, body),
            ).save(using=using, force_insert=True)
            deadline_of(
                key=f"{number}|{task.version}",
                task_id=number,
                version=task.version,
                due_on=task.due_on,
                reason="opened",
            ).save(using=using, force_insert=True)
            owner = person_of.objects.using(using).get(pk=OWNER)
            message = message_body(number, f"{owner.name} <{owner.email}>", due_on)
            outbox_of(dedupe_key=f"{SIGNED}|{number}", body=message).save(using=using)

    return record


_models: list[Any] = []


def _django(site: Site) -> list[Any]:
    """Django, told once of every database, and the models of the peer."""
    from django.conf import settings  # noqa: PLC0415 - may be missing

    if not settings.configured:
        import django  # noqa: PLC0415

        settings.configure(INSTALLED_APPS=[], DATABASES={"default": {}}, USE_TZ=True)
        django.setup()
    from django.db import connections  # noqa: PLC0415

    connections.settings[site.kind] = connections.configure_settings(
        {"default": {}, site.kind: _django_database(site)}
    )[site.kind]
    if not _models:
        _models.extend(_made_models())
    return _models


def _django_database(site: Site) -> dict[str, Any]:
    if site.kind == "sqlite":
        options = {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": database_name(site.url),
            "OPTIONS": options,
        }
    from sqlalchemy import make_url  # noqa: PLC0415

    url = make_url(site.url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.database,
        "USER": url.username,
        "HOST": url.query.get("host") or url.host,
        "CONN_MAX_AGE": None,
    }


def _made_models() -> list[Any]:
    from django.db import models  # noqa: PLC0415

    def model(kind: str, table: str = "", **fields: Any) -> Any:
        meta = {"app_label": "peer"} | ({"db_table": table} if table else {})
        body = {"__module__": __name__, "Meta": type("Meta", (), meta), **fields}
        return type(kind, (models.Model,), body)

    return [
        model(
            "DjangoPerson",
            table="person",
            code=models.CharField(primary_key=True, max_length=64),
            name=models.CharField(max_length=256),
            email=models.CharField(max_length=256),
        ),
        model(
            "DjangoTask",
            id=models.IntegerField(primary_key=True),
            state=models.CharField(max_length=32),
            due_on=models.CharField(max_length=10, null=True),
            version=models.IntegerField(default=1),
        ),
        model(
            "DjangoAudit",
            seq=models.IntegerField(primary_key=True),
            task_id=models.IntegerField(),
            request=models.CharField(max_length=200, unique=True),
            body=models.TextField(),
            previous_hash=models.CharField(max_length=64, unique=True),
            hash=models.CharField(max_length=64, unique=True),
        ),
        model(
            "DjangoDeadline",
            key=models.CharField(primary_key=True, max_length=64),
            task_id=models.IntegerField(),
            version=models.IntegerField(),
            due_on=models.CharField(max_length=10),
            reason=models.TextField(),
        ),
        model(
            "DjangoOutbox",
            id=models.AutoField(primary_key=True),
            dedupe_key=models.CharField(max_length=200, unique=True),
            body=models.TextField(),
        ),
    ]

"""Tables: the append-only ledger, and what is derived from it for quick reading."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def only(condition: str) -> dict[str, Any]:
    """An index's condition, for both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, kept and given back in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; without its zone where the database keeps none."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With the zone UTC, whatever the database gave back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Record(DeclarativeBase):
    """Base of all tables, so that constraints have names that migrations can use."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {dict[str, Any]: JSON, datetime: UtcDateTime()}  # noqa: RUF012 - SQLAlchemy reads it once


class LedgerRow(Record):
    """Sổ cái: one fact; never changed, never deleted (triggers refuse both)."""

    __tablename__ = "ledger"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    stage: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(64))
    round: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(64))
    valid_on: Mapped[date]
    actor: Mapped[str] = mapped_column(String(64))
    document_number: Mapped[str] = mapped_column(String(128))
    document_on: Mapped[date | None]
    document_issuer: Mapped[str] = mapped_column(String(256))
    cause: Mapped[str] = mapped_column(Text)
    commitment: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text)
    rulebook: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]
    request_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    role: Mapped[str] = mapped_column(String(32))
    on_behalf_of: Mapped[str] = mapped_column(String(64))
    corrects: Mapped[int | None]
    document_sha256: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (
        Index("ix_ledger_subject_seq", "subject", "seq"),
        Index("ix_ledger_kind_subject", "kind", "subject", **only("kind <> 'outcome'")),
    )


class PersonRow(Record):
    """Cán bộ: who owns files and who is told."""

    __tablename__ = "person"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(256))
    role: Mapped[str] = mapped_column(String(32))
    division: Mapped[str] = mapped_column(String(256))
    email: Mapped[str] = mapped_column(String(256))
    account: Mapped[str] = mapped_column(String(64))


class DelegationRow(Record):
    """Ủy quyền: who records in whose place, from and to."""

    __tablename__ = "delegation"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    delegate: Mapped[str] = mapped_column(String(64))
    since: Mapped[date]
    until: Mapped[date]


class AbsenceRow(Record):
    """Vắng mặt: days on which somebody is not at work."""

    __tablename__ = "absence"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    since: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)


class OneTimeRow(Record):
    """Mã một lần: a sealed secret and how it was used; in no ledger and no export."""

    __tablename__ = "one_time_secret"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    last_step: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]


class TaskRow(Record):
    """Nhiệm vụ: the science task as it stands now.

    Attributes:
        version: How often it was saved.
    """

    __tablename__ = "science_task"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(32))
    officer: Mapped[str] = mapped_column(ForeignKey("person.code"))
    rulebook: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]
    registered_on: Mapped[date]
    ending: Mapped[str] = mapped_column(Text)
    ended_on: Mapped[date | None]
    version: Mapped[int]


CLOSED_LATE = "closed_on > due_on"
"""Closed rounds that were late on some day; spelled alike in the index and in queries.

Open and closed rounds have indexes of their own, so that none but that of the open ones fits
the sweep: SQLite would otherwise take another, and walk all that was ever late.
"""

_FUNNEL = ("opened_on", "exact_from", "stage")
_OWED = ("due_on", "id", *_FUNNEL, "closed_on", "deadline_version")
"""What the funnel of a day reads, so that it reads nothing but an index."""

REACHES_BACK = "exact_from > opened_on"
"""Rounds that, as of some day on which they were there, do not tell how it was."""


class StepRoundRow(Record):
    """Lượt của bước: one time that a step is owed, with its deadline.

    Of a closed round `due_on` is the date that stood on its last open day. As of a day
    before `exact_from` the task must be folded: see `domain.standing.exact_from`.
    """

    __tablename__ = "step_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_code: Mapped[str] = mapped_column(ForeignKey("science_task.code"))
    stage: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(64))
    round: Mapped[int]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(String(64))
    due_on: Mapped[date | None]
    limit_id: Mapped[str] = mapped_column(String(64))
    deadline_version: Mapped[int]
    exact_from: Mapped[date] = mapped_column(server_default="9999-12-31")

    __table_args__ = (
        UniqueConstraint("task_code", "step", "round"),
        Index("ix_step_round_owed", *_OWED, **only("closed_on IS NULL")),
        Index(
            "ix_step_round_span", "closed_on", "due_on", *_FUNNEL, **only("closed_on IS NOT NULL")
        ),
        Index("ix_step_round_late", "due_on", "closed_on", **only(CLOSED_LATE)),
        Index("ix_step_round_inexact", "exact_from", "task_code", **only(REACHES_BACK)),
    )


class DeadlineRow(Record):
    """Lần tính hạn: one version of a round's due date, kept when a later one comes."""

    __tablename__ = "deadline"

    step_round_id: Mapped[int] = mapped_column(ForeignKey("step_round.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date | None]
    anchor_on: Mapped[date | None]
    limit_id: Mapped[str] = mapped_column(String(64))
    calendar_version: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class CalendarRow(Record):
    """Phiên bản lịch: the exceptions of a calendar that due dates rest on.

    `projected_at`: when it was that all due dates were made to rest on it.
    """

    __tablename__ = "calendar"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    first: Mapped[date]
    last: Mapped[date]
    official_until: Mapped[date]
    exceptions: Mapped[list[Any]] = mapped_column(JSON)
    seen_at: Mapped[datetime]
    projected_at: Mapped[datetime | None]


class ActivityRow(Record):
    """Hoạt động khác: other work that reports count."""

    __tablename__ = "activity"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]


class SnapshotRow(Record):
    """Bản chốt: a frozen report; never changed, never deleted (triggers refuse both)."""

    __tablename__ = "snapshot"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)


class SweepMarkRow(Record):
    """Mốc quét: the day up to which a rung of the ladder was swept."""

    __tablename__ = "sweep_mark"

    rung: Mapped[str] = mapped_column(String(32), primary_key=True)
    swept_to: Mapped[date]


class ResweepRow(Record):
    """Steps given a due date behind the marks, to be looked at once by the next sweep."""

    __tablename__ = "resweep"

    step_round_id: Mapped[int] = mapped_column(ForeignKey("step_round.id"), primary_key=True)


class ReminderRow(Record):
    """Nhắc: a rung that a deadline reached; the key begins with the date (decision 12).

    Its round is no foreign key: rows are only ever copied from rounds, by one statement, and
    PostgreSQL would look each up again.
    """

    __tablename__ = "reminder"

    due_on: Mapped[date] = mapped_column(primary_key=True)
    rung: Mapped[str] = mapped_column(String(32), primary_key=True)
    step_round_id: Mapped[int] = mapped_column(primary_key=True)
    deadline_version: Mapped[int] = mapped_column(primary_key=True)
    fired_on: Mapped[date]
    superseded: Mapped[bool]

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it once


class OutboxRow(Record):
    """Hộp thư đi: a message, written with the fact it tells of."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    event: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(32))
    recipient_code: Mapped[str] = mapped_column(String(64))
    recipient_name: Mapped[str] = mapped_column(String(256))
    recipient_email: Mapped[str] = mapped_column(String(256))
    context: Mapped[dict[str, Any]]
    thread: Mapped[str] = mapped_column(String(64))
    step_round_id: Mapped[int | None]
    deadline_version: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    next_try_at: Mapped[datetime]
    lease_owner: Mapped[str] = mapped_column(String(64))
    leased_until: Mapped[datetime | None]
    result_code: Mapped[str] = mapped_column(String(64))
    result_detail: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_outbox_status_next_try_at", "status", "next_try_at"),
        Index("ix_outbox_step_round_id", "step_round_id"),
    )


class ContactRow(Record):
    """Liên lạc: how a person is reached besides mail; personal data, in no ledger and no export.

    Attributes:
        wants: `mail`, `both` or `zalo` (see notifications.reach).
        link_digest: Of the open one-time code that links a Zalo chat, or empty.
    """

    __tablename__ = "contact"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    wants: Mapped[str] = mapped_column(String(16))
    zalo_chat: Mapped[str] = mapped_column(String(128))
    zalo_user: Mapped[str] = mapped_column(String(128))
    phone: Mapped[str] = mapped_column(String(32))
    link_digest: Mapped[str] = mapped_column(String(64))
    link_expires_at: Mapped[datetime | None]


class ChannelRow(Record):
    """Kênh gửi: how a channel has fared; while parked, nothing is sent through it.

    Attributes:
        failures: Refusals of the channel itself since it last took a message.
        quota_left: What the channel said when it last took one, if it says so.
    """

    __tablename__ = "channel"

    alias: Mapped[str] = mapped_column(String(32), primary_key=True)
    failures: Mapped[int]
    parked_until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    quota_left: Mapped[int | None]
    last_sent_at: Mapped[datetime | None]


class ChannelTokenRow(Record):
    """Mã truy cập OA: a sealed pair, changed by compare-and-swap on its version."""

    __tablename__ = "channel_token"

    alias: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int]
    sealed: Mapped[str] = mapped_column(Text)
    lease_until: Mapped[datetime | None]


class FeedRow(Record):
    """Lịch cá nhân: a person's calendar file, known by name only to who has the key."""

    __tablename__ = "feed"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]

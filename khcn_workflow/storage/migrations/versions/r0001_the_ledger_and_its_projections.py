"""The ledger and its projections."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


REFUSAL = "so cai chi ghi them: khong sua, khong xoa"

APPEND_ONLY = {
    "sqlite": [
        f"""CREATE TRIGGER ledger_no_{event.lower()} BEFORE {event} ON ledger
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
        for event in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
        """CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger
        FOR EACH ROW EXECUTE FUNCTION ledger_refuse()""",
        """CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()""",
    ],
}


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_activity")),
    )
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("valid_on", sa.Date(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("document_number", sa.String(length=128), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("document_issuer", sa.String(length=256), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rulebook", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("request_key", sa.String(length=200), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_ledger_previous_hash")),
        sa.UniqueConstraint("request_key", name=op.f("uq_ledger_request_key")),
    )
    op.create_index("ix_ledger_subject_seq", "ledger", ["subject", "seq"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("recipient_code", sa.String(length=64), nullable=False),
        sa.Column("recipient_name", sa.String(length=256), nullable=False),
        sa.Column("recipient_email", sa.String(length=256), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("thread", sa.String(length=64), nullable=False),
        sa.Column("step_round_id", sa.Integer(), nullable=True),
        sa.Column("deadline_version", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_code", sa.String(length=64), nullable=False),
        sa.Column("result_detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_status_next_try_at", "outbox", ["status", "next_try_at"], unique=False
    )

    op.create_table(
        "person",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=256), nullable=False),
        sa.Column("email", sa.String(length=256), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_person")),
    )
    op.create_table(
        "sweep_mark",
        sa.Column("rung", sa.String(length=32), nullable=False),
        sa.Column("swept_to", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("rung", name=op.f("pk_sweep_mark")),
    )
    op.create_table(
        "science_task",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("officer", sa.String(length=64), nullable=False),
        sa.Column("rulebook", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["person.code"], name=op.f("fk_science_task_officer")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_science_task")),
    )
    op.create_table(
        "step_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_code", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("limit_id", sa.String(length=64), nullable=False),
        sa.Column("deadline_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_code"], ["science_task.code"], name=op.f("fk_step_round_task_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_round")),
        sa.UniqueConstraint(
            "task_code", "step", "round", name=op.f("uq_step_round_task_code_step_round")
        ),
    )
    op.create_index(
        "ix_step_round_owed",
        "step_round",
        ["due_on", "id"],
        unique=False,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )

    op.create_table(
        "reminder",
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(length=32), nullable=False),
        sa.Column("step_round_id", sa.Integer(), nullable=False),
        sa.Column("deadline_version", sa.Integer(), nullable=False),
        sa.Column("fired_on", sa.Date(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_round_id"], ["step_round.id"], name=op.f("fk_reminder_step_round_id")
        ),
        sa.PrimaryKeyConstraint(
            "due_on", "rung", "step_round_id", "deadline_version", name=op.f("pk_reminder")
        ),
    )
    op.create_table(
        "resweep",
        sa.Column("step_round_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_round_id"], ["step_round.id"], name=op.f("fk_resweep_step_round_id")
        ),
        sa.PrimaryKeyConstraint("step_round_id", name=op.f("pk_resweep")),
    )

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)

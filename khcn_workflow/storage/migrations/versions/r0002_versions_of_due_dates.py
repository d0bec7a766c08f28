"""Versions of due dates and of the calendars they rest on: old ones stay."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadline",
        sa.Column("step_round_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("anchor_on", sa.Date(), nullable=True),
        sa.Column("limit_id", sa.String(length=64), nullable=False),
        sa.Column("calendar_version", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_round_id"], ["step_round.id"], name=op.f("fk_deadline_step_round_id")
        ),
        sa.PrimaryKeyConstraint("step_round_id", "version", name=op.f("pk_deadline")),
    )
    op.create_table(
        "calendar",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("official_until", sa.Date(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_calendar")),
    )
    op.execute(CARRIED_OVER)


CARRIED_OVER = """
INSERT INTO deadline
    (step_round_id, version, due_on, anchor_on, limit_id, calendar_version, reason, made_at)
SELECT id, deadline_version, due_on, NULL, limit_id, '', 'có từ trước khi lưu các lần tính hạn',
       CURRENT_TIMESTAMP
FROM step_round WHERE deadline_version > 0
"""

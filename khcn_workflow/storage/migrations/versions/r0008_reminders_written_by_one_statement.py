"""Reminders are copied from rounds by one statement, which reads an index and looks up nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OWED = ("due_on", "id", "opened_on", "exact_from", "stage", "closed_on", "deadline_version")


def upgrade() -> None:
    with op.batch_alter_table("reminder", table_kwargs={"sqlite_with_rowid": False}) as reminder:
        reminder.drop_constraint("fk_reminder_step_round_id", type_="foreignkey")
    op.drop_index("ix_step_round_owed", "step_round")
    where = sa.text("closed_on IS NULL")
    op.create_index(
        "ix_step_round_owed", "step_round", list(OWED), sqlite_where=where, postgresql_where=where
    )

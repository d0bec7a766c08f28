"""Snapshots of reports, which nobody changes or deletes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


REFUSAL = "ban chot chi ghi them: khong sua, khong xoa"

APPEND_ONLY = {
    "sqlite": [
        f"""CREATE TRIGGER snapshot_no_{event.lower()} BEFORE {event} ON snapshot
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
        for event in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""CREATE FUNCTION snapshot_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
        """CREATE TRIGGER snapshot_append_only BEFORE UPDATE OR DELETE ON snapshot
        FOR EACH ROW EXECUTE FUNCTION snapshot_refuse()""",
        """CREATE TRIGGER snapshot_no_truncate BEFORE TRUNCATE ON snapshot
        FOR EACH STATEMENT EXECUTE FUNCTION snapshot_refuse()""",
    ],
}


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
    )
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)

"""Rounds that tell how it stood on earlier days, and the indexes that find them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("exact_from", sa.Date(), nullable=False, server_default=NOT_KNOWN_YET)
    op.add_column("step_round", column)
    op.add_column("calendar", sa.Column("projected_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_step_round_owed", "step_round")
    owed = ["due_on", "id", *FUNNEL, "closed_on"]
    _index("ix_step_round_owed", "step_round", owed, "closed_on IS NULL")
    _index(
        "ix_step_round_span",
        "step_round",
        ["closed_on", "due_on", *FUNNEL],
        "closed_on IS NOT NULL",
    )
    _index("ix_step_round_late", "step_round", ["due_on", "closed_on"], CLOSED_LATE)
    _index("ix_step_round_inexact", "step_round", ["exact_from", "task_code"], REACHES_BACK)
    _index("ix_ledger_kind_subject", "ledger", ["kind", "subject"], "kind <> 'outcome'")


NOT_KNOWN_YET = "9999-12-31"
"""Until `khcn rebuild`, every task is folded; closed rounds had no due dates before."""

FUNNEL = ("opened_on", "exact_from", "stage")
CLOSED_LATE = "closed_on > due_on"
REACHES_BACK = "exact_from > opened_on"


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)

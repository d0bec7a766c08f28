"""What was sent about a step is found without walking the outbox."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_step_round_id", "outbox", ["step_round_id"])

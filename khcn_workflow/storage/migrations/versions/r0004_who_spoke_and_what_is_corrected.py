"""Role, delegation, correction and the hash of the paper's file, beside each fact."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("role", 32), ("on_behalf_of", 64), ("document_sha256", 64)):
        op.add_column(
            "ledger", sa.Column(name, sa.String(length), nullable=False, server_default="")
        )
    op.add_column("ledger", sa.Column("corrects", sa.Integer(), nullable=True))

"""Targets guarded: breaker and rate window of each; the error family that an intent last failed with."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row per target that was ever in trouble or is paced; old intents have no known family."""
    op.create_table(
        "guards",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("probes", sa.Integer(), nullable=False),
        sa.Column("shut_at", sa.BigInteger()),
        sa.Column("shut_until", sa.BigInteger()),
        sa.Column("window_from", sa.BigInteger()),
        sa.Column("window_calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_guards")),
    )
    op.add_column("intents", sa.Column("last_family", sa.String(), nullable=False, server_default=sa.text("''")))

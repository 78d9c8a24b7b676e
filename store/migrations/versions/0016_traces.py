"""Traces: what the trace of an event goes on from, in the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("traceparent", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("events", "traceparent")

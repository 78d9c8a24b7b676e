"""Slots: how many tries of an endpoint may be in flight, and how many a second."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'held' AND hold_reason = 'endpoint_busy'")
_IN_FLIGHT = sa.text("state = 'in_flight'")
_COLUMNS = ("in_flight_limit", "rate_limit", "paid_until", "has_waiting")


def upgrade() -> None:
    for column in (
        sa.Column("in_flight_limit", sa.Integer(), nullable=False, server_default=sa.text("50")),
        sa.Column("rate_limit", sa.Float(), nullable=True),
        sa.Column("paid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_waiting", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    ):
        op.add_column("endpoints", column)
    by_age = ("endpoint_id", "created_at", "id")
    _partial("ix_deliveries_waiting", "deliveries", *by_age, where=_WAITING)
    _partial("ix_attempts_in_flight", "attempts", "endpoint_id", "started_at", where=_IN_FLIGHT)


def downgrade() -> None:
    op.drop_index("ix_attempts_in_flight", "attempts")
    op.drop_index("ix_deliveries_waiting", "deliveries")
    for name in reversed(_COLUMNS):
        op.drop_column("endpoints", name)


def _partial(name: str, table: str, *columns: str, where: sa.TextClause) -> None:
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)

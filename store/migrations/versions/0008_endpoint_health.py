"""Endpoint health: breakers, sums of answers, recoveries, and dead letters as a queue."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BREAKER_OPEN = sa.text("opened_at IS NOT NULL")
_TO_RECOVER = sa.text("recover_since IS NOT NULL")
_IN_LINE = sa.text("state = 'held' AND hold_reason = 'earlier_event'")
_RUNNING = sa.text("state = 'running'")
_HELD = sa.text("state = 'held'")
_UNRESOLVED = sa.text("resolved_at IS NULL")
_MOMENTS = ("failing_since", "opened_at", "probe_at", "recover_since")
_COUNTS = {"failures_in_row": "0", "probes_failed": "0", "recovery_rate": "10"}


def upgrade() -> None:
    for name in _MOMENTS:
        op.add_column("endpoints", _moment(name, nullable=True))
    for name, default in _COUNTS.items():
        op.add_column("endpoints", _filled(name, sa.Integer(), default))
    op.add_column("endpoints", _filled("auto_recover", sa.Boolean(), "true"))
    op.add_column("endpoints", _filled("ordered", sa.Boolean(), "false"))
    _partial("ix_deliveries_in_line", "deliveries", "next_attempt_at", where=_IN_LINE)
    _partial("ix_endpoints_open", "endpoints", "probe_at", where=_BREAKER_OPEN)
    _partial("ix_endpoints_to_recover", "endpoints", "recover_since", where=_TO_RECOVER)
    op.add_column("deliveries", _text("recovery_id", nullable=True))
    op.create_index(
        "ix_deliveries_endpoint_state", "deliveries", ["endpoint_id", "state", "created_at"]
    )
    _partial("ix_deliveries_held", "deliveries", "hold_reason", where=_HELD)
    op.add_column("attempts", _text("endpoint_id", nullable=True))
    op.execute(
        "UPDATE attempts SET endpoint_id = "
        "(SELECT endpoint_id FROM deliveries WHERE deliveries.id = attempts.delivery_id)"
    )
    op.create_index("ix_attempts_endpoint", "attempts", ["endpoint_id", "started_at"])
    for name in ("resolved_by", "note"):
        op.add_column("dead_letters", _text(name, nullable=True))
    op.create_index("ix_dead_letters_list", "dead_letters", ["created_at", "id"])
    op.create_index(
        "ix_dead_letters_list_partner", "dead_letters", ["partner_id", "created_at", "id"]
    )
    _partial("ix_dead_letters_open", "dead_letters", "created_at", "id", where=_UNRESOLVED)
    _partial(
        "ix_dead_letters_open_partner",
        "dead_letters",
        "partner_id",
        "created_at",
        "id",
        where=_UNRESOLVED,
    )
    _make_tables()


def downgrade() -> None:
    op.drop_table("recoveries")
    op.drop_table("endpoint_spans")
    for name in ("open_partner", "open", "list_partner", "list"):
        op.drop_index(f"ix_dead_letters_{name}", "dead_letters")
    for name in ("note", "resolved_by"):
        op.drop_column("dead_letters", name)
    op.drop_index("ix_attempts_endpoint", "attempts")
    op.drop_column("attempts", "endpoint_id")
    op.drop_index("ix_deliveries_held", "deliveries")
    op.drop_index("ix_deliveries_endpoint_state", "deliveries")
    op.drop_column("deliveries", "recovery_id")
    op.drop_index("ix_deliveries_in_line", "deliveries")
    op.drop_index("ix_endpoints_to_recover", "endpoints")
    op.drop_index("ix_endpoints_open", "endpoints")
    for name in ("ordered", "auto_recover", *_COUNTS, *_MOMENTS):
        op.drop_column("endpoints", name)


def _make_tables() -> None:
    op.create_table(
        "endpoint_spans",
        _text("endpoint_id"),
        _moment("started_at"),
        *(sa.Column(n, sa.Integer(), nullable=False) for n in ("succeeded", "failed", "timed_out")),
        _text("latencies"),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"]),
        sa.PrimaryKeyConstraint("endpoint_id", "started_at"),
    )
    op.create_table(
        "recoveries",
        _text("id"),
        _text("endpoint_id"),
        _text("partner_id"),
        sa.Column("state", sa.String(length=32), nullable=False),
        _text("reason", nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("event_types", sa.JSON(none_as_null=True), nullable=True),
        _moment("since", nullable=True),
        _moment("until"),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        _text("made_by"),
        _moment("created_at"),
        _moment("stepped_at", nullable=True),
        _moment("reached", nullable=True),
        _moment("finished_at", nullable=True),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"]),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_recoveries_running",
        "recoveries",
        ["endpoint_id"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )
    op.create_index("ix_recoveries_endpoint", "recoveries", ["endpoint_id", "created_at", "id"])


def _filled(name: str, kind: sa.types.TypeEngine[Any], filling: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default=sa.text(filling))


def _partial(name: str, table: str, *columns: str, where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)

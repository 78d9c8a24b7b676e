"""The dashboard: who may sign in, their links and sessions, and partners' time zones; and the AWB
numbers that events are found by."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "partners",
        sa.Column("time_zone", sa.String(), server_default="Asia/Kolkata", nullable=False),
    )
    op.create_table(
        "users",
        _text("id"),
        _text("partner_id", nullable=True),
        _word("role"),
        _text("name"),
        *(_text(name, nullable=True) for name in ("email", "email_index", "password_hash")),
        _moment("created_at"),
        _text("created_by"),
        *(_moment(name, nullable=True) for name in _USER_MOMENTS),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email_index"),
    )
    op.create_index("ix_users_partner_id", "users", ["partner_id"])
    _create_links()
    _create_sessions()
    op.create_table(
        "sign_in_guards",
        _text("key"),
        sa.Column("failures", sa.Integer(), nullable=False),
        _moment("since"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_sign_in_guards_since", "sign_in_guards", ["since"])
    op.create_index(
        "ix_sms_opt_outs_listed",
        "sms_opt_outs",
        ["partner_id", "id"],
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    _add_awb_numbers()
    op.drop_index("ix_deliveries_endpoint_id", "deliveries")  # ix_deliveries_endpoint_state does


def downgrade() -> None:
    op.create_index("ix_deliveries_endpoint_id", "deliveries", ["endpoint_id"])
    op.drop_index("ix_events_log_awb", "events")
    op.drop_column("events", "awb_number")
    op.drop_index("ix_sms_opt_outs_listed", "sms_opt_outs")
    for table in ("sign_in_guards", "dashboard_sessions", "sign_in_links", "users"):
        op.drop_table(table)
    op.drop_column("partners", "time_zone")


_USER_MOMENTS = ("joined_at", "last_signed_in_at", "removed_at")


def _add_awb_numbers() -> None:
    """Events from before have none: theirs are in their encrypted bodies only."""
    op.add_column("events", _text("awb_number", nullable=True))
    where = sa.text("awb_number IS NOT NULL")
    columns = ["awb_number", "accepted_at", "event_id"]
    op.create_index(
        "ix_events_log_awb", "events", columns, sqlite_where=where, postgresql_where=where
    )


def _create_links() -> None:
    op.create_table(
        "sign_in_links",
        _text("id"),
        _word("kind"),
        *(_text(name, nullable=True) for name in ("user_id", "partner_id")),
        _word("role"),
        _text("name"),
        _moment("created_at"),
        _text("created_by"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("user_id", "expires_at"):
        op.create_index(f"ix_sign_in_links_{column}", "sign_in_links", [column])


def _create_sessions() -> None:
    op.create_table(
        "dashboard_sessions",
        *(_text(name) for name in ("id", "digest", "csrf")),
        *(_text(name, nullable=True) for name in ("user_id", "partner_id")),
        _word("role"),
        _text("name"),
        *(_moment(name) for name in ("created_at", "seen_at", "expires_at")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    for column in ("user_id", "expires_at"):
        op.create_index(f"ix_dashboard_sessions_{column}", "dashboard_sessions", [column])


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _word(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)

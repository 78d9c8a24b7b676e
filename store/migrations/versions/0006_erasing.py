"""What erasing needs: when an OTP ends, when an event was erased, how long a partner keeps data."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_HAS_OTP = sa.text("otp_until IS NOT NULL")
_KEPT = sa.text("erased_at IS NULL")
_UNRESOLVED = sa.text("resolved_at IS NULL")


def upgrade() -> None:
    for name in ("otp_until", "otp_erased_at", "erased_at"):
        op.add_column("events", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("partners", sa.Column("retention_days", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE events SET otp_until = coalesce((SELECT max(otp_valid_until) FROM payloads "
        "WHERE payloads.event_id = events.event_id), accepted_at) "
        "WHERE event_type = 'out_for_delivery' AND state = 'planned'"
    )
    _partial_index("ix_events_otp", "events", "otp_until", _HAS_OTP)
    _partial_index("ix_events_kept", "events", "accepted_at", _KEPT)
    _partial_index("ix_dead_letters_expiry", "dead_letters", "expires_at", _UNRESOLVED)


def downgrade() -> None:
    op.drop_index("ix_dead_letters_expiry", "dead_letters")
    op.drop_index("ix_events_kept", "events")
    op.drop_index("ix_events_otp", "events")
    op.drop_column("partners", "retention_days")
    for name in ("erased_at", "otp_erased_at", "otp_until"):
        op.drop_column("events", name)


def _partial_index(name: str, table: str, column: str, where: sa.TextClause) -> None:
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)

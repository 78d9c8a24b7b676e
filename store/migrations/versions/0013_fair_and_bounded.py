"""Endpoints that ask us to wait are slowed down; breakers know their last failure; mistakes of ours
are counted for what they stop."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENTS = ("last_failed_at", "not_before")


def upgrade() -> None:
    for name in _MOMENTS:
        op.add_column("endpoints", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("endpoints", sa.Column("slowed_limit", sa.Integer(), nullable=True))
    op.add_column("endpoints", _counted("refusals"))
    op.add_column("deliveries", _counted("waited_s", sa.Float()))
    op.add_column("deliveries", _counted("our_faults"))
    op.add_column("events", _counted("our_faults"))


def downgrade() -> None:
    op.drop_column("events", "our_faults")
    op.drop_column("deliveries", "our_faults")
    op.drop_column("deliveries", "waited_s")
    for name in ("refusals", "slowed_limit", *_MOMENTS):
        op.drop_column("endpoints", name)


def _counted(
    name: str, kind: sa.types.TypeEngine[float] | sa.types.TypeEngine[int] | None = None
) -> sa.Column[float] | sa.Column[int]:
    return sa.Column(name, kind or sa.Integer(), nullable=False, server_default=sa.text("0"))

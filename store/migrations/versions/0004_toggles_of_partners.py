"""Partners: which types of event are texted, and since when nothing is sent at all."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "partners", sa.Column("sms_event_types", sa.JSON(none_as_null=True), nullable=True)
    )
    op.add_column("partners", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("partners", "paused_at")  # in place: copying it would break foreign keys to it
    op.drop_column("partners", "sms_event_types")

"""Endpoints: custom headers. Events: those that are for one endpoint only."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("endpoints", sa.Column("custom_headers", sa.String(), nullable=True))
    op.add_column(
        "endpoints", sa.Column("custom_header_names", sa.JSON(none_as_null=True), nullable=True)
    )
    op.add_column("events", sa.Column("only_endpoint_id", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("events", "only_endpoint_id")
    op.drop_column("endpoints", "custom_header_names")
    op.drop_column("endpoints", "custom_headers")

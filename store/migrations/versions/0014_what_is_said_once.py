"""Texts: two events that say the same of an order make one, and what links may begin with."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SAYS = sa.text("says IS NOT NULL")


def upgrade() -> None:
    op.add_column("dlt_senders", sa.Column("link_prefixes", sa.JSON(), nullable=True))
    op.add_column("sms_messages", sa.Column("says", sa.String(), nullable=True))
    op.create_index(
        "uq_sms_messages_says",
        "sms_messages",
        ["partner_id", "to_phone_index", "says"],
        unique=True,
        sqlite_where=_SAYS,
        postgresql_where=_SAYS,
    )


def downgrade() -> None:
    op.drop_index("uq_sms_messages_says", "sms_messages")
    op.drop_column("sms_messages", "says")
    op.drop_column("dlt_senders", "link_prefixes")

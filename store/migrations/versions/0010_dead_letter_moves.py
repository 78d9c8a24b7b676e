"""The moves of dead letters, which the mirror writes to Redis."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WAITING = sa.text("stream_ms IS NULL")
_IN_STREAM = sa.text("stream_ms IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "dead_letter_moves",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dead_letter_id", sa.String(), nullable=False),
        sa.Column("move", sa.String(32), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stream_ms", sa.BigInteger(), nullable=True),
        sa.Column("stream_seq", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["dead_letter_id"], ["dead_letters.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    _partial("ix_dead_letter_moves_waiting", "number", where=_WAITING)
    _partial("ix_dead_letter_moves_in_stream", "stream_ms", "stream_seq", where=_IN_STREAM)


def downgrade() -> None:
    op.drop_table("dead_letter_moves")


def _partial(name: str, *columns: str, where: sa.TextClause) -> None:
    op.create_index(name, "dead_letter_moves", columns, sqlite_where=where, postgresql_where=where)

"""Encryption at rest: marks on what is there, keyed digests and indexes, the index key's table.

What was stored in clear stays readable under the mark `0:`, until `doorstep keys
rotate-encryption` has sealed it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXTS = (
    ("events", "body"),
    ("events", "body_digest"),
    ("attempts", "response_excerpt"),
    ("endpoint_secrets", "secret"),
    ("sms_messages", "to_phone"),
    ("sms_messages", "body"),
)
_HAS_CUSTOMER = sa.text("customer_phone_index IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "sealed_keys",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.execute("ALTER TABLE events RENAME COLUMN body_sha256 TO body_digest")
    op.add_column("events", sa.Column("customer_phone_index", sa.String(), nullable=True))
    op.add_column("sms_messages", sa.Column("to_phone_index", sa.String(), nullable=True))
    op.create_index(
        "ix_events_customer",
        "events",
        ["customer_phone_index"],
        sqlite_where=_HAS_CUSTOMER,
        postgresql_where=_HAS_CUSTOMER,
    )
    op.create_index("ix_sms_messages_to_phone_index", "sms_messages", ["to_phone_index"])
    for table, column in _TEXTS:
        op.execute(f"UPDATE {table} SET {column} = '0:' || {column}")  # noqa: S608 - our own names
    op.execute(f"UPDATE payloads SET body = {_marked()}")  # noqa: S608 - the parts are constants of this file


def downgrade() -> None:
    for table, column in _TEXTS:
        _refuse_if_sealed(table, f"{column} NOT LIKE '0:%'")
        op.execute(f"UPDATE {table} SET {column} = substr({column}, 3)")  # noqa: S608 - the parts are constants of this file
    _refuse_if_sealed("payloads", _is_sealed())
    op.execute(f"UPDATE payloads SET body = {_without_mark()}")  # noqa: S608 - the parts are constants of this file
    op.drop_index("ix_sms_messages_to_phone_index", "sms_messages")
    op.drop_index("ix_events_customer", "events")
    op.drop_column("sms_messages", "to_phone_index")
    op.drop_column("events", "customer_phone_index")
    op.execute("ALTER TABLE events RENAME COLUMN body_digest TO body_sha256")
    op.drop_table("sealed_keys")


def _refuse_if_sealed(table: str, condition: str) -> None:
    query = sa.text(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1")  # noqa: S608 - the parts are constants of this file
    if op.get_bind().execute(query).first() is not None:
        raise RuntimeError(f"{table} has encrypted rows, which an older version cannot read")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _marked() -> str:
    if _on_sqlite():
        return "CAST('0:' || CAST(body AS TEXT) AS BLOB)"
    return "convert_to('0:', 'UTF8') || body"


def _is_sealed() -> str:
    first = "CAST(substr(body, 1, 2) AS TEXT)" if _on_sqlite() else "substring(body, 1, 2)"
    clear = "'0:'" if _on_sqlite() else "convert_to('0:', 'UTF8')"
    return f"{first} <> {clear}"


def _without_mark() -> str:
    return "substr(body, 3)" if _on_sqlite() else "substring(body, 3)"

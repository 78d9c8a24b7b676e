"""Limits and invariants: ops exactly without a partner, budgets, phones that are checked before
they are used, test texts counted by themselves, each URL once, and whether ops paused a partner."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from contracts.endpoint_url import UnusableUrl, url_key

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OPS = "(role = 'ops') = (partner_id IS NULL)"
_PEOPLE = ("dashboard_sessions", "sign_in_links", "users")
"""Those that refer to users come first."""
_KEPT = sa.text("removed_at IS NULL")


def upgrade() -> None:
    _end_sessions()
    for table in _PEOPLE:
        with op.batch_alter_table(table) as batch:
            batch.create_check_constraint(f"ck_{table}_ops", _OPS)
    op.create_table(
        "budgets",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        _moment("until"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_budgets_until", "budgets", ["until"])
    _create_phone_checks()
    op.add_column(
        "sms_days",
        sa.Column("test_texts", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "partners",
        sa.Column("paused_by_ops", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    _add_url_keys()


def downgrade() -> None:
    op.drop_index("uq_endpoints_url", "endpoints")
    op.drop_column("endpoints", "url_key")
    op.drop_column("partners", "paused_by_ops")
    op.drop_column("sms_days", "test_texts")
    op.drop_table("phone_checks")
    op.drop_table("budgets")
    _end_sessions()
    for table in _PEOPLE:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"ck_{table}_ops", type_="check")


def _end_sessions() -> None:
    """SQLite makes a table anew to change its constraints, which nothing may refer to meanwhile;
    and of a link or a session that broke the new rule, nothing is to stay."""
    for table in ("dashboard_sessions", "sign_in_links"):
        op.execute(sa.table(table).delete())


def _create_phone_checks() -> None:
    op.create_table(
        "phone_checks",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("partner_id", "phone", "code_digest", "event_id")
        ),
        sa.Column("attempts_left", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("partner_id"),
    )


def _add_url_keys() -> None:
    """Of endpoints that have the same URL already, the first has the key."""
    op.add_column("endpoints", sa.Column("url_key", sa.String(), nullable=True))
    connection, known = op.get_bind(), set()
    query = "SELECT id, partner_id, url FROM endpoints WHERE removed_at IS NULL ORDER BY id"
    for endpoint_id, partner_id, url in connection.execute(sa.text(query)).all():
        key = _key_of(url)
        if key is None or (partner_id, key) in known:
            continue
        known.add((partner_id, key))
        change = sa.text("UPDATE endpoints SET url_key = :key WHERE id = :id")
        connection.execute(change, {"key": key, "id": endpoint_id})
    op.create_index(
        "uq_endpoints_url",
        "endpoints",
        ["partner_id", "url_key"],
        unique=True,
        sqlite_where=_KEPT,
        postgresql_where=_KEPT,
    )


def _key_of(url: str) -> str | None:
    try:
        return url_key(url)
    except UnusableUrl:
        return None


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)

"""Texts: a claim for each event, phone and copy; stops, opt-outs, own templates, DLT, counts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WITHOUT_NEWS = sa.text("awaits_news")
_IN_FORCE = sa.text("lifted_at IS NULL")
_HELD_TEXT = sa.text("state = 'held' AND channel = 'sms'")
_CORRECTED = sa.text("corrected_phone_index IS NOT NULL")


def upgrade() -> None:
    op.execute("ALTER TABLE events RENAME COLUMN only_endpoint_id TO only_target")
    _extend_partners()
    _extend_deliveries()
    _extend_sms_messages()
    _make_control_tables()
    _make_text_tables()


def downgrade() -> None:
    for table in (
        "dlt_templates",
        "dlt_senders",
        "sms_templates",
        "sms_days",
        "sms_opt_out_links",
        "sms_opt_outs",
        "sms_stops",
    ):
        op.drop_table(table)
    _shrink_sms_messages()
    op.drop_index("ix_deliveries_corrected_phone", "deliveries")
    op.drop_index("ix_deliveries_held_texts", "deliveries")
    for name in (
        "corrected_phone_index",
        "corrected_phone",
        "sms_stop_id",
        "copy_number",
        "fallback",
        "hold_reason",
    ):
        op.drop_column("deliveries", name)
    for name in (
        "contact_phone_masked",
        "contact_phone",
        "sms_daily_cap",
        "sms_sender",
        "sms_language",
        "sms_fallback_types",
    ):
        op.drop_column("partners", name)
    op.execute("ALTER TABLE events RENAME COLUMN only_target TO only_endpoint_id")


def _extend_partners() -> None:
    _add("partners", sa.Column("sms_fallback_types", sa.JSON(none_as_null=True), nullable=True))
    _add_filled("partners", "sms_language", sa.String(length=32), "'en'")
    _add("partners", _text("sms_sender", nullable=True))
    _add("partners", sa.Column("sms_daily_cap", sa.Integer(), nullable=True))
    _add("partners", _text("contact_phone", nullable=True))
    _add("partners", _text("contact_phone_masked", nullable=True))


def _extend_deliveries() -> None:
    _add("deliveries", sa.Column("hold_reason", sa.String(length=32), nullable=True))
    _add_filled("deliveries", "fallback", sa.Boolean(), "false")
    _add_filled("deliveries", "copy_number", sa.Integer(), "1")
    _add("deliveries", _text("sms_stop_id", nullable=True))
    _add("deliveries", _text("corrected_phone", nullable=True))
    _add("deliveries", _text("corrected_phone_index", nullable=True))
    op.create_index(
        "ix_deliveries_held_texts",
        "deliveries",
        ["next_attempt_at"],
        sqlite_where=_HELD_TEXT,
        postgresql_where=_HELD_TEXT,
    )
    op.create_index(
        "ix_deliveries_corrected_phone",
        "deliveries",
        ["corrected_phone_index"],
        sqlite_where=_CORRECTED,
        postgresql_where=_CORRECTED,
    )


def _extend_sms_messages() -> None:
    """The copies of a delivery are its rounds so far: each had a text of its own."""
    for column in (
        _text("event_id", nullable=True),
        sa.Column("copy_number", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        *(_text(name, nullable=True) for name in _NEW_TEXTS),
    ):
        _add("sms_messages", column)
    _add_filled("sms_messages", "awaits_news", sa.Boolean(), "false")
    op.execute(
        "UPDATE sms_messages SET copy_number = round, claimed_at = created_at, "
        "taken_at = CASE WHEN state = 'accepted' THEN settled_at END, event_id = "
        "(SELECT event_id FROM deliveries WHERE deliveries.id = sms_messages.delivery_id)"
    )
    op.execute(
        "UPDATE deliveries SET copy_number = (SELECT max(copy_number) FROM sms_messages "
        "WHERE sms_messages.delivery_id = deliveries.id) WHERE id IN "
        "(SELECT delivery_id FROM sms_messages)"
    )
    with op.batch_alter_table("sms_messages") as batch:
        batch.alter_column("event_id", existing_type=sa.String(), nullable=False)
        batch.alter_column("copy_number", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("claimed_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.drop_constraint("uq_sms_delivery_round", type_="unique")
        batch.create_unique_constraint(
            "uq_sms_event_phone_copy", ["event_id", "to_phone_index", "copy_number"]
        )
        batch.create_foreign_key("fk_sms_messages_event", "events", ["event_id"], ["event_id"])
    op.create_index("ix_sms_messages_claimed_at", "sms_messages", ["claimed_at"])
    op.create_index("ix_sms_messages_delivery", "sms_messages", ["delivery_id", "copy_number"])
    op.create_index(
        "ix_sms_messages_news",
        "sms_messages",
        ["settled_at"],
        sqlite_where=_WITHOUT_NEWS,
        postgresql_where=_WITHOUT_NEWS,
    )


_NEW_FIELDS = ("taken_at", "claimed_at", "copy_number", "event_id")
_NEW_TEXTS = ("fault", "sender", "language", "template", "content_template_id", "encoding")


def _number_rounds() -> None:
    """Give each text of a delivery a round of its own again: two copies may share one."""
    op.execute(
        "UPDATE sms_messages SET round = (SELECT count(*) FROM sms_messages AS other "
        "WHERE other.delivery_id = sms_messages.delivery_id AND "
        "(other.claimed_at, other.id) <= (sms_messages.claimed_at, sms_messages.id))"
    )
    op.execute(
        "UPDATE deliveries SET round = (SELECT max(round) FROM sms_messages "
        "WHERE sms_messages.delivery_id = deliveries.id) WHERE id IN "
        "(SELECT delivery_id FROM sms_messages GROUP BY delivery_id "
        "HAVING max(sms_messages.round) > deliveries.round)"
    )


def _shrink_sms_messages() -> None:
    op.drop_index("ix_sms_messages_news", "sms_messages")
    op.drop_index("ix_sms_messages_delivery", "sms_messages")
    op.drop_index("ix_sms_messages_claimed_at", "sms_messages")
    _number_rounds()
    with op.batch_alter_table("sms_messages") as batch:
        batch.drop_constraint("uq_sms_event_phone_copy", type_="unique")
        batch.drop_constraint("fk_sms_messages_event", type_="foreignkey")
        for name in ("awaits_news", *_NEW_TEXTS, *_NEW_FIELDS):
            batch.drop_column(name)
        batch.create_unique_constraint("uq_sms_delivery_round", ["delivery_id", "round"])


def _make_control_tables() -> None:
    op.create_table(
        "sms_stops",
        _text("id"),
        _text("scope"),
        _text("partner_id", nullable=True),
        _text("reason"),
        _text("code", nullable=True),
        _text("made_by"),
        sa.Column("by_callback", sa.Boolean(), nullable=False),
        _moment("created_at"),
        _moment("probe_at", nullable=True),
        _moment("lifted_at", nullable=True),
        _text("lifted_by", nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _unique_in_force("uq_sms_stops_scope", "sms_stops", ["scope"])
    op.create_table(
        "sms_opt_outs",
        _text("id"),
        _text("partner_id"),
        _text("phone_index"),
        _text("phone_masked"),
        sa.Column("source", sa.String(length=32), nullable=False),
        _moment("created_at"),
        _moment("lifted_at", nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _unique_in_force("uq_sms_opt_outs_phone", "sms_opt_outs", ["partner_id", "phone_index"])
    op.create_table(
        "sms_opt_out_links",
        _text("token"),
        _text("partner_id"),
        _text("phone_index"),
        _text("phone_masked"),
        _moment("used_at"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("token"),
    )
    for column in ("phone_index", "used_at"):
        op.create_index(f"ix_sms_opt_out_links_{column}", "sms_opt_out_links", [column])
    op.create_table(
        "sms_days",
        _text("partner_id"),
        _text("day"),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("partner_id", "day"),
    )


def _make_text_tables() -> None:
    op.create_table(
        "sms_templates",
        _text("id"),
        _text("partner_id"),
        sa.Column("event_type", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("text", nullable=True),
        _moment("created_at"),
        _text("created_by"),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "partner_id", "event_type", "language", "version", name="uq_sms_templates_version"
        ),
    )
    op.create_table(
        "dlt_senders",
        _text("sender"),
        _text("entity_id"),
        _text("header"),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("sender"),
    )
    op.create_table(
        "dlt_templates",
        _text("id"),
        _text("sender"),
        _text("content_template_id"),
        sa.Column("event_type", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        _text("category"),
        _text("text"),
        _moment("created_at"),
        sa.ForeignKeyConstraint(["sender"], ["dlt_senders.sender"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sender", "content_template_id", name="uq_dlt_templates_content"),
    )


def _add(table: str, column: sa.Column[Any]) -> None:
    op.add_column(table, column)


def _add_filled(table: str, name: str, kind: sa.types.TypeEngine[Any], filling: str) -> None:
    """A column that is never null, in place: copying it would break foreign keys to it."""
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=sa.text(filling)))


def _unique_in_force(name: str, table: str, columns: list[str]) -> None:
    op.create_index(
        name,
        table,
        columns,
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)

"""The tables of Doorstep.

Revision 0001, the first one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "audit_entries",
    "budgets",
    "idempotency_keys",
    "dlt_senders",
    "order_sequences",
    "order_numbers",
    "customer_terms",
    "outbox",
    "partners",
    "sealed_keys",
    "login_throttles",
    "password_reset_requests",
    "identity_requests",
    "api_keys",
    "dlt_templates",
    "endpoints",
    "events",
    "phone_checks",
    "sms_days",
    "sms_opt_out_links",
    "sms_opt_outs",
    "sms_suspensions",
    "sms_templates",
    "tracking_links",
    "partner_logos",
    "users",
    "dashboard_sessions",
    "deliveries",
    "endpoint_secrets",
    "endpoint_spans",
    "payloads",
    "recoveries",
    "sign_in_links",
    "second_factors",
    "recovery_codes",
    "pending_sign_ins",
    "attempts",
    "dead_letters",
    "sms_messages",
    "dead_letter_changes",
    "instructions",
    "instruction_attempts",
    "instruction_texts",
    "outcome_days",
    "outcome_progress",
    "wismo_calls",
    "outcome_baselines",
    "retention_jobs",
    "notification_checks",
    "dropped_events",
    "restores",
    "notifications",
    "notification_messages",
    "notification_items",
    "notification_choices",
    "notification_webhooks",
)
"""In the order in which they are made."""

_OUTCOME_COUNTS = (
    "events_accepted",
    "events_recorded",
    "orders",
    "webhooks",
    "webhooks_skipped",
    "webhooks_under_way",
    "webhooks_within_90s",
    "webhooks_within_policy",
    "webhooks_delivered",
    "first_attempts",
    "first_attempts_delivered",
    "failed_deliveries",
    "failed_customer",
    "failed_address",
    "failed_payment",
    "failed_verification",
    "failed_carrier",
    "failed_other",
    "instructed",
    "instructed_accepted",
    "instructed_followed",
    "instructed_delivered",
    "uninstructed_followed",
    "uninstructed_delivered",
    "returned_as_asked",
    "orders_delivered",
    "orders_returned",
    "sms_sent",
    "sms_parts",
    "sms_deliveries",
    "sms_deliveries_skipped",
    "sms_deliveries_under_way",
    "sms_deliveries_sent",
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at", "id"])
    op.create_index(
        "ix_audit_entries_kind", "audit_entries", ["partner_id", "object_kind", "at", "id"]
    )
    op.create_index("ix_audit_entries_object", "audit_entries", ["object_id", "at", "id"])
    op.create_index("ix_audit_entries_partner", "audit_entries", ["partner_id", "at", "id"])
    op.create_table(
        "budgets",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_budgets_until", "budgets", ["until"])
    op.create_table(
        "dlt_senders",
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("entity_id", sa.String(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("link_prefixes", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender"),
    )
    op.create_table(
        "order_sequences",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "order_id"),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "order_numbers",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.String(collation="C"), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "order_id", "kind", "number"),
    )
    op.create_index("ix_order_numbers", "order_numbers", ["partner_id", "number", "first_at"])
    op.create_table(
        "customer_terms",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "order_id", "term"),
    )
    op.create_index("ix_customer_terms", "customer_terms", ["term", "partner_id", "first_at"])
    op.create_table(
        "outbox",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refusals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refused_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index("ix_outbox_due", "outbox", ["due_at"])
    op.create_index("ix_outbox_turns", "outbox", ["priority", "partner_id", "due_at", "sequence"])
    op.create_table(
        "partners",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("webhook_enabled", sa.Boolean(), nullable=False),
        sa.Column("sms_enabled", sa.Boolean(), nullable=False),
        sa.Column(
            "sms_awaits_owner", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("sms_fallback", sa.Boolean(), nullable=False),
        sa.Column("sms_event_types", sa.JSON(), nullable=True),
        sa.Column("sms_fallback_types", sa.JSON(), nullable=True),
        sa.Column("sms_language", sa.String(32), server_default=sa.text("'en'"), nullable=False),
        sa.Column("sms_sender", sa.String(), nullable=True),
        sa.Column("sms_daily_cap", sa.Integer(), nullable=True),
        sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("contact_phone_masked", sa.String(), nullable=True),
        sa.Column("contact_phone_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "time_zone", sa.String(), server_default=sa.text("'Asia/Kolkata'"), nullable=False
        ),
        sa.Column(
            "tracking_enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "tracking_url_in_payload",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
        ),
        sa.Column("brand_color", sa.String(), nullable=True),
        sa.Column("logo_digest", sa.String(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_by_ops", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.Column("instruction_actions", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("no_sundays", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "instruction_reminder", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("redelivery_cost", sa.Numeric(12, 2), nullable=True),
        sa.Column("sms_part_price", sa.Numeric(8, 4), nullable=True),
        sa.Column("set_up_hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "sealed_keys",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"])
    op.create_table(
        "password_reset_requests",
        sa.Column("email_index", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("for_ops", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("email_index"),
    )
    op.create_index(
        "ix_password_reset_requests_created_at", "password_reset_requests", ["created_at"]
    )
    op.create_table(
        "login_throttles",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_login_throttles_since", "login_throttles", ["since"])
    op.create_table(
        "identity_requests",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_identity_requests_expires_at", "identity_requests", ["expires_at"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("prefix"),
    )
    op.create_index("ix_api_keys_partner_id", "api_keys", ["partner_id"])
    op.create_table(
        "dlt_templates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("content_template_id", sa.String(), nullable=False),
        sa.Column("event_type", sa.String(32), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sender"],
            ["dlt_senders.sender"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sender", "content_template_id", name="uq_dlt_templates_content"),
    )
    op.create_table(
        "endpoints",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("url_key", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("event_types", sa.JSON(), nullable=True),
        sa.Column("custom_headers", sa.String(), nullable=True),
        sa.Column("custom_header_names", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_reason", sa.String(), nullable=True),
        sa.Column("schema_version", sa.String(), nullable=False),
        sa.Column("failures_in_row", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("probes_failed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_down_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recover_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("auto_recover", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("recovery_rate", sa.Integer(), server_default=sa.text("10"), nullable=False),
        sa.Column("ordered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("in_flight_limit", sa.Integer(), server_default=sa.text("50"), nullable=False),
        sa.Column("rate_limit", sa.Float(), nullable=True),
        sa.Column("rate_used_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_waiting", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slowed_limit", sa.Integer(), nullable=True),
        sa.Column("refusals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        postgresql_with={"fillfactor": 50},
    )
    op.create_index(
        "ix_endpoints_open",
        "endpoints",
        ["probe_at"],
        postgresql_where=sa.text("opened_at IS NOT NULL"),
    )
    op.create_index("ix_endpoints_partner_id", "endpoints", ["partner_id"])
    op.create_index(
        "ix_endpoints_to_recover",
        "endpoints",
        ["recover_since"],
        postgresql_where=sa.text("recover_since IS NOT NULL"),
    )
    op.create_index(
        "uq_endpoints_url",
        "endpoints",
        ["partner_id", "url_key"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "events",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("awb_number", sa.String(), nullable=True),
        sa.Column("event_type", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_category", sa.String(), nullable=True),
        sa.Column("return_type", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("body_digest", sa.String(), nullable=False),
        sa.Column("customer_phone_index", sa.String(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("only_target", sa.String(), nullable=True),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.Column("our_faults", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_count", sa.Integer(), nullable=False),
        sa.Column("traceparent", sa.String(), nullable=True),
        sa.Column("otp_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("otp_erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index(
        "ix_events_kept",
        "events",
        ["partner_id", "accepted_at"],
        postgresql_where=sa.text("erased_at IS NULL"),
    )
    op.create_index("ix_events_log", "events", ["accepted_at", "event_id"])
    op.create_index(
        "ix_events_log_awb",
        "events",
        ["awb_number", "accepted_at", "event_id"],
        postgresql_where=sa.text("awb_number IS NOT NULL"),
    )
    op.create_index(
        "ix_events_failed",
        "events",
        ["partner_id", "occurred_at", "event_id"],
        postgresql_where=sa.text("event_type = 'delivery_failed' AND NOT is_test"),
    )
    op.create_index(
        "ix_events_tests",
        "events",
        ["partner_id", "accepted_at"],
        postgresql_where=sa.text("is_test"),
    )
    op.create_index("ix_events_log_order", "events", ["order_id", "accepted_at", "event_id"])
    op.create_index("ix_events_log_partner", "events", ["partner_id", "accepted_at", "event_id"])
    op.create_index("ix_events_log_type", "events", ["event_type", "accepted_at", "event_id"])
    op.create_index(
        "ix_events_unplanned",
        "events",
        ["state", "accepted_at", "event_id"],
        postgresql_where=sa.text("state <> 'planned'"),
    )
    op.create_index(
        "ix_events_otp", "events", ["otp_until"], postgresql_where=sa.text("otp_until IS NOT NULL")
    )
    op.create_table(
        "phone_checks",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("code_digest", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("attempts_left", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("partner_id"),
    )
    op.create_table(
        "sms_days",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("test_texts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("partner_id", "day"),
    )
    op.create_table(
        "sms_opt_out_links",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("phone_index", sa.String(), nullable=False),
        sa.Column("phone_masked", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("ix_sms_opt_out_links_phone_index", "sms_opt_out_links", ["phone_index"])
    op.create_index("ix_sms_opt_out_links_used_at", "sms_opt_out_links", ["used_at"])
    op.create_table(
        "sms_opt_outs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("phone_index", sa.String(), nullable=False),
        sa.Column("phone_masked", sa.String(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_sms_opt_outs_listed",
        "sms_opt_outs",
        ["partner_id", "id"],
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_index(
        "uq_sms_opt_outs_phone",
        "sms_opt_outs",
        ["partner_id", "phone_index"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "sms_suspensions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("by_callback", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_sms_suspensions_scope",
        "sms_suspensions",
        ["scope"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "sms_templates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("event_type", sa.String(32), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "partner_id", "event_type", "language", "version", name="uq_sms_templates_version"
        ),
    )
    op.create_table(
        "tracking_links",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_tracking_links_ends_at", "tracking_links", ["ends_at"])
    op.create_index(
        "uq_tracking_links_order",
        "tracking_links",
        ["partner_id", "order_id", "is_test"],
        unique=True,
    )
    op.create_table(
        "partner_logos",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("partner_id"),
    )
    op.create_index("ix_partner_logos_digest", "partner_logos", ["digest"])
    op.create_table(
        "users",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("email_index", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("identity_index", sa.String(), nullable=True),
        sa.Column("removed_email_index", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email_refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email_refused_code", sa.String(), nullable=True),
        sa.CheckConstraint("(role = 'ops') = (partner_id IS NULL)", name="ck_users_ops"),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email_index"),
        sa.UniqueConstraint("identity_index"),
    )
    op.create_index("ix_users_partner_id", "users", ["partner_id"])
    op.create_index("ix_users_removed_email_index", "users", ["removed_email_index"])
    op.create_table(
        "dashboard_sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser", sa.String(), nullable=True),
        sa.Column("network", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(role = 'ops') = (partner_id IS NULL)", name="ck_dashboard_sessions_ops"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_dashboard_sessions_expires_at", "dashboard_sessions", ["expires_at"])
    op.create_index("ix_dashboard_sessions_user_id", "dashboard_sessions", ["user_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("endpoint_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("skip_reason", sa.String(32), nullable=True),
        sa.Column("hold_reason", sa.String(32), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("charged", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_code", sa.String(), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recovery_id", sa.String(), nullable=True),
        sa.Column("waited_s", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.Column("our_faults", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fallback", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("copy_number", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("sms_suspension_id", sa.String(), nullable=True),
        sa.Column("corrected_phone", sa.String(), nullable=True),
        sa.Column("corrected_phone_index", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.event_id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id", "target", name="uq_deliveries_event_target"),
    )
    op.create_index(
        "ix_deliveries_corrected_phone",
        "deliveries",
        ["corrected_phone_index"],
        postgresql_where=sa.text("corrected_phone_index IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_endpoint_state", "deliveries", ["endpoint_id", "state", "created_at"]
    )
    op.create_index(
        "ix_deliveries_held",
        "deliveries",
        ["hold_reason", "partner_id", "endpoint_id", "created_at"],
        postgresql_include=["event_id"],
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "ix_deliveries_held_texts",
        "deliveries",
        ["next_attempt_at"],
        postgresql_where=sa.text("state = 'held' AND channel = 'sms'"),
    )
    op.create_index(
        "ix_deliveries_in_line",
        "deliveries",
        ["next_attempt_at"],
        postgresql_where=sa.text("state = 'held' AND hold_reason = 'earlier_event'"),
    )
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["changed_at"],
        postgresql_where=sa.text("state IN ('pending', 'delivering')"),
    )
    op.create_index(
        "ix_deliveries_partner_state", "deliveries", ["partner_id", "state", "created_at"]
    )
    op.create_index(
        "ix_deliveries_skipped",
        "deliveries",
        ["partner_id", "created_at", "skip_reason", "fallback"],
        postgresql_where=sa.text("state = 'skipped'"),
    )
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["endpoint_id", "created_at", "id"],
        postgresql_where=sa.text("state = 'held' AND hold_reason = 'endpoint_busy'"),
    )
    op.create_table(
        "endpoint_secrets",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("endpoint_id", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["endpoints.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_endpoint_secrets_endpoint_id", "endpoint_secrets", ["endpoint_id"])
    op.create_table(
        "endpoint_spans",
        sa.Column("endpoint_id", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("timed_out", sa.Integer(), nullable=False),
        sa.Column("latencies", sa.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "started_at"),
    )
    op.create_table(
        "payloads",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("schema_version", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("otp_valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.event_id"],
        ),
        sa.PrimaryKeyConstraint("event_id", "schema_version"),
    )
    op.create_table(
        "recoveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("endpoint_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("event_types", sa.JSON(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stepped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["endpoints.id"],
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_recoveries_endpoint", "recoveries", ["endpoint_id", "created_at", "id"])
    op.create_index(
        "uq_recoveries_running",
        "recoveries",
        ["endpoint_id"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(role = 'ops') = (partner_id IS NULL)", name="ck_sign_in_links_ops"),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sign_in_links_expires_at", "sign_in_links", ["expires_at"])
    op.create_index("ix_sign_in_links_user_id", "sign_in_links", ["user_id"])
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
        ),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])
    op.create_table(
        "pending_sign_ins",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_pending_sign_ins_expires_at", "pending_sign_ins", ["expires_at"])
    op.create_index("ix_pending_sign_ins_user_id", "pending_sign_ins", ["user_id"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("endpoint_id", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("charged", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("retry_after_s", sa.Float(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("response_excerpt", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("delivery_id", "number", name="uq_attempts_delivery_number"),
    )
    op.create_index("ix_attempts_endpoint", "attempts", ["endpoint_id", "started_at"])
    op.create_index(
        "ix_attempts_in_flight",
        "attempts",
        ["endpoint_id", "started_at"],
        postgresql_where=sa.text("state = 'in_flight'"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("resolution", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_dead_letters_delivery_id", "dead_letters", ["delivery_id"])
    op.create_index(
        "ix_dead_letters_expiry",
        "dead_letters",
        ["expires_at"],
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index("ix_dead_letters_list", "dead_letters", ["created_at", "id"])
    op.create_index(
        "ix_dead_letters_list_partner", "dead_letters", ["partner_id", "created_at", "id"]
    )
    op.create_index(
        "ix_dead_letters_open",
        "dead_letters",
        ["created_at", "id"],
        postgresql_include=["channel", "reason", "is_test"],
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index(
        "ix_dead_letters_open_partner",
        "dead_letters",
        ["partner_id", "created_at", "id"],
        postgresql_include=["is_test"],
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index(
        "uq_dead_letters_unresolved",
        "dead_letters",
        ["delivery_id"],
        unique=True,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "sms_messages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column("to_phone", sa.String(), nullable=False),
        sa.Column("to_phone_index", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("twilio_sid", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("says", sa.String(), nullable=True),
        sa.Column("sender", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("template", sa.String(), nullable=True),
        sa.Column("content_template_id", sa.String(), nullable=True),
        sa.Column("encoding", sa.String(), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=True),
        sa.Column("awaits_news", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.event_id"],
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "event_id", "to_phone_index", "copy_number", name="uq_sms_event_phone_copy"
        ),
    )
    op.create_index("ix_sms_messages_claimed_at", "sms_messages", ["claimed_at"])
    op.create_index("ix_sms_messages_delivery", "sms_messages", ["delivery_id", "copy_number"])
    op.create_index(
        "ix_sms_messages_news",
        "sms_messages",
        ["settled_at"],
        postgresql_where=sa.text("awaits_news"),
    )
    op.create_index("ix_sms_messages_to_phone_index", "sms_messages", ["to_phone_index"])
    op.create_index(
        "uq_sms_messages_says",
        "sms_messages",
        ["partner_id", "to_phone_index", "says"],
        unique=True,
        postgresql_where=sa.text("says IS NOT NULL"),
    )
    op.create_table(
        "dead_letter_changes",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("dead_letter_id", sa.String(), nullable=False),
        sa.Column("change", sa.String(32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stream_ms", sa.BigInteger(), nullable=True),
        sa.Column("stream_seq", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dead_letter_id"],
            ["dead_letters.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(
        "ix_dead_letter_changes_dead_letter_id", "dead_letter_changes", ["dead_letter_id"]
    )
    op.create_index(
        "ix_dead_letter_changes_in_stream",
        "dead_letter_changes",
        ["stream_ms", "stream_seq"],
        postgresql_where=sa.text("stream_ms IS NOT NULL"),
    )
    op.create_index(
        "ix_dead_letter_changes_waiting",
        "dead_letter_changes",
        ["number"],
        postgresql_where=sa.text("stream_ms IS NULL"),
    )
    op.create_table(
        "instructions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("attempt_number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("slot", sa.String(32), nullable=True),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("phone_index", sa.String(), nullable=True),
        sa.Column("given_by", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("supersedes", sa.String(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("post_state", sa.String(32), nullable=True),
        sa.Column("post_attempts", sa.Integer(), nullable=False),
        sa.Column("post_failures", sa.Integer(), nullable=False),
        sa.Column("post_code", sa.String(), nullable=True),
        sa.Column("post_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.event_id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number", name="uq_instructions_number"),
    )
    op.execute(sa.schema.CreateSequence(sa.Sequence("instruction_numbers")))
    op.create_index("ix_instructions_created_at", "instructions", ["created_at"])
    op.create_index("ix_instructions_event_id", "instructions", ["event_id"])
    op.create_index("ix_instructions_feed_partner", "instructions", ["partner_id", "number"])
    op.create_index(
        "ix_instructions_order", "instructions", ["partner_id", "order_id", "created_at"]
    )
    op.create_index(
        "uq_instructions_standing",
        "instructions",
        ["event_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'accepted')"),
    )
    op.create_index(
        "uq_instructions_code",
        "instructions",
        ["event_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting_for_code'"),
    )
    op.create_index(
        "ix_instructions_undecided",
        "instructions",
        ["expires_at"],
        postgresql_where=sa.text("state IN ('waiting_for_code', 'open')"),
    )
    op.create_index(
        "ix_instructions_to_post",
        "instructions",
        ["partner_id", "order_id", "number"],
        postgresql_where=sa.text("post_state = 'waiting'"),
    )
    op.create_index(
        "ix_instructions_dead",
        "instructions",
        ["expires_at"],
        postgresql_where=sa.text("post_state = 'dead_lettered'"),
    )
    op.create_index(
        "ix_instructions_phone",
        "instructions",
        ["phone_index"],
        postgresql_where=sa.text("phone_index IS NOT NULL"),
    )
    op.create_table(
        "instruction_attempts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("instruction_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instruction_id"],
            ["instructions.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("instruction_id", "number", name="uq_instruction_attempts_number"),
    )
    op.create_table(
        "instruction_texts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("instruction_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(), nullable=True),
        sa.Column("attempts_left", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.event_id"],
        ),
        sa.ForeignKeyConstraint(
            ["instruction_id"],
            ["instructions.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_instruction_texts_event_id", "instruction_texts", ["event_id"])
    op.create_index(
        "ix_instruction_texts_instruction", "instruction_texts", ["instruction_id", "created_at"]
    )
    op.create_index(
        "ix_instruction_texts_waiting",
        "instruction_texts",
        ["asked_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_instruction_texts_reminder",
        "instruction_texts",
        ["event_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'reminder'"),
    )
    op.create_table(
        "outcome_days",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
            for name in _OUTCOME_COUNTS
        ),
        sa.Column("propagation_buckets", sa.ARRAY(sa.SmallInteger()), nullable=True),
        sa.Column("propagation_counts", sa.ARRAY(sa.Integer()), nullable=True),
        sa.PrimaryKeyConstraint("partner_id", "day"),
    )
    op.create_index("ix_outcome_days_day", "outcome_days", ["day"])
    op.create_index(
        "ix_outcome_days_due",
        "outcome_days",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "outcome_progress",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "wismo_calls",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("partner_id", "day"),
    )
    op.create_index("ix_wismo_calls_day", "wismo_calls", ["day"])
    op.create_table(
        "outcome_baselines",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.Column("numerator", sa.Numeric(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partners.id"],
        ),
        sa.PrimaryKeyConstraint("partner_id", "figure"),
    )
    op.create_table(
        "retention_jobs",
        sa.Column("job", sa.String(32), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("job"),
    )
    op.create_table(
        "notification_checks",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind"),
    )
    op.create_table(
        "dropped_events",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partner_id"),
    )
    op.create_table(
        "restores",
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lost_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("restored_at"),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("endpoint_id", sa.String(), nullable=True),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fanned_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("once"),
    )
    op.create_index(
        "ix_notifications_new",
        "notifications",
        ["created_at"],
        postgresql_where=sa.text("fanned_out_at IS NULL"),
    )
    op.create_index("ix_notifications_endpoint", "notifications", ["endpoint_id", "created_at"])
    op.create_index("ix_notifications_kind", "notifications", ["kind", "created_at", "id"])
    op.create_index("ix_notifications_partner", "notifications", ["partner_id", "created_at", "id"])
    op.create_index("ix_notifications_user_id", "notifications", ["user_id"])
    op.create_table(
        "notification_messages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("bundle", sa.String(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_notification_messages_waiting",
        "notification_messages",
        ["asked_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_notification_messages_open",
        "notification_messages",
        ["user_id", "bundle"],
        postgresql_where=sa.text("state = 'waiting' AND claimed_at IS NULL"),
    )
    op.create_index("ix_notification_messages_list", "notification_messages", ["created_at", "id"])
    op.create_index(
        "ix_notification_messages_list_partner",
        "notification_messages",
        ["partner_id", "created_at", "id"],
    )
    op.create_table(
        "notification_items",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("notification_id", sa.String(), nullable=False),
        sa.Column("left_out", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["notification_messages.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["notification_id"], ["notifications.id"]),
        sa.PrimaryKeyConstraint("message_id", "notification_id"),
    )
    op.create_index(
        "ix_notification_items_notification_id", "notification_items", ["notification_id"]
    )
    op.create_table(
        "notification_choices",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("switched_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("user_id", "kind"),
    )
    op.create_table(
        "notification_webhooks",
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"]),
        sa.PrimaryKeyConstraint("partner_id"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.execute(sa.schema.DropSequence(sa.Sequence("instruction_numbers")))

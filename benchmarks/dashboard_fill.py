"""What the dashboard's pages show besides events: endpoints, attempts, dead letters, health, texts,
outcomes.

Made by the database itself out of a store that `log_fill` has filled: one endpoint for each
partner, one attempt for each delivery, a dead letter for each that is one, the sums of five
minutes, and beside every fifth delivery a text. The days of outcomes are those of ten million
events in twelve weeks, whatever the store has: 200 partners times 84 days, by the sizes of the
partners, each with 20 buckets of how long webhooks took, and with its calls.
"""

from datetime import datetime

from sqlalchemy import Engine, text
from sqlmodel import Session, select

from benchmarks.log_fill import lift_limits
from store.endpoints.secrets import add_secret
from store.tables import EndpointRow

_MOMENTS = {
    "span": "to_timestamp(floor(extract(epoch FROM created_at) / 300) * 300)",
    "later": "created_at + interval '1 second'",
    "expires": "created_at + interval '60 days'",
}
_STATEMENTS = (
    """
INSERT INTO endpoints (id, partner_id, url, url_key, state, schema_version, created_at,
    failures_in_row, probes_failed, auto_recover, recovery_rate, ordered, in_flight_limit,
    has_waiting)
SELECT 'ep-' || id, id, 'https://' || id || '.example/doorstep',
    'https://' || id || '.example/doorstep', 'enabled', '1.0', created_at, 0,
    0, TRUE, 10, FALSE, 50, FALSE
FROM partners
""",
    """
UPDATE deliveries SET endpoint_id = 'ep-' || partner_id, target = 'ep-' || partner_id,
    delivered_at = CASE state WHEN 'delivered' THEN {later} END
""",
    """
INSERT INTO attempts (id, delivery_id, endpoint_id, number, round, trigger, state, charged, code,
    status_code, duration_ms, started_at, finished_at)
SELECT 'att-' || id, id, endpoint_id, 1, 1, 'scheduled',
    CASE state WHEN 'delivered' THEN 'succeeded' ELSE 'failed' END, state <> 'delivered',
    CASE state WHEN 'delivered' THEN 'http_200' ELSE 'http_503' END,
    CASE state WHEN 'delivered' THEN 200 ELSE 503 END, 120, created_at, {later}
FROM deliveries
""",
    """
INSERT INTO dead_letters (id, delivery_id, partner_id, channel, reason, code, is_test,
    created_at, expires_at)
SELECT 'dl-' || id, id, partner_id, channel, 'exhausted', 'http_503', FALSE, created_at, {expires}
FROM deliveries WHERE state = 'dead_lettered'
""",
    """
INSERT INTO sms_messages (id, delivery_id, event_id, partner_id, copy_number, round, state,
    to_phone, to_phone_index, body, awaits_news, created_at, claimed_at, settled_at, taken_at)
SELECT 'sms-' || id, id, event_id, partner_id, 1, 1,
    CASE state WHEN 'delivered' THEN 'delivered' ELSE 'unknown' END, '', id, '', FALSE, created_at,
    created_at, {later}, {later}
FROM deliveries WHERE id LIKE '%0' OR id LIKE '%5'
""",
    """
INSERT INTO endpoint_spans (endpoint_id, started_at, succeeded, failed, timed_out, latencies)
SELECT endpoint_id, {span}, sum(CASE state WHEN 'delivered' THEN 1 ELSE 0 END),
    sum(CASE state WHEN 'delivered' THEN 0 ELSE 1 END), 0, '{{0,0,1,0,0,0,0,0,0,0,0,0}}'
FROM deliveries GROUP BY endpoint_id, {span}
""",
    """
INSERT INTO outcome_days (partner_id, day, time_zone, counted_at, events_accepted, orders, webhooks,
    webhooks_within_90s, webhooks_within_policy, webhooks_delivered, first_attempts,
    first_attempts_delivered, failed_deliveries, failed_customer, failed_address, instructed,
    instructed_accepted, instructed_followed, instructed_delivered, uninstructed_followed,
    uninstructed_delivered, returned_as_asked, orders_delivered, orders_returned, sms_sent,
    sms_parts, propagation_buckets, propagation_counts)
SELECT id, current_date - back, 'Asia/Kolkata', created_at, n, n / 5, n, n - lost - n % 3, n - lost,
    n - lost / 2, n / 5, n / 6, n / 20, n / 40, n / 60, n / 50, n / 60, n / 70, n / 90, n / 40,
    n / 90, n / 200, n / 6, n / 60, n / 10, n / 8,
    ARRAY(SELECT generate_series(20, 39)), array_fill(n / 20, ARRAY[20])
FROM (
    SELECT id, created_at, back, (hashtext(id) + back) % 7 + 7 AS lost,
        119050 / (1 + split_part(id, '-', 3)::int) / 6 + 50 AS n
    FROM partners CROSS JOIN generate_series(0, 83) AS back
) AS days
""",
    """
INSERT INTO wismo_calls (partner_id, day, calls, given_by, given_at)
SELECT partner_id, day, orders / 30, 'bench', counted_at FROM outcome_days
""",
)


def fill_dashboard(engine: Engine) -> None:
    """Add them, and tidy the tables up, which PostgreSQL would do by itself in a minute or two,
    beside what is measured."""
    with engine.begin() as connection:
        lift_limits(connection)
        for statement in _STATEMENTS:
            connection.execute(text(statement.format(**_MOMENTS)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        lift_limits(connection)
        connection.execute(text("VACUUM ANALYZE"))


def fill_secrets(session: Session, now: datetime) -> None:
    """A signing secret for each endpoint, sealed by the product's own keys."""
    for endpoint_id in session.exec(select(EndpointRow.id)).all():
        add_secret(session, endpoint_id, now)

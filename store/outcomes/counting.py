"""Counts one day of one partner out of the events' own rows: one statement replaces its row.

Whatever became of the day's events until now is in it, so counting again is always right, and a
kill in the middle leaves the row that was there. Every row is found by an index, from the day's
events on: the LATERALs and the OFFSETs keep the planner from reading a whole table, or all events
of a partner, beside them, whatever it thinks of their sizes.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from contracts.outcomes.counts import COUNTED
from contracts.outcomes.periods import bounds_of
from contracts.outcomes.propagation import BOUNDS_MS
from store.tables.outcomes import OUTCOME_DAYS

QUIET_FOR = timedelta(hours=48)
"""After so long without a change, what has ended stays as it is: no text is of use for longer, and
no status callback comes later (`contracts/sms/relevance.py`, `store/sms/callbacks.py`). What waits
for a person (a dead letter) is open until it expires."""

_LIMIT_S = 300
"""A day of a million events takes a minute or two, and nobody waits for it."""

_COHORT = """
    cohort AS MATERIALIZED (
        SELECT event_id, partner_id, order_id, event_type, state, occurred_at, accepted_at,
            reason_category, return_type
        FROM events
        WHERE partner_id = %(partner_id)s
            AND accepted_at >= %(begins)s AND accepted_at < %(ends)s
            AND NOT is_test AND only_target IS NULL
    )
"""

_TRAVELS = """
    travels AS MATERIALIZED (
        SELECT cohort.event_id, delivery.*,
            delivery.delivered_at IS NOT NULL AS arrived,
            delivery.round = 1 OR coalesce(earlier.succeeded, false) AS in_first_round,
            1000 * extract(epoch FROM delivery.delivered_at - cohort.accepted_at) AS took_ms
        FROM cohort
        CROSS JOIN LATERAL (
            SELECT id, channel, state, skip_reason, delivered_at, changed_at, round
            FROM deliveries WHERE deliveries.event_id = cohort.event_id OFFSET 0
        ) AS delivery
        LEFT JOIN LATERAL (
            SELECT true AS succeeded FROM attempts
            WHERE attempts.delivery_id = delivery.id AND delivery.round > 1
                AND attempts.round = 1 AND attempts.state = 'succeeded'
            LIMIT 1
        ) AS earlier ON true
    )
"""

_EVENTS = """
    told AS MATERIALIZED (
        SELECT * FROM cohort WHERE event_id NOT IN (
            SELECT event_id FROM travels WHERE skip_reason = 'recorded_only'
        )
    ),
    steps AS MATERIALIZED (
        SELECT told.*, coalesce(others.began_before, false) AS began_before,
            coalesce(others.attempted_before, false) AS attempted_before,
            coalesce(others.delivered_before, false) AS delivered_before,
            coalesce(others.returned_before, false) AS returned_before,
            others.next_outcome
        FROM told CROSS JOIN LATERAL (
            SELECT
                bool_or((other.accepted_at, other.event_id) < (told.accepted_at, told.event_id))
                    AS began_before,
                bool_or(other.event_type IN ('delivered', 'delivery_failed')
                    AND (other.occurred_at, other.event_id) < (told.occurred_at, told.event_id))
                    AS attempted_before,
                bool_or(other.event_type = 'delivered'
                    AND (other.occurred_at, other.event_id) < (told.occurred_at, told.event_id))
                    AS delivered_before,
                bool_or(other.return_type = 'rto'
                    AND (other.occurred_at, other.event_id) < (told.occurred_at, told.event_id))
                    AS returned_before,
                (array_agg(other.event_type ORDER BY other.occurred_at, other.event_id)
                    FILTER (WHERE other.event_type
                            IN ('delivered', 'delivery_failed', 'return_initiated')
                        AND (other.occurred_at, other.event_id)
                            > (told.occurred_at, told.event_id)))[1] AS next_outcome
            FROM (
                SELECT * FROM events WHERE events.order_id = told.order_id OFFSET 0
            ) AS other
            WHERE other.partner_id = told.partner_id AND other.event_id <> told.event_id
                AND NOT other.is_test AND other.only_target IS NULL
        ) AS others
    ),
    failures AS MATERIALIZED (
        SELECT steps.reason_category, steps.next_outcome, instruction.*
        FROM steps CROSS JOIN LATERAL (
            SELECT coalesce(bool_or(opened_at IS NOT NULL), false) AS given,
                coalesce(bool_or(state = 'accepted'), false) AS accepted,
                coalesce(bool_or(state = 'accepted' AND action = 'return'), false) AS to_return,
                count(*) FILTER (WHERE state IN ('waiting_for_code', 'open')) AS undecided
            FROM instructions WHERE instructions.event_id = steps.event_id
        ) AS instruction
        WHERE steps.event_type = 'delivery_failed'
    )
"""

_SUMS = """
    of_events AS (
        SELECT count(*) AS events_accepted,
            (SELECT count(*) FROM cohort) - count(*) AS events_recorded,
            count(*) FILTER (WHERE NOT began_before) AS orders,
            count(*) FILTER (WHERE event_type IN ('delivered', 'delivery_failed')
                AND NOT attempted_before) AS first_attempts,
            count(*) FILTER (WHERE event_type = 'delivered' AND NOT attempted_before)
                AS first_attempts_delivered,
            count(*) FILTER (WHERE event_type = 'delivered' AND NOT delivered_before)
                AS orders_delivered,
            count(*) FILTER (WHERE return_type = 'rto' AND NOT returned_before) AS orders_returned,
            count(*) FILTER (WHERE state <> 'planned') AS unplanned,
            max(accepted_at) AS last_accepted_at
        FROM steps
    ),
    of_webhooks AS (
        SELECT count(*) FILTER (WHERE state <> 'skipped' OR arrived) AS webhooks,
            count(*) FILTER (WHERE state = 'skipped' AND NOT arrived) AS webhooks_skipped,
            count(*) FILTER (WHERE state IN ('pending', 'held', 'delivering') AND NOT arrived)
                AS webhooks_under_way,
            count(*) FILTER (WHERE took_ms <= 90000) AS webhooks_within_90s,
            count(*) FILTER (WHERE arrived AND in_first_round) AS webhooks_within_policy,
            count(*) FILTER (WHERE arrived) AS webhooks_delivered
        FROM travels WHERE channel = 'webhook'
    ),
    of_failures AS (
        SELECT count(*) AS failed_deliveries,
            count(*) FILTER (WHERE reason_category = 'customer') AS failed_customer,
            count(*) FILTER (WHERE reason_category = 'address') AS failed_address,
            count(*) FILTER (WHERE reason_category = 'payment') AS failed_payment,
            count(*) FILTER (WHERE reason_category = 'verification') AS failed_verification,
            count(*) FILTER (WHERE reason_category = 'carrier') AS failed_carrier,
            count(*) FILTER (WHERE reason_category = 'other') AS failed_other,
            count(*) FILTER (WHERE given) AS instructed,
            count(*) FILTER (WHERE accepted) AS instructed_accepted,
            count(*) FILTER (WHERE accepted AND NOT to_return AND next_outcome IS NOT NULL)
                AS instructed_followed,
            count(*) FILTER (WHERE accepted AND NOT to_return AND next_outcome = 'delivered')
                AS instructed_delivered,
            count(*) FILTER (WHERE NOT given AND next_outcome IS NOT NULL)
                AS uninstructed_followed,
            count(*) FILTER (WHERE NOT given AND next_outcome = 'delivered')
                AS uninstructed_delivered,
            count(*) FILTER (WHERE to_return AND next_outcome = 'return_initiated')
                AS returned_as_asked,
            coalesce(sum(undecided), 0) AS undecided
        FROM failures
    ),
    of_texts AS (
        SELECT count(*) AS sms_sent, coalesce(sum(sms.parts), 0) AS sms_parts
        FROM travels CROSS JOIN LATERAL (
            SELECT parts FROM sms_messages
            WHERE sms_messages.delivery_id = travels.id AND taken_at IS NOT NULL OFFSET 0
        ) AS sms
        WHERE travels.channel = 'sms'
    ),
    of_propagation AS (
        SELECT array_agg(bucket ORDER BY bucket) AS propagation_buckets,
            array_agg(count ORDER BY bucket) AS propagation_counts
        FROM (
            SELECT width_bucket(took_ms::float8, %(bounds_ms)s::float8[])::smallint AS bucket,
                count(*)::int AS count
            FROM travels WHERE channel = 'webhook' AND arrived
            GROUP BY 1
        ) AS buckets
    ),
    of_what_is_open AS (
        SELECT count(*) FILTER (WHERE NOT arrived
                AND state IN ('pending', 'held', 'delivering', 'dead_lettered')) AS open,
            max(changed_at) AS last_changed_at
        FROM travels
    )
"""

_COUNT = f"""
    UPDATE outcome_days SET
        time_zone = %(time_zone)s, counted_at = %(now)s,
        due_at = CASE
            WHEN unplanned + undecided + open > 0
                OR greatest(last_accepted_at, last_changed_at) > %(quiet_since)s
            THEN %(again_at)s::timestamptz
        END,
        propagation_buckets = counted.propagation_buckets,
        propagation_counts = counted.propagation_counts,
        {", ".join(f"{name} = counted.{name}" for name in COUNTED)}
    FROM (
        WITH {_COHORT}, {_TRAVELS}, {_EVENTS}, {_SUMS}
        SELECT * FROM of_events, of_webhooks, of_failures, of_texts, of_propagation,
            of_what_is_open
    ) AS counted
    WHERE outcome_days.partner_id = %(partner_id)s AND outcome_days.day = %(day)s
        AND (counted.events_accepted + counted.events_recorded
                >= outcome_days.events_accepted + outcome_days.events_recorded
            OR outcome_days.time_zone <> %(time_zone)s)
"""  # noqa: S608 - names of our own
_LEAVE = """
    UPDATE outcome_days SET due_at = NULL WHERE partner_id = %(partner_id)s AND day = %(day)s
"""
_NOTE = """
    INSERT INTO outcome_days (partner_id, day, time_zone)
    VALUES (%(partner_id)s, %(day)s, %(time_zone)s) ON CONFLICT DO NOTHING
"""


def count_day(session: Session, partner_id: str, day: date, time_zone: str, now: datetime) -> None:
    """Count a day, and say when it is to be counted again.

    The row is locked first, so that of two who count it the later one has seen more. Where events
    of the day are gone since (dropped after their retention), the row stays as it is.
    """
    begins, ends = bounds_of(day, time_zone)
    values: dict[str, Any] = {
        "partner_id": partner_id,
        "day": day,
        "time_zone": time_zone,
        "begins": begins,
        "ends": ends,
        "now": now,
        "quiet_since": now - QUIET_FOR,
        "again_at": now + pause_of(ends, now),
        "bounds_ms": list(BOUNDS_MS),
    }
    connection = session.connection()
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_LIMIT_S}s'")
    connection.exec_driver_sql(_NOTE, values)
    columns = OUTCOME_DAYS.c
    is_this_one = (columns.partner_id == partner_id) & (columns.day == day)
    connection.execute(select(columns.day).where(is_this_one).with_for_update(key_share=True))
    if not connection.exec_driver_sql(_COUNT, values).rowcount:
        connection.exec_driver_sql(_LEAVE, values)


def pause_of(ends: datetime, now: datetime) -> timedelta:
    """How long a day's row stands before it is counted again, by how long ago the day ended."""
    age = now - ends
    if age < timedelta(hours=1):
        return timedelta(minutes=5)
    return timedelta(hours=1) if age < timedelta(days=15) else timedelta(days=1)

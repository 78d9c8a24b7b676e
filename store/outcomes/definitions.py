"""The definitions of the counts, in SQL: what every one of them is, out of the events' own rows.

Whoever counts says which events, and by which of their times. Every row is found by an index, from
these events on: the LATERALs and the OFFSETs keep the planner from reading a whole table, or all
events of a partner, beside them, whatever it thinks of their sizes.
"""

from datetime import timedelta
from enum import Enum

from contracts.outcomes.objective import WITHIN_POLICY


class Which(Enum):
    """The events that are counted, how they are known, and the time that says which day is theirs.

    Recorded events are an import of history: when they were handed in says nothing of them.
    """

    TOLD = ("NOT IN", "accepted_at")
    RECORDED = ("IN", "occurred_at")


def counts_of(which: Which, in_range: str) -> str:
    """The common table expressions, without their WITH: `of_events`, `of_webhooks`, `of_failures`,
    `of_texts`, `of_sms_deliveries`, `of_propagation` and `of_what_is_open` have one row each.

    `in_range` is a condition over `events`. Besides its values they need `partner_id` and
    `bounds_ms`. What nobody selects from is not worked out.
    """
    membership, moment = which.value
    cohort, events = (
        _COHORT.format(in_range=in_range),
        _EVENTS.format(membership=membership, moment=moment),
    )
    sums = _SUMS.format(policy_ms=WITHIN_POLICY // timedelta(milliseconds=1))
    return ", ".join((cohort, _TRAVELS, events, sums))


_COHORT = """
    cohort AS MATERIALIZED (
        SELECT event_id, partner_id, order_id, event_type, state, occurred_at, accepted_at,
            reason_category, return_type
        FROM events
        WHERE partner_id = %(partner_id)s
            AND {in_range}
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
    chosen AS MATERIALIZED (
        SELECT * FROM cohort WHERE event_id {membership} (
            SELECT event_id FROM travels WHERE skip_reason = 'recorded_only'
        )
    ),
    steps AS MATERIALIZED (
        SELECT chosen.*, coalesce(others.began_before, false) AS began_before,
            coalesce(others.attempted_before, false) AS attempted_before,
            coalesce(others.delivered_before, false) AS delivered_before,
            coalesce(others.returned_before, false) AS returned_before,
            others.next_outcome
        FROM chosen CROSS JOIN LATERAL (
            SELECT
                bool_or((other.{moment}, other.event_id) < (chosen.{moment}, chosen.event_id))
                    AS began_before,
                bool_or(other.event_type IN ('delivered', 'delivery_failed')
                    AND (other.occurred_at, other.event_id) < (chosen.occurred_at, chosen.event_id))
                    AS attempted_before,
                bool_or(other.event_type = 'delivered'
                    AND (other.occurred_at, other.event_id) < (chosen.occurred_at, chosen.event_id))
                    AS delivered_before,
                bool_or(other.return_type = 'rto'
                    AND (other.occurred_at, other.event_id) < (chosen.occurred_at, chosen.event_id))
                    AS returned_before,
                (array_agg(other.event_type ORDER BY other.occurred_at, other.event_id)
                    FILTER (WHERE other.event_type
                            IN ('delivered', 'delivery_failed', 'return_initiated')
                        AND (other.occurred_at, other.event_id)
                            > (chosen.occurred_at, chosen.event_id)))[1] AS next_outcome
            FROM (
                SELECT * FROM events WHERE events.order_id = chosen.order_id OFFSET 0
            ) AS other
            WHERE other.partner_id = chosen.partner_id AND other.event_id <> chosen.event_id
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
            count(*) FILTER (
                WHERE arrived AND (in_first_round OR took_ms <= {policy_ms})
            ) AS webhooks_within_policy,
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
    of_sms_deliveries AS (
        SELECT count(*) FILTER (WHERE state <> 'skipped') AS sms_deliveries,
            count(*) FILTER (WHERE state = 'skipped') AS sms_deliveries_skipped,
            count(*) FILTER (WHERE state IN ('pending', 'held', 'delivering'))
                AS sms_deliveries_under_way,
            count(*) FILTER (WHERE state = 'delivered') AS sms_deliveries_sent
        FROM travels WHERE channel = 'sms'
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

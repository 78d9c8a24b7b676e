"""How the webhooks stand whose time to arrive was over in the last minute.

By then each has kept the objective or missed it, whatever becomes of it later. So nothing has to
be counted on the path of an event, what never arrives is counted like the rest, and a reading says
the same when no worker runs.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from contracts.outcomes.objective import IN_TIME, DueState

DUE_WITHIN = timedelta(minutes=1)
"""So long ago at most their time was over."""

_DUE = """
    WITH due AS MATERIALIZED (
        SELECT event_id, partner_id, accepted_at, state FROM events
        WHERE accepted_at > %(since)s AND accepted_at <= %(until)s
            AND NOT is_test AND only_target IS NULL
    )
    SELECT CASE
            WHEN webhook.delivered_at <= due.accepted_at + %(in_time)s THEN 'in_time'
            WHEN webhook.delivered_at IS NOT NULL THEN 'late'
            WHEN webhook.state IN ('held', 'dead_lettered') THEN webhook.state
            WHEN webhook.state IN ('discarded', 'expired') THEN 'dead_lettered'
            ELSE 'under_way'
        END AS stands, count(*)
    FROM due CROSS JOIN LATERAL (
        SELECT state, delivered_at FROM deliveries
        WHERE deliveries.event_id = due.event_id AND channel = 'webhook' OFFSET 0
    ) AS webhook
    WHERE webhook.state <> 'skipped' OR webhook.delivered_at IS NOT NULL
    GROUP BY 1
    UNION ALL
    SELECT 'not_planned', count(*)
    FROM due JOIN partners ON partners.id = due.partner_id
    WHERE due.state <> 'planned' AND partners.webhook_enabled
"""
"""The deliveries that `delivered_within_90_s` counts (`store/outcomes/definitions.py`), by the same
indexes."""


def webhooks_due(session: Session, now: datetime) -> dict[DueState, int]:
    """How many stand how, of those that were to arrive until some moment of the last minute."""
    until = now - IN_TIME
    values = {"since": until - DUE_WITHIN, "until": until, "in_time": IN_TIME}
    found = session.connection().exec_driver_sql(_DUE, values)
    return {DueState(stands): count for stands, count in found if count}

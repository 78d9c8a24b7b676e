"""What the play reads of the database, in plain SQL that shares nothing with the product."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

_UNDER_WAY = """
SELECT (SELECT count(*) FROM events WHERE state = 'accepted' AND partner_id = ANY(:partners))
     + (SELECT count(*) FROM deliveries
        WHERE state IN ('pending', 'delivering') AND partner_id = ANY(:partners))
"""
_LEFT = """
SELECT DISTINCT endpoint.description FROM deliveries JOIN endpoints AS endpoint
    ON endpoint.id = deliveries.endpoint_id
WHERE deliveries.state IN ('held', 'dead_lettered') AND endpoint.removed_at IS NULL ORDER BY 1
"""
_TEXTS_IN_DOUBT = """
SELECT id, event_id FROM deliveries WHERE channel = 'sms' AND state = 'dead_lettered'
    AND id IN (SELECT delivery_id FROM sms_messages WHERE state = 'unknown')
"""
_ENDED = """
SELECT d.event_id, e.partner_id, d.channel, d.target, d.state, d.skip_reason, d.last_code,
    endpoint.removed_at IS NOT NULL,
    EXTRACT(epoch FROM d.delivered_at - e.accepted_at)::float8,
    EXISTS (SELECT 1 FROM attempts AS a
            WHERE a.delivery_id = d.id AND a.round = 1 AND a.state = 'succeeded'),
    d.state = 'dead_lettered' AND EXISTS (
            SELECT 1 FROM sms_messages AS s WHERE s.delivery_id = d.id AND s.state = 'unknown')
FROM events AS e JOIN deliveries AS d USING (event_id)
    LEFT JOIN endpoints AS endpoint ON endpoint.id = d.endpoint_id
ORDER BY d.event_id, d.target
"""
_FRESH = """
WITH told AS (
    SELECT * FROM events WHERE NOT is_test AND accepted_at >= :first AND accepted_at < :after
), webhooks AS (
    SELECT delivered_at IS NOT NULL AS arrived, delivered_at - accepted_at AS took,
        delivered_at - accepted_at <= interval '693 s' OR EXISTS (
            SELECT 1 FROM attempts AS a WHERE a.delivery_id = deliveries.id
                AND a.round = 1 AND a.state = 'succeeded') AS within_policy
    FROM deliveries JOIN told USING (event_id)
    WHERE channel = 'webhook' AND (deliveries.state <> 'skipped' OR delivered_at IS NOT NULL)
), orders AS (
    SELECT (array_agg(event_type ORDER BY occurred_at, event_id) FILTER (
            WHERE event_type IN ('delivered', 'delivery_failed')))[1] AS first_outcome,
        bool_or(event_type = 'delivered') AS was_delivered,
        bool_or(return_type IS NOT DISTINCT FROM 'rto') AS went_back
    FROM told GROUP BY partner_id, order_id
)
SELECT (SELECT count(*) FROM told) AS events_accepted,
    (SELECT count(*) FROM orders) AS orders,
    (SELECT count(*) FROM webhooks) AS webhooks,
    (SELECT count(*) FROM webhooks WHERE took <= interval '90 s') AS delivered_within_90_s,
    (SELECT count(*) FROM webhooks WHERE within_policy) AS delivered_within_policy,
    (SELECT count(*) FROM webhooks WHERE arrived) AS delivered_in_the_end,
    (SELECT count(*) FROM orders WHERE first_outcome = 'delivered') AS first_attempt_success,
    (SELECT count(*) FROM told WHERE event_type = 'delivery_failed') AS failed_deliveries,
    (SELECT count(*) FROM orders WHERE went_back) AS rto,
    (SELECT count(DISTINCT event_id) FROM instructions JOIN told USING (event_id)
        WHERE opened_at IS NOT NULL) AS instructions_given,
    (SELECT count(*) FROM instructions JOIN told USING (event_id)
        WHERE instructions.state = 'accepted') AS instructions_accepted,
    (SELECT count(*) FROM sms_messages JOIN told USING (event_id)
        WHERE taken_at IS NOT NULL) AS sms_sent,
    (SELECT 1000 * extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY took))
        FROM webhooks WHERE arrived)::float8 AS propagation_p50,
    (SELECT 1000 * extract(epoch FROM percentile_disc(0.99) WITHIN GROUP (ORDER BY took))
        FROM webhooks WHERE arrived)::float8 AS propagation_p99
"""


@dataclass(frozen=True)
class Ended:
    """How a delivery has ended. `took_s` is from acceptance to arrival, None where there was none;
    `by_schedule`: by an attempt of its first round; `in_doubt`: a text of which Twilio's answer
    left open whether it was sent."""

    event_id: str
    partner_id: str
    channel: str | None
    target: str
    state: str
    skip_reason: str | None = None
    code: str | None = None
    endpoint_removed: bool = False
    took_s: float | None = None
    by_schedule: bool = False
    in_doubt: bool = False


class PlayedRows:
    """Reads through connections of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def nothing_under_way(self, partner_ids: Collection[str]) -> bool:
        """Whether everything of these partners has ended, is held or a dead letter. No where the
        database does not answer."""
        try:
            [[count]] = self._rows(_UNDER_WAY, partners=list(partner_ids))
        except DBAPIError:
            return False
        return not count

    def endpoints_with_leftovers(self) -> list[str]:
        """The names of endpoints that did not get everything, and are still there."""
        return [name for (name,) in self._rows(_LEFT)]

    def texts_in_doubt(self) -> list[tuple[str, str]]:
        """Texts of which Twilio's answer leaves open whether they were sent, each with its
        event."""
        return self._rows(_TEXTS_IN_DOUBT)

    def ended(self) -> list[Ended]:
        """Every delivery."""
        return [Ended(*row) for row in self._rows(_ENDED)]

    def fresh_counts(self, first: datetime, after: datetime) -> Mapping[str, float]:
        """The counts that figures are made of, out of raw rows; times in ms."""
        with self._engine.connect() as connection:
            row = connection.execute(text(_FRESH), {"first": first, "after": after}).one()
            return dict(row._mapping)

    def _rows(self, query: str, **values: Any) -> list[Any]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

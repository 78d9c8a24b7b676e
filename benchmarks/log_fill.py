"""A million events in a store within a minute, made by the database itself.

Thirty days of them, by 200 partners of very different sizes; five events an order, days apart; one
delivery each. No list reads a body, so bodies are short and hold nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, insert, text

from store.tables import PartnerRow

PARTNERS = 200
PER_ORDER = 5
_SPAN = timedelta(days=30)
_NUMBERS = "WITH numbers(n) AS (SELECT generate_series(CAST(0 AS bigint), :events - 1))"
_MOMENT = "to_timestamp(:first + n * :step)"
_ORDER = "(n % (:events / 5))"
_PARTNER = f"'log-shop-' || ({_ORDER} * 7919 % 1000 * ({_ORDER} * 7919 % 1000) / 5000)"
_EVENTS = f"""
INSERT INTO events (event_id, partner_id, order_id, awb_number, event_type, sequence, is_test,
    occurred_at, accepted_at, body, body_digest, state, planned_at, delivery_count)
{_NUMBERS}
SELECT 'log-' || n, {_PARTNER}, 'ORD-' || {_ORDER}, 'AWB-' || {_ORDER},
    CASE (n + n / (:events / 5)) % 5 WHEN 0 THEN 'order_confirmed' WHEN 1 THEN 'out_for_delivery'
        WHEN 2 THEN 'delivered' WHEN 3 THEN 'delivery_failed' ELSE 'return_initiated' END,
    n / (:events / 5) + 1, FALSE, {_MOMENT}, {_MOMENT}, '{{}}', '-',
    CASE n % 100 WHEN 0 THEN 'failed' ELSE 'planned' END, {_MOMENT}, 1
FROM numbers
"""  # noqa: S608 - no value of anybody's is in it
_DELIVERIES = f"""
INSERT INTO deliveries (id, event_id, partner_id, channel, target, state, round, charged, attempts,
    created_at, changed_at)
{_NUMBERS}
SELECT 'dlv-' || n, 'log-' || n, {_PARTNER}, 'webhook', 'ep-1',
    CASE n % 50 WHEN 0 THEN 'dead_lettered' ELSE 'delivered' END, 1, 0, 1, {_MOMENT}, {_MOMENT}
FROM numbers
"""  # noqa: S608 - no value of anybody's is in it


@dataclass(frozen=True)
class Filled:
    """What is in the store. Event `n` is `log-<n>`, the newest has the highest number."""

    events: int
    first: datetime
    step_s: float

    @property
    def orders(self) -> int:
        """How many orders there are: `ORD-0` and so on."""
        return self.events // PER_ORDER

    def partner_of(self, order: int) -> str:
        """Whose order it is, as the statements below have it."""
        place = order * 7919 % 1000
        return partner(place * place // 5000)

    def accepted_at(self, number: int) -> datetime:
        """About when an event was accepted, to the second."""
        return self.first + timedelta(seconds=number * self.step_s)


def fill(engine: Engine, events: int) -> Filled:
    """Fill an empty store with so many events and let the database look at its tables."""
    now = datetime.now(UTC).replace(microsecond=0)
    filled = Filled(events, now - _SPAN, _SPAN.total_seconds() / events)
    with engine.begin() as connection:
        lift_limits(connection)
        _insert_partners(connection, now)
        for statement in (_EVENTS, _DELIVERIES):
            values = {"events": events, "first": filled.first.timestamp(), "step": filled.step_s}
            connection.execute(text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        lift_limits(connection)
        connection.execute(text("ANALYZE"))
    return filled


def partner(number: int) -> str:
    """A partner's id; the lower its number, the more events it has."""
    return f"log-shop-{number}"


def lift_limits(connection: Connection) -> None:
    """The product's own limit on a statement is not meant for filling."""
    connection.execute(text("SET statement_timeout = 0"))
    connection.execute(text("SET synchronous_commit = off"))


def _insert_partners(connection: Connection, now: datetime) -> None:
    rows = [
        {
            "id": partner(number),
            "name": f"Log shop {number}",
            "tier": "growth",
            "webhook_enabled": True,
            "sms_enabled": False,
            "sms_fallback": False,
            "created_at": now,
        }
        for number in range(PARTNERS)
    ]
    connection.execute(insert(PartnerRow), rows)

"""The second count: what the database says, in plain SQL that shares nothing with the product.

Nothing but the keys: texts and their phones are encrypted in the database.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from benchmarks.ledger.counts import StoredDelivery, StoredEvent, StoredInstruction, StoredText
from store.encryption.columns import SMS_BODY, SMS_PHONE
from store.encryption.keyring import Keyring
from store.encryption.sealing import opened_text

_EVENTS = "SELECT event_id, partner_id, order_id, sequence, state, delivery_count FROM events"
_DELIVERIES = """
SELECT d.id, d.event_id, d.target, d.state,
       (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.id),
       (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.id AND a.state = 'in_flight'),
       (SELECT count(*) FROM dead_letters l WHERE l.delivery_id = d.id AND l.resolved_at IS NULL)
FROM deliveries d
"""
_TEXTS = """
SELECT s.id, d.event_id, s.to_phone, s.body, s.state, s.twilio_sid
FROM sms_messages s JOIN deliveries d ON d.id = s.delivery_id
"""
_INSTRUCTIONS = "SELECT id, partner_id, order_id, action, post_state FROM instructions"
_OPEN = """
SELECT (SELECT count(*) FROM events WHERE state = 'accepted'),
       (SELECT count(*) FROM deliveries WHERE state IN ('pending', 'delivering')),
       (SELECT count(*) FROM attempts WHERE state = 'in_flight'),
       (SELECT count(*) FROM instructions WHERE post_state = 'waiting')
"""


@dataclass(frozen=True)
class StillOpen:
    """What has not come to its end."""

    events: int
    deliveries: int
    attempts: int
    instructions: int = 0

    @property
    def nothing(self) -> bool:
        """Everything has."""
        return not (self.events or self.deliveries or self.attempts or self.instructions)


@dataclass(frozen=True)
class Stored:
    """All that is in the database."""

    events: list[StoredEvent]
    deliveries: list[StoredDelivery]
    texts: list[StoredText]
    instructions: list[StoredInstruction]


class StoredCount:
    """Reads the database of a run, through connections of its own."""

    def __init__(self, url: str, keyring: Keyring) -> None:
        self._engine: Engine = create_engine(url, pool_pre_ping=True)
        self._keyring = keyring

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def still_open(self) -> StillOpen | None:
        """What is open; None when the database does not answer."""
        try:
            with self._engine.connect() as connection:
                return StillOpen(*_rows(connection, _OPEN)[0])
        except DBAPIError:
            return None

    def read(self) -> Stored:
        """Every event, delivery, text and instruction."""
        with self._engine.connect() as connection:
            return Stored(
                [StoredEvent(*row) for row in _rows(connection, _EVENTS)],
                [StoredDelivery(*row) for row in _rows(connection, _DELIVERIES)],
                [self._text(*row) for row in _rows(connection, _TEXTS)],
                [StoredInstruction(*row) for row in _rows(connection, _INSTRUCTIONS)],
            )

    def _text(self, sms_id: str, event_id: str, phone: str, body: str, *rest: Any) -> StoredText:
        phone = opened_text(self._keyring, SMS_PHONE, phone, sms_id)
        return StoredText(
            event_id, phone, opened_text(self._keyring, SMS_BODY, body, sms_id), *rest
        )


def _rows(connection: Connection, query: str) -> list[Any]:
    return [tuple(row) for row in connection.execute(text(query))]

"""The statements that drop events: children before parents, so that every foreign key holds."""

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

log = logging.getLogger(__name__)

_OF_EVENTS = "DELETE FROM {table} WHERE event_id = ANY(%(event_ids)s)"
_OF_THEIR_INSTRUCTIONS = """
    DELETE FROM {table} USING instructions
    WHERE instruction_id = instructions.id AND instructions.event_id = ANY(%(event_ids)s)
"""
_OF_THEIR_DELIVERIES = """
    DELETE FROM {table} USING deliveries
    WHERE delivery_id = deliveries.id AND deliveries.event_id = ANY(%(event_ids)s)
"""
_DROP = (
    _OF_EVENTS.format(table="instruction_texts"),
    _OF_THEIR_INSTRUCTIONS.format(table="instruction_attempts"),
    _OF_EVENTS.format(table="instructions"),
    _OF_EVENTS.format(table="sms_messages"),
    _OF_THEIR_DELIVERIES.format(table="dead_letters"),
    _OF_THEIR_DELIVERIES.format(table="attempts"),
    _OF_EVENTS.format(table="deliveries"),
    _OF_EVENTS.format(table="payloads"),
    _OF_EVENTS.format(table="events"),
)
_DROP_COUNTS = """
    DELETE FROM order_sequences WHERE partner_id = %(partner_id)s AND order_id = ANY(%(order_ids)s)
        AND NOT EXISTS (
            SELECT FROM events WHERE events.order_id = order_sequences.order_id
                AND events.partner_id = order_sequences.partner_id
        )
"""
_DROP_SEARCH = """
    DELETE FROM {table} WHERE partner_id = %(partner_id)s AND order_id = ANY(%(order_ids)s)
        AND NOT EXISTS (
            SELECT FROM order_sequences WHERE order_sequences.order_id = {table}.order_id
                AND order_sequences.partner_id = {table}.partner_id
        )
"""
_DROP_ORDERS = (
    _DROP_COUNTS,
    _DROP_SEARCH.format(table="order_numbers"),
    _DROP_SEARCH.format(table="customer_terms"),
)


def drop_events(
    session: Session, partner_id: str, event_ids: Sequence[str], order_ids: Sequence[str]
) -> int:
    """Drop events of a partner with all that hangs on them; gives how many are gone. The count of
    an order goes with its last event, and so does what it is found by. One that something unknown
    hangs on stops no other one."""
    if not _dropped(session, event_ids):
        event_ids = [one for one in event_ids if _dropped(session, [one])]
    values: dict[str, Any] = {"partner_id": partner_id, "order_ids": list(order_ids)}
    for statement in _DROP_ORDERS:
        session.connection().exec_driver_sql(statement, values)
    return len(event_ids)


def _dropped(session: Session, event_ids: Sequence[str]) -> bool:
    """Drop these, or none of them."""
    try:
        with session.begin_nested():
            for statement in _DROP:
                session.connection().exec_driver_sql(statement, {"event_ids": list(event_ids)})
    except IntegrityError:
        if len(event_ids) == 1:
            log.error("something hangs on event %s, which is kept", event_ids[0])
        return False
    return True

"""A manual retry over the API, of a dead letter."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from commands.demo.api import Api
from contracts.delivery.states import DeliveryState
from store.db.database import Database
from store.tables import DeadLetterRow, DeliveryRow, EventRow

_LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Kept:
    """A dead letter that nobody has retried."""

    delivery_id: str
    event_id: str
    order_id: str
    event_type: str


async def oldest_dead_letter(database: Database, endpoint_id: str) -> Kept | None:
    """The oldest dead letter of an endpoint that nobody has retried."""
    return await database.read(_oldest, endpoint_id)


async def reason_of(database: Database, kept: Kept) -> str:
    """Why a dead letter is one: the reason and the last answer's code."""
    return await database.read(_reason, kept.delivery_id)


async def send_again(api: Api, kept: Kept, within_s: float) -> dict[str, Any]:
    """Press retry and wait; gives the delivery as the API shows it, delivered or not."""
    await api.retry(kept.delivery_id)
    delivery = await api.delivery(kept.event_id, kept.delivery_id)
    try:
        async with asyncio.timeout(within_s):
            while delivery["state"] != DeliveryState.DELIVERED:
                await asyncio.sleep(_LOOK_EVERY_S)
                delivery = await api.delivery(kept.event_id, kept.delivery_id)
    except TimeoutError:
        pass
    return delivery


def _oldest(session: Session, endpoint_id: str) -> Kept | None:
    query = (
        select(DeliveryRow.id, EventRow.event_id, EventRow.order_id, EventRow.event_type)
        .join(EventRow, col(EventRow.event_id) == col(DeliveryRow.event_id))
        .where(col(DeliveryRow.endpoint_id) == endpoint_id)
        .where(col(DeliveryRow.state) == DeliveryState.DEAD_LETTERED)
        .order_by(col(EventRow.accepted_at), col(DeliveryRow.id))
    )
    found = session.exec(query).first()
    return Kept(*found) if found else None


def _reason(session: Session, delivery_id: str) -> str:
    query = select(DeadLetterRow).where(
        col(DeadLetterRow.delivery_id) == delivery_id, col(DeadLetterRow.resolved_at).is_(None)
    )
    dead_letter = session.exec(query).one()
    return f"{dead_letter.reason}, last answer {dead_letter.code}"

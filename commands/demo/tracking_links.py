"""A link to a tracking page, printed on the screen of a demo."""

from sqlmodel import Session, col, select

from commands.demo.merchants import KAVERI
from commands.demo.parts import Parts
from contracts.clock import utc_now
from contracts.payload.events import EventType
from contracts.tracking.links import link_url
from store.tables import EventRow
from store.tracking.links import LinkedOrder, link_token


async def show_tracking_link(parts: Parts) -> None:
    """Print the link that a customer of the shop without code has in their texts."""
    order = await parts.database.read(_an_order)
    if order is None:
        return
    token = await parts.database.write(link_token, order, utc_now())
    parts.screen.say(
        "  the tracking page, where a failed delivery is answered; texts have its link:"
    )
    link = link_url(parts.system.api_url, token)
    parts.screen.say(f"    as a customer of {KAVERI.name}: {link}")


def _an_order(session: Session) -> LinkedOrder | None:
    """The order with the latest failed attempt, or else the latest order."""
    failed = col(EventRow.event_type) == EventType.DELIVERY_FAILED
    query = (
        select(EventRow.order_id)
        .where(col(EventRow.partner_id) == KAVERI.id)
        .order_by(failed.desc(), col(EventRow.occurred_at).desc())
        .limit(1)
    )
    order_id = session.exec(query).first()
    return LinkedOrder(KAVERI.id, order_id) if order_id else None

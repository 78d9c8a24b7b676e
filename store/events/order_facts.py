"""What an event's body says of its order that a list needs, and no more of it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from contracts.errors import SealBroken
from store.encryption.columns import EVENT_BODY
from store.encryption.sealing import open_sealed
from store.tables import EventRow

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OrderFacts:
    """The shop's own number of an order, and its customer's name and phone (E.164): to be masked
    before anybody sees them."""

    shop_number: str | None
    name: str | None = field(repr=False)
    phone: str | None = field(repr=False)


class _Known(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)


class _Customer(_Known):
    name: str | None = None
    phone: str | None = None


class _Order(_Known):
    partner_order_ref: str | None = None
    customer: _Customer | None = None


class _Data(_Known):
    order: _Order


class _Body(_Known):
    data: _Data


def facts_of(session: Session, rows: Sequence[EventRow]) -> Mapping[str, OrderFacts]:
    """The facts by the events' ids; without those that are erased or cannot be opened, which keep
    nobody from the rest of a list."""
    found = {}
    for row in rows:
        if row.erased_at is not None:
            continue
        try:
            sealed = open_sealed(session, EVENT_BODY, row.body, row.event_id)
        except SealBroken:
            _log.warning("event %s cannot be opened", row.event_id)
            continue
        order = _Body.model_validate_json(sealed).data.order
        customer = order.customer or _Customer()
        found[row.event_id] = OrderFacts(order.partner_order_ref, customer.name, customer.phone)
    return found

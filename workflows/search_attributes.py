"""What executions can be found by in the Temporal UI. Ids and states, never personal data."""

from collections.abc import Iterable

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from contracts.delivery.messages import DeliverEvent
from contracts.delivery.states import DeliveryState

PARTNER_ID = SearchAttributeKey.for_keyword("PartnerId")
ORDER_ID = SearchAttributeKey.for_keyword("OrderId")
EVENT_TYPE = SearchAttributeKey.for_keyword("EventType")
DELIVERY_STATE = SearchAttributeKey.for_keyword_list("DeliveryState")

ALL = (PARTNER_ID, ORDER_ID, EVENT_TYPE, DELIVERY_STATE)
"""Every search attribute; they must exist on the server before a workflow starts."""

SAID_BY_THE_STATUS = frozenset(
    {DeliveryState.PENDING, DeliveryState.DELIVERING, DeliveryState.DELIVERED}
)
"""As long as a workflow has known no other state of a delivery, its own status says how it stands:
Running, on the way; Completed, delivered. An update would cost the server as much as an activity's
result does."""


def at_start(event: DeliverEvent) -> TypedSearchAttributes:
    """The attributes of a workflow that starts."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(PARTNER_ID, event.partner_id),
            SearchAttributePair(ORDER_ID, event.order_id),
            SearchAttributePair(EVENT_TYPE, event.event_type),
        ]
    )


def values(states: Iterable[DeliveryState]) -> list[str]:
    """Delivery states as the search attribute holds them: each once, sorted."""
    return sorted({state.value for state in states})

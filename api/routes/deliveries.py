"""`/v1/deliveries`: send one delivery again."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from api.auth import OpsOrPartner
from api.dependencies import PartsDep
from contracts.audit import AuditAction
from contracts.callers import Caller
from contracts.errors import Conflict, Erased
from contracts.fields import Flag
from contracts.messages import RetryRequest
from contracts.states import DeliveryState, EndpointState
from store import event_log, outbox
from store.audit import record
from store.outbox import Startable
from store.partners import get_partner
from store.tables import DeliveryRow, EndpointRow, EventRow

router = APIRouter(prefix="/v1/deliveries", tags=["deliveries"])


class RetryAsked(BaseModel):
    """`resend` sends a delivery again that was delivered already."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    resend: Flag = False


class RetryTaken(BaseModel):
    """The retry is on its way; ask for the event's status to see it end."""

    delivery_id: str
    event_id: str


@router.post("/{delivery_id}/retry", status_code=202)
async def retry_delivery(
    delivery_id: str, parts: PartsDep, caller: OpsOrPartner, asked: RetryAsked | None = None
) -> RetryTaken:
    """Run the whole retry schedule again, beginning at once; a backoff is cut short.

    409 when it was delivered already (unless `resend`), was skipped or erased, or its endpoint or
    its partner is off.
    """
    resend = asked is not None and asked.resend
    event = await parts.database.write(
        _retryable, delivery_id, resend=resend, caller=caller, now=parts.clock()
    )
    request = RetryRequest(requested_by=caller.id, delivery_ids=[delivery_id], resend=resend)
    await parts.gateway.request_retry(event, request)
    return RetryTaken(delivery_id=delivery_id, event_id=event.event_id)


def _retryable(
    session: Session, delivery_id: str, *, resend: bool, caller: Caller, now: datetime
) -> Startable:
    """The event to signal, with the wish written down. Conflict says why it cannot be sent."""
    delivery = event_log.get_delivery(session, delivery_id, owner=caller.owner)
    if session.get_one(EventRow, delivery.event_id).erased_at is not None:
        raise Erased("its data was erased: nothing can be sent")
    _refuse_ended(delivery, resend=resend)
    partner = get_partner(session, delivery.partner_id)
    if partner.paused_at is not None:
        raise Conflict(f"partner {partner.id} is paused: resume it first")
    if delivery.endpoint_id is not None:
        endpoint = session.get_one(EndpointRow, delivery.endpoint_id)
        if endpoint.removed_at is not None:
            raise Conflict("its endpoint was removed: nothing can be sent there any more")
        if endpoint.state is not EndpointState.ENABLED:
            raise Conflict(f"endpoint {endpoint.id} is {endpoint.state}: enable it first")
    record(
        session,
        actor=caller.id,
        action=AuditAction.DELIVERY_RETRY_ASKED,
        object_id=delivery.id,
        partner_id=delivery.partner_id,
        details={"event_id": delivery.event_id, "resend": resend},
        now=now,
    )
    return outbox.startables(session, [delivery.event_id])[0]


def _refuse_ended(delivery: DeliveryRow, *, resend: bool) -> None:
    if delivery.state is DeliveryState.DELIVERED and not resend:
        raise Conflict("it was delivered already: ask with resend true to send it once more")
    if delivery.state in (DeliveryState.SKIPPED, DeliveryState.DISCARDED, DeliveryState.EXPIRED):
        raise Conflict(f"it is {delivery.state} and cannot be sent")

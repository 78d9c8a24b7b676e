"""First attempts that are opened while their event is planned, for endpoints that are well.

They keep every rule of `attempts.begin_attempt`, under the same lock of the endpoint's row. But
they wait for nothing, or for the milliseconds that another plan has the row locked: where it stays
locked, the limit is reached or anything has to be decided, the delivery is planned as `pending`,
and a scheduled activity begins it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from contracts.delivery.states import Channel, DeliveryState
from contracts.delivery.transitions import TRANSITIONS, Command
from contracts.ids import IdKind, new_id
from contracts.payload.payload import SCHEMA_VERSION, Payload
from store.deliveries.attempts import ReadyAttempt
from store.deliveries.concurrency import count_in_flight
from store.deliveries.drafts import NewDelivery
from store.deliveries.plan_reads import EndpointToPlan
from store.deliveries.plan_writes import NewAttempt, NewPlan
from store.encryption.columns import ENDPOINT_SECRET
from store.encryption.sealing import open_sealed
from store.endpoints.changes import opened_headers
from store.endpoints.ordering import waits_for_earlier

_UNDER_WAY = TRANSITIONS[DeliveryState.PENDING][Command.ATTEMPT]


@dataclass(frozen=True)
class AtOnce:
    """What first attempts may leave at once: `room` in all, as many to an endpoint as `room_for`
    says by its id (none where it was slow lately), and so many texts. `request_time` is the most
    that a webhook takes; `lock_patience` how long a plan waits for rows that another one has."""

    room_for: Callable[[str], int]
    room: int
    texts: int
    request_time: timedelta
    lock_patience: timedelta = timedelta()


def texts_at_once(plans: Sequence[NewPlan], at_once: AtOnce, room: int) -> set[str]:
    """The deliveries of texts that there is room for, of what webhooks leave. Each is claimed where
    it is sent."""
    waiting = [
        delivery.id
        for plan in plans
        for delivery in plan.deliveries
        if delivery.channel is Channel.SMS and delivery.state is DeliveryState.PENDING
    ]
    return set(waiting[: max(min(at_once.texts, room), 0)])


def open_first_attempts(
    session: Session,
    plans: Sequence[NewPlan],
    endpoints: Mapping[str, EndpointToPlan],
    now: datetime,
    at_once: AtOnce,
) -> Mapping[str, ReadyAttempt]:
    """Open the first attempts that may leave at once; gives what each needs, by its delivery."""
    candidates = _candidates(plans, endpoints, now, at_once)
    if not candidates:
        return {}
    ids = sorted({endpoint.id for _, _, endpoint in candidates})
    in_flight = count_in_flight(session, ids, now)
    opened: dict[str, ReadyAttempt] = {}
    for plan, delivery, endpoint in candidates:
        if in_flight[endpoint.id] >= endpoint.in_flight_limit:
            continue
        if endpoint.is_ordered and waits_for_earlier(
            session, delivery.event_id, delivery.endpoint_id
        ):
            continue
        in_flight[endpoint.id] += 1
        attempt = NewAttempt(new_id(IdKind.ATTEMPT), delivery.id, endpoint.id, now)
        plan.attempts.append(attempt)
        delivery.state, delivery.attempts = _UNDER_WAY, attempt.number
        opened[delivery.id] = _ready(session, attempt, plan, endpoint)
    return opened


def _candidates(
    plans: Sequence[NewPlan],
    endpoints: Mapping[str, EndpointToPlan],
    now: datetime,
    at_once: AtOnce,
) -> list[tuple[NewPlan, NewDelivery, EndpointToPlan]]:
    """The deliveries that there is room for, each with its event's plan and its endpoint."""
    found: list[tuple[NewPlan, NewDelivery, EndpointToPlan]] = []
    left: dict[str, int] = {}
    arrival = now + at_once.request_time
    for plan in plans:
        for delivery in plan.deliveries if _is_whole(plan.payload, arrival) else ():
            endpoint = endpoints.get(delivery.endpoint_id or "")
            if endpoint is None or not _may_leave(delivery, endpoint):
                continue
            if endpoint.id not in left:
                left[endpoint.id] = at_once.room_for(endpoint.id)
            if left[endpoint.id] > 0 and len(found) < at_once.room:
                left[endpoint.id] -= 1
                found.append((plan, delivery, endpoint))
    return found


def _is_whole(payload: Payload | None, arrival: datetime) -> bool:
    """Whether there are bytes that can leave as they are: not with a code that ends on the way."""
    otp = payload.data.otp if payload is not None else None
    ends = otp is not None and otp.code is not None and otp.valid_until <= arrival
    return payload is not None and not ends


def _may_leave(delivery: NewDelivery, endpoint: EndpointToPlan) -> bool:
    is_pending = delivery.state is DeliveryState.PENDING and delivery.channel is Channel.WEBHOOK
    return is_pending and endpoint.is_well and endpoint.schema_version == SCHEMA_VERSION


def _ready(
    session: Session, attempt: NewAttempt, plan: NewPlan, endpoint: EndpointToPlan
) -> ReadyAttempt:
    is_test = plan.payload is not None and plan.payload.is_test
    in_force = endpoint.secrets[:1] if is_test else endpoint.secrets
    return ReadyAttempt(
        attempt_id=attempt.id,
        number=attempt.number,
        event_id=plan.event_id,
        endpoint_id=endpoint.id,
        url=endpoint.url,
        secrets=[
            open_sealed(session, ENDPOINT_SECRET, sealed, secret_id)
            for secret_id, sealed in in_force
        ],
        body=plan.body,
        headers=opened_headers(session, endpoint.id, endpoint.headers),
        partner_id=endpoint.partner_id,
        is_quiet=True,
    )

"""What a link leads to: an order, and what was said after its delivery failed."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlmodel import Session

from contracts.errors import NotFound
from contracts.payload.events import EventType
from contracts.tracking.links import is_token
from store.instructions.customers import CustomerAnswers, customer_answers
from store.tracking.orders import TrackedOrder, tracked_order
from tracking.limits import count_look, count_miss
from tracking.parts import Parts


@dataclass(frozen=True)
class Followed:
    """An order as its link leads to it. `answers` is None while no failed attempt is the last."""

    token: str
    tracked: TrackedOrder
    answers: CustomerAnswers | None


async def follow(token: str, request: Request, parts: Parts, now: datetime) -> Followed:
    """What a link leads to. NotFound where it leads nowhere; TooOften where somebody looks too
    often, or at too many wrong ones."""
    count_look(request, parts.limits)
    found = await parts.database.read(_found, token, now) if is_token(token) else None
    if found is None:
        count_miss(request, parts.limits)
        raise NotFound("this link leads nowhere")
    return found


def _found(session: Session, token: str, now: datetime) -> Followed | None:
    tracked = tracked_order(session, token, now)
    if tracked is None:
        return None
    failed = tracked.last.type is EventType.DELIVERY_FAILED
    answers = customer_answers(session, tracked.order, now) if failed else None
    of_this = answers is not None and answers.choices.event_id == tracked.last.event_id
    return Followed(token, tracked, answers if of_this else None)

"""Failed deliveries that wait for an answer: the last of their order, nothing asked for yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from contracts.errors import NotFound
from contracts.instructions.request import InstructionRequest
from contracts.instructions.rules import actions_after
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy, InstructionAction
from contracts.payload.events import EventType
from contracts.payload.groups import Failure
from store.db.keyset import Position, oldest_first
from store.events.bodies import body_of
from store.instructions.attempts import GOES_ON, LASTS, FailedAttempt
from store.instructions.giving import give_instruction
from store.tables import EventRow, InstructionRow, PartnerRow

MOST_COUNTED = 1_000
_ANSWERED = (InstructionState.OPEN, InstructionState.ACCEPTED)


@dataclass(frozen=True)
class UnansweredDelivery:
    """A failed delivery; nothing can be asked for where `actions` is empty, or from `until` on."""

    event: EventRow
    failure: Failure
    until: datetime
    actions: Sequence[InstructionAction]


def list_unanswered(
    session: Session, partner_id: str, now: datetime, *, after: Position | None, limit: int
) -> list[UnansweredDelivery]:
    """A partner's failed deliveries of the last 14 days that nobody has answered, the oldest first.
    Where the customer's code is awaited, nothing has been asked for yet."""
    query = select(EventRow).where(col(EventRow.partner_id) == partner_id, *is_unanswered(now))
    query = oldest_first(query, col(EventRow.occurred_at), col(EventRow.event_id), after)
    partner = session.get_one(PartnerRow, partner_id)
    rows = session.exec(query.limit(limit)).all()
    found = (unanswered_delivery(session, row, partner) for row in rows)
    return [one for one in found if one is not None]


def count_unanswered(session: Session, partner_id: str, now: datetime) -> int:
    """How many there are, among the last `MOST_COUNTED` failed deliveries of a partner."""
    last = (
        select(EventRow.event_id)
        .where(
            col(EventRow.partner_id) == partner_id,
            col(EventRow.event_type) == EventType.DELIVERY_FAILED,
            ~col(EventRow.is_test),
            col(EventRow.occurred_at) > now - LASTS,
        )
        .order_by(col(EventRow.occurred_at).desc())
        .limit(MOST_COUNTED)
    )
    query = select(func.count()).where(
        col(EventRow.partner_id) == partner_id,
        col(EventRow.event_id).in_(last),
        *is_unanswered(now),
    )
    return session.exec(query).one()


def is_unanswered(now: datetime) -> list[ColumnElement[bool]]:
    """What the event of a failed delivery fulfils that waits for an answer."""
    later = aliased(EventRow)
    went_on = exists().where(
        col(later.partner_id) == col(EventRow.partner_id),
        col(later.order_id) == col(EventRow.order_id),
        col(later.occurred_at) > col(EventRow.occurred_at),
        col(later.event_type).in_(GOES_ON),
        ~col(later.is_test),
    )
    answered = exists().where(
        col(InstructionRow.event_id) == col(EventRow.event_id),
        col(InstructionRow.state).in_(_ANSWERED),
    )
    return [
        col(EventRow.event_type) == EventType.DELIVERY_FAILED,
        ~col(EventRow.is_test),
        col(EventRow.erased_at).is_(None),
        col(EventRow.occurred_at) > now - LASTS,
        ~went_on,
        ~answered,
    ]


def unanswered_delivery(
    session: Session, event: EventRow, partner: PartnerRow
) -> UnansweredDelivery | None:
    """The failed delivery of an event; None where its data was erased."""
    failure = body_of(session, event).data.failure
    if failure is None:
        return None
    until = FailedAttempt(event, failure, None).until
    return UnansweredDelivery(
        event, failure, until, actions_after(failure, partner.instruction_actions)
    )


def answer_event(
    session: Session,
    event_id: str,
    request: InstructionRequest,
    now: datetime,
    *,
    owner: str,
    given_by: GivenBy,
    actor: str,
) -> InstructionRow:
    """Say what is to be done after one failed delivery of a partner. NotFound where it has none
    such; other errors as those of `give_instruction`."""
    event = session.get(EventRow, event_id)
    if event is None or event.partner_id != owner:
        raise NotFound(f"no event {event_id}")
    return give_instruction(
        session,
        partner_id=owner,
        order_id=event.order_id,
        given_by=given_by,
        actor=actor,
        request=request,
        now=now,
        answers_event=event_id,
    )

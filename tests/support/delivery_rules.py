"""What may become of a delivery, and what never may: DESIGN section 1, checked over all rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from sqlmodel import Session, col, select

from contracts.delivery.states import NOT_ENDED, AttemptState, Channel, DeliveryState
from store.tables import AttemptRow, DeadLetterRow, DeliveryRow, EventRow

GIVEN_UP = frozenset({DeliveryState.DISCARDED, DeliveryState.EXPIRED})
ENDED = GIVEN_UP | {DeliveryState.DELIVERED, DeliveryState.SKIPPED}


class News(Enum):
    """What a step has heard from outside; a delivery that has ended changes for nothing else."""

    NONE = auto()
    ANSWER = auto()
    """An attempt has ended, however late: what a partner or a customer has, they have."""
    RESEND = auto()
    """A round begins that was asked for although it was delivered."""
    CALLBACK = auto()
    """Twilio's word on a text, which may take back that it was delivered."""


@dataclass(frozen=True)
class Rows:
    """Every delivery at one moment. `in_flight` are the webhooks of the attempts that have begun
    and not ended, `open_dead_letters` are the dead letters that nobody has resolved, each with its
    delivery, `erased` are events."""

    deliveries: Mapping[str, DeliveryRow] = field(default_factory=dict)
    in_flight: Sequence[str] = ()
    open_dead_letters: Sequence[tuple[str, str]] = ()
    erased: Sequence[str] = ()

    def dead_letters_of(self, delivery_id: str) -> list[str]:
        """The open dead letters of a delivery."""
        return [one for one, whose in self.open_dead_letters if whose == delivery_id]


def read_rows(session: Session) -> Rows:
    """All that the rules are about."""
    posts = select(AttemptRow.delivery_id).where(col(AttemptRow.state) == AttemptState.IN_FLIGHT)
    dead_letters = select(DeadLetterRow.id, DeadLetterRow.delivery_id).where(
        col(DeadLetterRow.resolved_at).is_(None)
    )
    return Rows(
        {one.id: one for one in session.exec(select(DeliveryRow))},
        session.exec(posts).all(),
        session.exec(dead_letters).all(),
        session.exec(select(EventRow.event_id).where(col(EventRow.erased_at).is_not(None))).all(),
    )


def broken_rules(before: Rows, after: Rows, news: News) -> list[str]:
    """What a step has broken, in words; nothing, if the rules hold."""
    broken = []
    for delivery in after.deliveries.values():
        old = before.deliveries.get(delivery.id)
        if old is not None and not _may_become(old, delivery.state, news):
            broken.append(f"{old.channel}: {old.state} became {delivery.state}")
        if old is not None and old.delivered_at and not _stays_delivered(delivery):
            broken.append(f"{old.channel}: delivered once, {delivery.state} after a resend")
        broken += _broken_by(delivery, after)
    return broken


def why_it_may_not_be_sent(rows: Rows, delivery_id: str, *, resend: bool) -> str | None:
    """What forbids the next attempt of a delivery."""
    delivery = rows.deliveries[delivery_id]
    if delivery.event_id in rows.erased:
        return "its data was erased"
    if delivery.state in ENDED and not (delivery.state is DeliveryState.DELIVERED and resend):
        return f"it is {delivery.state}"
    return None


def _may_become(old: DeliveryRow, new: DeliveryState, news: News) -> bool:
    if old.state is new:
        return True
    if old.state not in ENDED:
        given_up = new in GIVEN_UP and old.state is not DeliveryState.DEAD_LETTERED
        return new is not DeliveryState.PENDING and not given_up
    if news is News.CALLBACK and old.state is DeliveryState.DELIVERED:
        return old.channel is Channel.SMS and new not in GIVEN_UP
    if news is News.RESEND and old.state is DeliveryState.DELIVERED:
        return new in NOT_ENDED
    return news is not News.NONE and new is DeliveryState.DELIVERED


def _stays_delivered(delivery: DeliveryRow) -> bool:
    """Whether it is delivered, or on its way to be so once more. Twilio may take back a text."""
    taken_back = delivery.channel is Channel.SMS and delivery.delivered_at is None
    return taken_back or delivery.state in {DeliveryState.DELIVERED, *NOT_ENDED}


def _broken_by(delivery: DeliveryRow, rows: Rows) -> Iterator[str]:
    state, open_ones = delivery.state, len(rows.dead_letters_of(delivery.id))
    if open_ones != (state is DeliveryState.DEAD_LETTERED):
        yield f"{state} with {open_ones} open dead letters"
    if (in_flight := rows.in_flight.count(delivery.id)) > 1:
        yield f"{in_flight} attempts in flight"
    if state is DeliveryState.HELD and delivery.hold_reason is None:
        yield "held without a reason"
    if state is DeliveryState.SKIPPED and delivery.skip_reason is None:
        yield "skipped without a reason"

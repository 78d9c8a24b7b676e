"""How many dead letters are open: at each partner, with the age of the oldest, and why. Those of
tests are none of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.states import Channel, DeadLetterReason
from store.dead_letters.record import KEPT_FOR, waits_for_somebody
from store.tables import DeadLetterRow, DeliveryRow, PartnerRow


@dataclass(frozen=True)
class DeadLettersOfPartner:
    """The open dead letters of one partner."""

    partner_id: str
    name: str
    count: int
    oldest_at: datetime

    @property
    def oldest_expires_at(self) -> datetime:
        """When the oldest is given up by itself."""
        return self.oldest_at + KEPT_FOR


def dead_letters_by_partner(session: Session) -> list[DeadLettersOfPartner]:
    """Every partner that has some, the one with the oldest first: out of the index of what is open
    by partner and time."""
    partner_id = col(DeadLetterRow.partner_id)
    counted = (
        select_columns(
            partner_id,
            func.count().label("count"),
            func.min(col(DeadLetterRow.created_at)).label("oldest_at"),
        )
        .where(*waits_for_somebody())
        .group_by(partner_id)
        .subquery()
    )
    query = (
        select_columns(
            col(PartnerRow.id), col(PartnerRow.name), counted.c.count, counted.c.oldest_at
        )
        .join(counted, counted.c.partner_id == col(PartnerRow.id))
        .order_by(counted.c.oldest_at, col(PartnerRow.id))
    )
    return [DeadLettersOfPartner(*row) for row in session.execute(query)]


def dead_letters_by_channel(
    session: Session, partner_ids: Collection[str]
) -> Mapping[str, Mapping[Channel, int]]:
    """How many are open of each channel, at each of these partners. It looks at every one of them:
    ask for partners that have few."""
    partner_id, channel = col(DeadLetterRow.partner_id), col(DeliveryRow.channel)
    query = (
        select_columns(partner_id, channel, func.count())
        .join(DeliveryRow, col(DeliveryRow.id) == col(DeadLetterRow.delivery_id))
        .where(*waits_for_somebody(), partner_id.in_(partner_ids))
        .group_by(partner_id, channel)
    )
    found: dict[str, dict[Channel, int]] = {}
    for owner, its_channel, count in session.execute(query) if partner_ids else ():
        found.setdefault(owner, {})[its_channel] = count
    return found


def dead_letters_by_reason(session: Session) -> Mapping[DeadLetterReason, int]:
    """How many are open for each reason."""
    reason = col(DeadLetterRow.reason)
    query = select(reason, func.count()).where(*waits_for_somebody())
    return dict(session.exec(query.group_by(reason)).all())

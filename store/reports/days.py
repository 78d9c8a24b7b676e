"""A partner's days as their rollups have them: cheap however much there was, and there also when
the events themselves are gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, select
from sqlmodel import Session

from contracts.delivery.standing import Standing
from store.tables import OUTCOME_DAYS


@dataclass(frozen=True)
class DayCounts:
    """Messages of the events of one day, or of several together, by what became of them; and what
    happened to parcels. `waiting`: on hold or late; `queued`: just going out."""

    sent: int = 0
    not_sent: int = 0
    waiting: int = 0
    queued: int = 0
    not_needed: int = 0
    parcels_delivered: int = 0
    failed_deliveries: int = 0

    @property
    def due(self) -> int:
        """What should have been sent by now: a share of what was sent is one of these."""
        return self.sent + self.not_sent + self.waiting

    @property
    def all(self) -> int:
        """Every message, those that were not needed, too."""
        return self.due + self.queued + self.not_needed

    @property
    def share_sent(self) -> float | None:
        """From 0 to 1; None where nothing was to be sent."""
        return self.sent / self.due if self.due else None

    def __add__(self, other: "DayCounts") -> "DayCounts":
        return DayCounts(
            self.sent + other.sent,
            self.not_sent + other.not_sent,
            self.waiting + other.waiting,
            self.queued + other.queued,
            self.not_needed + other.not_needed,
            self.parcels_delivered + other.parcels_delivered,
            self.failed_deliveries + other.failed_deliveries,
        )


def counts_of(
    standing: Standing, parcels_delivered: int = 0, failed_deliveries: int = 0
) -> DayCounts:
    """How messages of a while stand, in the same figures."""
    return DayCounts(
        sent=standing.sent,
        not_sent=standing.never_sent,
        waiting=standing.held + standing.late,
        queued=standing.queued,
        not_needed=standing.not_needed,
        parcels_delivered=parcels_delivered,
        failed_deliveries=failed_deliveries,
    )


def days_of(session: Session, owner: str, first: date, last: date) -> Mapping[date, DayCounts]:
    """Each day from the first to the last one of which something is known."""
    day = OUTCOME_DAYS.c
    sent = day.webhooks_delivered + day.sms_deliveries_sent
    waiting = day.webhooks_under_way + day.sms_deliveries_under_way
    query = select(
        day.day,
        sent,
        day.webhooks + day.sms_deliveries - sent - waiting,
        waiting,
        literal(0),
        day.webhooks_skipped + day.sms_deliveries_skipped,
        day.orders_delivered,
        day.failed_deliveries,
    ).where(day.partner_id == owner, day.day >= first, day.day <= last)
    return {row[0]: DayCounts(*row[1:]) for row in session.execute(query)}

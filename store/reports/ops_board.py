"""All partners at a glance, for operations: the one that needs help most comes first.

The numbers of every partner are read by the indexes of its own rows: of today, of the last 24
hours, or of what is open; none of them counts what is over. Tests are none of them, as on the
partner's own pages: they are few, and counted by themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from contracts.delivery.standing import NEVER_SENT, Situation, Tally, standing_of
from contracts.delivery.states import DeliveryState
from contracts.endpoints.health import HealthState
from contracts.tiers import Tier
from store.dead_letters.record import waits_for_somebody
from store.reports.worst_endpoints import WorstEndpoint, worst_endpoints
from store.tables import DeadLetterRow, DeliveryRow, EventRow, PartnerRow

MOST_COUNTED = 1_000
"""What waits at one partner is counted no further: beyond it, it is "more than"."""

RATE_OVER = timedelta(hours=24)
TOO_FEW_ARRIVE = 0.9


@dataclass(frozen=True)
class Outcome:
    """Messages by what became of them. Skipped ones are none of these: nothing was to be sent."""

    delivered: int = 0
    not_delivered: int = 0

    @property
    def rate(self) -> float | None:
        """Which share of those that have ended was sent, from 0 to 1; None when none has ended."""
        ended = (
            Tally(DeliveryState.DELIVERED, self.delivered),
            Tally(DeliveryState.DEAD_LETTERED, self.not_delivered),
        )
        return standing_of(ended).share_sent


class Standing(IntEnum):
    """How urgently a partner needs somebody, the most urgent first."""

    HELP = 0
    """Its events do not arrive: an endpoint fails or was given up, or too few arrive."""
    LOOK = 1
    """Something waits for a person, or will."""
    WELL = 2


@dataclass(frozen=True)
class PartnerLine:
    """One partner. `lately` are the deliveries of the last 24 hours that have ended."""

    id: str
    name: str
    tier: Tier
    paused_at: datetime | None
    events_today: int
    lately: Outcome
    dead_letters: int
    held: int
    worst: WorstEndpoint | None

    @property
    def standing(self) -> Standing:
        """How urgently it needs somebody."""
        rate, worst = self.lately.rate, self.worst
        fails = worst is not None and (worst.given_up or worst.state is HealthState.FAILING)
        if fails or (rate is not None and rate < TOO_FEW_ARRIVE):
            return Standing.HELP
        return Standing.WELL if self._all_clear else Standing.LOOK

    @property
    def _all_clear(self) -> bool:
        """As on the partner's own pages, but for an endpoint that its people switched off."""
        waiting = (
            Tally(DeliveryState.DEAD_LETTERED, self.dead_letters),
            Tally(DeliveryState.HELD, self.held),
        )
        flaky = self.worst is not None and self.worst.state is HealthState.DEGRADED
        situation = Situation(paused=self.paused_at is not None, endpoints_flaky=int(flaky))
        return standing_of(waiting, situation).all_clear

    def is_named(self, words: str) -> bool:
        """Whether a search for these words finds it, by its name or its id."""
        wanted = words.casefold()
        return wanted in self.name.casefold() or wanted in self.id.casefold()


def read_board(session: Session, now: datetime, day: datetime) -> list[PartnerLine]:
    """Every partner, the worst first; `day` is when today began."""
    worst = worst_endpoints(session)
    query = select_columns(
        col(PartnerRow.id),
        col(PartnerRow.name),
        col(PartnerRow.tier),
        col(PartnerRow.paused_at),
        _events_since(day),
        _deliveries(now, (DeliveryState.DELIVERED,)),
        _deliveries(now, NEVER_SENT),
        _some(DeliveryRow, col(DeliveryRow.state) == DeliveryState.HELD),
        _some(DeadLetterRow, *waits_for_somebody()),
    )
    tests = _tests(session, now, day)
    lines = [_line(row, tests.get(row[0]), worst.get(row[0])) for row in session.execute(query)]
    return sorted(lines, key=_how_bad)


def _line(
    row: Sequence[Any], tests: Sequence[int] | None, worst: WorstEndpoint | None
) -> PartnerLine:
    partner_id, name, tier, paused_at, *counts, dead = row
    events, delivered, not_delivered, held = (
        max(0, count - of_tests) for count, of_tests in zip(counts, tests or [0] * 4, strict=True)
    )
    return PartnerLine(
        id=partner_id,
        name=name,
        tier=tier,
        paused_at=paused_at,
        events_today=events,
        lately=Outcome(delivered, not_delivered),
        dead_letters=dead,
        held=held,
        worst=worst,
    )


def _how_bad(line: PartnerLine) -> tuple[Any, ...]:
    rate = line.lately.rate
    return (
        line.standing,
        -line.dead_letters,
        1 if rate is None else rate,
        -line.held,
        -line.events_today,
        line.name.casefold(),
        line.id,
    )


def _tests(session: Session, now: datetime, day: datetime) -> Mapping[str, Sequence[int]]:
    """What of the counts of a line is of test events, by partner."""
    state, partner_id = col(DeliveryRow.state), col(EventRow.partner_id)
    lately = col(DeliveryRow.created_at) >= now - RATE_OVER
    event_id, delivery_id = col(EventRow.event_id), col(DeliveryRow.id)
    query = (
        select_columns(
            partner_id,
            func.count(event_id.distinct()).filter(col(EventRow.accepted_at) >= day),
            func.count(delivery_id).filter(state == DeliveryState.DELIVERED, lately),
            func.count(delivery_id).filter(state.in_(NEVER_SENT), lately),
            func.count(delivery_id).filter(state == DeliveryState.HELD),
        )
        .outerjoin(DeliveryRow, col(DeliveryRow.event_id) == event_id)
        .where(col(EventRow.is_test))
        .group_by(partner_id)
    )
    return {of: counts for of, *counts in session.execute(query)}


def _events_since(since: datetime) -> ScalarSelect[int]:
    query = select(func.count()).where(
        col(EventRow.partner_id) == col(PartnerRow.id), col(EventRow.accepted_at) >= since
    )
    return query.correlate(PartnerRow).scalar_subquery()


def _deliveries(now: datetime, states: Sequence[DeliveryState]) -> ScalarSelect[int]:
    query = select(func.count()).where(
        col(DeliveryRow.partner_id) == col(PartnerRow.id),
        col(DeliveryRow.state).in_(states),
        col(DeliveryRow.created_at) >= now - RATE_OVER,
    )
    return query.correlate(PartnerRow).scalar_subquery()


def _some(
    table: type[DeadLetterRow] | type[DeliveryRow], *conditions: ColumnElement[bool]
) -> ScalarSelect[int]:
    """How many rows of a partner's fulfil this, counted up to a little more than is told."""
    some = (
        select(table.id)
        .where(col(table.partner_id) == col(PartnerRow.id), *conditions)
        .limit(MOST_COUNTED + 1)
        .correlate(PartnerRow)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()

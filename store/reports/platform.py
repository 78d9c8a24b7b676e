"""The platform's own state, as ops ask for it first: what waits, how Twilio answers, how long an
event takes, and which migration the database is at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from contracts.delivery.states import SmsState
from store.reports.gauges import Gauges, read_gauges
from store.tables import SmsMessageRow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MEASURED = 500
"""The times of so many webhooks are looked at: of the events that were accepted last."""

_FAILED = (SmsState.UNDELIVERED, SmsState.REJECTED, SmsState.REFUSED, SmsState.UNKNOWN)
_TOOK = """
    WITH last AS MATERIALIZED (
        SELECT event_id, accepted_at FROM events
        WHERE accepted_at > %(since)s AND NOT is_test AND only_target IS NULL
        ORDER BY accepted_at DESC, event_id DESC LIMIT %(most)s
    )
    SELECT extract(epoch FROM webhook.delivered_at - last.accepted_at)::float
    FROM last CROSS JOIN LATERAL (
        SELECT delivered_at FROM deliveries
        WHERE deliveries.event_id = last.event_id AND channel = 'webhook' OFFSET 0
    ) AS webhook
    WHERE webhook.delivered_at IS NOT NULL
"""
_REVISION = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True)
class TwilioAnswers:
    """How many SMS were handed to Twilio in a time, and how many of them failed."""

    handed: int = 0
    failed: int = 0

    @property
    def error_rate(self) -> float | None:
        """Which share failed, from 0 to 1; None where none was handed over."""
        return self.failed / self.handed if self.handed else None


@dataclass(frozen=True)
class PlatformState:
    """Everything that the database says of the platform. `propagation_p95_s` is of webhooks whose
    events were accepted within the hour; None where none has arrived."""

    gauges: Gauges
    last_hour: TwilioAnswers
    last_day: TwilioAnswers
    propagation_p95_s: float | None
    revision: str


def read_platform(session: Session, now: datetime) -> PlatformState:
    """Count it now."""
    return PlatformState(
        gauges=read_gauges(session, now),
        last_hour=_answers(session, now - HOUR),
        last_day=_answers(session, now - DAY),
        propagation_p95_s=_propagation(session, now - HOUR),
        revision=str(session.execute(_REVISION).scalar_one()),
    )


def _answers(session: Session, since: datetime) -> TwilioAnswers:
    state = col(SmsMessageRow.state)
    query = select(state, func.count()).where(col(SmsMessageRow.claimed_at) > since).group_by(state)
    counts: Mapping[SmsState, int] = dict(session.exec(query).all())
    handed = sum(counts.values()) - counts.get(SmsState.CLAIMED, 0)
    return TwilioAnswers(handed, sum(counts.get(one, 0) for one in _FAILED))


def _propagation(session: Session, since: datetime) -> float | None:
    values = {"since": since, "most": MEASURED}
    took = sorted(one for (one,) in session.connection().exec_driver_sql(_TOOK, values))
    return float(took[ceil(len(took) * 0.95) - 1]) if took else None

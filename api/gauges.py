"""The gauges of the API's metrics: read from the database when somebody asks, but not often."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import TypeVar

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.partner_gauges import partner_families, read_partners
from contracts.clock import Clock
from contracts.delivery.retention import RetentionJob
from contracts.delivery.states import (
    Channel,
    DeadLetterReason,
    DeliveryState,
    EndpointState,
    EventState,
    HoldReason,
    SmsState,
)
from contracts.errors import DoorstepError
from contracts.instructions.posts import PostState
from contracts.notifications.checks import CHECKED_KINDS
from contracts.notifications.messages import MessageChannel, MessageState
from contracts.outcomes.objective import DueState
from store.db.database import Database
from store.reports.gauges import Gauges, read_gauges

K = TypeVar("K", bound=StrEnum)

READ_AT_MOST_EVERY_S = 10.0

_EVENT_STATES = (EventState.ACCEPTED, EventState.FAILED)
_DELIVERY_STATES = (
    DeliveryState.PENDING,
    DeliveryState.DELIVERING,
    DeliveryState.HELD,
    DeliveryState.DEAD_LETTERED,
)


class GaugeCollector(Collector):
    """Shows the last reading. Without one, because the database is away, it shows that only."""

    def __init__(self) -> None:
        self._families: list[Metric] = []
        self._read_at: float | None = None
        self._reading = asyncio.Lock()

    def collect(self) -> Iterable[Metric]:
        """The families of the last reading."""
        return self._families

    async def refresh(self, database: Database, clock: Clock) -> None:
        """Read anew, unless somebody has done so in the last seconds."""
        async with self._reading:
            now = asyncio.get_running_loop().time()
            if self._read_at is not None and now - self._read_at < READ_AT_MOST_EVERY_S:
                return
            self._families = await _read(database, clock())
            self._read_at = now


def families(gauges: Gauges, now: datetime) -> Iterator[Metric]:
    """Every gauge, with a zero where there is nothing, so that an alert sees the first one come."""
    yield from _events(gauges, now)
    yield from _deliveries(gauges, now)
    yield from _dead_letters(gauges, now)
    yield from _texts(gauges)
    yield from _messages(gauges, now)
    yield from _others(gauges)
    yield from _retention(gauges)


def _events(gauges: Gauges, now: datetime) -> Iterator[Metric]:
    yield _by(
        "doorstep_events", "Events that are not planned.", "state", _EVENT_STATES, gauges.events
    )
    yield _one("doorstep_outbox_events", "Events not started yet.", gauges.outbox.events)
    yield _one(
        "doorstep_outbox_oldest_age_seconds",
        "How long the oldest event has waited for a dispatcher.",
        _age(gauges.outbox.oldest_at, now),
    )


def _deliveries(gauges: Gauges, now: datetime) -> Iterator[Metric]:
    yield _by(
        "doorstep_deliveries",
        "Deliveries that have not ended.",
        "state",
        _DELIVERY_STATES,
        gauges.deliveries,
    )
    yield _one(
        "doorstep_oldest_open_delivery_age_seconds",
        "How long nothing has happened to a delivery that is on its way and waits for no attempt.",
        _age(gauges.oldest_open_at, now),
    )
    yield _by(
        "doorstep_held_deliveries",
        "Held deliveries, by what they wait for.",
        "reason",
        HoldReason,
        gauges.held,
    )
    yield _by(
        "doorstep_webhooks_due",
        "Webhooks whose 90 s to arrive were over in the last minute, by how they stand.",
        "state",
        DueState,
        gauges.webhooks_due,
    )


def _texts(gauges: Gauges) -> Iterator[Metric]:
    yield _one(
        "doorstep_sms_suspensions", "Stops of texts that are in force.", gauges.sms_suspensions
    )
    yield _by(
        "doorstep_recent_texts",
        "Texts handed to Twilio in the last hour, by how they stand.",
        "state",
        SmsState,
        gauges.texts,
    )


def _messages(gauges: Gauges, now: datetime) -> Iterator[Metric]:
    standing = GaugeMetricFamily(
        "doorstep_notification_messages",
        "Messages of notifications that wait, and those of a day that have ended.",
        labels=("channel", "state"),
    )
    for channel, state in product(MessageChannel, MessageState):
        count = gauges.messages.counts.get((channel, state), 0)
        standing.add_metric((channel.value, state.value), count)
    yield standing
    yield _one(
        "doorstep_notification_message_oldest_age_seconds",
        "How long the oldest message waits that should have gone.",
        _age(gauges.messages.oldest_at, now),
    )


def _others(gauges: Gauges) -> Iterator[Metric]:
    yield _by(
        "doorstep_open_breakers",
        "Endpoints whose circuit breaker is open.",
        "endpoint_state",
        EndpointState,
        gauges.open_breakers,
    )
    yield _by(
        "doorstep_instructions",
        "Instructions that wait to be posted to the OMS, and those of a week that were not taken.",
        "state",
        (PostState.WAITING, PostState.DEAD_LETTERED),
        gauges.instructions,
    )
    yield _by(
        "doorstep_notification_check_last_success_timestamp_seconds",
        "When each check for something that people have to be told last went through; 0: never.",
        "kind",
        CHECKED_KINDS,
        {kind: at.timestamp() for kind, at in gauges.notification_checks.items()},
    )


async def _read(database: Database, now: datetime) -> list[Metric]:
    up = "Whether the database took the reading of these gauges."
    try:
        gauges = await database.read(read_gauges, now)
        partners = await database.read(read_partners, now)
    except DoorstepError:
        return [_one("doorstep_database_up", up, 0)]
    return [
        _one("doorstep_database_up", up, 1),
        *families(gauges, now),
        *partner_families(partners),
    ]


def _dead_letters(gauges: Gauges, now: datetime) -> Iterator[Metric]:
    depth = GaugeMetricFamily(
        "doorstep_dead_letters",
        "Open dead letters, without those of tests.",
        labels=("channel", "reason"),
    )
    for channel, reason in product(Channel, DeadLetterReason):
        count = gauges.dead_letters.counts.get((channel, reason), 0)
        depth.add_metric((channel.value, reason.value), count)
    yield depth
    yield _one(
        "doorstep_dead_letter_oldest_age_seconds",
        "How long the oldest open dead letter has waited for a person.",
        _age(gauges.dead_letters.oldest_at, now),
    )


def _retention(gauges: Gauges) -> Iterator[Metric]:
    """Of each job; a label `job` would be taken for Prometheus's own."""
    label, standings = "retention_job", gauges.retention
    yield _by(
        "doorstep_retention_last_success_timestamp_seconds",
        "When each job of the retention ended well last; 0: never.",
        label,
        RetentionJob,
        {job: one.succeeded_at.timestamp() for job, one in standings.items()},
    )
    yield _by(
        "doorstep_retention_unreadable_rows",
        "Rows that a job of the retention could not open, and has left.",
        label,
        RetentionJob,
        {job: one.unreadable for job, one in standings.items()},
    )
    yield _by(
        "doorstep_retention_kept_rows",
        "Rows that are kept beyond their time, because something of them has not ended.",
        label,
        RetentionJob,
        {job: one.kept for job, one in standings.items()},
    )


def _by(
    name: str,
    meaning: str,
    label: str,
    values: Iterable[K],
    counts: Mapping[K, float],
) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=(label,))
    for value in values:
        family.add_metric((value.value,), counts.get(value, 0))
    return family


def _one(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0

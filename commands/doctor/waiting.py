"""What waits in the database, and whether it should: events, deliveries, endpoints, texts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from commands.doctor.checks import Check, Finding
from contracts.access.callers import DOORSTEP
from contracts.delivery.states import DeadLetterReason, DeliveryState, EventState
from contracts.notifications.messages import NOT_TOLD, MessageState
from store.db.database import Database
from store.dead_letters.queue import Depth
from store.endpoints.switched_off import count_disabled
from store.notifications.listing import ListedMessage, MessageFilter, list_messages
from store.notifications.standing import MessageStanding
from store.reports.gauges import Gauges, Outbox, read_gauges
from store.sms.suspensions import list_suspensions
from store.tables import SmsSuspensionRow

STARTED_WITHIN = timedelta(seconds=60)
"""An accepted event is started within a second where all is well."""

SENT_WITHIN = timedelta(minutes=15)
"""A message to somebody goes within seconds where all is well."""

_NAMED = 3

K = TypeVar("K", bound=StrEnum)
Suspensions = list[tuple[SmsSuspensionRow, int]]


async def check_what_waits(database: Database, now: datetime) -> list[Check]:
    """Everything that waits. StoreUnavailable where the database does not count it."""
    gauges = await database.read(read_gauges, now)
    disabled = await database.read(count_disabled)
    return [
        _outbox(gauges.outbox, now),
        _failed_events(gauges.events.get(EventState.FAILED, 0)),
        _held(gauges),
        _dead_letters(gauges.dead_letters, now),
        _endpoints(sum(gauges.open_breakers.values()), disabled),
        _suspensions(await database.read(list_suspensions)),
        await _messages(database, gauges.messages, now),
    ]


def _outbox(outbox: Outbox, now: datetime) -> Check:
    name, waited = "outbox", now - (outbox.oldest_at or now)
    if waited <= STARTED_WITHIN:
        return Check(name, Finding.OK, f"{outbox.events} events are about to be started")
    seen = f"{outbox.events} events are accepted and not started, the oldest for {_words(waited)}"
    advice = "see to the worker and Temporal; if both are well, the worker's log names the events"
    return Check(name, Finding.WRONG, seen, advice)


def _failed_events(count: int) -> Check:
    name = "failed events"
    if not count:
        return Check(name, Finding.OK, "none")
    advice = (
        "GET /v1/events?state=failed says why; mend it, then `doorstep events restart --failed`"
    )
    return Check(name, Finding.WRONG, f"{count} events were given up and are not sent", advice)


def _held(gauges: Gauges) -> Check:
    name, count = "held deliveries", gauges.deliveries.get(DeliveryState.HELD, 0)
    if not count:
        return Check(name, Finding.OK, "none")
    advice = "docs/runbook.md says of each reason what it waits for and what to do"
    return Check(name, Finding.NOTE, f"{count}: {_by_reason(gauges.held)}", advice)


def _dead_letters(depth: Depth, now: datetime) -> Check:
    name, by_reason = "dead letters", dict[DeadLetterReason, int]()
    for (_, reason), count in depth.counts.items():
        by_reason[reason] = by_reason.get(reason, 0) + count
    if not by_reason or depth.oldest_at is None:
        return Check(name, Finding.OK, "none")
    age = _words(now - depth.oldest_at)
    seen = f"{sum(by_reason.values())}: {_by_reason(by_reason)}; the oldest for {age}"
    advice = "retry or discard them on the dashboard before they expire, 14 days after they came"
    return Check(name, Finding.NOTE, seen, advice)


def _endpoints(open_breakers: int, disabled: int) -> Check:
    name = "endpoints"
    if not open_breakers and not disabled:
        return Check(name, Finding.OK, "none is failing or disabled")
    seen = f"{open_breakers} with an open circuit breaker, {disabled} disabled"
    advice = "the dashboard shows whose they are: ask those partners; many at once is our network"
    return Check(name, Finding.NOTE, seen, advice)


def _suspensions(suspensions: Suspensions) -> Check:
    """What Doorstep has stopped is wrong; what a person has stopped is meant."""
    name = "SMS"
    if not suspensions:
        return Check(name, Finding.OK, "not suspended")
    by_us = [one for one, _ in suspensions if one.made_by == DOORSTEP]
    scopes = ", ".join(_scope(one) for one, _ in suspensions[:5])
    held = sum(count for _, count in suspensions)
    seen = f"suspended for {scopes}; {held} texts wait"
    if by_us:
        advice = "mend what Twilio refuses, it is tried again every minute (docs/runbook.md)"
        return Check(name, Finding.WRONG, seen, advice)
    advice = "lift the suspension on the dashboard when texts may go out again"
    return Check(name, Finding.NOTE, seen, advice)


async def _messages(database: Database, standing: MessageStanding, now: datetime) -> Check:
    """Of notifications, with the ids of the last that nobody received."""
    name, lost = "sent notifications", standing.of(*NOT_TOLD)
    waited = now - (standing.oldest_at or now)
    if lost:
        wanted = MessageFilter(states=NOT_TOLD)
        found = await database.read(list_messages, wanted, after=None, limit=_NAMED)
        seen = f"{lost} of a day were not received: {'; '.join(_message(one) for one in found)}"
        advice = "`doorstep notifications list --state failed`, refused or unknown, says why"
        return Check(name, Finding.WRONG, seen, advice)
    if waited > SENT_WITHIN:
        seen = f"{standing.of(MessageState.WAITING)} wait, the oldest for {_words(waited)}"
        advice = "see to the mail server, and that a worker runs: they are tried again meanwhile"
        return Check(name, Finding.WRONG, seen, advice)
    return Check(name, Finding.OK, "none of a day was lost")


def _message(one: ListedMessage) -> str:
    """Which one: its id, how it travels, and the last answer."""
    answer = f", {one.row.code}" if one.row.code else ""
    return f"{one.row.id} ({one.row.channel} {one.row.state}{answer})"


def _scope(suspension: SmsSuspensionRow) -> str:
    return f"{suspension.scope} ({suspension.code})" if suspension.code else suspension.scope


def _by_reason(counts: Mapping[K, int]) -> str:
    """The most first."""
    ordered = sorted(counts.items(), key=lambda one: -one[1])
    return ", ".join(f"{count} {reason!s}" for reason, count in ordered)


def _words(age: timedelta) -> str:
    """A length of time as one reads it."""
    seconds = int(age.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 2 * 60 * 60:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 48 * 3600 else f"{seconds // 86_400} days"

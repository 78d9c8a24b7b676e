"""The platform's own state in lines: each is good or bad, says what to do, and where the runbook
says more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.delivery.states import EndpointState, EventState
from contracts.notifications.messages import NOT_TOLD, MessageState
from dashboard.figures import count_shown, share_shown, took_shown
from dashboard.times import span_shown
from dashboard.translations import Words
from dispatch.engine_state import EngineState
from store.reports.gauges import Gauges
from store.reports.platform import PlatformState

OUTBOX_WAITS = timedelta(seconds=30)
PROMISED_S = 90.0
FAILS_OFTEN = 0.1
"""From this share of failed SMS on, within the hour, Twilio is looked at."""

MESSAGES_WAIT = timedelta(minutes=15)
"""A message that should have gone so long ago waits for its server."""

RETENTION_LATE = timedelta(minutes=30)

RUNBOOK: Mapping[str, str] = {
    "database": "the-database-is-away",
    "temporal": "temporal-is-away",
    "workers": "temporal-is-away",
    "outbox": "temporal-is-away",
    "failed-events": "events",
    "propagation": "webhooks-are-late",
    "twilio": "texts-are-stopped",
    "suspensions": "texts-are-stopped",
    "messages": "people-are-not-told",
    "breakers": "an-endpoint-was-down",
    "dead-letters": "work-off-the-dead-letters",
    "held": "what-a-held-delivery-waits-for",
    "retention": "the-retention",
}
"""The heading of docs/runbook.md for each line."""


@dataclass(frozen=True)
class Check:
    """One line. `place` is the page of the dashboard that shows more."""

    name: str
    is_good: bool
    seen: str
    advice: str = ""
    place: str = ""

    @property
    def anchor(self) -> str:
        """Where the runbook says what to do."""
        return RUNBOOK[self.name]


def all_checks(
    t: Words, state: PlatformState | None, engine: EngineState | None, took_s: float, now: datetime
) -> list[Check]:
    """Every line, in the order in which one would ask; of a database that is away only that."""
    checks = [_database(t, state, took_s), *_engine(t, engine)]
    if state is None:
        return checks
    gauges = state.gauges
    return [
        *checks,
        _outbox(t, gauges, now),
        _failed_events(t, gauges),
        _propagation(t, state),
        _twilio(t, state),
        _suspensions(t, gauges),
        _messages(t, gauges, now),
        _breakers(t, gauges),
        _dead_letters(t, gauges, now),
        _held(t, gauges),
        _retention(t, gauges, now),
    ]


def _check(t: Words, name: str, seen: str, *, good: bool, place: str = "") -> Check:
    return Check(name, good, seen, "" if good else t(f"ops-platform-do-{name}"), place)


def _database(t: Words, state: PlatformState | None, took_s: float) -> Check:
    if state is None:
        return _check(t, "database", t("ops-platform-database-away"), good=False)
    seen = t("ops-platform-database-answers", took=took_shown(t, took_s))
    return _check(t, "database", seen, good=True)


def _engine(t: Words, engine: EngineState | None) -> list[Check]:
    if engine is None:
        return [_check(t, "temporal", t("ops-platform-temporal-away"), good=False)]
    seen = t("ops-platform-temporal-answers", namespace=engine.namespace)
    return [_check(t, "temporal", seen, good=True), _workers(t, engine)]


def _workers(t: Words, engine: EngineState) -> Check:
    alive = [one for one in engine.workers if one.lives]
    if not alive:
        return _check(t, "workers", t("ops-platform-workers-none"), good=False)
    ago = took_shown(t, max(0.0, alive[0].ago.total_seconds()))
    seen = t("ops-platform-workers-seen", count=len(alive), ago=ago)
    return _check(t, "workers", seen, good=True)


def _outbox(t: Words, gauges: Gauges, now: datetime) -> Check:
    outbox = gauges.outbox
    waited = now - (outbox.oldest_at or now)
    age = span_shown(t, waited.total_seconds())
    seen = t("ops-platform-outbox-seen", count=outbox.events, age=age)
    return _check(t, "outbox", seen, good=waited <= OUTBOX_WAITS)


def _failed_events(t: Words, gauges: Gauges) -> Check:
    count = gauges.events.get(EventState.FAILED, 0)
    return _check(t, "failed-events", t("ops-platform-count", count=count), good=not count)


def _propagation(t: Words, state: PlatformState) -> Check:
    took = state.propagation_p95_s
    if took is None:
        return _check(t, "propagation", t("ops-platform-propagation-none"), good=True)
    seen = t("ops-platform-propagation-seen", took=took_shown(t, took))
    return _check(t, "propagation", seen, good=took <= PROMISED_S)


def _twilio(t: Words, state: PlatformState) -> Check:
    hour, day = state.last_hour.error_rate, state.last_day.error_rate
    said = {"hour": share_shown(t, hour), "day": share_shown(t, day)}
    known = "seen" if hour is not None else "none"
    seen = t(f"ops-platform-twilio-{known}", count=state.last_hour.handed, **said)
    good = hour is None or hour < FAILS_OFTEN
    return _check(t, "twilio", seen, good=good, place="/texts")


def _suspensions(t: Words, gauges: Gauges) -> Check:
    count = gauges.sms_suspensions
    seen = t("ops-platform-count", count=count)
    return _check(t, "suspensions", seen, good=not count, place="/texts")


def _messages(t: Words, gauges: Gauges, now: datetime) -> Check:
    """Of notifications: none of a day that nobody received, none that waits for long."""
    messages = gauges.messages
    lost, waiting = messages.of(*NOT_TOLD), messages.of(MessageState.WAITING)
    waited = now - (messages.oldest_at or now)
    seen = t("ops-platform-messages-seen", lost=lost, waiting=waiting)
    good = not lost and waited <= MESSAGES_WAIT
    place = "/notifications?state=" + ("not_told" if lost else "waiting")
    return _check(t, "messages", seen, good=good, place=place)


def _breakers(t: Words, gauges: Gauges) -> Check:
    count = gauges.open_breakers.get(EndpointState.ENABLED, 0)
    seen = t("ops-platform-count", count=count)
    return _check(t, "breakers", seen, good=not count, place="?standing=help")


def _dead_letters(t: Words, gauges: Gauges, now: datetime) -> Check:
    count = sum(gauges.dead_letters.counts.values())
    oldest = gauges.dead_letters.oldest_at
    age = span_shown(t, (now - oldest).total_seconds()) if oldest else ""
    shown = count_shown(t, count)
    seen = t("ops-platform-dead-letters-seen", count=count, shown=shown, age=age)
    return _check(t, "dead-letters", seen, good=not count, place="/dead-letters")


def _held(t: Words, gauges: Gauges) -> Check:
    count = sum(gauges.held.values())
    seen = t("ops-platform-count", count=count)
    return _check(t, "held", seen, good=not count, place="/held")


def _retention(t: Words, gauges: Gauges, now: datetime) -> Check:
    ended: Sequence[datetime] = [one.succeeded_at for one in gauges.retention.values()]
    if not ended:
        return _check(t, "retention", t("ops-platform-retention-never"), good=False)
    ago = now - min(ended)
    seen = t("ops-platform-retention-seen", ago=span_shown(t, ago.total_seconds()))
    return _check(t, "retention", seen, good=ago <= RETENTION_LATE)

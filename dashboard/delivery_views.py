"""Deliveries as the pages of events show them: what may be done with each, when to look again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from contracts.delivery.advice import RETRY_IS_NO_USE, advice_on
from contracts.delivery.states import (
    OPEN_STATES,
    AttemptState,
    Channel,
    DeliveryState,
    EventState,
    SmsState,
)
from contracts.delivery.transitions import may_begin_round
from contracts.payload.fields import mask_phone
from contracts.sms.corrections import MAY_HAVE_ARRIVED, why_not_correctable
from dashboard.state_texts import WAITING, StateText, answer_said, code_said, delivery_said
from dashboard.translations import ENGLISH, Words
from store.events.timeline import EventStory
from store.sms.corrections import standing_of
from store.tables import AttemptRow, DeadLetterRow, DeliveryRow, EndpointRow, SmsMessageRow

_SOON_S, _LATER_S = 2, 10
_ASKED_LASTS = timedelta(minutes=2)
LATEST_S = 10_000_000_000
"""Seconds since 1970 that no page is asked for at."""


@dataclass(frozen=True)
class ShownAttempt:
    """One HTTP attempt, with its answer in words and the start of it."""

    row: AttemptRow
    said: StateText
    excerpt: str | None


@dataclass(frozen=True)
class ShownText:
    """One text: where it went, masked, and how it stands."""

    row: SmsMessageRow
    phone: str | None
    said: StateText
    why: str | None


@dataclass(frozen=True)
class PressedRetry:
    """What a person has just asked to be sent again: when, in seconds since 1970, and which
    delivery; None where nothing was."""

    at: float | None = None
    delivery_id: str = ""

    def is_fresh(self, now: datetime) -> bool:
        """Whether it was in the last minutes."""
        since = now.astimezone(UTC).timestamp() - (self.at or 0)
        return 0 <= since < _ASKED_LASTS.total_seconds()

    def awaits(self, row: DeliveryRow, now: datetime) -> bool:
        """Whether this delivery was asked for, and nothing has happened to it since."""
        is_it = row.id == self.delivery_id and self.is_fresh(now)
        return is_it and row.changed_at.timestamp() < (self.at or 0)


@dataclass(frozen=True)
class ShownDelivery:
    """One delivery. `may` names the button that it has: `retry`, `resend` or none."""

    row: DeliveryRow
    target: str | None
    said: StateText
    attempts: Sequence[ShownAttempt]
    texts: Sequence[ShownText]
    may: str | None
    correctable: bool


def shown_deliveries(
    t: Words, story: EventStory, asked: PressedRetry, now: datetime
) -> list[ShownDelivery]:
    """The deliveries of an event. One that was just asked for shows so at once."""
    return [_shown(t, row, story, asked, now) for row in story.detail.deliveries]


def target_of(row: DeliveryRow, endpoint: EndpointRow | None) -> str | None:
    """Where a webhook goes, as its owner calls it."""
    return endpoint_name(endpoint) if endpoint else row.endpoint_id


def endpoint_name(endpoint: EndpointRow) -> str:
    """What its owner calls it, else its URL without the query, which may carry a token."""
    url = urlsplit(endpoint.url)
    return endpoint.description or f"{url.netloc}{url.path}"


def looks_again_after_s(story: EventStory, asked: PressedRetry, now: datetime) -> int | None:
    """After how many seconds a page asks again: soon while a delivery is under way, or a person
    has just asked for one; later while something waits; else never."""
    rows, texts = story.detail.deliveries, story.detail.texts
    unplanned = story.detail.event.state is EventState.ACCEPTED
    if unplanned or any(row.state in OPEN_STATES for row in rows) or asked.is_fresh(now):
        return _SOON_S
    waits = any(row.state is DeliveryState.HELD for row in rows)
    return _LATER_S if waits or any(one.awaits_news for one in texts) else None


def standing_said(
    t: Words,
    row: DeliveryRow,
    dead_letter: DeadLetterRow | None,
    asked: PressedRetry,
    now: datetime,
) -> StateText:
    """How a delivery stands; one that was just asked for is being sent."""
    if asked.awaits(row, now):
        return StateText(t("event-sending"), WAITING)
    return delivery_said(t, row, dead_letter)


def _shown(
    t: Words, row: DeliveryRow, story: EventStory, asked: PressedRetry, now: datetime
) -> ShownDelivery:
    detail, dead_letter = story.detail, story.open_dead_letters.get(row.id)
    texts = [one for one in detail.texts if one.delivery_id == row.id]
    erased = detail.event.erased_at is not None
    standing = standing_of(row, detail.event, [one.state for one in texts], now)
    return ShownDelivery(
        row=row,
        target=target_of(row, story.endpoints.get(row.endpoint_id or "")),
        said=standing_said(t, row, dead_letter, asked, now),
        attempts=[
            ShownAttempt(one, answer_said(t, one), detail.excerpts.get(one.id))
            for one in detail.attempts
            if one.delivery_id == row.id
        ],
        texts=[_text(t, one, detail.phones.get(one.id)) for one in texts],
        may=None
        if erased or asked.awaits(row, now)
        else may_ask_for(row, dead_letter, texts, detail.attempts),
        correctable=not erased and why_not_correctable(standing) is None,
    )


def _text(t: Words, row: SmsMessageRow, phone: str | None) -> ShownText:
    tone = {SmsState.DELIVERED: "good", SmsState.CLAIMED: "waiting", SmsState.SENT: "waiting"}
    failed = (SmsState.UNDELIVERED, SmsState.REFUSED, SmsState.REJECTED, SmsState.UNKNOWN)
    said = StateText(
        t(f"sms-{row.state}"), "bad" if row.state in failed else tone.get(row.state, "quiet")
    )
    why = code_said(t, row.code) if row.code and row.state in failed else None
    if row.fault and t.language == ENGLISH:  # it quotes where a text departs, and is English
        why = row.fault
    return ShownText(row, mask_phone(phone) if phone else None, said, why)


def may_ask_for(
    row: DeliveryRow,
    dead_letter: DeadLetterRow | None,
    texts: Sequence[SmsMessageRow],
    attempts: Sequence[AttemptRow],
) -> str | None:
    """What a person may ask for: `retry`, `resend` or nothing, where the same again ends the same.
    An attempt that is being made ends by itself first."""
    on_the_wire = any(
        one.state is AttemptState.IN_FLIGHT for one in attempts if one.delivery_id == row.id
    )
    if row.channel is None or on_the_wire or not may_begin_round(row.state, resend=True):
        return None
    if dead_letter and advice_on(dead_letter.reason, dead_letter.code) in RETRY_IS_NO_USE:
        return None
    if row.state is DeliveryState.DELIVERED:
        return "resend"
    if row.channel is Channel.SMS and texts and texts[-1].state in MAY_HAVE_ARRIVED:
        return "resend" if row.state is DeliveryState.DEAD_LETTERED else None
    waits = row.state is not DeliveryState.PENDING or row.next_attempt_at is not None
    return "retry" if waits else None

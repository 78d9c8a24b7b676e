"""States and answers as people read them: a word, its tone, and why, with what to do next."""

from dataclasses import dataclass
from http import HTTPStatus

from contracts.delivery.advice import Advice, advice_on
from contracts.delivery.states import (
    AttemptState,
    DeadLetterReason,
    DeliveryState,
    EventState,
    SkipReason,
)
from contracts.endpoints.health import HealthState
from dashboard.translations import Words
from store.tables import AttemptRow, DeadLetterRow, DeliveryRow

GOOD, BAD, WAITING, QUIET = "good", "bad", "waiting", "quiet"

_TWILIO = "twilio_"
_PHRASES = {one.value: one.phrase for one in HTTPStatus}
_TONES: dict[DeliveryState, str] = {
    DeliveryState.DELIVERED: GOOD,
    DeliveryState.DEAD_LETTERED: BAD,
    DeliveryState.EXPIRED: BAD,
    DeliveryState.PENDING: WAITING,
    DeliveryState.HELD: WAITING,
    DeliveryState.DELIVERING: WAITING,
}
_EVENT_TONES: dict[EventState, str] = {
    EventState.ACCEPTED: WAITING,
    EventState.PLANNED: QUIET,
    EventState.FAILED: BAD,
}
_HEALTH_TONES: dict[HealthState, str] = {
    HealthState.HEALTHY: GOOD,
    HealthState.DEGRADED: WAITING,
    HealthState.FAILING: BAD,
    HealthState.DISABLED: BAD,
}


@dataclass(frozen=True)
class StateText:
    """A state in a word, with the tone of its pill; `why` is a sentence, where there is one."""

    word: str
    tone: str
    why: str | None = None


def tone_of(state: DeliveryState) -> str:
    """The tone of a delivery's state."""
    return _TONES.get(state, QUIET)


def delivery_said(
    t: Words, row: DeliveryRow, dead_letter: DeadLetterRow | None = None
) -> StateText:
    """How a delivery stands; `dead_letter` is its open one."""
    if row.state is DeliveryState.DELIVERING and row.next_attempt_at is not None:
        return StateText(t("state-retrying"), WAITING)
    said = state_said(t, row.state, row.skip_reason)
    return StateText(said.word, said.tone, _why(t, row, dead_letter))


def state_said(t: Words, state: DeliveryState, skipped_for: SkipReason | None = None) -> StateText:
    """A delivery's state alone, for lists; what was skipped says why."""
    if state is DeliveryState.SKIPPED and skipped_for is not None:
        return StateText(t("state-skipped-for", why=t(f"skipped-{skipped_for}")), QUIET)
    return StateText(t(f"state-{state}"), tone_of(state))


def event_said(t: Words, state: EventState) -> StateText:
    """How far an event has come itself."""
    return StateText(t(f"event-{state}"), _EVENT_TONES[state])


def health_said(t: Words, state: HealthState) -> StateText:
    """An endpoint's health in a word."""
    return StateText(t(f"health-{state}"), _HEALTH_TONES.get(state, QUIET))


def dead_letter_text(t: Words, reason: DeadLetterReason, code: str | None = None) -> str:
    """Why a delivery failed, and the one thing to do about it."""
    return advice_text(t, advice_on(reason, code))


def advice_text(t: Words, advice: Advice) -> str:
    """What to do, in a sentence or two."""
    return t(f"advice-{advice}")


def answer_said(t: Words, row: AttemptRow) -> StateText:
    """How one attempt ended."""
    if row.state is AttemptState.IN_FLIGHT:
        return StateText(t("answer-in-flight"), WAITING)
    return StateText(code_said(t, row.code, row.status_code), _tone_of_attempt(row.state))


def code_said(t: Words, code: str | None, status: int | None = None) -> str:
    """An answer's code in words; `status` is HTTP's, where there was an answer."""
    if status is None and code is not None and code.startswith("http_"):
        status = int(code.removeprefix("http_"))
    if status is not None:
        phrase = _PHRASES.get(status)
        if phrase is None:
            return t("answer-http", status=str(status))
        return t("answer-http-phrase", status=str(status), phrase=phrase)
    if code is None:
        return t("answer-none")
    if t.has(f"answer-{code}"):
        return t(f"answer-{code}")
    if code.startswith(_TWILIO):
        return t("answer-sms-other", code=code.removeprefix(_TWILIO))
    return t("answer-other", code=code)


def _why(t: Words, row: DeliveryRow, dead_letter: DeadLetterRow | None) -> str | None:
    if row.state is DeliveryState.HELD and row.hold_reason is not None:
        return t(f"why-held-{row.hold_reason}")
    if row.state is DeliveryState.SKIPPED and row.skip_reason is not None:
        return t(f"why-skipped-{row.skip_reason}")
    if row.state is DeliveryState.DEAD_LETTERED and dead_letter is not None:
        return dead_letter_text(t, dead_letter.reason, dead_letter.code)
    if row.state in (DeliveryState.DISCARDED, DeliveryState.EXPIRED):
        return t(f"why-{row.state}")
    return None


def _tone_of_attempt(state: AttemptState) -> str:
    if state is AttemptState.SUCCEEDED:
        return GOOD
    return QUIET if state is AttemptState.INTERRUPTED else BAD

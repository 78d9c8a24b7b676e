"""States and answers as people read them: a word, its tone, and why, with what to do next."""

from dataclasses import dataclass
from http import HTTPStatus

from api.dashboard.words import Words
from contracts.endpoint_health import HealthState
from contracts.states import (
    AttemptState,
    DeadLetterReason,
    DeliveryState,
    EventState,
)
from store.tables import AttemptRow, DeadLetterRow, DeliveryRow

GOOD, BAD, WAITING, QUIET = "good", "bad", "waiting", "quiet"

_PHRASES = {one.value: one.phrase for one in HTTPStatus}
_TONES: dict[DeliveryState, str] = {
    DeliveryState.DELIVERED: GOOD,
    DeliveryState.DEAD_LETTERED: BAD,
    DeliveryState.EXPIRED: BAD,
    DeliveryState.PENDING: WAITING,
    DeliveryState.HELD: WAITING,
    DeliveryState.DELIVERING: WAITING,
}
_HEALTH_TONES: dict[HealthState, str] = {
    HealthState.HEALTHY: GOOD,
    HealthState.DEGRADED: WAITING,
    HealthState.FAILING: BAD,
    HealthState.DISABLED: BAD,
}


@dataclass(frozen=True)
class Said:
    """A state in a word, with the tone of its pill; `why` is a sentence, where there is one."""

    word: str
    tone: str
    why: str | None = None


def tone_of(state: DeliveryState) -> str:
    """The tone of a delivery's state."""
    return _TONES.get(state, QUIET)


def delivery_said(t: Words, row: DeliveryRow, letter: DeadLetterRow | None = None) -> Said:
    """How a delivery stands; `letter` is its dead letter that is open."""
    if row.state is DeliveryState.DELIVERING and row.next_attempt_at is not None:
        return Said(t("state-retrying"), WAITING)
    return Said(t(f"state-{row.state}"), tone_of(row.state), _why(t, row, letter))


def state_said(t: Words, state: DeliveryState) -> Said:
    """A delivery's state alone, for lists."""
    return Said(t(f"state-{state}"), tone_of(state))


def event_said(t: Words, state: EventState) -> Said:
    """How far an event has come itself."""
    return Said(t(f"event-{state}"), BAD if state is EventState.FAILED else QUIET)


def health_said(t: Words, state: HealthState) -> Said:
    """An endpoint's health in a word."""
    return Said(t(f"health-{state}"), _HEALTH_TONES.get(state, QUIET))


def letter_said(t: Words, reason: DeadLetterReason) -> str:
    """Why a delivery is a dead letter, and what to do."""
    return t(f"why-dead-{reason}")


def answer_said(t: Words, row: AttemptRow) -> Said:
    """How one try ended."""
    if row.state is AttemptState.IN_FLIGHT:
        return Said(t("answer-in-flight"), WAITING)
    return Said(code_said(t, row.code, row.status_code), _tone_of_try(row.state))


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
    return t(f"answer-{code}") if t.has(f"answer-{code}") else t("answer-other", code=code)


def _why(t: Words, row: DeliveryRow, letter: DeadLetterRow | None) -> str | None:
    if row.state is DeliveryState.HELD and row.hold_reason is not None:
        return t(f"why-held-{row.hold_reason}")
    if row.state is DeliveryState.SKIPPED and row.skip_reason is not None:
        return t(f"why-skipped-{row.skip_reason}")
    if row.state is DeliveryState.DEAD_LETTERED and letter is not None:
        return letter_said(t, letter.reason)
    if row.state in (DeliveryState.DISCARDED, DeliveryState.EXPIRED):
        return t(f"why-{row.state}")
    return None


def _tone_of_try(state: AttemptState) -> str:
    if state is AttemptState.SUCCEEDED:
        return GOOD
    return QUIET if state is AttemptState.INTERRUPTED else BAD

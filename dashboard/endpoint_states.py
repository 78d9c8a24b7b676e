"""How an endpoint does, in a word and a sentence, and what waits for it: why, and the one thing
that helps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from contracts.delivery.attempt_summary import EndedAttempt
from contracts.delivery.states import TURN_COMES, EndpointState, HoldReason
from contracts.endpoints.health import Health, HealthState
from dashboard.figures import count_shown
from dashboard.page_context import PartnerContext
from dashboard.state_texts import QUIET, StateText, code_said, health_said
from store.endpoints.circuit_breaker import GIVEN_UP, GONE_FOR_GOOD
from store.endpoints.figures import MOST_COUNTED
from store.tables import EndpointRow, RecoveryRow

_SWITCHED_OFF = {GONE_FOR_GOOD: "gone", GIVEN_UP: "given-up"}


@dataclass(frozen=True)
class OnHold:
    """What waits for an endpoint: each reason with how many, and `action`, the one thing that
    helps: `resume-shop`, `resume`, `test`, `resend`, `progress`, or none where it goes by itself.
    """

    total: str
    reasons: Sequence[str]
    action: str | None


def health_view(
    context: PartnerContext,
    endpoint: EndpointRow,
    health: Health,
    attempts: Sequence[EndedAttempt],
) -> StateText:
    """How an endpoint does by these attempts; `why` is the sentence."""
    t = context.words
    if not context.partner.webhook_enabled:
        return StateText(t("endpoint-webhooks-off"), QUIET, t("endpoint-says-webhooks-off"))
    said = health_said(t, health.state)
    counted = [one for one in attempts if one.succeeded or one.charged]
    return StateText(said.word, said.tone, _sentence(context, endpoint, health, counted))


def _sentence(
    context: PartnerContext,
    endpoint: EndpointRow,
    health: Health,
    attempts: Sequence[EndedAttempt],
) -> str:
    t, state = context.words, health.state
    failed = [one for one in attempts if not one.succeeded]
    if state is HealthState.PAUSED:
        return t("endpoint-says-paused")
    if state is HealthState.DISABLED:
        return t(f"endpoint-says-{_SWITCHED_OFF.get(endpoint.state_reason or '', 'disabled')}")
    if state is HealthState.UNTRIED and endpoint.mended_at is None:
        return t("endpoint-says-untried")
    if state is HealthState.UNTRIED:
        return t("endpoint-says-afresh", time=_time(context, endpoint.mended_at))
    if state is HealthState.FAILING:
        in_a_row = len(list(takewhile(lambda one: not one.succeeded, attempts)))
        return t(
            "endpoint-says-failing",
            count=max(endpoint.failures_in_row, in_a_row),
            time=_time(context, health.since),
            answer=_answer(context, failed),
        )
    if failed:
        numbers = {"failed": len(failed), "total": len(attempts)}
        return t("endpoint-says-some-failed", **numbers, answer=_answer(context, failed))
    return t("endpoint-says-healthy", total=len(attempts))


def health_in_brief(context: PartnerContext, endpoint: EndpointRow, health: Health) -> str:
    """How an endpoint does in a sentence, where its attempts are not read."""
    t, state = context.words, health.state
    if state in (HealthState.PAUSED, HealthState.DISABLED, HealthState.UNTRIED):
        return _sentence(context, endpoint, health, [])
    since = _time(context, health.since) if health.since else ""
    return t(f"endpoint-brief-{state}", time=since)


def on_hold_view(
    context: PartnerContext,
    endpoint: EndpointRow,
    held: Mapping[HoldReason, int],
    recovery: RecoveryRow | None,
) -> OnHold | None:
    """What waits for an endpoint; None where nothing does."""
    if not held:
        return None
    t, total = context.words, sum(held.values())
    reasons = [
        t("on-hold-reason", count=_count(context, count), why=t(f"on-hold-{reason}"))
        for reason, count in held.items()
    ]
    return OnHold(_count(context, total), reasons, _action(context, endpoint, held, recovery))


def _action(
    context: PartnerContext,
    endpoint: EndpointRow,
    held: Mapping[HoldReason, int],
    recovery: RecoveryRow | None,
) -> str | None:
    if recovery is not None:
        return "progress"
    if context.partner.paused_at is not None:
        return "resume-shop"
    if endpoint.state is not EndpointState.ENABLED:
        return "resume"
    if endpoint.opened_at is not None:
        return "test"
    if endpoint.recover_since is not None or set(held) <= TURN_COMES:
        return None
    return "resend"


def _count(context: PartnerContext, count: int) -> str:
    return count_shown(context.words, count, MOST_COUNTED)


def _time(context: PartnerContext, moment: datetime | None) -> str:
    return str(context.when(moment, seconds=False).striptags())


def _answer(context: PartnerContext, failed: Sequence[EndedAttempt]) -> str:
    """What the last of these was answered."""
    if not failed:
        return context.words("answer-none")
    return code_said(context.words, failed[0].code, failed[0].status_code)

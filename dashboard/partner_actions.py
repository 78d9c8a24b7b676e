"""What ops may do to several partners at once: each partner by itself, so that what fails at one
hinders no other, with a line that says what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from api.problems import said_of
from contracts.delivery.recoveries import RecoveryRequest
from contracts.errors import DoorstepError
from contracts.partners import PartnerChange
from dashboard.dead_letter_retries import retry_all
from dashboard.dead_letters import DeadLetterListQuery, Outcome
from dashboard.figures import count_shown
from dashboard.page_context import PageContext, PartnerContext
from dashboard.recovery_forms import begin_recovery
from dashboard.state_texts import BAD, GOOD, QUIET, WAITING
from store.partners.partners import change_partner, get_partner
from store.recoveries import recoveries
from store.reports.partner_actions import MOST_COUNTED, Affected
from store.sms.suspensions import lift_suspension, partner_scope, suspend

MOST_PARTNERS = 200
LONGEST_S = 20.0
"""A browser waits so long; partners that were not reached by then are left for another press."""


class PartnerAction(StrEnum):
    """What can be asked for."""

    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    RECOVER = "recover"
    SUSPEND_SMS = "suspend_sms"
    RESUME_SMS = "resume_sms"


@dataclass(frozen=True)
class Line:
    """What an action would do, or has done, at one partner."""

    partner_id: str
    name: str
    said: str
    tone: str = QUIET


Act = Callable[[PartnerContext, Affected, str], Awaitable[tuple[str, str]]]
"""Does it at one partner, with the reason that was given; gives a tone and what came of it."""


def preview(context: PageContext, action: PartnerAction, one: Affected) -> Line:
    """What the action would do at this partner."""
    count = _COUNTS[action](one)
    if count is None:
        return Line(one.id, one.name, context.words(f"ops-act-{action}-not"))
    shown = count_shown(context.words, count, MOST_COUNTED)
    said = context.words(f"ops-act-{action}-would", count=count, shown=shown)
    return Line(one.id, one.name, said, WAITING)


def takes_hold(action: PartnerAction, one: Affected) -> bool:
    """Whether there is anything to do at this partner."""
    return _COUNTS[action](one) is not None


async def act_on_all(
    context: PageContext, action: PartnerAction, partners: Sequence[Affected], reason: str
) -> list[Line]:
    """Do it at each partner in turn, within `LONGEST_S`."""
    ends_at = asyncio.get_running_loop().time() + LONGEST_S
    lines = []
    for one in partners:
        if not takes_hold(action, one):
            lines.append(preview(context, action, one))
        elif asyncio.get_running_loop().time() > ends_at:
            lines.append(Line(one.id, one.name, context.words("ops-act-later"), WAITING))
        else:
            lines.append(await _act_on_one(context, action, one, reason))
    return lines


async def _act_on_one(
    context: PageContext, action: PartnerAction, one: Affected, reason: str
) -> Line:
    try:
        tone, said = await _ACTS[action](await _at_partner(context, one.id), one, reason)
    except DoorstepError as error:
        return Line(one.id, one.name, said_of(error), BAD)
    return Line(one.id, one.name, said, tone)


async def _at_partner(context: PageContext, partner_id: str) -> PartnerContext:
    """The context of a page of this partner's, as ops see it."""
    shared = {one.name: getattr(context, one.name) for one in fields(context)}
    return PartnerContext(**shared, partner=await context.read(get_partner, partner_id))


async def _pause(context: PartnerContext, _one: Affected, _reason: str) -> tuple[str, str]:
    return await _set_paused(context, paused=True)


async def _resume(context: PartnerContext, _one: Affected, _reason: str) -> tuple[str, str]:
    return await _set_paused(context, paused=False)


async def _set_paused(context: PartnerContext, *, paused: bool) -> tuple[str, str]:
    await context.write(
        change_partner,
        context.owner,
        PartnerChange(paused=paused),
        context.now(),
        actor=context.viewer.actor,
    )
    return GOOD, context.words("ops-act-paused" if paused else "ops-act-resumed")


async def _retry(context: PartnerContext, _one: Affected, _reason: str) -> tuple[str, str]:
    outcome = await retry_all(context, DeadLetterListQuery(), context.now())
    if not isinstance(outcome, Outcome):
        raise TypeError("a recovery needs an endpoint, and none is named")
    t, parts = context.words, []
    if outcome.asked:
        parts.append(t("ops-act-retried", count=outcome.asked))
    if outcome.refused:
        why = next(iter(outcome.refused.values()))
        parts.append(t("ops-act-retry-refused", count=len(outcome.refused), why=why))
    if outcome.left:
        parts.append(t("ops-act-retry-left", count=outcome.left))
    tone = BAD if not outcome.asked else WAITING if outcome.refused or outcome.left else GOOD
    return tone, " ".join(parts) or t("ops-act-retry-not")


async def _recover(context: PartnerContext, one: Affected, _reason: str) -> tuple[str, str]:
    """Each endpoint by itself: one that cannot be sent to hinders no other."""
    t, sent, refused = context.words, 0, dict[str, str]()
    for endpoint_id in one.endpoint_ids:
        asked = RecoveryRequest()
        found = await context.read(
            recoveries.preview, endpoint_id, asked, context.now(), owner=context.owner
        )
        if not found.found:
            continue
        try:
            sent += (await begin_recovery(context, endpoint_id, asked)).found
        except DoorstepError as error:
            refused[endpoint_id] = said_of(error)
    parts = [t("ops-act-recovering", count=sent)] if sent else []
    parts += [t("ops-act-recover-refused", why=why) for why in refused.values()]
    tone = GOOD if not refused else WAITING if sent else BAD
    return (tone, " ".join(parts)) if parts else (QUIET, t("ops-act-recover-not"))


async def _suspend_sms(context: PartnerContext, _one: Affected, reason: str) -> tuple[str, str]:
    await context.write(
        suspend,
        partner_scope(context.owner),
        context.now(),
        reason=reason,
        made_by=context.viewer.actor,
        partner_id=context.owner,
    )
    return GOOD, context.words("ops-act-sms-suspended")


async def _resume_sms(context: PartnerContext, one: Affected, _reason: str) -> tuple[str, str]:
    await context.write(
        lift_suspension, one.suspension_id or "", context.now(), actor=context.viewer.actor
    )
    return GOOD, context.words("ops-act-sms-resumed", count=one.held_sms)


_ACTS: Mapping[PartnerAction, Act] = {
    PartnerAction.PAUSE: _pause,
    PartnerAction.RESUME: _resume,
    PartnerAction.RETRY: _retry,
    PartnerAction.RECOVER: _recover,
    PartnerAction.SUSPEND_SMS: _suspend_sms,
    PartnerAction.RESUME_SMS: _resume_sms,
}
_COUNTS: Mapping[PartnerAction, Callable[[Affected], int | None]] = {
    PartnerAction.PAUSE: lambda one: None if one.paused else one.held,
    PartnerAction.RESUME: lambda one: one.held if one.paused else None,
    PartnerAction.RETRY: lambda one: one.failed or None,
    PartnerAction.RECOVER: lambda one: (
        (one.held + one.failed) or None if one.endpoint_ids else None
    ),
    PartnerAction.SUSPEND_SMS: lambda one: None if one.suspension_id else one.sms_today,
    PartnerAction.RESUME_SMS: lambda one: one.held_sms if one.suspension_id else None,
}
"""How many updates it is about at one partner; None where there is nothing to do."""

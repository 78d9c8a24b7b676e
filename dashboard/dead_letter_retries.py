"""Send dead letters again from a page: some by their ids, or all that match, in batches.

All requests of one click are recorded with one time, by which their progress is found again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from api.retries import request_retries
from contracts.delivery.recoveries import RecoveryRequest
from contracts.delivery.refusals import RetryRefusal
from contracts.delivery.states import Channel, DeliveryState
from contracts.errors import EngineUnavailable
from dashboard.dead_letters import DeadLetterListQuery, Outcome, may_be, refusal_text
from dashboard.page_context import PartnerContext
from dashboard.recovery_forms import begin_recovery
from store.db.keyset import Position
from store.dead_letters.queue import dead_letters_of
from store.recoveries import recoveries
from store.retries import dead_letters
from store.retries.dead_letters import MOST_AT_ONCE, RetrySelection
from store.tables import RecoveryRow

_MOST_BATCHES = 5


async def retry_some(
    context: PartnerContext, ids: Sequence[str], moment: datetime, *, resend: bool = False
) -> Outcome:
    """Send these again; `resend`: also an SMS that may have been sent. What would fail again for
    the same reason is refused."""
    rows = await context.read(dead_letters_of, ids[:MOST_AT_ONCE], context.owner)
    no_use = [one.id for one in rows if may_be(one.reason, one.code) is None]
    asked = await context.write(
        dead_letters.ask_for_many,
        [one.id for one in rows if one.id not in no_use],
        moment,
        actor=context.viewer.actor,
        owner=context.owner,
        resend=resend,
    )
    outcome = await _signal(context, asked, resend=resend)
    refused = dict.fromkeys(no_use, context.words(f"refused-{RetryRefusal.NO_USE}"))
    return Outcome(outcome.asked, {**refused, **outcome.refused}, outcome.left)


async def retry_all(
    context: PartnerContext, wanted: DeadLetterListQuery, moment: datetime
) -> Outcome | RecoveryRow:
    """Send all that match again: of one endpoint by a recovery, which takes however many there are
    at the pace that the endpoint bears; otherwise the oldest, in batches. Those that the same once
    more would not help are left alone.

    Conflict where a recovery cannot be begun now.
    """
    recovery = _as_recovery(wanted)
    if recovery is not None and wanted.endpoint_id is not None:
        found = await context.read(
            recoveries.preview, wanted.endpoint_id, recovery, moment, owner=context.owner
        )
        if found.found:  # tests are none of a recovery's
            return await begin_recovery(context, wanted.endpoint_id, recovery)
    return await _in_batches(context, wanted, moment)


def _as_recovery(wanted: DeadLetterListQuery) -> RecoveryRequest | None:
    """What a recovery would be asked, where one can do what is wanted."""
    narrower = (wanted.reason, wanted.when, wanted.since, wanted.until)
    if wanted.endpoint_id is None or any(narrower) or wanted.shown == "tests":
        return None
    if wanted.channel is Channel.SMS:
        return None
    types = None if wanted.event_type is None else [wanted.event_type]
    return RecoveryRequest(states=[DeliveryState.DEAD_LETTERED], event_types=types)


async def _in_batches(
    context: PartnerContext, wanted: DeadLetterListQuery, moment: datetime
) -> Outcome:
    outcome = Outcome()
    open_ones = wanted if wanted.is_open else wanted.model_copy(update={"shown": "open"})
    asked_for = replace(open_ones.as_filter(context), retriable=True)
    after: Position | None = None
    for _ in range(_MOST_BATCHES):
        asked = await context.write(
            dead_letters.ask_for_all,
            asked_for,
            moment,
            actor=context.viewer.actor,
            owner=context.owner,
            after=after,
        )
        outcome = outcome.and_then(await _signal(context, asked))
        after = asked.last
        if after is None or _not_taken(context) in outcome.refused.values():
            break
    return outcome


async def _signal(
    context: PartnerContext, asked: RetrySelection, *, resend: bool = False
) -> Outcome:
    """Tell Temporal of the wishes; what it does not take is refused, with the way on."""
    try:
        taken = await request_retries(
            context.parts.gateway, asked.events, requested_by=context.viewer.actor, resend=resend
        )
    except EngineUnavailable:
        taken = []
    untaken = [one for event in asked.events if event not in taken for one in event.deliveries]
    refused = {
        one: refusal_text(context.words, asked.causes.get(one)) for one in asked.refused
    } | dict.fromkeys(untaken, _not_taken(context))
    return Outcome(sum(len(event.deliveries) for event in taken), refused, asked.left)


def _not_taken(context: PartnerContext) -> str:
    return context.words(f"refused-{RetryRefusal.NOT_TAKEN}")

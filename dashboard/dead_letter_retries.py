"""Send dead letters again from a page: some by their ids, or all that match, in batches.

All wishes of one press are written down at one moment, by which their progress is found again.
"""

from collections.abc import Sequence
from datetime import datetime

from api.retries import request_retries
from contracts.delivery.recoveries import RecoveryRequest
from contracts.delivery.states import Channel, DeliveryState
from contracts.errors import EngineUnavailable
from dashboard.dead_letters import DeadLetterListQuery, Outcome
from dashboard.page_context import PartnerContext
from dashboard.recovery_forms import begin_recovery
from store.db.keyset import Position
from store.recoveries import recoveries
from store.retries import dead_letters
from store.retries.dead_letters import MOST_AT_ONCE, RetrySelection
from store.tables import RecoveryRow

_MOST_BATCHES = 5


async def retry_some(
    context: PartnerContext, ids: Sequence[str], moment: datetime, *, resend: bool = False
) -> Outcome:
    """Send these again. `resend`: also a text that may have been sent."""
    asked = await context.write(
        dead_letters.ask_for_many,
        ids[:MOST_AT_ONCE],
        moment,
        actor=context.viewer.actor,
        owner=context.owner,
        resend=resend,
    )
    return await _signal(context, asked, resend=resend)


async def retry_all(
    context: PartnerContext, wanted: DeadLetterListQuery, moment: datetime
) -> Outcome | RecoveryRow:
    """Send all that match again: of one endpoint by a recovery, which takes however many there are
    at the pace that the endpoint bears; otherwise the oldest, in batches.

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
    if wanted.endpoint_id is None or wanted.reason is not None or wanted.channel is Channel.SMS:
        return None
    types = None if wanted.event_type is None else [wanted.event_type]
    return RecoveryRequest(states=[DeliveryState.DEAD_LETTERED], event_types=types)


async def _in_batches(
    context: PartnerContext, wanted: DeadLetterListQuery, moment: datetime
) -> Outcome:
    outcome = Outcome()
    after: Position | None = None
    for _ in range(_MOST_BATCHES):
        asked = await context.write(
            dead_letters.ask_for_all,
            wanted.model_copy(update={"shown": "open"}).as_filter(context.owner),
            moment,
            actor=context.viewer.actor,
            owner=context.owner,
            after=after,
        )
        outcome = outcome.and_then(await _signal(context, asked))
        after = asked.last
        if after is None or context.words("letters-not-taken") in outcome.refused.values():
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
    refused = {**asked.refused, **dict.fromkeys(untaken, context.words("letters-not-taken"))}
    return Outcome(sum(len(event.deliveries) for event in taken), refused, asked.left)

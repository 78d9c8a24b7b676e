"""Send dead letters again from a page: some by their ids, or all that match, in batches.

All wishes of one press are written down at one moment, by which their progress is found again.
"""

from collections.abc import Sequence
from datetime import datetime

from api.dashboard.desk import PartnerDesk
from api.dashboard.letters import LetterQuery, Outcome
from api.dashboard.recovering import begin_recovery
from api.retries import request_retries
from contracts.errors import EngineUnavailable
from contracts.recoveries import RecoverAsked
from contracts.states import Channel, DeliveryState
from store import dead_letter_actions, recoveries
from store.dead_letter_actions import MOST_AT_ONCE, Asked
from store.positions import Position
from store.tables import RecoveryRow

_MOST_BATCHES = 5


async def retry_some(
    desk: PartnerDesk, ids: Sequence[str], moment: datetime, *, resend: bool = False
) -> Outcome:
    """Send these again. `resend`: also a text that may have been sent."""
    asked = await desk.write(
        dead_letter_actions.ask_for_many,
        ids[:MOST_AT_ONCE],
        moment,
        actor=desk.viewer.actor,
        owner=desk.owner,
        resend=resend,
    )
    return await _signal(desk, asked, resend=resend)


async def retry_all(
    desk: PartnerDesk, wanted: LetterQuery, moment: datetime
) -> Outcome | RecoveryRow:
    """Send all that match again: of one endpoint by a recovery, which takes however many there are
    at the pace that the endpoint bears; otherwise the oldest, in batches.

    Conflict where a recovery cannot be begun now.
    """
    recovery = _as_recovery(wanted)
    if recovery is not None and wanted.endpoint_id is not None:
        found = await desk.read(
            recoveries.preview, wanted.endpoint_id, recovery, moment, owner=desk.owner
        )
        if found.found:  # tests are none of a recovery's
            return await begin_recovery(desk, wanted.endpoint_id, recovery)
    return await _in_batches(desk, wanted, moment)


def _as_recovery(wanted: LetterQuery) -> RecoverAsked | None:
    """What a recovery would be asked, where one can do what is wanted."""
    if wanted.endpoint_id is None or wanted.reason is not None or wanted.channel is Channel.SMS:
        return None
    types = None if wanted.event_type is None else [wanted.event_type]
    return RecoverAsked(states=[DeliveryState.DEAD_LETTERED], types=types)


async def _in_batches(desk: PartnerDesk, wanted: LetterQuery, moment: datetime) -> Outcome:
    outcome = Outcome()
    after: Position | None = None
    for _ in range(_MOST_BATCHES):
        asked = await desk.write(
            dead_letter_actions.ask_for_all,
            wanted.model_copy(update={"shown": "open"}).as_filter(desk.owner),
            moment,
            actor=desk.viewer.actor,
            owner=desk.owner,
            after=after,
        )
        outcome = outcome.and_then(await _signal(desk, asked))
        after = asked.last
        if after is None or desk.words("letters-not-taken") in outcome.refused.values():
            break
    return outcome


async def _signal(desk: PartnerDesk, asked: Asked, *, resend: bool = False) -> Outcome:
    """Tell Temporal of the wishes; what it does not take is refused, with the way on."""
    try:
        taken = await request_retries(
            desk.parts.gateway, asked.events, requested_by=desk.viewer.actor, resend=resend
        )
    except EngineUnavailable:
        taken = []
    untaken = [one for event in asked.events if event not in taken for one in event.deliveries]
    refused = {**asked.refused, **dict.fromkeys(untaken, desk.words("letters-not-taken"))}
    return Outcome(sum(len(event.deliveries) for event in taken), refused, asked.left)

"""Begin a recovery from a page, as the API does."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError

from contracts.delivery.recoveries import RecoveryRequest
from contracts.errors import EngineUnavailable, Invalid
from contracts.payload.faults import words_of
from contracts.refusals import Refusal
from dashboard.page_context import PartnerContext
from store.recoveries import recoveries
from store.tables import RecoveryRow
from web_forms import Fields

DAYS = (1, 3, 7, 14)
"""How far back a form lets a recovery begin; left out, from the oldest on."""

log = logging.getLogger(__name__)


async def begin_recovery(
    context: PartnerContext, endpoint_id: str, asked: RecoveryRequest
) -> RecoveryRow:
    """Begin it. Conflict while the endpoint cannot be sent to, or when a recovery of it runs."""
    row = await context.write(
        recoveries.begin_recovery,
        endpoint_id,
        asked,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
    )
    try:
        await context.parts.recoveries.start(row.id, row.endpoint_id, row.partner_id)
    except EngineUnavailable as error:  # it has begun all the same: a worker starts it
        ids = {
            "recovery_id": row.id,
            "endpoint_id": row.endpoint_id,
            "partner_id": row.partner_id,
        }
        log.warning("recovery %s: %s", row.id, error, extra=ids)
    return row


def asked_of(values: Fields, now: datetime) -> RecoveryRequest:
    """What a form asks to be sent again; nothing chosen means what is held or a dead letter."""
    asked: dict[str, str | Sequence[str]] = {}
    for name in ("states", "event_types"):
        if chosen := values.texts(name):
            asked[name] = chosen
    if values.text("days") in map(str, DAYS):
        asked["since"] = (now - timedelta(days=int(values.text("days")))).isoformat()
    elif since := values.text("since"):
        asked["since"] = since
    try:
        return RecoveryRequest.model_validate(asked)
    except ValidationError as error:
        [line, *_] = error.errors(include_url=False, include_input=False)
        fault, field = words_of(line), str(line["loc"][0])
        raise Invalid(fault, field=field, cause=Refusal.RANGE) from None

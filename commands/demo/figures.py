"""What the figures on the screen mean, in words, with what they came to."""

import os
from collections.abc import Mapping, Sequence

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from commands.demo.parts import Parts
from commands.demo.progress import percentile
from contracts.delivery.states import DeliveryState, HoldReason, SkipReason
from store.tables import DeliveryRow

Counts = Mapping[str, int]
"""How many deliveries, by why they are held or were skipped."""

_WHY_HELD: Mapping[str, str] = {
    HoldReason.ENDPOINT_OFF: "their endpoint is switched off, as after a 410",
    HoldReason.ENDPOINT_FAILING: "their endpoint fails, and is only probed",
    HoldReason.ENDPOINT_BUSY: "their endpoint has as many under way as it may",
}
_WHY_SKIPPED: Mapping[str, str] = {
    SkipReason.STALE: "texts that came too late: an order moves on so fast here that the next "
    "event is there before the text of the last",
    SkipReason.INVALID_PHONE: "texts without a mobile number to go to",
    SkipReason.DUPLICATE: "texts that another event of the order had sent already",
    SkipReason.SMS_OFF_FOR_TYPE: "texts of a type that the shop does not send",
}


async def explain_figures(parts: Parts) -> None:
    """Say what each figure of the line above is, and why it is as it is."""
    held = await parts.database.read(_count, DeliveryState.HELD)
    skipped = await parts.database.read(_count, DeliveryState.SKIPPED)
    waits = ", ".join(f"{delay:g}" for delay in parts.system.settings.retry_schedule.delays_s)
    say = parts.screen.say
    parts.screen.headline("What the figures mean")
    say("  accepted       events that were answered 202: each is a committed row")
    say("  delivered      webhooks that the merchant answered 2xx")
    say(f"  retrying       failed, and tried again after {waits} s, up to a tenth later")
    say(f"  held           wait, and spend no attempt: {_in_words(held, _WHY_HELD)}")
    say("  dead-lettered  webhooks that failed four times, or were answered 410; kept to be sent")
    say("  SMS            texts that Twilio took")
    say(f"  skipped        not sent, on purpose: {_in_words(skipped, _WHY_SKIPPED)}")
    for line in _propagation(parts):
        say(line)


def _propagation(parts: Parts) -> Sequence[str]:
    crm, chai = parts.merchants.crm, parts.merchants.chai
    lines = ["from the 202 to the first byte at the merchant, of every webhook that came there,"]
    lines.append(f"those that waited while {chai.name} was down too")
    well = parts.stopwatch.times_s([crm.merchant])
    middle, late = percentile(well, 50), percentile(well, 95)
    if middle is not None and late is not None:
        figures = f"p50 {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms"
        lines.append(f"to {crm.name}, which was well: {figures}, while OMS, API, worker,")
        lines.append(f"Temporal, PostgreSQL and merchants share {os.cpu_count()} cores")
    labels = ["propagation", *[""] * len(lines)]
    return [f"  {label:<13}  {line}" for label, line in zip(labels, lines, strict=False)]


def _in_words(counts: Counts, words: Mapping[str, str]) -> str:
    said = [f"{count} ({words.get(why, why.replace('_', ' '))})" for why, count in counts.items()]
    return ", ".join(said) or "none"


def _count(session: Session, state: DeliveryState) -> dict[str, int]:
    reason = DeliveryRow.hold_reason if state is DeliveryState.HELD else DeliveryRow.skip_reason
    why = col(reason)
    query = (
        select_columns(why, func.count())
        .where(col(DeliveryRow.state) == state, why.is_not(None))
        .group_by(why)
        .order_by(func.count().desc())
    )
    return {str(each): count for each, count in session.execute(query)}

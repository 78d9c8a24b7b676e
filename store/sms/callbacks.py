"""Twilio's status callbacks: applied to the text that they name, never backwards.

They come in any order, several times, and sometimes before the answer to the call itself. The claim
id in the callback's URL names the text; what is unknown changes nothing and is told nobody.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from contracts.delivery.messages import RecordDeadLetter
from contracts.delivery.states import (
    DeadLetterReason,
    HoldReason,
    SmsState,
)
from contracts.delivery.transitions import Command
from contracts.sms.answers import SmsAnswer, SmsFate, judge_failure
from contracts.sms.statuses import TextStatus
from store.deliveries.dead_lettering import record_dead_letter
from store.deliveries.state_changes import change_state, hold
from store.sms.daily_caps import uncount_sms
from store.sms.outcomes import claimed, hold_for_mending, note_opt_out, reached, scopes_of
from store.sms.relevance import useful_until
from store.sms.suspensions import lift_mended
from store.tables import DeliveryRow, EventRow, SmsMessageRow

ONCE_MORE_AFTER = timedelta(minutes=5)
"""A phone that was switched off or out of reach is tried once more after this."""

NEWS_WITHIN = timedelta(hours=24)
"""Longer than Twilio keeps a text in its queue (10 hours at the most): no more news will come."""

NO_NEWS = "no_news"
_RANKS = {
    SmsState.ACCEPTED: 1,
    SmsState.SENT: 2,
    SmsState.UNDELIVERED: 3,
    SmsState.DELIVERED: 4,
}
"""Who has the text may not lose it again; what is not here has heard nothing yet."""


def apply_status(session: Session, status: TextStatus, now: datetime) -> None:
    """Write down what Twilio says of one text, unless more is known already."""
    sms = session.get(SmsMessageRow, status.claim_id)
    if sms is None or sms.twilio_sid not in (None, status.sid):
        return
    sms, delivery = claimed(session, sms.id)
    if _RANKS[status.state] <= _RANKS.get(sms.state, 0):
        return
    before, sms.state = sms.state, status.state
    sms.twilio_sid, sms.settled_at = status.sid, now
    sms.awaits_news = status.state in (SmsState.ACCEPTED, SmsState.SENT)
    sms.code = f"twilio_{status.code}" if status.code else f"twilio_{status.word}"
    if status.state is SmsState.UNDELIVERED:
        sms.says = None  # the customer does not have it, so another may say the same
    if status.state in (SmsState.SENT, SmsState.DELIVERED):
        scopes, at = scopes_of(session, sms), sms.claimed_at
        lift_mended(session, scopes, now, claimed_at=at, by_callback=True)
    if not _speaks_for(session, sms, delivery, before):
        return
    if status.state is SmsState.UNDELIVERED:
        _not_arrived(session, sms, delivery, judge_failure(status.code), now)
    else:
        delivery.copy_number = sms.copy_number  # a next copy that was to come is needless
        reached(session, delivery, now, sms.code)


def age_without_news(session: Session, now: datetime, *, limit: int) -> int:
    """Say `unknown` of the next texts of which nothing was heard for a day; gives how many.

    Their deliveries stay delivered: Twilio has the text, and most carriers tell nothing.
    """
    due = (
        select(SmsMessageRow.id)
        .where(col(SmsMessageRow.awaits_news), col(SmsMessageRow.settled_at) < now - NEWS_WITHIN)
        .order_by(col(SmsMessageRow.settled_at))
        .limit(limit)
    )
    ids = list(session.exec(due))
    session.execute(
        update(SmsMessageRow)
        .where(col(SmsMessageRow.id).in_(ids), col(SmsMessageRow.awaits_news))
        .values(state=SmsState.UNKNOWN, code=NO_NEWS, awaits_news=False)
    )
    return len(ids)


def _speaks_for(
    session: Session, sms: SmsMessageRow, delivery: DeliveryRow, before: SmsState
) -> bool:
    """Whether news of this text says how its delivery stands.

    Not when a person has sent the delivery to another phone since, or asked for one more copy; and
    not when a later text was claimed.
    """
    event_phone = select(EventRow.customer_phone_index).where(
        col(EventRow.event_id) == delivery.event_id
    )
    goes_to = delivery.corrected_phone_index or session.exec(event_phone).one()
    asked_for = delivery.copy_number > sms.copy_number and before is not SmsState.UNDELIVERED
    if sms.to_phone_index != goes_to or asked_for:
        return False
    later = select(SmsMessageRow.id).where(
        col(SmsMessageRow.delivery_id) == delivery.id,
        col(SmsMessageRow.claimed_at) > sms.claimed_at,
    )
    return session.exec(later.limit(1)).first() is None


def _not_arrived(
    session: Session, sms: SmsMessageRow, delivery: DeliveryRow, answer: SmsAnswer, now: datetime
) -> None:
    """Twilio could not deliver it: once more, when mended, or never, as the code says."""
    if not change_state(session, delivery, Command.TAKE_BACK, now):
        return
    delivery.last_code, delivery.delivered_at = sms.code, None
    if answer.fate is SmsFate.OPTED_OUT:
        note_opt_out(session, sms, delivery, now)
    elif answer.fate is SmsFate.MISCONFIGURED:
        delivery.copy_number += 1
        reason = f"Twilio takes texts and cannot send them ({answer.code}): mend the account"
        uncount_sms(session, sms)
        hold_for_mending(session, sms, delivery, answer, now, reason=reason, by_callback=True)
    elif answer.fate is SmsFate.NOT_NOW and _once_more(session, sms, delivery, now):
        delivery.copy_number += 1
        hold(session, delivery, HoldReason.NOT_REACHED, now, until=now + ONCE_MORE_AFTER)
    else:
        dead_letter = RecordDeadLetter(delivery.id, DeadLetterReason.REJECTED, sms.code)
        record_dead_letter(session, dead_letter, now)


def _once_more(session: Session, sms: SmsMessageRow, delivery: DeliveryRow, now: datetime) -> bool:
    """Whether the text is still of use in a while, and this phone was not missed before."""
    event = session.get_one(EventRow, delivery.event_id)
    if now + ONCE_MORE_AFTER >= useful_until(event):
        return False
    missed = select(SmsMessageRow.id).where(
        col(SmsMessageRow.delivery_id) == delivery.id,
        col(SmsMessageRow.to_phone_index) == sms.to_phone_index,
        col(SmsMessageRow.state) == SmsState.UNDELIVERED,
        col(SmsMessageRow.id) != sms.id,
    )
    return session.exec(missed.limit(1)).first() is None

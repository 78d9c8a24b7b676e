"""Notices: written with the change that they tell of, and settled by whoever sends them.

What became of a notice is decided under its row's lock. `store/sms/notice_texts.py` has what only
texts need.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from contracts.answers import Answer, Verdict, retry_after_seconds, verdict_of
from contracts.errors import NotFound
from contracts.ids import IdKind, new_id
from contracts.notices import (
    NOTICE_DELAYS_S,
    NoticeChannel,
    NoticeData,
    NoticeKind,
    NoticeState,
    OperationalWebhook,
    Told,
)
from contracts.retry import RetrySchedule
from store.locks import TO_CHANGE
from store.tables import EndpointRow, NoticeRow, PartnerRow

log = logging.getLogger(__name__)

STILL_AFTER = timedelta(minutes=10)
"""Temporal is asked again for a notice that waits for so long: its workflow may be lost."""

OUR_FAULT = "our_fault"
NO_PHONE = "the partner has no contact_phone"
_SCHEDULE = RetrySchedule(NOTICE_DELAYS_S)


@dataclass(frozen=True)
class NoticeToStart:
    """What starting the workflow of a notice needs."""

    notice_id: str
    channel: NoticeChannel
    endpoint_id: str
    partner_id: str


@dataclass(frozen=True)
class ReadyNotice:
    """What the operational webhook of a notice says, and how many tries went before."""

    endpoint_id: str
    body: bytes
    tries: int


def write_notices(session: Session, endpoint: EndpointRow, reason: str, now: datetime) -> None:
    """Have ops and the partner told that an endpoint was switched off; sent after the commit."""
    _write(session, endpoint, NoticeChannel.OPS_WEBHOOK, reason, now)
    text = _write(session, endpoint, NoticeChannel.CONTACT_TEXT, reason, now)
    if session.get_one(PartnerRow, endpoint.partner_id).contact_phone is None:
        skip_notice(text, NO_PHONE, now)


def notices_to_start(session: Session, now: datetime) -> list[NoticeToStart]:
    """Notices that wait and that Temporal was not asked for lately. Asking for one whose workflow
    runs changes nothing."""
    asked = col(NoticeRow.asked_at)
    query = select(NoticeRow).where(
        col(NoticeRow.state) == NoticeState.WAITING,
        or_(asked.is_(None), asked < now - STILL_AFTER),
    )
    return [
        NoticeToStart(row.id, row.channel, row.endpoint_id, row.partner_id)
        for row in session.exec(query.order_by(col(NoticeRow.created_at)))
    ]


def mark_asked(session: Session, notice_id: str, now: datetime) -> None:
    """Temporal has a notice's workflow."""
    session.execute(update(NoticeRow).where(col(NoticeRow.id) == notice_id).values(asked_at=now))


def ready_notice(session: Session, notice_id: str) -> ReadyNotice | Told:
    """What is to be posted to ops; or how the notice ended, where it has. NotFound without it."""
    notice = session.get(NoticeRow, notice_id)
    if notice is None:
        raise NotFound(f"no notice {notice_id}")
    if notice.state is not NoticeState.WAITING:
        return Told(notice.state)
    about = NoticeData(
        partner_id=notice.partner_id, endpoint_id=notice.endpoint_id, reason=notice.reason
    )
    said = OperationalWebhook(id=notice.id, created_at=notice.created_at, data=about)
    return ReadyNotice(notice.endpoint_id, said.to_bytes(), notice.tries)


def settle_post(session: Session, notice_id: str, answer: Answer, now: datetime) -> Told:
    """What ops's receiver answered, written down: any 2xx is the end, any other is tried again."""
    notice = locked_notice(session, notice_id)
    if verdict_of(answer) is Verdict.DELIVERED:
        return sent(notice, now, answer.code)
    if notice.state is not NoticeState.WAITING:
        return Told(notice.state)
    return missed(notice, answer.code, now, retry_after_s=retry_after_seconds(answer, now))


def skip_waiting(session: Session, notice_id: str, why: str, now: datetime) -> Told:
    """Send nothing, unless it has ended already."""
    notice = locked_notice(session, notice_id)
    if notice.state is not NoticeState.WAITING:
        return Told(notice.state)
    return skip_notice(notice, why, now)


def locked_notice(session: Session, notice_id: str) -> NoticeRow:
    """A notice, locked, as it is after whoever had the lock before. NotFound without it."""
    notice = session.get(NoticeRow, notice_id, with_for_update=TO_CHANGE, populate_existing=True)
    if notice is None:
        raise NotFound(f"no notice {notice_id}")
    return notice


def sent(notice: NoticeRow, now: datetime, code: str) -> Told:
    """It was taken, also if that comes late."""
    _end(notice, NoticeState.SENT, None, now)
    return Told(NoticeState.SENT, code)


def missed(
    notice: NoticeRow, code: str, now: datetime, *, retry_after_s: float | None = None
) -> Told:
    """A try that certainly told nobody: the next one by the schedule, or none after the last."""
    notice.tries, notice.claimed_at = notice.tries + 1, None
    delay_s = _SCHEDULE.delay_after(notice.tries, retry_after_s)
    if delay_s is None:
        return give_up(notice, f"{notice.tries} tries failed, the last one with {code}", now, code)
    return Told(NoticeState.WAITING, code, delay_s)


def note_mistake(session: Session, notice_id: str, now: datetime) -> Told | None:
    """A mistake of ours stopped a try: it counts as one that told nobody. None for a text that is
    claimed already: it may have been sent, and the next look ends it."""
    notice = locked_notice(session, notice_id)
    if notice.state is not NoticeState.WAITING:
        return Told(notice.state)
    return None if notice.claimed_at is not None else missed(notice, OUR_FAULT, now)


def give_up(notice: NoticeRow, why: str, now: datetime, code: str | None = None) -> Told:
    """Nobody was told, or nobody can tell: ops has to look."""
    _end(notice, NoticeState.FAILED, why, now)
    log.error(
        "notice %s (%s) of endpoint %s of %s has failed: %s",
        notice.id,
        notice.channel,
        notice.endpoint_id,
        notice.partner_id,
        why,
        extra=_ids(notice),
    )
    return Told(NoticeState.FAILED, code)


def skip_notice(notice: NoticeRow, why: str, now: datetime) -> Told:
    """Send nothing, on purpose; the row and the log say why."""
    _end(notice, NoticeState.SKIPPED, why, now)
    log.warning("notice %s (%s) is skipped: %s", notice.id, notice.channel, why, extra=_ids(notice))
    return Told(NoticeState.SKIPPED)


def _ids(notice: NoticeRow) -> dict[str, str]:
    """What log lines about it carry as fields."""
    return {
        "notice_id": notice.id,
        "endpoint_id": notice.endpoint_id,
        "partner_id": notice.partner_id,
    }


def _write(
    session: Session, endpoint: EndpointRow, channel: NoticeChannel, reason: str, now: datetime
) -> NoticeRow:
    notice = NoticeRow(
        id=new_id(IdKind.NOTICE),
        kind=NoticeKind.ENDPOINT_DISABLED,
        channel=channel,
        endpoint_id=endpoint.id,
        partner_id=endpoint.partner_id,
        reason=reason,
        state=NoticeState.WAITING,
        created_at=now,
    )
    session.add(notice)
    return notice


def _end(notice: NoticeRow, state: NoticeState, why: str | None, now: datetime) -> None:
    notice.state, notice.why, notice.settled_at = state, why, now

"""What an action over several partners would take hold of, counted beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, true
from sqlmodel import Session, col, select

from contracts.delivery.states import Channel, DeliveryState
from store.dead_letters.record import waits_for_somebody
from store.sms.daily_caps import day_of
from store.sms.suspensions import partner_scope
from store.tables import (
    DeadLetterRow,
    DeliveryRow,
    EndpointRow,
    PartnerRow,
    SmsDayRow,
    SmsSuspensionRow,
)

MOST_COUNTED = 1_000
"""At one partner it is counted no further."""


@dataclass(frozen=True)
class Affected:
    """One partner, and what there is to act on: failed updates, what is on hold (SMS too), the SMS
    sent today, its endpoints, and the suspension of its own SMS, if there is one."""

    id: str
    name: str
    paused: bool
    failed: int
    held: int
    held_sms: int
    sms_today: int
    endpoint_ids: Sequence[str]
    suspension_id: str | None


def affected_partners(
    session: Session, partner_ids: Sequence[str], now: datetime
) -> list[Affected]:
    """These partners, in the order in which they are named; unknown ones are left out."""
    rows = session.exec(select(PartnerRow).where(col(PartnerRow.id).in_(partner_ids)))
    known = {row.id: row for row in rows}
    held = col(DeliveryRow.state) == DeliveryState.HELD
    is_sms = col(DeliveryRow.channel) == Channel.SMS
    failed = _counts(session, partner_ids, DeadLetterRow, *waits_for_somebody())
    on_hold = _counts(session, partner_ids, DeliveryRow, held)
    sms_on_hold = _counts(session, partner_ids, DeliveryRow, held, is_sms)
    sms_today = _sms_of(session, partner_ids, day_of(now))
    endpoints = _endpoints(session, partner_ids)
    suspensions = _suspensions(session, partner_ids)
    return [
        Affected(
            one,
            known[one].name,
            paused=known[one].paused_at is not None,
            failed=failed[one],
            held=on_hold[one],
            held_sms=sms_on_hold[one],
            sms_today=sms_today.get(one, 0),
            endpoint_ids=endpoints.get(one, []),
            suspension_id=suspensions.get(one),
        )
        for one in dict.fromkeys(partner_ids)
        if one in known
    ]


def _counts(
    session: Session,
    partner_ids: Sequence[str],
    table: type[DeadLetterRow] | type[DeliveryRow],
    *conditions: ColumnElement[bool],
) -> Mapping[str, int]:
    """How many such rows each partner has, counted no further than `MOST_COUNTED` and one."""
    some = (
        select(table.id)
        .where(col(table.partner_id) == col(PartnerRow.id), *conditions)
        .limit(MOST_COUNTED + 1)
        .correlate(PartnerRow)
        .lateral()
    )
    query = (
        select(PartnerRow.id, func.count(some.c.id))
        .outerjoin(some, true())
        .where(col(PartnerRow.id).in_(partner_ids))
        .group_by(col(PartnerRow.id))
    )
    return dict(session.exec(query).all())


def _sms_of(session: Session, partner_ids: Sequence[str], day: str) -> Mapping[str, int]:
    query = select(SmsDayRow.partner_id, SmsDayRow.texts).where(
        col(SmsDayRow.day) == day, col(SmsDayRow.partner_id).in_(partner_ids)
    )
    return dict(session.exec(query).all())


def _endpoints(session: Session, partner_ids: Sequence[str]) -> Mapping[str, list[str]]:
    query = (
        select(EndpointRow.partner_id, EndpointRow.id)
        .where(col(EndpointRow.partner_id).in_(partner_ids), col(EndpointRow.removed_at).is_(None))
        .order_by(col(EndpointRow.id))
    )
    found: dict[str, list[str]] = {}
    for owner, endpoint_id in session.exec(query):
        found.setdefault(owner, []).append(endpoint_id)
    return found


def _suspensions(session: Session, partner_ids: Sequence[str]) -> Mapping[str, str]:
    scopes = {partner_scope(one): one for one in partner_ids}
    query = select(SmsSuspensionRow.scope, SmsSuspensionRow.id).where(
        col(SmsSuspensionRow.lifted_at).is_(None), col(SmsSuspensionRow.scope).in_(scopes)
    )
    return {scopes[scope]: suspension_id for scope, suspension_id in session.exec(query)}

"""What an action over several partners would take hold of, counted beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from contracts.delivery.states import Channel, DeliveryState
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
    endpoints = _endpoints(session, partner_ids)
    suspensions = _suspensions(session, partner_ids)
    return [
        _affected(session, known[one], endpoints.get(one, []), suspensions.get(one), now)
        for one in dict.fromkeys(partner_ids)
        if one in known
    ]


def _affected(
    session: Session,
    partner: PartnerRow,
    endpoint_ids: Sequence[str],
    suspension_id: str | None,
    now: datetime,
) -> Affected:
    owner, held = partner.id, col(DeliveryRow.state) == DeliveryState.HELD
    is_sms = col(DeliveryRow.channel) == Channel.SMS
    unresolved = col(DeadLetterRow.resolved_at).is_(None)
    today = session.get(SmsDayRow, (owner, day_of(now)))
    return Affected(
        owner,
        partner.name,
        paused=partner.paused_at is not None,
        failed=_some(session, DeadLetterRow, owner, unresolved),
        held=_some(session, DeliveryRow, owner, held),
        held_sms=_some(session, DeliveryRow, owner, held, is_sms),
        sms_today=today.texts if today else 0,
        endpoint_ids=endpoint_ids,
        suspension_id=suspension_id,
    )


def _some(
    session: Session,
    table: type[DeadLetterRow] | type[DeliveryRow],
    owner: str,
    *conditions: ColumnElement[bool],
) -> int:
    some = select(table.id).where(col(table.partner_id) == owner, *conditions)
    return session.exec(
        select(func.count()).select_from(some.limit(MOST_COUNTED + 1).subquery())
    ).one()


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

"""Create and read partners, their endpoints and their signing secrets."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.errors import Conflict, NotFound
from contracts.ids import IdKind, new_id
from contracts.instructions.words import action_names
from contracts.partners import PartnerChange, PartnerCreate
from contracts.payload.events import type_names
from contracts.refusals import Refusal
from contracts.tiers import TIERS
from store.access.audit import record
from store.db.row_locks import TO_CHANGE
from store.partners.contact_phone import change_contact_phone, nothing_to_confirm, put_contact_phone
from store.tables import PartnerRow

_OF_THE_PHONE = ("contact_phone", "contact_phone_confirmed")


def create_partner(
    session: Session, asked: PartnerCreate, now: datetime, *, actor: str
) -> PartnerRow:
    """Add a partner with its tier's defaults; texts are on only where that is asked for. Conflict
    when the id is taken."""
    partner = _row_of(asked, now)
    if asked.contact_phone_confirmed and asked.contact_phone is None:
        raise nothing_to_confirm()
    confirmed_at = now if asked.contact_phone_confirmed else None
    put_contact_phone(session, partner, asked.contact_phone, confirmed_at)
    session.add(partner)
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(f"partner {partner.id} exists already") from None
    record(
        session,
        actor=actor,
        action=AuditAction.PARTNER_CREATED,
        object_id=partner.id,
        partner_id=partner.id,
        details={"tier": partner.tier},
        now=now,
    )
    return partner


def _row_of(asked: PartnerCreate, now: datetime) -> PartnerRow:
    defaults = TIERS[asked.tier]
    return PartnerRow(
        id=asked.id or new_id(IdKind.PARTNER),
        name=asked.name,
        tier=asked.tier,
        webhook_enabled=_chosen(asked.webhook_enabled, defaults.webhook_enabled),
        sms_enabled=bool(asked.sms_enabled),
        sms_awaits_owner=asked.sms_enabled is None and defaults.sms_offered,
        sms_fallback=_chosen(asked.sms_fallback, defaults.sms_fallback),
        sms_event_types=type_names(asked.sms_event_types),
        sms_fallback_types=type_names(asked.sms_fallback_types),
        sms_language=asked.sms_language,
        sms_sender=asked.sms_sender,
        sms_daily_cap=asked.sms_daily_cap,
        time_zone=asked.time_zone,
        tracking_enabled=_chosen(asked.tracking_enabled, defaults.tracking_enabled),
        tracking_url_in_payload=asked.tracking_url_in_payload,
        brand_color=asked.brand_color,
        instruction_actions=action_names(asked.instruction_actions),
        no_sundays=asked.no_sundays,
        instruction_reminder=asked.instruction_reminder,
        redelivery_cost=asked.redelivery_cost,
        sms_part_price=asked.sms_part_price,
        created_at=now,
    )


def get_partner(session: Session, partner_id: str, *, owner: str | None = None) -> PartnerRow:
    """One partner. NotFound when there is none, or it is another than `owner`."""
    partner = session.get(PartnerRow, partner_id)
    if partner is None or owner not in (None, partner.id):
        raise NotFound(f"no partner {partner_id}")
    return partner


def change_partner(
    session: Session,
    partner_id: str,
    asked: PartnerChange,
    now: datetime,
    *,
    actor: str,
    by_ops: bool = True,
) -> PartnerRow:
    """Change what is named. Whoever says whether customers are texted ends the wait for that.
    NotFound when there is no such partner; Conflict where somebody other than ops ends a pause of
    ops."""
    partner = locked_partner(session, partner_id)
    wanted = asked.model_dump(exclude_unset=True)
    if "sms_enabled" in wanted:
        wanted["sms_awaits_owner"] = False
    if wanted.get("paused") is False and partner.paused_by_ops and not by_ops:
        raise Conflict(
            "operations has paused this partner: ask them to resume it",
            cause=Refusal.PAUSED_BY_OPS,
        )
    phone = {name: wanted.pop(name) for name in _OF_THE_PHONE if name in wanted}
    changed: dict[str, Sequence[object]] = {
        name: [_written(_setting(partner, name)), _written(value)]
        for name, value in wanted.items()
        if _setting(partner, name) != value
    }
    for name in changed:
        value = wanted[name]
        if name == "paused":
            partner.paused_at = now if value else None
            partner.paused_by_ops = by_ops and bool(value)
        else:
            setattr(partner, name, value)
    changed |= change_contact_phone(session, partner, phone, now, actor=actor)
    if changed:
        record(
            session,
            actor=actor,
            action=AuditAction.PARTNER_CHANGED,
            object_id=partner.id,
            partner_id=partner.id,
            details=changed,
            now=now,
        )
    return partner


def locked_partner(session: Session, partner_id: str) -> PartnerRow:
    """One partner, for its change. NotFound when there is none."""
    partner = session.get(PartnerRow, partner_id, with_for_update=TO_CHANGE, populate_existing=True)
    if partner is None:
        raise NotFound(f"no partner {partner_id}")
    return partner


def list_partners(session: Session, *, after: str | None, limit: int) -> list[PartnerRow]:
    """A page of partners in the order of their ids."""
    query = select(PartnerRow).order_by(col(PartnerRow.id)).limit(limit)
    if after is not None:
        query = query.where(col(PartnerRow.id) > after)
    return list(session.exec(query))


def _setting(partner: PartnerRow, name: str) -> object:
    """A partner's setting as `PartnerChange` names it."""
    return partner.paused_at is not None if name == "paused" else getattr(partner, name)


def _written(value: object) -> object:
    """As the audit log has it: money as everywhere, in a string."""
    return str(value) if isinstance(value, Decimal) else value


def _chosen(asked: bool | None, default: bool) -> bool:
    return default if asked is None else asked

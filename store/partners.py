"""Create and read partners, their endpoints and their signing secrets."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from contracts.audit import AuditAction
from contracts.endpoint_url import url_key
from contracts.errors import Conflict, Invalid, NotFound
from contracts.events import EventType
from contracts.fields import mask_phone
from contracts.ids import IdKind, new_id
from contracts.partners import (
    TIERS,
    EndpointCreate,
    PartnerChange,
    PartnerCreate,
    limit_headers,
    limit_types,
)
from contracts.signature import new_secret
from store.audit import record
from store.endpoint_changes import locked_endpoint, put_headers, refuse_taken_url
from store.locks import TO_CHANGE
from store.sealed_columns import ENDPOINT_SECRET, PARTNER_PHONE
from store.sealing import open_sealed, seal
from store.tables import EndpointRow, EndpointSecretRow, PartnerRow

ROTATION_OVERLAP = timedelta(hours=24)
MOST_SECRETS = 2
"""In force at once: each is one more signature on every request."""


def create_partner(
    session: Session, asked: PartnerCreate, now: datetime, *, actor: str
) -> PartnerRow:
    """Add a partner with its tier's defaults. Conflict when the id is taken."""
    defaults = TIERS[asked.tier]
    partner = PartnerRow(
        id=asked.id or new_id(IdKind.PARTNER),
        name=asked.name,
        tier=asked.tier,
        webhook_enabled=_chosen(asked.webhook_enabled, defaults.webhook_enabled),
        sms_enabled=_chosen(asked.sms_enabled, defaults.sms_enabled),
        sms_fallback=_chosen(asked.sms_fallback, defaults.sms_fallback),
        sms_event_types=_words(asked.sms_event_types),
        sms_fallback_types=_words(asked.sms_fallback_types),
        sms_language=asked.sms_language,
        sms_sender=asked.sms_sender,
        sms_daily_cap=asked.sms_daily_cap,
        time_zone=asked.time_zone,
        created_at=now,
    )
    put_contact_phone(session, partner, asked.contact_phone)
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
    """Change what is named. NotFound when there is no such partner; Conflict where somebody other
    than ops ends a pause of ops."""
    partner = session.get(PartnerRow, partner_id, with_for_update=TO_CHANGE)
    if partner is None:
        raise NotFound(f"no partner {partner_id}")
    wanted = asked.model_dump(exclude_unset=True)
    if wanted.get("paused") is False and partner.paused_by_ops and not by_ops:
        raise Conflict("operations has paused this partner: ask them to resume it")
    phone_changed = "contact_phone" in wanted
    if phone_changed:
        put_contact_phone(session, partner, wanted.pop("contact_phone"))
    changed = {
        name: [_setting(partner, name), value]
        for name, value in wanted.items()
        if _setting(partner, name) != value
    }
    for name, (_, value) in changed.items():
        if name == "paused":
            partner.paused_at = now if value else None
            partner.paused_by_ops = by_ops and bool(value)
        else:
            setattr(partner, name, value)
    if phone_changed:
        changed["contact_phone"] = ["***", "***"]
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


def put_contact_phone(session: Session, partner: PartnerRow, phone: str | None) -> None:
    """Keep the shop owner's phone (E.164): encrypted, and masked for people."""
    partner.contact_phone = seal(session, PARTNER_PHONE, phone, partner.id) if phone else None
    partner.contact_phone_masked = mask_phone(phone) if phone else None


def list_partners(session: Session, *, after: str | None, limit: int) -> list[PartnerRow]:
    """A page of partners in the order of their ids."""
    query = select(PartnerRow).order_by(col(PartnerRow.id)).limit(limit)
    if after is not None:
        query = query.where(col(PartnerRow.id) > after)
    return list(session.exec(query))


def create_endpoint(
    session: Session,
    asked: EndpointCreate,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
) -> tuple[EndpointRow, str]:
    """Add an endpoint to a partner; gives the row and its secret, which is shown only now."""
    # locked, so that its endpoints are counted exactly
    session.get(PartnerRow, asked.partner_id, with_for_update=TO_CHANGE)
    partner = require_room(session, asked, owner=owner)
    endpoint = EndpointRow(
        id=new_id(IdKind.ENDPOINT),
        partner_id=partner.id,
        url=asked.url,
        url_key=url_key(asked.url),
        description=asked.description,
        event_types=_words(asked.event_types),
        schema_version=asked.schema_version,
        auto_recover=asked.auto_recover,
        recovery_rate=asked.recovery_rate,
        in_flight_limit=asked.in_flight_limit,
        rate_limit=asked.rate_limit,
        ordered=asked.ordered,
        created_at=now,
    )
    put_headers(session, endpoint, asked.custom_headers)
    session.add(endpoint)
    session.flush()  # the secret's foreign key needs the row
    _record(session, AuditAction.ENDPOINT_CREATED, endpoint, actor, now)
    return endpoint, _add_secret(session, endpoint.id, now)


def require_room(
    session: Session, asked: EndpointCreate, *, owner: str | None = None
) -> PartnerRow:
    """The partner that an endpoint is asked for, where it may have it. Invalid without such a
    partner or beyond its tier, Conflict when it has as many as it may, or has this URL."""
    partner = session.get(PartnerRow, asked.partner_id)
    if partner is None or owner not in (None, partner.id):
        raise Invalid(f"no partner {asked.partner_id}: create it first", field="partner_id")
    limit_types(partner.tier, asked.event_types)
    limit_headers(partner.tier, asked.custom_headers)
    limit = TIERS[partner.tier].most_endpoints
    if _count_endpoints(session, partner.id) >= limit:
        raise Conflict(f"partner {partner.id} has its {limit} endpoints: remove one first")
    refuse_taken_url(session, partner.id, asked.url)
    return partner


def get_endpoint(session: Session, endpoint_id: str, *, owner: str | None = None) -> EndpointRow:
    """One endpoint that was not removed. NotFound without one, or if it is another partner's."""
    endpoint = session.get(EndpointRow, endpoint_id)
    if endpoint is None or endpoint.removed_at is not None:
        raise NotFound(f"no endpoint {endpoint_id}")
    if owner not in (None, endpoint.partner_id):
        raise NotFound(f"no endpoint {endpoint_id}")
    return endpoint


def list_endpoints(
    session: Session,
    *,
    partner_id: str | None,
    owner: str | None = None,
    after: str | None,
    limit: int,
) -> list[EndpointRow]:
    """A page of endpoints in the order of their ids, of one partner or of all."""
    query = (
        select(EndpointRow)
        .where(col(EndpointRow.removed_at).is_(None))
        .order_by(col(EndpointRow.id))
        .limit(limit)
    )
    for wanted in (partner_id, owner):
        if wanted is not None:
            query = query.where(col(EndpointRow.partner_id) == wanted)
    if after is not None:
        query = query.where(col(EndpointRow.id) > after)
    return list(session.exec(query))


def rotate_secret(
    session: Session,
    endpoint_id: str,
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
    immediate: bool = False,
) -> tuple[EndpointRow, str]:
    """Give an endpoint a new secret; the old one stays in force for 24 hours beside it, or ends
    now where `immediate` asks for that.

    Never more than two are in force: Conflict while a rotation is under way, unless `immediate`.
    Whichever of three ended unasked would be one that the partner may still check with.
    """
    endpoint = locked_endpoint(session, endpoint_id, owner)
    in_force = _secrets_in_force(session, endpoint_id, now)
    if len(in_force) >= MOST_SECRETS and not immediate:
        raise Conflict(
            f"endpoint {endpoint_id} has two secrets in force: wait until the older one ends, "
            f"{ROTATION_OVERLAP // timedelta(hours=1)} hours after the last rotation, or ask with "
            "immediate true, which ends both"
        )
    end = now if immediate else now + ROTATION_OVERLAP
    for old in in_force:
        old.expires_at = min(old.expires_at or end, end)
        session.add(old)
    action = AuditAction.SECRET_REVOKED if immediate else AuditAction.SECRET_ROTATED
    _record(session, action, endpoint, actor, now)
    return endpoint, _add_secret(session, endpoint_id, now)


def secrets_in_force(session: Session, endpoint_id: str, now: datetime) -> list[str]:
    """The secrets to sign with, the newest first."""
    return [
        open_sealed(session, ENDPOINT_SECRET, row.secret, row.id)
        for row in _secrets_in_force(session, endpoint_id, now)
    ]


def _secrets_in_force(session: Session, endpoint_id: str, now: datetime) -> list[EndpointSecretRow]:
    expires = col(EndpointSecretRow.expires_at)
    query = (
        select(EndpointSecretRow)
        .where(col(EndpointSecretRow.endpoint_id) == endpoint_id)
        .where(expires.is_(None) | (expires > now))
        .order_by(col(EndpointSecretRow.id).desc())
        .limit(MOST_SECRETS)
    )
    return list(session.exec(query))


def _add_secret(session: Session, endpoint_id: str, now: datetime) -> str:
    secret_id, secret = new_id(IdKind.SECRET), new_secret()
    sealed = seal(session, ENDPOINT_SECRET, secret, secret_id)
    session.add(
        EndpointSecretRow(id=secret_id, endpoint_id=endpoint_id, secret=sealed, created_at=now)
    )
    return secret


def _record(
    session: Session,
    action: AuditAction,
    endpoint: EndpointRow,
    actor: str,
    now: datetime,
    **details: object,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        object_id=endpoint.id,
        partner_id=endpoint.partner_id,
        details=details,
        now=now,
    )


def _count_endpoints(session: Session, partner_id: str) -> int:
    query = (
        select(func.count())
        .select_from(EndpointRow)
        .where(col(EndpointRow.partner_id) == partner_id)
        .where(col(EndpointRow.removed_at).is_(None))
    )
    return session.exec(query).one()


def _setting(partner: PartnerRow, name: str) -> object:
    """A partner's setting as `PartnerChange` names it."""
    return partner.paused_at is not None if name == "paused" else getattr(partner, name)


def _words(types: Sequence[EventType] | None) -> list[str] | None:
    return None if types is None else [kind.value for kind in types]


def _chosen(asked: bool | None, default: bool) -> bool:
    return default if asked is None else asked

"""Partners' logos: put, taken away, and found by the digest of their bytes."""

import hashlib
from datetime import datetime

from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.tracking.logos import Logo
from store.access.audit import record
from store.partners.partners import locked_partner
from store.tables import PartnerLogoRow, PartnerRow


def put_logo(
    session: Session, partner_id: str, logo: Logo, now: datetime, *, actor: str
) -> PartnerRow:
    """Show this logo from now on, in the place of another. NotFound when there is no such
    partner."""
    partner = locked_partner(session, partner_id)
    digest = hashlib.sha256(logo.content).hexdigest()[:32]
    if partner.logo_digest == digest:
        return partner
    session.merge(
        PartnerLogoRow(
            partner_id=partner_id,
            digest=digest,
            media_type=logo.media_type,
            content=logo.content,
            changed_at=now,
        )
    )
    partner.logo_digest = digest
    size = f"{logo.width}x{logo.height}"
    _record(session, partner, now, actor, {"media_type": logo.media_type, "size": size})
    return partner


def remove_logo(session: Session, partner_id: str, now: datetime, *, actor: str) -> PartnerRow:
    """Show no logo any more. NotFound when there is no such partner."""
    partner = locked_partner(session, partner_id)
    row = session.get(PartnerLogoRow, partner_id)
    if row is not None:
        session.delete(row)
        partner.logo_digest = None
        _record(session, partner, now, actor, {"removed": True})
    return partner


def logo_of_digest(session: Session, digest: str) -> PartnerLogoRow | None:
    """The logo at an address; None where nobody has it."""
    query = select(PartnerLogoRow).where(col(PartnerLogoRow.digest) == digest)
    return session.exec(query.limit(1)).first()


def _record(
    session: Session,
    partner: PartnerRow,
    now: datetime,
    actor: str,
    details: dict[str, str | bool],
) -> None:
    record(
        session,
        actor=actor,
        action=AuditAction.LOGO_CHANGED,
        object_id=partner.id,
        partner_id=partner.id,
        details=details,
        now=now,
    )

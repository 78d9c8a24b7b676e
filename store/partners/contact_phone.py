"""The shop owner's own phone: kept encrypted, and texted once somebody has confirmed it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from contracts.errors import Invalid
from contracts.notifications.kinds import NotificationKind
from contracts.payload.fields import mask_phone
from contracts.refusals import Refusal
from store.access.account_notices import notify_of_change
from store.encryption.columns import PARTNER_PHONE
from store.encryption.sealing import open_sealed, seal
from store.tables import PartnerRow

_HIDDEN = "***"


def nothing_to_confirm() -> Invalid:
    """There is no phone that could be confirmed."""
    return Invalid(
        "there is no contact_phone to confirm: send it as well",
        field="contact_phone_confirmed",
        cause=Refusal.PHONE_MISSING,
    )


def contact_phone(session: Session, partner: PartnerRow) -> str | None:
    """The phone (E.164), where one is set."""
    sealed = partner.contact_phone
    return open_sealed(session, PARTNER_PHONE, sealed, partner.id) if sealed else None


def put_contact_phone(
    session: Session, partner: PartnerRow, phone: str | None, confirmed_at: datetime | None
) -> None:
    """Keep a phone (E.164): encrypted, and masked for people."""
    partner.contact_phone = seal(session, PARTNER_PHONE, phone, partner.id) if phone else None
    partner.contact_phone_masked = mask_phone(phone) if phone else None
    partner.contact_phone_confirmed_at = confirmed_at


def change_contact_phone(
    session: Session,
    partner: PartnerRow,
    wanted: Mapping[str, Any],
    now: datetime,
    *,
    actor: str,
) -> dict[str, Sequence[object]]:
    """Change the phone and whether it is confirmed, as far as `wanted` names them; gives what the
    audit log says of it. Another phone is not confirmed, unless that is named, too. The owners are
    told of another phone. Invalid where there is none to confirm.
    """
    phone, was_confirmed = contact_phone(session, partner), partner.contact_phone_confirmed_at
    new = wanted.get("contact_phone", phone)
    confirmed = wanted.get("contact_phone_confirmed", new == phone and was_confirmed is not None)
    if confirmed and new is None:
        raise nothing_to_confirm()
    changed: dict[str, Sequence[object]] = {}
    if new != phone:
        changed["contact_phone"] = [_HIDDEN, _HIDDEN]
        _notify(session, partner, now, actor, new, confirmed=confirmed)
    if confirmed != (was_confirmed is not None):
        changed["contact_phone_confirmed"] = [was_confirmed is not None, confirmed]
    if changed:
        since = was_confirmed if new == phone and was_confirmed else now
        put_contact_phone(session, partner, new, since if confirmed else None)
    return changed


def _notify(
    session: Session,
    partner: PartnerRow,
    now: datetime,
    actor: str,
    phone: str | None,
    *,
    confirmed: bool,
) -> None:
    notify_of_change(
        session,
        NotificationKind.CONTACT_PHONE_CHANGED,
        now,
        actor=actor,
        partner_id=partner.id,
        change="removed" if phone is None else "changed",
        confirmed=confirmed,
    )

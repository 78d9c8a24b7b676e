"""The shop owner's own phone: used once whoever has it has read the code that was texted there.

The code comes as the OTP of a test text, so that the text is one that is registered for India and
goes the way of every other. Only the code's keyed digest is kept.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.errors import Conflict, Invalid
from contracts.payload.events import EventType
from contracts.refusals import Refusal
from contracts.sms.rules import TextRules
from store.access.audit import record
from store.access.budgets import CODES_TO_PHONE, PHONE_CODES, spend
from store.db.row_locks import TO_CHANGE
from store.encryption.columns import CHECKED_PHONE
from store.encryption.sealing import code_digest, open_sealed, phone_index, seal
from store.events.phones import country_of, is_mobile
from store.partners.contact_phone import change_contact_phone, contact_phone
from store.sms.opt_outs import is_opted_out
from store.sms.test_messages import put_test_text, require_running
from store.tables import PartnerRow, PhoneCheckRow

CODE_VALID_FOR = timedelta(minutes=10)
MOST_ATTEMPTS = 5
_DIGITS = 6


def begin_phone_check(
    session: Session,
    partner_id: str,
    phone: str,
    now: datetime,
    *,
    actor: str,
    rules: TextRules,
) -> str:
    """Text a code to a phone (E.164); gives the event of the text. An earlier check ends.

    Invalid for a phone that gets no texts, Conflict while the partner is paused, LimitReached after
    a few in a while, for the partner as for the phone.
    """
    partner = session.get_one(PartnerRow, partner_id, with_for_update=TO_CHANGE)
    require_running(partner)
    index = phone_index(session, phone)
    _require_textable(session, partner_id, phone, index, rules)
    spend(session, PHONE_CODES, partner_id, now)
    spend(session, CODES_TO_PHONE, index, now)
    code = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
    kind = EventType.OUT_FOR_DELIVERY
    event_id = put_test_text(session, partner_id, kind, phone, now, otp=code)
    session.execute(delete(PhoneCheckRow).where(col(PhoneCheckRow.partner_id) == partner_id))
    session.add(
        PhoneCheckRow(
            partner_id=partner_id,
            phone=seal(session, CHECKED_PHONE, phone, partner_id),
            code_digest=code_digest(session, partner_id, event_id, code),
            event_id=event_id,
            attempts_left=MOST_ATTEMPTS,
            created_at=now,
            expires_at=now + CODE_VALID_FOR,
        )
    )
    _record(session, AuditAction.PARTNER_PHONE_CHECKED, partner_id, actor, now, event_id=event_id)
    return event_id


def begin_check_of_contact_phone(
    session: Session, partner_id: str, now: datetime, *, actor: str, rules: TextRules
) -> str:
    """The same for the contact phone that there is, which nobody has confirmed. Conflict without
    one."""
    phone = contact_phone(session, session.get_one(PartnerRow, partner_id))
    if phone is None:
        raise Conflict(
            f"partner {partner_id} has no contact_phone: set it first",
            cause=Refusal.PHONE_MISSING,
        )
    return begin_phone_check(session, partner_id, phone, now, actor=actor, rules=rules)


def confirm_phone(
    session: Session, partner_id: str, code: str, now: datetime, *, actor: str
) -> bool:
    """Use the phone from now on, where the code is right. False: it is not, and that was counted.

    Conflict without a check under way: it has ended, or was tried too often.
    """
    check = session.get(PhoneCheckRow, partner_id, with_for_update=TO_CHANGE)
    if check is None or check.expires_at <= now or check.attempts_left < 1:
        raise Conflict(
            "no code is awaited: it is too old or was tried too often, ask for another",
            cause=Refusal.CODE_NOT_AWAITED,
        )
    digest = code_digest(session, partner_id, check.event_id, code)
    if not secrets.compare_digest(digest, check.code_digest):
        check.attempts_left -= 1
        return False
    phone = open_sealed(session, CHECKED_PHONE, check.phone, partner_id)
    partner = session.get_one(PartnerRow, partner_id, with_for_update=TO_CHANGE)
    confirmed = {"contact_phone": phone, "contact_phone_confirmed": True}
    changed = change_contact_phone(session, partner, confirmed, now, actor=actor)
    session.delete(check)
    _record(session, AuditAction.PARTNER_CHANGED, partner_id, actor, now, **changed)
    return True


def awaited_check(session: Session, partner_id: str, now: datetime) -> PhoneCheckRow | None:
    """The check of a partner's phone that a code is awaited for."""
    check = session.get(PhoneCheckRow, partner_id)
    over = check is None or check.expires_at <= now or check.attempts_left < 1
    return None if over else check


def drop_old_checks(session: Session, now: datetime, *, limit: int) -> int:
    """Forget the next phones of checks that have ended; gives how many."""
    ended = select(PhoneCheckRow.partner_id).where(col(PhoneCheckRow.expires_at) <= now)
    ids = list(session.exec(ended.limit(limit).with_for_update(skip_locked=True, key_share=True)))
    session.execute(delete(PhoneCheckRow).where(col(PhoneCheckRow.partner_id).in_(ids)))
    return len(ids)


def _require_textable(
    session: Session, partner_id: str, phone: str, index: str, rules: TextRules
) -> None:
    if not is_mobile(phone):
        raise Invalid(
            "this number cannot be texted: send a mobile number",
            field="phone",
            cause=Refusal.PHONE_NOT_MOBILE,
        )
    if country_of(phone) not in rules.test_countries:
        raise Invalid(
            "no test texts go to this country: ask operations to open it",
            field="phone",
            cause=Refusal.TEST_COUNTRY,
        )
    if is_opted_out(session, partner_id, index):
        raise Invalid(
            "this number wants no texts of this shop",
            field="phone",
            cause=Refusal.PHONE_OPTED_OUT,
        )


def _record(
    session: Session,
    action: AuditAction,
    partner_id: str,
    actor: str,
    now: datetime,
    **details: object,
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        object_id=partner_id,
        partner_id=partner_id,
        details=details,
        now=now,
    )

"""How far a partner's set-up has come, out of its rows: nothing here is ticked by a person."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from contracts.payload.events import EventType
from store.sms.senders import texts_of_sender
from store.tables import PartnerRow

_ROWS = text("""
    SELECT
        EXISTS (
            SELECT FROM endpoints WHERE partner_id = :partner_id AND removed_at IS NULL
        ) AS has_endpoint,
        EXISTS (
            SELECT FROM endpoints AS endpoint
            JOIN audit_entries AS entry ON entry.object_id = endpoint.id
            JOIN deliveries AS delivery ON delivery.event_id = entry.details ->> 'event_id'
            WHERE endpoint.partner_id = :partner_id AND endpoint.removed_at IS NULL
                AND entry.action = 'endpoint.tested' AND delivery.state = 'delivered'
        ) AS has_tested_endpoint,
        EXISTS (
            SELECT FROM api_keys WHERE partner_id = :partner_id AND revoked_at IS NULL
        ) AS has_key,
        EXISTS (
            SELECT FROM audit_entries AS entry
            JOIN sms_messages AS sms ON sms.event_id = entry.details ->> 'event_id'
            WHERE entry.object_id = :partner_id
                AND entry.action IN ('partner.texted', 'partner.phone_checked')
                AND sms.state IN ('accepted', 'sent', 'delivered')
        ) AS has_test_sms,
        (
            SELECT count(*) FROM users
            WHERE partner_id = :partner_id AND joined_at IS NOT NULL AND removed_at IS NULL
        ) AS people,
        EXISTS (
            SELECT FROM events WHERE partner_id = :partner_id AND NOT is_test
        ) AS has_real_event
""")


@dataclass(frozen=True)
class SetUp:
    """What is there. `registered` is for how many types of event the sender has a registered text
    in the partner's language (DLT); None: the sender itself is not registered for India."""

    has_endpoint: bool
    has_tested_endpoint: bool
    has_key: bool
    has_test_sms: bool
    people: int
    has_real_event: bool
    registered: int | None


def read_set_up(session: Session, partner: PartnerRow, *, default_sender: str | None) -> SetUp:
    """Everything, in one statement and the registrations of the sender."""
    row = session.execute(_ROWS, {"partner_id": partner.id}).mappings().one()
    return SetUp(**row, registered=_registered(session, partner, default_sender))


def _registered(session: Session, partner: PartnerRow, default_sender: str | None) -> int | None:
    sender = partner.sms_sender or default_sender
    rows = texts_of_sender(session, sender) if sender else None
    if rows is None:
        return None
    known = {one.event_type for one in rows if one.language == partner.sms_language}
    return sum(kind in known for kind in EventType)

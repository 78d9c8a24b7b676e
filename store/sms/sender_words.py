"""The words that partners text with a sender, held against what is registered for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from store.sms.registered import sample_standing, why_blocked
from store.sms.templates import template_in_force
from store.tables import PartnerRow


@dataclass(frozen=True)
class Blocked:
    """Words of a partner that would be blocked in India, and why."""

    partner_id: str
    partner_name: str
    event_type: EventType
    language: Language
    why: str


def partners_of_sender(session: Session, sender: str, rules: TextRules) -> Sequence[PartnerRow]:
    """Whoever texts with it: those that have chosen it, or none where it is the default one."""
    chosen = col(PartnerRow.sms_sender) == sender
    if sender == rules.default_sender:
        chosen = or_(chosen, col(PartnerRow.sms_sender).is_(None))
    uses_sms = or_(col(PartnerRow.sms_enabled).is_(True), col(PartnerRow.sms_fallback).is_(True))
    query = select(PartnerRow).where(chosen, uses_sms).order_by(col(PartnerRow.name))
    return session.exec(query).all()


def blocked_words(
    session: Session, sender: str, rules: TextRules, partners: Sequence[PartnerRow]
) -> list[Blocked]:
    """What of these partners' words matches nothing that is registered."""
    return [
        found
        for partner in partners
        for event_type in partner.sms_event_types or list(EventType)
        if (found := _blocked(session, sender, rules, partner, EventType(event_type))) is not None
    ]


def _blocked(
    session: Session, sender: str, rules: TextRules, partner: PartnerRow, event_type: EventType
) -> Blocked | None:
    template = template_in_force(session, partner.id, event_type, partner.sms_language)
    place = (session, partner, event_type, template.language)
    standing, _ = sample_standing(*place, template.text, rules)
    if standing is None:
        return None
    why = why_blocked(sender, event_type, template.language, standing)
    if why is None:
        return None
    return Blocked(partner.id, partner.name, event_type, template.language, why)

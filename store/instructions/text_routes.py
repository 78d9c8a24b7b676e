"""Where a text about an instruction goes, and the ways in which it may be written."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from contracts.instructions.texts import InstructionTextKind, code_text, reminder_texts
from contracts.sms.dlt import departure
from contracts.sms.rules import TextRules
from contracts.sms.variables import as_text_value
from store.encryption.sealing import phone_index
from store.events.bodies import body_of
from store.events.phones import is_mobile
from store.instructions.codes import new_code
from store.sms.opt_outs import is_opted_out
from store.sms.rendering import page_link
from store.sms.senders import link_prefixes_of, texts_of_sender
from store.tables import EventRow, InstructionTextRow, PartnerRow


@dataclass(frozen=True)
class TextRoute:
    """Where a text goes, and from whom."""

    phone: str = field(repr=False)
    sender: str


def route_of(
    session: Session, text: InstructionTextRow, partner: PartnerRow, rules: TextRules
) -> TextRoute | str:
    """Where it goes; or, in words, why it goes nowhere."""
    event = session.get_one(EventRow, text.event_id)
    customer = body_of(session, event).data.order.customer if event.erased_at is None else None
    sender = partner.sms_sender or rules.default_sender
    if customer is None or customer.phone is None or not is_mobile(customer.phone):
        return "the order has no phone that can be texted"
    if is_opted_out(session, partner.id, phone_index(session, customer.phone)):
        return "the phone has opted out"
    if sender is None:
        return "it has no sender: set TWILIO_SENDER, or the partner's sms_sender"
    return TextRoute(customer.phone, sender)


def ways_to_write(
    session: Session, text: InstructionTextRow, partner: PartnerRow, now: datetime, rules: TextRules
) -> list[str]:
    """The text, the best way first."""
    language, longest = partner.sms_language, rules.longest_value
    names = {
        "shop": as_text_value(partner.name, longest) or "Your shop",
        "order": as_text_value(text.order_id, longest) or "-",
    }
    if text.kind is InstructionTextKind.CODE:
        code = new_code(session, text)
        return [code_text(language, **names, code=code)]
    event = body_of(session, session.get_one(EventRow, text.event_id))
    link = page_link(session, partner, event, now, rules) if partner.tracking_enabled else None
    return reminder_texts(language, **names, link=link)


def may_travel(session: Session, sender: str, body: str, rules: TextRules) -> bool:
    """Whether the operators let it through: it matches some template of its sender, or its sender
    has no registration, and nothing to match."""
    prefixes = tuple(link_prefixes_of(session, sender))
    links = [word for word in body.split() if word.startswith("http")]
    if prefixes and not all(link.startswith(prefixes) for link in links):
        return False
    registered = texts_of_sender(session, sender)
    if registered is None:
        return True
    return any(departure(row.text, body, rules.longest_value) is None for row in registered)

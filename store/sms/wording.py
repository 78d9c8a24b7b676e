"""The words of a text: its template, its values, its parts, and what is registered for India."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from contracts.sms.dlt import departure
from contracts.sms.languages import Language
from contracts.sms.parts import Parts, parts_of
from contracts.sms.rendering import rendered
from contracts.sms.rules import TextRules
from contracts.sms.variables import values_of, without_links
from store.event_bodies import body_of
from store.sms.opt_outs import link_token
from store.sms.phones import INDIA, country_code_of
from store.sms.senders import registered_texts
from store.sms.templates import TemplateInForce, template_in_force
from store.tables import EventRow, PartnerRow


@dataclass(frozen=True)
class Wording:
    """What is to be sent, and what it was made from."""

    body: str = field(repr=False)
    parts: Parts
    sender: str
    language: Language
    template: str
    content_template_id: str | None = None


@dataclass(frozen=True)
class Refused:
    """A text that must not be sent as it is: a code, and a sentence without personal data."""

    wording: Wording
    code: str
    fault: str


def word(
    session: Session,
    event: EventRow,
    partner: PartnerRow,
    phone: str,
    sender: str,
    now: datetime,
    rules: TextRules,
) -> Wording | Refused:
    """The text of an event to a phone (E.164), or why it must not be sent."""
    template = template_in_force(session, partner.id, event.event_type, partner.sms_language)
    values = values_of(
        body_of(session, event),
        shop=partner.name,
        opt_out=_opt_out_link(session, template, partner, phone, now, rules),
        longest=rules.longest_value,
    )
    body = rendered(template.text, values)
    if parts_of(body).count > rules.most_parts:  # rather no link than no text
        body = rendered(template.text, without_links(values))
    worded = Wording(body, parts_of(body), sender, template.language, template.label)
    if worded.parts.count > rules.most_parts:
        fault = f"it takes {worded.parts.count} parts; {rules.most_parts} are allowed: shorten it"
        return Refused(worded, "sms_too_long", fault)
    if country_code_of(phone) != INDIA:
        return worded
    return _as_registered(session, worded, template, rules)


def _as_registered(
    session: Session, worded: Wording, template: TemplateInForce, rules: TextRules
) -> Wording | Refused:
    """Hold a text to India against what its sender has registered; a sender without registration
    has nothing to match (source: TRAI's TCCCPR 2018, enforced by the operators' DLT platforms)."""
    registered = registered_texts(session, worded.sender, template.event_type, template.language)
    if registered is None:
        return worded
    faults = []
    for row in registered:
        fault = departure(row.text, worded.body, rules.longest_value)
        if fault is None:
            return replace(worded, content_template_id=row.content_template_id)
        faults.append(f"{row.content_template_id}: {fault}")
    if not faults:
        fault = f"sender {worded.sender} has no registered text for {template.event_type} in "
        return Refused(worded, "dlt_not_registered", f"{fault}{template.language}: register one")
    return Refused(worded, "dlt_text_differs", "; ".join(faults))


def _opt_out_link(
    session: Session,
    template: TemplateInForce,
    partner: PartnerRow,
    phone: str,
    now: datetime,
    rules: TextRules,
) -> str | None:
    if rules.public_url is None or "{opt_out}" not in template.text:
        return None
    return f"{rules.public_url}/o/{link_token(session, partner.id, phone, now)}"

"""The words of a text: its template, its values, its parts, and what is registered for India."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from contracts.instructions.rules import actions_after
from contracts.payload.events import TrackingEvent
from contracts.sms.languages import Language
from contracts.sms.parts import Parts, parts_of
from contracts.sms.rendering import rendered
from contracts.sms.rules import TextRules
from contracts.sms.variables import (
    values_of,
    with_allowed_links,
    with_fewer_links,
)
from contracts.tracking.links import link_url
from store.events.bodies import body_of
from store.events.phones import INDIA, country_code_of
from store.sms.opt_outs import link_token as opt_out_token
from store.sms.registered import standing_of, why_blocked
from store.sms.senders import link_prefixes_of
from store.sms.templates import TemplateInForce, template_in_force
from store.tables import EventRow, PartnerRow
from store.tracking.links import LinkedOrder, link_token


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
    body = body_of(session, event)
    values = values_of(
        body,
        shop=partner.name,
        page=_page_link(session, template, partner, body, now, rules),
        answer=_answer_link(session, template, partner, body, now, rules),
        opt_out=_opt_out_link(session, template, partner, phone, now, rules),
        longest=rules.longest_value,
    )
    to_india = country_code_of(phone) == INDIA
    if to_india:
        values = with_allowed_links(values, link_prefixes_of(session, sender))
    bodies = list(
        dict.fromkeys(
            rendered(template.text, one) for one in with_fewer_links(values, template.text)
        )
    )
    short = [body for body in bodies if parts_of(body).count <= rules.most_parts]
    if not short:
        worded = _worded(bodies[-1], sender, template)
        fault = f"it takes {worded.parts.count} parts; {rules.most_parts} are allowed: shorten it"
        return Refused(worded, "sms_too_long", fault)
    if not to_india:
        return _worded(short[0], sender, template)
    return _as_registered(session, short, sender, template, rules)


def _worded(body: str, sender: str, template: TemplateInForce) -> Wording:
    return Wording(body, parts_of(body), sender, template.language, template.label)


def _as_registered(
    session: Session,
    bodies: Sequence[str],
    sender: str,
    template: TemplateInForce,
    rules: TextRules,
) -> Wording | Refused:
    """The first way to write a text that its sender may send to India: rather no link than no
    text. A sender without registration has nothing to match."""
    event_type, language = template.event_type, template.language
    standing = standing_of(session, sender, event_type, language, bodies, rules.longest_value)
    worded = _worded((standing and standing.body) or bodies[0], sender, template)
    if standing is None:
        return worded
    fault = why_blocked(sender, event_type, language, standing)
    if fault is None:
        return replace(worded, content_template_id=standing.content_template_id)
    code = "dlt_text_differs" if standing.departures else "dlt_not_registered"
    return Refused(worded, code, fault)


def _page_link(
    session: Session,
    template: TemplateInForce,
    partner: PartnerRow,
    event: TrackingEvent,
    now: datetime,
    rules: TextRules,
) -> str | None:
    """The link to our tracking page, where the order has none and the partner has the page on."""
    is_wanted = partner.tracking_enabled and event.data.order.tracking_url is None
    if not is_wanted or "{track}" not in template.text:
        return None
    return page_link(session, partner, event, now, rules)


def _answer_link(
    session: Session,
    template: TemplateInForce,
    partner: PartnerRow,
    event: TrackingEvent,
    now: datetime,
    rules: TextRules,
) -> str | None:
    """The same link, whatever the order has, where the customer may answer there."""
    failure = event.data.failure
    if failure is None or event.is_test or "{answer}" not in template.text:
        return None
    may_answer = actions_after(failure, partner.instruction_actions)
    if not (partner.tracking_enabled and may_answer):
        return None
    return page_link(session, partner, event, now, rules)


def page_link(
    session: Session, partner: PartnerRow, event: TrackingEvent, now: datetime, rules: TextRules
) -> str | None:
    """The link to an order's tracking page; None where nobody can reach it."""
    if rules.public_url is None:
        return None
    order = LinkedOrder(partner.id, event.data.order.order_id, event.is_test)
    return link_url(rules.public_url, link_token(session, order, now))


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
    return f"{rules.public_url}/o/{opt_out_token(session, partner.id, phone, now)}"

"""Texts held against what their sender has registered for India.

Source: TRAI's TCCCPR 2018, enforced by the operators' DLT platforms.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from contracts.payload.events import EventType
from contracts.sms.dlt import departure
from contracts.sms.languages import Language
from contracts.sms.lint import LintFinding, Severity
from contracts.sms.rendering import rendered
from contracts.sms.rules import TextRules
from contracts.sms.templates import shipped
from contracts.sms.variables import (
    as_text_value,
    sample_values,
    with_allowed_links,
    with_fewer_links,
)
from contracts.tracking.links import link_url
from store.sms.senders import link_prefixes_of, registered_texts
from store.tables import PartnerRow

_SAMPLE_TOKEN = "Vk3xQ9tRb7Lm"
_SAMPLE_PARCEL = "ORD-48213"
_SAMPLE_PAGE = "Vk3xQ9tRb7LmZ2wYc8HdpA"


@dataclass(frozen=True)
class Standing:
    """How a text stands to what its sender has registered.

    `body` is the first of the ways to write it that matches, and `content_template_id` what it
    matches; both None: none does. `departures` say, by content template, where the first way
    departs.
    """

    body: str | None = field(repr=False)
    content_template_id: str | None
    departures: Mapping[str, str]


def standing_of(
    session: Session,
    sender: str,
    event_type: EventType,
    language: Language,
    bodies: Sequence[str],
    longest: int,
) -> Standing | None:
    """Hold a text against the registered ones; `bodies` are the ways to write it, the best first.
    None: the sender is not registered, so that nothing has to match."""
    rows = registered_texts(session, sender, event_type, language)
    if rows is None:
        return None
    departures: dict[str, str] = {}
    for body in bodies:
        for row in rows:
            fault = departure(row.text, body, longest)
            if fault is None:
                return Standing(body, row.content_template_id, departures)
            departures.setdefault(row.content_template_id, fault)
    return Standing(None, None, departures)


def why_blocked(
    sender: str, event_type: EventType, language: Language, standing: Standing
) -> str | None:
    """Why no such text leaves for India, and what to do; None where it may."""
    if standing.body is not None:
        return None
    if not standing.departures:
        fault = f"sender {sender} has no registered text for {event_type} in {language}"
        return f"{fault}: register one"
    return "; ".join(f"{known}: {fault}" for known, fault in standing.departures.items())


def sample_values_for(
    session: Session, partner: PartnerRow, event_type: EventType, rules: TextRules
) -> dict[str, str | None]:
    """The values of a sample order of a partner: its links begin as those of its sender have to,
    that to follow the parcel is our tracking page's where the partner has it, and there is one to
    opt out where texts have one."""
    values: dict[str, str | None] = {
        **sample_values(event_type, shop=partner.name, longest=rules.longest_value)
    }
    values["opt_out"] = f"{rules.public_url}/o/{_SAMPLE_TOKEN}" if rules.public_url else None
    page = _page_of(partner, rules)
    prefixes = tuple(_prefixes_of(session, partner, rules))
    if "answer" in values:
        values["answer"] = f"{page}{_SAMPLE_PAGE}" if page else None
    if page is not None and page.startswith(prefixes or ("",)):
        values["track"] = f"{page}{_SAMPLE_PAGE}"
    elif prefixes:
        values["track"] = f"{prefixes[0]}{_SAMPLE_PARCEL}"
    return values


def sample_standing(
    session: Session,
    partner: PartnerRow,
    event_type: EventType,
    language: Language,
    text: str,
    rules: TextRules,
) -> tuple[Standing | None, list[str]]:
    """How a template stands, filled for a sample order, and the ways to write it: with all its
    links that are allowed first, without any last."""
    sender = _sender_of(partner, rules)
    values = sample_values_for(session, partner, event_type, rules)
    allowed = with_allowed_links(values, _prefixes_of(session, partner, rules))
    bodies = list(dict.fromkeys(rendered(text, one) for one in with_fewer_links(allowed, text)))
    if sender is None:
        return None, bodies
    place = (session, sender, event_type, language)
    return standing_of(*place, bodies, rules.longest_value), bodies


def registration_findings(
    session: Session,
    partner: PartnerRow,
    event_type: EventType,
    language: Language,
    text: str,
    rules: TextRules,
) -> list[LintFinding]:
    """What there is to say about a template that renders, from what is registered for its sender:
    an error where every text of it would be blocked."""
    place = (session, partner, event_type, language)
    standing, bodies = sample_standing(*place, text, rules)
    sender = _sender_of(partner, rules)
    if standing is None or sender is None:
        return []
    if blocked := why_blocked(sender, event_type, language, standing):
        return [LintFinding(Severity.ERROR, f"it will be blocked in India: {blocked}")]
    without_links = standing_of(
        session, sender, event_type, language, bodies[-1:], rules.longest_value
    )
    warnings = [
        *_about_links(standing, bodies, without_links),
        *_about_our_links(session, partner, text, rules),
    ]
    return [LintFinding(Severity.WARNING, message) for message in warnings]


def shipped_departures(
    registered: str, event_type: EventType, language: Language, rules: TextRules
) -> list[str]:
    """Where the shipped text departs from a registered one, with its links and without; nothing
    where it matches either way, or is in another language."""
    there, text = shipped(event_type, language)
    values = sample_values(event_type, shop="Chai Point", longest=rules.longest_value)
    links = with_fewer_links({**values, "opt_out": None}, text)
    ways = [rendered(text, one) for one in links]
    faults = [departure(registered, way, rules.longest_value) for way in ways]
    if there is not language or None in faults:
        return []
    return [f"the shipped text for {event_type} in {language} does not match it: {faults[0]}"]


def name_finding(partner: PartnerRow, text: str, rules: TextRules) -> list[LintFinding]:
    """Says how texts write the shop's name, where that is not how it is written."""
    written = as_text_value(partner.name, rules.longest_value)
    if written == partner.name or "{shop}" not in text:
        return []
    message = f"texts write the shop's name as [{written}]: only letters, digits and ordinary "
    return [LintFinding(Severity.WARNING, f"{message}punctuation may travel, and no link")]


def _about_links(
    standing: Standing, bodies: Sequence[str], without_links: Standing | None
) -> Iterator[str]:
    if standing.body != bodies[0]:
        departs = "; ".join(f"{known}: {fault}" for known, fault in standing.departures.items())
        yield f"texts go without some of their links, or without any: {departs}"
    if without_links is not None and without_links.body is None:
        yield (
            "a text whose link may not travel, or that has none, matches nothing registered and is "
            "not sent: register the text without its links, too"
        )


def _about_our_links(
    session: Session, partner: PartnerRow, text: str, rules: TextRules
) -> Iterator[str]:
    """What of our own links the sender's registration keeps out of texts."""
    prefixes = tuple(_prefixes_of(session, partner, rules))
    opt_out = f"{rules.public_url}/o/" if rules.public_url else None
    page = _page_of(partner, rules)
    for name, link in (("opt_out", opt_out), ("track", page), ("answer", page)):
        if f"{{{name}}}" in text and link and prefixes and not link.startswith(prefixes):
            yield f"texts go without {{{name}}}: add {link} to the sender's link_prefixes"


def _page_of(partner: PartnerRow, rules: TextRules) -> str | None:
    """How the links to the partner's tracking pages begin; None where there are none."""
    has_pages = partner.tracking_enabled and rules.public_url is not None
    return link_url(rules.public_url or "", "") if has_pages else None


def _sender_of(partner: PartnerRow, rules: TextRules) -> str | None:
    return partner.sms_sender or rules.default_sender


def _prefixes_of(session: Session, partner: PartnerRow, rules: TextRules) -> list[str]:
    sender = _sender_of(partner, rules)
    return link_prefixes_of(session, sender) if sender else []

"""What a partner's texts cost in each language: how many parts a sample order's take."""

from collections.abc import Iterator, Mapping

from sqlalchemy import text
from sqlmodel import Session

from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.parts import Parts, parts_of
from contracts.sms.rendering import rendered
from contracts.sms.rules import TextRules
from contracts.sms.templates import shipped
from contracts.sms.variables import with_fewer_links
from store.sms.registered import sample_values_for
from store.tables import PartnerRow

Costs = Mapping[Language, Mapping[EventType, Parts]]
"""How each type of event is texted in each language, as it is in force."""

_OWN = text("""
    SELECT DISTINCT ON (event_type, language) event_type, language, text
    FROM sms_templates WHERE partner_id = :partner_id
    ORDER BY event_type, language, version DESC
""")


def costs_of(session: Session, partner: PartnerRow, rules: TextRules) -> Costs:
    """The parts of each text; where a language has none, those of the English one."""
    own = _own_texts(session, partner.id)
    samples = {kind: sample_values_for(session, partner, kind, rules) for kind in EventType}
    return {
        language: {
            kind: _parts(_in_force(own, kind, language), samples[kind]) for kind in EventType
        }
        for language in Language
    }


def _parts(template: str, values: Mapping[str, str | None]) -> Parts:
    """Of a text with the links that it may have at once."""
    return parts_of(rendered(template, next(with_fewer_links(values, template))))


def _in_force(
    own: Mapping[tuple[EventType, Language], str], kind: EventType, language: Language
) -> str:
    return next(_candidates(own, kind, language))


def _candidates(
    own: Mapping[tuple[EventType, Language], str], kind: EventType, language: Language
) -> Iterator[str]:
    """The partner's own text in the language, the shipped one, then the same in English."""
    for wanted in (language, Language.ENGLISH):
        if (kind, wanted) in own:
            yield own[kind, wanted]
        there, ours = shipped(kind, wanted)
        if there is wanted:
            yield ours


def _own_texts(session: Session, partner_id: str) -> dict[tuple[EventType, Language], str]:
    rows = session.execute(_OWN, {"partner_id": partner_id})
    return {
        (EventType(kind), Language(language)): words
        for kind, language, words in rows
        if words is not None
    }

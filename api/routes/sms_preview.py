"""`/v1/sms/preview`: how a text reads before it is sent, for a sample order."""

from collections.abc import Sequence

from fastapi import APIRouter
from sqlmodel import Session

from api.auth.key_check import OpsOrPartner
from api.dependencies import SmsRules, Store
from api.json_route import JsonRoute
from contracts.errors import Invalid
from contracts.payload.events import EventType
from contracts.sms.bodies import Registered, SmsPreview, SmsPreviewRequest
from contracts.sms.languages import Language
from contracts.sms.lint import LintFinding, Severity
from contracts.sms.parts import parts_of
from contracts.sms.rendering import names_in, rendered
from contracts.sms.rules import TextRules
from contracts.sms.variables import with_fewer_links
from store.sms.registered import sample_standing, sample_values_for
from store.sms.templates import findings_about, template_in_force
from store.tables import PartnerRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/sms/preview", tags=["texts"])

_NOTHING_REGISTERED = "nothing is registered for this type of event in this language: register it"


@router.post("", summary="Preview a text")
async def preview_text(
    asked: SmsPreviewRequest, database: Store, rules: SmsRules, caller: OpsOrPartner
) -> SmsPreview:
    """How a text reads for a sample order of this partner, and what is wrong with it: the one in
    force, or the one in the request. Nothing is sent, and nothing is kept."""
    return await database.read(preview, asked, caller.owner, rules)


def sample_of(
    session: Session, text: str, event_type: EventType, partner: PartnerRow, rules: TextRules
) -> str:
    """A template filled for a sample order, with the links that a text may have at once. A name
    that is no variable stays as it is written: nothing is dropped without a word."""
    unknown = {name: f"{{{name}}}" for name in names_in(text)}
    values = sample_values_for(session, partner, event_type, rules)
    return rendered(text, {**unknown, **next(with_fewer_links(values, text))})


def messages(findings: Sequence[LintFinding], severity: Severity) -> list[str]:
    """What the linter says, of one severity."""
    return [one.message for one in findings if one.severity is severity]


def preview(
    session: Session, asked: SmsPreviewRequest, owner: str | None, rules: TextRules
) -> SmsPreview:
    """How a text reads for a sample order, and what is wrong with it. Invalid without its partner,
    or where that is another than `owner`."""
    partner = session.get(PartnerRow, asked.partner_id)
    if partner is None or owner not in (None, partner.id):
        raise Invalid(f"no partner {asked.partner_id}: create it first", field="partner_id")
    kind, text, language = asked.event_type, asked.text, asked.language or partner.sms_language
    if text is None:
        in_force = template_in_force(session, partner.id, kind, language)
        text, language = in_force.text, in_force.language
    findings = findings_about(session, partner, kind, language, text, rules)
    sample = sample_of(session, text, kind, partner, rules)
    counted = parts_of(sample)
    return SmsPreview(
        text=sample,
        encoding=counted.encoding,
        characters=counted.characters,
        parts=counted.count,
        errors=messages(findings, Severity.ERROR),
        warnings=messages(findings, Severity.WARNING),
        registered=_registered(session, partner, kind, language, text, rules),
    )


def _registered(
    session: Session,
    partner: PartnerRow,
    event_type: EventType,
    language: Language,
    text: str,
    rules: TextRules,
) -> Registered | None:
    """The registered text that a sample matches, perhaps without its links, or where it departs
    from the first one."""
    standing, _ = sample_standing(session, partner, event_type, language, text, rules)
    if standing is None:
        return None
    if standing.body is not None:
        return Registered(content_template_id=standing.content_template_id, departure=None)
    for content_template_id, departs in standing.departures.items():
        return Registered(content_template_id=content_template_id, departure=departs)
    return Registered(content_template_id=None, departure=_NOTHING_REGISTERED)

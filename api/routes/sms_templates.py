"""`/v1/sms/templates`: what texts to customers say, for each type of event and language."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Session

from api.auth.key_check import OpsOrPartner
from api.dependencies import Now, SmsRules, Store
from api.json_route import JsonRoute
from api.openapi.errors import answer
from api.routes.partners import OfPartner, partner_named
from api.routes.sms_preview import messages, sample_of
from api.rows import view_of
from contracts.access.callers import Caller
from contracts.payload.events import EventType
from contracts.sms.bodies import (
    TemplateChanged,
    TemplatePublic,
    TemplatePut,
    TemplateVersionPublic,
)
from contracts.sms.languages import Language
from contracts.sms.lint import Severity
from contracts.sms.parts import parts_of
from contracts.sms.rules import TextRules
from store.partners.partners import get_partner
from store.sms import templates
from store.sms.templates import TemplateInForce, template_in_force
from store.tables import PartnerRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/sms/templates", tags=["texts"])


class TemplateList(BaseModel):
    """All that is in force for a partner."""

    items: list[TemplatePublic]


class TemplateVersions(BaseModel):
    """The versions of a partner's own text, the newest first, a hundred at most."""

    items: list[TemplateVersionPublic]


@router.get("", responses={404: answer(404)}, summary="List the texts of a partner")
async def list_templates(
    database: Store, rules: SmsRules, caller: OpsOrPartner, partner_id: OfPartner = None
) -> TemplateList:
    """What a partner's texts are made from: for each type of event, each language that has a text,
    the partner's own or the shipped one. All are on one page.

    A language that is not in the list is texted in English. A partner's key reads its own; every
    other key names `partner_id`.
    """
    items = await database.read(_list, partner_named(caller, partner_id), caller.owner, rules)
    return TemplateList(items=items)


@router.put("/{event_type}/{language}", summary="Set a text of a partner")
async def put_template(
    event_type: EventType,
    language: Language,
    asked: TemplatePut,
    now: Now,
    database: Store,
    rules: SmsRules,
    caller: OpsOrPartner,
) -> TemplateChanged:
    """Give a partner a text of its own, used from the next text on. Each change is a new version;
    the text that is in force already makes none.

    A template has variables in braces. What stands in brackets is left out whole when a variable in
    it has no value: `[ Track: {track}]`.

    422 for an unknown partner, and for a text that must not be used, with everything that is wrong
    with it: a variable that its type does not have, a brace that is not closed, a shortened link,
    more parts than the settings allow, or nothing that its sender has registered for India.
    """
    return await database.write(_put, event_type, language, asked, now, caller=caller, rules=rules)


@router.delete("/{event_type}/{language}", status_code=204, summary="Remove a text of a partner")
async def remove_template(
    event_type: EventType,
    language: Language,
    now: Now,
    database: Store,
    rules: SmsRules,
    caller: OpsOrPartner,
    partner_id: OfPartner = None,
) -> None:
    """Put the shipped text in force again; the versions stay. 404 when the partner has none of its
    own in force; 409 where its sender has not registered the shipped one, which would be blocked.
    """
    await database.write(
        templates.remove_template,
        partner_named(caller, partner_id),
        event_type,
        language,
        now,
        actor=caller.id,
        owner=caller.owner,
        rules=rules,
    )


@router.get("/{event_type}/{language}/versions", summary="List the versions of a text")
async def list_template_versions(
    event_type: EventType,
    language: Language,
    database: Store,
    caller: OpsOrPartner,
    partner_id: OfPartner = None,
) -> TemplateVersions:
    """The versions of a partner's own text, the newest first, a hundred at most.

    A partner's key reads its own; every other key names `partner_id`.
    """
    rows = await database.read(
        templates.versions, partner_named(caller, partner_id), event_type, language, caller.owner
    )
    return TemplateVersions(items=[view_of(TemplateVersionPublic, row) for row in rows])


def _list(
    session: Session, partner_id: str, owner: str | None, rules: TextRules
) -> list[TemplatePublic]:
    partner = get_partner(session, partner_id, owner=owner)
    found = templates.list_templates(session, partner.id)
    return [TemplatePublic(**_shown(session, one, partner, rules)) for one in found]


def _put(
    session: Session,
    event_type: EventType,
    language: Language,
    asked: TemplatePut,
    now: datetime,
    *,
    caller: Caller,
    rules: TextRules,
) -> TemplateChanged:
    _, findings = templates.put_template(
        session,
        asked.partner_id,
        event_type,
        language,
        asked.text,
        now,
        actor=caller.id,
        owner=caller.owner,
        rules=rules,
    )
    partner = get_partner(session, asked.partner_id)
    in_force = template_in_force(session, partner.id, event_type, language)
    shown = _shown(session, in_force, partner, rules)
    return TemplateChanged(**shown, warnings=messages(findings, Severity.WARNING))


def _shown(
    session: Session, template: TemplateInForce, partner: PartnerRow, rules: TextRules
) -> dict[str, Any]:
    """A template, with what becomes of it for a sample order."""
    sample = sample_of(session, template.text, template.event_type, partner, rules)
    counted = parts_of(sample)
    return {
        "partner_id": partner.id,
        "event_type": template.event_type,
        "language": template.language,
        "text": template.text,
        "own": template.own,
        "version": template.version,
        "encoding": counted.encoding,
        "parts": counted.count,
        "sample": sample,
    }

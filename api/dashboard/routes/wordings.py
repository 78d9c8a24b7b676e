"""The words of one text: ours or the partner's own, tried out before they are saved."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from api.dashboard.desk import OwnerPage, PartnerDesk, PartnerPage
from api.dashboard.forms import Fields, Form
from api.dashboard.text_previews import finding_said, parts_said, preview_in_force
from api.routes.sms_preview import preview
from contracts.events import EventType
from contracts.sms.bodies import LONGEST_TEMPLATE, SmsPreview, SmsPreviewAsked, TemplateText
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from contracts.sms.templates import SHIPPED, shipped
from contracts.sms.variables import variables_for
from store.sms.templates import TemplateInForce, put_template, remove_template
from store.tables import PartnerRow

router = APIRouter()

_text = TypeAdapter[str](TemplateText)


@dataclass(frozen=True)
class _Draft:
    """Words as they were typed, and what is wrong with them where that keeps them from being tried
    out at all."""

    text: str
    unusable: bool = False


@dataclass(frozen=True)
class _Seen:
    """What is in force, and how it, or the draft, reads for a sample order."""

    template: TemplateInForce
    shown: SmsPreview


@router.get("/p/{partner_id}/texts/{event_type}/{language}")
async def wording(desk: PartnerPage, event_type: EventType, language: Language) -> Response:
    """The words of a text, and how a sample order reads in them."""
    return await _wording(desk, event_type, language)


@router.post("/p/{partner_id}/texts/{event_type}/{language}")
async def change_wording(
    desk: OwnerPage, event_type: EventType, language: Language, fields: Form
) -> Response:
    """Try words out, or save them: the button says which. Faults are told beside the words."""
    draft = _draft(fields)
    if not fields.has("save"):
        return await _wording(desk, event_type, language, draft)
    if draft.unusable or await _errors(desk, event_type, language, draft.text):
        return await _wording(desk, event_type, language, draft, 422)
    await desk.write(
        put_template,
        desk.owner,
        event_type,
        language,
        draft.text,
        desk.now(),
        actor=desk.viewer.actor,
        owner=desk.owner,
        rules=desk.parts.text_rules,
    )
    return desk.go_to(f"/texts/{event_type}/{language}", done="wording-saved")


@router.post("/p/{partner_id}/texts/{event_type}/{language}/reset")
async def reset_wording(
    desk: OwnerPage, event_type: EventType, language: Language, _fields: Form
) -> Response:
    """Put our words in force again."""
    await desk.write(
        remove_template,
        desk.owner,
        event_type,
        language,
        desk.now(),
        actor=desk.viewer.actor,
        owner=desk.owner,
        rules=desk.parts.text_rules,
    )
    return desk.go_to(f"/texts/{event_type}/{language}", done="wording-reset")


async def _wording(
    desk: PartnerDesk,
    event_type: EventType,
    language: Language,
    draft: _Draft | None = None,
    status: int = 200,
) -> Response:
    rules = desk.parts.text_rules
    tried = draft.text if draft is not None and not draft.unusable else None
    seen = await desk.read(_seen, desk.partner, event_type, language, tried, rules)
    return desk.page(
        "text_wording",
        status,
        event_type=event_type,
        language=language,
        template=seen.template,
        shown=seen.shown,
        parts=parts_said(desk.words, seen.shown),
        errors=_sentences(seen.shown.errors),
        warnings=_sentences(seen.shown.warnings),
        draft=draft,
        ours=shipped(event_type, language)[1],
        we_have_one=language in SHIPPED[event_type],
        variables=variables_for(event_type),
        longest=LONGEST_TEMPLATE,
        sender=desk.partner.sms_sender or rules.default_sender,
    )


def _seen(
    session: Session,
    partner: PartnerRow,
    event_type: EventType,
    language: Language,
    tried: str | None,
    rules: TextRules,
) -> _Seen:
    found = preview_in_force(session, partner, event_type, language, rules)
    if tried is None:
        return _Seen(found.template, found.shown)
    return _Seen(
        found.template,
        preview(session, _asked(partner.id, event_type, language, tried), partner.id, rules),
    )


async def _errors(
    desk: PartnerDesk, event_type: EventType, language: Language, text: str
) -> list[str]:
    """What keeps words from being saved, as `put_template` would say it all in one."""
    asked = _asked(desk.owner, event_type, language, text)
    return (await desk.read(preview, asked, desk.owner, desk.parts.text_rules)).errors


def _asked(
    partner_id: str, event_type: EventType, language: Language, text: str
) -> SmsPreviewAsked:
    return SmsPreviewAsked(
        partner_id=partner_id, event_type=event_type, language=language, text=text
    )


def _draft(fields: Fields) -> _Draft:
    """The words of a form: browsers end each line with two characters, texts with one."""
    typed = fields.text("text").replace("\r\n", "\n").replace("\r", "\n")
    try:
        return _Draft(_text.validate_python(typed))
    except ValidationError:
        return _Draft(typed, unusable=True)


def _sentences(findings: Sequence[str]) -> list[str]:
    return [finding_said(one) for one in findings]

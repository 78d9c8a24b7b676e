"""The words of one text: ours or the partner's own, tried out before they are saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from api.routes.sms_preview import preview
from contracts.payload.events import EventType
from contracts.sms.bodies import LONGEST_TEMPLATE, SmsPreview, SmsPreviewRequest, TemplateText
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from contracts.sms.templates import SHIPPED, shipped
from contracts.sms.variables import variables_for
from dashboard.forms import Form
from dashboard.lint_texts import finding_said
from dashboard.page_context import OwnerPage, PartnerContext, PartnerPage
from dashboard.sms_costs import cost_said
from dashboard.sms_pages import sms_page
from dashboard.sms_previews import preview_in_force
from dashboard.sms_settings import texted
from store.sms.registered import sample_values_for
from store.sms.templates import TemplateInForce, put_template, remove_template
from store.tables import PartnerRow
from web_forms import Fields

router = APIRouter()

_text = TypeAdapter[str](TemplateText)


@dataclass(frozen=True)
class _Draft:
    """Words as they were typed, and what is wrong with them where that keeps them from being tried
    out at all."""

    text: str
    unusable: bool = False


@dataclass(frozen=True)
class _TemplatePage:
    """What is in force, how it, or the draft, reads for a sample order, and that order's values."""

    template: TemplateInForce
    shown: SmsPreview
    samples: Mapping[str, str | None]


@router.get("/p/{partner_id}/texts/{event_type}/{language}")
async def wording(context: PartnerPage, event_type: EventType, language: Language) -> Response:
    """The words of a text, and how a sample order reads in them."""
    return await _wording(context, event_type, language)


@router.post("/p/{partner_id}/texts/{event_type}/{language}")
async def change_wording(
    context: OwnerPage, event_type: EventType, language: Language, fields: Form
) -> Response:
    """Try words out, or save them: the button says which. Faults are told beside the words."""
    draft = _draft(fields)
    if not fields.has("save"):
        return await _wording(context, event_type, language, draft)
    if draft.unusable or await _errors(context, event_type, language, draft.text):
        return await _wording(context, event_type, language, draft, 422)
    await context.write(
        put_template,
        context.owner,
        event_type,
        language,
        draft.text,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
        rules=context.parts.text_rules,
    )
    is_used = (
        texted(context.partner)[event_type] != "no" and language is context.partner.sms_language
    )
    done = "wording-saved" if is_used else "wording-saved-off"
    return context.go_to(f"/texts/{event_type}/{language}", done=done)


@router.post("/p/{partner_id}/texts/{event_type}/{language}/reset")
async def reset_wording(
    context: OwnerPage, event_type: EventType, language: Language, _fields: Form
) -> Response:
    """Put our words in force again."""
    await context.write(
        remove_template,
        context.owner,
        event_type,
        language,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
        rules=context.parts.text_rules,
    )
    return context.go_to(f"/texts/{event_type}/{language}", done="wording-reset")


async def _wording(
    context: PartnerContext,
    event_type: EventType,
    language: Language,
    draft: _Draft | None = None,
    status: int = 200,
) -> Response:
    rules = context.parts.text_rules
    tried = draft.text if draft is not None and not draft.unusable else None
    seen = await context.read(_seen, context.partner, event_type, language, tried, rules)
    return await sms_page(
        context,
        "sms_template",
        "templates",
        status,
        event_type=event_type,
        language=language,
        template=seen.template,
        shown=seen.shown,
        cost=cost_said(context.words, seen.shown.text),
        samples=seen.samples,
        errors=_sentences(context, seen.shown.errors),
        warnings=_sentences(context, seen.shown.warnings),
        draft=draft,
        ours=shipped(event_type, language)[1],
        we_have_one=language in SHIPPED[event_type],
        variables=variables_for(event_type),
        longest=LONGEST_TEMPLATE,
    )


def _seen(
    session: Session,
    partner: PartnerRow,
    event_type: EventType,
    language: Language,
    tried: str | None,
    rules: TextRules,
) -> _TemplatePage:
    found = preview_in_force(session, partner, event_type, language, rules)
    shown = found.shown
    if tried is not None:
        asked = _asked(partner.id, event_type, language, tried)
        shown = preview(session, asked, partner.id, rules)
    samples = sample_values_for(session, partner, event_type, rules)
    return _TemplatePage(found.template, shown, samples)


async def _errors(
    context: PartnerContext, event_type: EventType, language: Language, text: str
) -> list[str]:
    """What keeps words from being saved, as `put_template` would say it all in one."""
    asked = _asked(context.owner, event_type, language, text)
    return (await context.read(preview, asked, context.owner, context.parts.text_rules)).errors


def _asked(
    partner_id: str, event_type: EventType, language: Language, text: str
) -> SmsPreviewRequest:
    return SmsPreviewRequest(
        partner_id=partner_id, event_type=event_type, language=language, text=text
    )


def _draft(fields: Fields) -> _Draft:
    """The words of a form: browsers end each line with two characters, texts with one."""
    typed = fields.text("text").replace("\r\n", "\n").replace("\r", "\n")
    try:
        return _Draft(_text.validate_python(typed))
    except ValidationError:
        return _Draft(typed, unusable=True)


def _sentences(context: PartnerContext, findings: Sequence[str]) -> list[str]:
    return [finding_said(context.words, one) for one in findings]

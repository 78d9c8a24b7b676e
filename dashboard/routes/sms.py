"""`/p/{partner_id}/texts`: whether customers are texted, what they read, and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session

from contracts.partners import PartnerChange
from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerPage
from dashboard.sms_costs import USUAL_ORDER, cost_said, language_choices
from dashboard.sms_pages import sms_page
from dashboard.sms_previews import TextPreview, preview_in_force
from dashboard.sms_settings import one_of, texted, turned_on
from store.partners.partners import change_partner
from store.sms.costs import Costs, costs_of
from store.sms.daily_caps import texts_today
from store.tables import PartnerRow

router = APIRouter()

Chosen = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True)
class _SmsOverview:
    """What the store says about a partner's SMS. `costs` only where a language is to be chosen."""

    texts: int
    parts: int
    previews: Sequence[TextPreview]
    costs: Costs


@router.get("/p/{partner_id}/texts")
async def texts_of_partner(context: PartnerPage, language: Chosen = "") -> Response:
    """How SMS stand. Where they are off, the step that turns them on, with each text before it."""
    partner, rules, t = context.partner, context.parts.text_rules, context.words
    spoken = (None if partner.sms_enabled else one_of(Language, language)) or partner.sms_language
    seen = await context.read(_seen, partner, spoken, context.now(), rules)
    usual = [seen.costs[spoken][kind].count for kind in USUAL_ORDER]
    return await sms_page(
        context,
        "sms",
        "overview",
        seen=seen,
        language=spoken,
        lines=[(one, cost_said(t, one.shown.text)) for one in seen.previews],
        texted=texted(partner, if_on=True),
        language_choices=language_choices(t, seen.costs),
        usual={"messages": len(usual), "parts": sum(usual)},
        cap=partner.sms_daily_cap or rules.daily_cap,
    )


@router.post("/p/{partner_id}/texts/switch")
async def switch_texts(context: OwnerPage, fields: Form) -> Response:
    """Turn SMS on, in the language in which the owner has seen them, or off; at once."""
    is_on = fields.text("on") == "on"
    language = one_of(Language, fields.text("language")) or context.partner.sms_language
    change = turned_on(language) if is_on else PartnerChange(sms_enabled=False)
    await context.write(
        change_partner, context.owner, change, context.now(), actor=context.viewer.actor
    )
    return context.go_to("/texts", done="texts-on" if is_on else "texts-off")


def _seen(
    session: Session, partner: PartnerRow, language: Language, now: datetime, rules: TextRules
) -> _SmsOverview:
    texts, parts = texts_today(session, partner.id, now)
    return _SmsOverview(
        texts,
        parts,
        [preview_in_force(session, partner, kind, language, rules) for kind in EventType],
        costs_of(session, partner, rules),
    )

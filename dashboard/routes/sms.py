"""Texts to a partner's customers: on or off, for which types, how they read, and a test text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session

from contracts.partners import PartnerChange
from contracts.payload.events import EventType
from contracts.payload.fields import mask_phone
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from dashboard.forms import Form
from dashboard.page_context import OwnerPage, PartnerContext, PartnerPage
from dashboard.sms_previews import TextPreview, parts_said, preview_in_force
from dashboard.sms_settings import as_set, one_of, texted, wanted
from dashboard.state_texts import delivery_said
from dashboard.test_messages import TrialText, trial_text
from store.encryption.columns import CHECKED_PHONE
from store.encryption.sealing import open_sealed
from store.events.phones import INDIA
from store.partners.partners import change_partner
from store.sms.daily_caps import texts_today
from store.sms.phone_checks import awaited_check
from store.sms.suspensions import SuspensionScopes, suspension_in_force
from store.sms.test_messages import accept_test_text
from store.tables import PartnerRow, SmsSuspensionRow

router = APIRouter()

Chosen = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True)
class SmsPageQuery:
    """What the page is asked to show: a language, one type of event or all, and a test text."""

    language: Language
    event_type: EventType | None = None
    test: str | None = None


@dataclass(frozen=True)
class _SmsPage:
    """What the store says about a partner's texts. `checked_phone`: a code is awaited for it."""

    texts: int
    parts: int
    suspension: SmsSuspensionRow | None
    previews: Sequence[TextPreview]
    tested: TrialText | None
    checked_phone: str | None


@router.get("/p/{partner_id}/texts")
async def texts_of_partner(
    context: PartnerPage,
    language: Chosen = "",
    event_type: Annotated[str, Query(alias="type", max_length=64)] = "",
    test: Chosen = "",
) -> Response:
    """What customers are texted, with a preview of each text in the language chosen."""
    spoken = one_of(Language, language) or context.partner.sms_language
    return await texts_page(
        context, SmsPageQuery(spoken, one_of(EventType, event_type), test or None)
    )


@router.post("/p/{partner_id}/texts")
async def change_texts(context: OwnerPage, fields: Form) -> Response:
    """Switch texts on or off, and choose their types, their language and the fallback."""
    asked, fault = wanted(context.partner, fields)
    if fault is not None:
        return await texts_page(
            context, SmsPageQuery(context.partner.sms_language), 422, fault=fault, chosen=asked
        )
    change = PartnerChange.model_validate(asked)
    await context.write(
        change_partner, context.owner, change, context.now(), actor=context.viewer.actor
    )
    return context.go_to("/texts", done="texts-saved")


@router.post("/p/{partner_id}/texts/test")
async def send_test_text(context: PartnerPage, fields: Form) -> Response:
    """Text the shop owner's own phone what a customer would get; the page tells how it goes."""
    kind = one_of(EventType, fields.text("type")) or EventType.ORDER_CONFIRMED
    event_id = await context.write(
        accept_test_text,
        context.owner,
        kind,
        context.now(),
        actor=context.viewer.actor,
        owner=context.owner,
        rules=context.parts.text_rules,
    )
    return context.go_to("/texts", test=event_id)


async def texts_page(
    context: PartnerContext,
    asked: SmsPageQuery,
    status: int = 200,
    *,
    fault: str | None = None,
    phone_fault: str | None = None,
    chosen: Mapping[str, Any] | None = None,
) -> Response:
    """The page. `fault` is why settings were refused, `phone_fault` why a phone or its code was."""
    rules, partner, t = context.parts.text_rules, context.partner, context.words
    seen = await context.read(_seen, partner, asked, context.now(), rules)
    return context.page(
        "sms",
        status,
        seen=seen,
        asked=asked,
        previews=[(one, parts_said(t, one.shown)) for one in seen.previews],
        chosen=chosen or as_set(partner),
        texted=texted(partner),
        types=list(EventType),
        languages=[(one.value, t(f"language-{one}")) for one in Language],
        cap=partner.sms_daily_cap or rules.daily_cap,
        sender=partner.sms_sender or rules.default_sender,
        tested_why=_why_not(context, seen.tested),
        fault=fault,
        phone_fault=phone_fault,
    )


def _why_not(context: PartnerContext, tested: TrialText | None) -> str | None:
    """Why a test text is kept back or did not get through, where there is a reason."""
    if tested is None or tested.delivery is None or tested.message != "tested-not":
        return None
    return delivery_said(context.words, tested.delivery, tested.dead_letter).why


def _seen(
    session: Session, partner: PartnerRow, asked: SmsPageQuery, now: datetime, rules: TextRules
) -> _SmsPage:
    texts, parts = texts_today(session, partner.id, now)
    kinds = [asked.event_type] if asked.event_type else list(EventType)
    sender = partner.sms_sender or rules.default_sender or ""
    return _SmsPage(
        texts,
        parts,
        suspension_in_force(session, SuspensionScopes(partner.id, sender, INDIA)),
        [preview_in_force(session, partner, kind, asked.language, rules) for kind in kinds],
        trial_text(session, asked.test, partner.id, now) if asked.test else None,
        _checked_phone(session, partner.id, now),
    )


def _checked_phone(session: Session, partner_id: str, now: datetime) -> str | None:
    """The phone that a code was texted to and is awaited for, masked."""
    check = awaited_check(session, partner_id, now)
    return (
        mask_phone(open_sealed(session, CHECKED_PHONE, check.phone, partner_id)) if check else None
    )

"""Texts to a partner's customers: on or off, for which types, how they read, and a test text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import Session

from api.dashboard.desk import OwnerPage, PartnerDesk, PartnerPage
from api.dashboard.forms import Form
from api.dashboard.sentences import delivery_said
from api.dashboard.text_previews import TextPreview, parts_said, preview_in_force
from api.dashboard.text_settings import as_set, one_of, texted, wanted
from api.dashboard.trial_texts import TrialText, trial_text
from contracts.events import EventType
from contracts.fields import mask_phone
from contracts.partners import PartnerChange
from contracts.sms.languages import Language
from contracts.sms.rules import TextRules
from store.partners import change_partner
from store.sealed_columns import CHECKED_PHONE
from store.sealing import open_sealed
from store.sms.days import texts_today
from store.sms.phone_checks import awaited_check
from store.sms.phones import INDIA
from store.sms.stops import StopScopes, stop_in_force
from store.sms.trial_texts import accept_test_text
from store.tables import PartnerRow, SmsStopRow

router = APIRouter()

Chosen = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True)
class Asked:
    """What the page is asked to show: a language, one type of event or all, and a test text."""

    language: Language
    event_type: EventType | None = None
    test: str | None = None


@dataclass(frozen=True)
class _Seen:
    """What the store says about a partner's texts. `checked_phone`: a code is awaited for it."""

    texts: int
    parts: int
    stop: SmsStopRow | None
    previews: Sequence[TextPreview]
    tested: TrialText | None
    checked_phone: str | None


@router.get("/p/{partner_id}/texts")
async def texts_of_partner(
    desk: PartnerPage,
    language: Chosen = "",
    event_type: Annotated[str, Query(alias="type", max_length=64)] = "",
    test: Chosen = "",
) -> Response:
    """What customers are texted, with a preview of each text in the language chosen."""
    spoken = one_of(Language, language) or desk.partner.sms_language
    return await texts_page(desk, Asked(spoken, one_of(EventType, event_type), test or None))


@router.post("/p/{partner_id}/texts")
async def change_texts(desk: OwnerPage, fields: Form) -> Response:
    """Switch texts on or off, and choose their types, their language and the fallback."""
    asked, fault = wanted(desk.partner, fields)
    if fault is not None:
        return await texts_page(
            desk, Asked(desk.partner.sms_language), 422, fault=fault, chosen=asked
        )
    change = PartnerChange.model_validate(asked)
    await desk.write(change_partner, desk.owner, change, desk.now(), actor=desk.viewer.actor)
    return desk.go_to("/texts", done="texts-saved")


@router.post("/p/{partner_id}/texts/test")
async def send_test_text(desk: PartnerPage, fields: Form) -> Response:
    """Text the shop owner's own phone what a customer would get; the page tells how it goes."""
    kind = one_of(EventType, fields.text("type")) or EventType.ORDER_CONFIRMED
    event_id = await desk.write(
        accept_test_text,
        desk.owner,
        kind,
        desk.now(),
        actor=desk.viewer.actor,
        owner=desk.owner,
        rules=desk.parts.text_rules,
    )
    return desk.go_to("/texts", test=event_id)


async def texts_page(
    desk: PartnerDesk,
    asked: Asked,
    status: int = 200,
    *,
    fault: str | None = None,
    phone_fault: str | None = None,
    chosen: Mapping[str, Any] | None = None,
) -> Response:
    """The page. `fault` is why settings were refused, `phone_fault` why a phone or its code was."""
    rules, partner, t = desk.parts.text_rules, desk.partner, desk.words
    seen = await desk.read(_seen, partner, asked, desk.now(), rules)
    return desk.page(
        "texts",
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
        tested_why=_why_not(desk, seen.tested),
        fault=fault,
        phone_fault=phone_fault,
    )


def _why_not(desk: PartnerDesk, tested: TrialText | None) -> str | None:
    """Why a test text is kept back or did not get through, where there is a reason."""
    if tested is None or tested.delivery is None or tested.message != "tested-not":
        return None
    return delivery_said(desk.words, tested.delivery, tested.letter).why


def _seen(
    session: Session, partner: PartnerRow, asked: Asked, now: datetime, rules: TextRules
) -> _Seen:
    texts, parts = texts_today(session, partner.id, now)
    kinds = [asked.event_type] if asked.event_type else list(EventType)
    sender = partner.sms_sender or rules.default_sender or ""
    return _Seen(
        texts,
        parts,
        stop_in_force(session, StopScopes(partner.id, sender, INDIA)),
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

"""`/v1/sms/test-messages` and `/v1/sms/usage`: try SMS out on one's own phone, and count them."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.auth.key_check import OpsOrPartner
from api.dependencies import Now, SmsRules, Store
from api.event_views import EventView
from api.json_route import JsonRoute
from api.openapi.errors import answer
from api.routes.partners import OfPartner, partner_named
from contracts.sms.bodies import TestMessageRequest
from store.events.detail import event_detail
from store.partners.partners import get_partner
from store.sms.daily_caps import day_of, texts_today
from store.sms.test_messages import accept_test_text

router = APIRouter(route_class=JsonRoute, prefix="/v1/sms", tags=["texts"])


class SmsUsage(BaseModel):
    """What a partner has sent today (India's day), and how much it may send."""

    day: str = Field(examples=["2026-11-23"])
    messages: int = Field(examples=[118])
    parts: int = Field(description="what Twilio charges for", examples=[203])
    daily_cap: int = Field(examples=[20000])


@router.post(
    "/test-messages",
    status_code=202,
    responses={404: answer(404)},
    summary="Send a test text",
)
async def send_test_message(
    asked: TestMessageRequest, now: Now, database: Store, rules: SmsRules, caller: OpsOrPartner
) -> EventView:
    """Send the partner's `contact_phone`, and no other number, what a customer would get.

    It is a test event that goes to no endpoint. It goes the way of every text, also where
    `sms_event_types` leaves its type out. `GET /v1/events/{event_id}` shows what became of it. Test
    texts do not count towards `sms_daily_cap`: twenty a day have a count of their own.

    409 without a `contact_phone`, for one of a country that is not open
    (`DOORSTEP_TEST_TEXT_COUNTRIES`), and while the partner is paused; 429 after five in an hour.
    """
    event_id = await database.write(
        accept_test_text,
        asked.partner_id,
        asked.event_type,
        now,
        actor=caller.id,
        owner=caller.owner,
        rules=rules,
    )
    return EventView.of(await database.read(event_detail, event_id))


@router.get("/usage", responses={404: answer(404)}, summary="Count the texts of today")
async def get_sms_usage(
    now: Now, database: Store, rules: SmsRules, caller: OpsOrPartner, partner_id: OfPartner = None
) -> SmsUsage:
    """How many SMS, and parts of them, a partner has sent today, India's day, and may send."""
    read = database.read
    row = await read(get_partner, partner_named(caller, partner_id), owner=caller.owner)
    messages, sent_parts = await read(texts_today, row.id, now)
    cap = row.sms_daily_cap or rules.daily_cap
    return SmsUsage(day=day_of(now), messages=messages, parts=sent_parts, daily_cap=cap)

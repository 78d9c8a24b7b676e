"""`/t/{token}`: where the parcel is. Reading changes nothing and is written down nowhere."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from contracts.tracking.links import is_token
from store.sms.opt_outs import link_token
from store.tracking.orders import TrackedOrder, tracked_order
from tracking.languages import language_of
from tracking.limits import count_look, count_miss
from tracking.pages import message, page
from tracking.parcel import customer_phone, parcel_of
from tracking.parts import Now, Parts, PartsDep
from tracking.times import Clock

router = APIRouter()


@router.get("/{token}")
async def tracking_page(token: str, request: Request, parts: PartsDep, now: Now) -> Response:
    """The page of an order. A link that leads nowhere is told from no other such link: whether it
    was mistyped, revoked or has ended, and whether its order was erased."""
    tracked = await _followed(token, request, parts, now)
    if tracked is None:
        return await message(request, language_of(request), 404, "unknown")
    language = language_of(request, tracked.shop.language)
    return await page(
        request,
        "parcel",
        language,
        shop=tracked.shop,
        brand_color=tracked.shop.brand_color,
        parcel=parcel_of(tracked, now),
        clock=Clock(language, tracked.shop.time_zone, now),
        token=token,
    )


@router.get("/{token}/texts")
async def stop_texts(token: str, request: Request, parts: PartsDep, now: Now) -> Response:
    """Lead on to the page that stops the texts about the customer's orders."""
    tracked = await _followed(token, request, parts, now)
    phone = customer_phone(tracked.last) if tracked else None
    if tracked is None or phone is None:
        return await message(request, language_of(request), 404, "unknown")
    opt_out = await parts.database.write(link_token, tracked.shop.id, phone, now)
    return RedirectResponse(f"/o/{opt_out}", 303, {"cache-control": "no-store"})


async def _followed(token: str, request: Request, parts: Parts, now: Now) -> TrackedOrder | None:
    """What a link leads to. TooOften where somebody looks too often, or at too many wrong ones."""
    count_look(request, parts.limits)
    tracked = await parts.database.read(tracked_order, token, now) if is_token(token) else None
    if tracked is None:
        count_miss(request, parts.limits)
    return tracked

"""The page of a parcel: where it is, what was said after a failed attempt, what may be said."""

from datetime import datetime

from fastapi import Request
from fastapi.responses import Response

from tracking.answers import answer_of
from tracking.following import Followed
from tracking.languages import language_of
from tracking.pages import page
from tracking.parcel import parcel_of
from tracking.times import Clock


async def parcel_page(
    request: Request,
    found: Followed,
    now: datetime,
    *,
    too_late: bool = False,
) -> Response:
    """The page as it stands now; `too_late`: what was asked for is not possible any more."""
    tracked = found.tracked
    language = language_of(request, tracked.shop.language)
    return await page(
        request,
        "parcel",
        language,
        409 if too_late else 200,
        shop=tracked.shop,
        brand_color=tracked.shop.brand_color,
        parcel=parcel_of(tracked, now),
        answer=answer_of(found.answers) if found.answers else None,
        clock=Clock(language, tracked.shop.time_zone, now),
        token=found.token,
        notice="notice-changed" if too_late else None,
    )

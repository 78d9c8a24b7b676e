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
    status: int = 200,
    notice: str | None = None,
) -> Response:
    """The page as it stands now; `notice` is a message that says why it is shown again."""
    tracked = found.tracked
    language = language_of(request, tracked.shop.language)
    return await page(
        request,
        "parcel",
        language,
        status,
        shop=tracked.shop,
        brand_color=tracked.shop.brand_color,
        parcel=parcel_of(tracked, now),
        answer=answer_of(found.answers) if found.answers else None,
        clock=Clock(language, tracked.shop.time_zone, now),
        token=found.token,
        notice=notice,
    )

"""`/o/{token}`: where the link in a text leads: a page with one button, which stops the texts.

Opening it changes nothing, because mail scanners and previews of messengers follow links; pressing
the button does. The page has no script, and loads nothing. Who knows the token has the text.
"""

import base64
import hashlib
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api.dependencies import Now, Store
from api.json_route import JsonRoute
from contracts.errors import StoreUnavailable
from store.db.database import Database
from store.partners.partners import get_partner
from store.sms.opt_outs import is_opted_out, linked, opt_out_by_link
from store.tables import OptOutLinkRow

router = APIRouter(route_class=JsonRoute, prefix="/o", include_in_schema=False)

_STYLE = """
body { margin: 0; font: 1.125rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
main { max-width: 32rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.3; }
button { width: 100%; padding: 1rem; font: inherit; font-weight: 600; color: #fff;
  background: #1b1b1b; border: 0; border-radius: 0.5rem; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_HEADERS = {
    "content-security-policy": "; ".join(
        [
            "default-src 'none'",
            f"style-src 'sha256-{_STYLE_HASH}'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    ),
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Texts about your orders</title>
<style>{style}</style>
</head>
<body>
<main>
{content}</main>
</body>
</html>
"""
_ASK = """<h1>Stop texts from {shop}?</h1>
<p>{shop} texts {phone} about orders. If you stop this, nothing more is texted to this number for
{shop}, also not the code (OTP) that a rider asks for.</p>
<p lang="hi">{shop} आपके ऑर्डर के बारे में {phone} पर SMS भेजता है। बंद करने पर इस नंबर पर {shop} का कोई
SMS नहीं आएगा, डिलीवरी के समय माँगा जाने वाला OTP भी नहीं।</p>
<form method="post"><button>Stop the texts · <span lang="hi">SMS बंद करें</span></button></form>
"""
_DONE = """<h1>The texts are stopped</h1>
<p>{phone} gets no more texts from {shop}. What is on its way may still arrive. To have the texts
again, ask the shop.</p>
<p lang="hi">अब {phone} पर {shop} के SMS नहीं आएँगे। जो SMS भेजा जा चुका है, वह अब भी आ सकता है।
SMS फिर से पाने के लिए दुकान से कहें।</p>
"""
_UNKNOWN = """<h1>This link is not known</h1>
<p>Open it again as it is in the text.</p>
<p lang="hi">यह लिंक मान्य नहीं है। SMS में दिए गए लिंक को फिर से खोलें।</p>
"""
_AWAY = """<h1>Try again in a while</h1>
<p>Nothing has changed yet.</p>
<p lang="hi">अभी कुछ नहीं बदला है। कुछ देर बाद फिर से कोशिश करें।</p>
"""


@dataclass(frozen=True)
class _Link:
    """Whose texts a link stops, to which phone, and whether they are stopped."""

    shop: str
    phone_masked: str
    stopped: bool


@router.get("/{token}")
async def ask(token: str, database: Store) -> HTMLResponse:
    """Ask whether the texts shall stop, or say that they are. Changes nothing."""
    return await _answered(database.read(_look, token))


@router.post("/{token}")
async def stop(token: str, now: Now, database: Store) -> HTMLResponse:
    """Stop the texts and say so; again, nothing changes."""
    return await _answered(_press(token, database, now))


async def _press(token: str, database: Database, now: datetime) -> _Link | None:
    link = await database.read(_look, token)
    if link is None or link.stopped:  # guesses never wait for the one writer
        return link
    return await database.write(_stop, token, now)


def _look(session: Session, token: str) -> _Link | None:
    row = linked(session, token)
    if row is None:
        return None
    return _described(session, row, stopped=is_opted_out(session, row.partner_id, row.phone_index))


def _stop(session: Session, token: str, now: datetime) -> _Link | None:
    row = opt_out_by_link(session, token, now)
    return _described(session, row, stopped=True) if row else None


def _described(session: Session, row: OptOutLinkRow, *, stopped: bool) -> _Link:
    return _Link(get_partner(session, row.partner_id).name, row.phone_masked, stopped)


async def _answered(found: Awaitable[_Link | None]) -> HTMLResponse:
    """The page to a link. One that nobody knows is told from nothing else; and a customer reads no
    problem document, also while the database is away."""
    try:
        link = await found
    except StoreUnavailable:
        return _html(_AWAY, 503)
    if link is None:
        return _html(_UNKNOWN, 404)
    content = _DONE if link.stopped else _ASK
    shop = f"<bdi>{escape(link.shop)}</bdi>"
    return _html(content.format(shop=shop, phone=escape(link.phone_masked)), 200)


def _html(content: str, status: int) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(style=_STYLE, content=content), status, _HEADERS)

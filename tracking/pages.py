"""Pages out of templates, and what their answers say: keep nothing, tell nobody, load our own only.

The tag of a page is a digest of it: the script asks with the one it has, and a page that is the
same is not sent again (RFC 9110, section 13.1.2).
"""

import asyncio
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contracts.sms.languages import Language
from contracts.tracking.links import PAGE_PATH
from tracking.assets import script_address, style_address
from tracking.languages import NAMES, words_in
from tracking.parcel import reason_message

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
}
_TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["isolated"] = lambda text: f"\u2068{text}\u2069"
    environment.globals["languages"] = NAMES
    environment.globals["style"] = style_address
    environment.globals["script"] = script_address()
    environment.globals["reason"] = reason_message
    return environment


def load_pages() -> None:
    """Read all words and templates, before anybody asks for a page: they take a process half a
    second, and whoever asks meanwhile would read them, too."""
    for language in NAMES:
        words_in(language)
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


async def page(
    request: Request,
    template: str,
    language: Language,
    status: int = 200,
    headers: dict[str, str] | None = None,
    /,
    **shown: Any,
) -> Response:
    """A page; `template` is a file's name in `templates/`, without `.html`. 304 where the browser
    has it already."""
    content = await asyncio.to_thread(_rendered, template, language, shown)
    tag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    all_headers = {**_HEADERS, "etag": tag, "content-language": language.value, **(headers or {})}
    if status == 200 and _has(request, tag):
        return Response(status_code=304, headers=all_headers)
    return HTMLResponse(content, status, all_headers)


async def message(
    request: Request,
    language: Language,
    status: int,
    name: str,
    headers: dict[str, str] | None = None,
) -> Response:
    """A page that says one thing, and nothing of anybody: `message-<name>` in the words."""
    return await page(request, "message", language, status, headers, name=name, brand_color=None)


def lead_to(request: Request, place: str) -> Response:
    """Lead on to another page below `/t`, in the language that was switched to."""
    language = request.query_params.get("lang")
    query = f"?{urlencode({'lang': language})}" if language else ""
    return RedirectResponse(f"{PAGE_PATH}/{place}{query}", 303, _HEADERS)


def _rendered(template: str, language: Language, shown: Mapping[str, Any]) -> str:
    """In a thread: events are taken on the loop that pages share with them, and the first page
    reads words and templates."""
    words = words_in(language)
    return _environment().get_template(f"{template}.html").render(t=words, **shown)


def _has(request: Request, tag: str) -> bool:
    """Proxies that compress make tags weak."""
    tags = request.headers.get("if-none-match", "").split(",")
    return tag in (one.strip().removeprefix("W/") for one in tags)

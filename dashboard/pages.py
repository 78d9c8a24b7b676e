"""Pages out of templates: Jinja2 with everything escaped, strict about what is missing.

The policy lets a page load what we serve ourselves and nothing else, and run no inline script and
no inline style: what somebody manages to put into a page stays text.
"""

import asyncio
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket, BytecodeCache
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.assets import address_of
from dashboard.frame import Frame, frame_of
from dashboard.languages import words_for
from dashboard.translations import Words, languages, words_in

_TEMPLATES = Path(__file__).parent / "templates"


class _CompiledOnce(BytecodeCache):
    """Templates as the first language compiled them: their code is the same for every one."""

    def __init__(self) -> None:
        self._code: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code that there is."""
        bucket.code = self._code.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep new code."""
        if bucket.code is not None:
            self._code[bucket.key] = bucket.code


@cache
def _compiled() -> _CompiledOnce:
    return _CompiledOnce()


@cache
def _environment(language: str) -> Environment:
    """One for each language: the parts that templates import know its words, too."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled(),
    )
    environment.globals["t"] = words_in(language)
    environment.globals["asset"] = address_of
    return environment


def read_all() -> None:
    """Read and compile the words and every template: a second or two of a core."""
    for language in languages():
        environment = _environment(language)
        for name in environment.list_templates(extensions=["html"]):
            environment.get_template(name)


class ReadFirst:
    """Reads what pages are made of before the first one, in a thread: events are taken on the loop
    that the pages share with them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._reading: asyncio.Future[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve once everything is read."""
        if self._reading is None:
            self._reading = asyncio.ensure_future(asyncio.to_thread(read_all))
        await asyncio.shield(self._reading)
        await self._app(scope, receive, send)


def page(
    request: Request,
    template: str,
    status: int = 200,
    /,
    *,
    words: Words | None = None,
    **shown: Any,
) -> HTMLResponse:
    """A page, in the language of the request unless `words` are of another; `template` is a file's
    name in `templates/`, without `.html`."""
    language = (words or words_for(request)).language
    frame = frame_of(request)
    content = (
        _environment(language)
        .get_template(f"{template}.html")
        .render(page_languages=languages(), frame=frame, **shown)
    )
    return HTMLResponse(content, status, {**_headers(frame), "content-language": language})


def _headers(frame: Frame) -> dict[str, str]:
    return {
        "content-security-policy": policy(frame.brand.logo_origin, frame.embed_origin),
        "cache-control": "no-store",
    }


@cache
def policy(logo_origin: str | None, embed_origin: str | None) -> str:
    """What a page may load, and who may show it in a frame: one other origin, or nobody."""
    pictures = f" {logo_origin}" if logo_origin else ""
    framed_by = embed_origin or "'none'"
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            f"img-src 'self' data:{pictures}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {framed_by}",
        ]
    )

"""In whose name a page is shown, in which look, and where: what is the same around every page."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from fastapi import Request
from fastapi.responses import Response

from api.dependencies import Parts
from contracts.brand import Brand, Shades
from dashboard.assets import ASSETS, address_of
from dashboard.cookies import give_cookie, take_cookie

BRAND_STYLE, BRAND_LOGO = "brand.css", "brand-logo"
_THEME_COOKIE = "doorstep_theme"
_A_YEAR = 365 * 24 * 3600


class Theme(StrEnum):
    """How light pages are."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Frame:
    """The brand, the look that somebody has chosen, and which other origin may show us. `here` is
    the address of the page, to come back to; nothing where it only answers a form."""

    brand: Brand
    theme: Theme
    embed_origin: str | None
    here: str
    has_provider: bool
    """Whether some people sign in by the company's identity provider."""

    @property
    def themes(self) -> tuple[Theme, ...]:
        """Those that one may choose from."""
        return tuple(Theme)

    @property
    def logo(self) -> str:
        """Where the page finds the logo."""
        if self.brand.logo is not None:
            return f"{ASSETS}/{BRAND_LOGO}?v={_digest(self.brand.logo.content)}"
        return self.brand.logo_address or address_of("icon.svg")

    @property
    def style(self) -> str | None:
        """Where the page finds the brand's colour; None where it is ours."""
        style = brand_style(self.brand)
        return f"{ASSETS}/{BRAND_STYLE}?v={_digest(style)}" if style else None


def frame_of(request: Request) -> Frame:
    """What is around the page that answers a request."""
    parts: Parts | None = getattr(request.app.state, "parts", None)
    brand = parts.brand if parts else Brand()
    embed_origin = parts.embed_origin if parts else None
    has_provider = parts is not None and parts.oidc is not None
    return Frame(brand, _theme(request), embed_origin, _here(request), has_provider)


def choose_theme(answer: Response, parts: Parts, wanted: str) -> None:
    """Remember a look; what is none is the system's."""
    if wanted in (Theme.LIGHT, Theme.DARK):
        give_cookie(answer, parts, _THEME_COOKIE, wanted, max_age=_A_YEAR)
    else:
        take_cookie(answer, parts, _THEME_COOKIE)


@cache
def brand_style(brand: Brand) -> bytes:
    """The brand's colour in both looks, as a stylesheet of its own; empty where it is ours."""
    light, dark = brand.light, brand.dark
    if light is None or dark is None:
        return b""
    roles = {"brand": "brand", "brand-ink": "ink", "brand-soft": "soft"}
    lines = "".join(
        f"--{role}: light-dark({_shade(light, shade)}, {_shade(dark, shade)}); "
        for role, shade in roles.items()
    )
    return f":root:root {{ {lines}}}\n".encode()


def _shade(shades: Shades, name: str) -> str:
    return str(getattr(shades, name))


def _theme(request: Request) -> Theme:
    wanted = request.cookies.get(_THEME_COOKIE)
    return Theme(wanted) if wanted in list(Theme) else Theme.SYSTEM


def _here(request: Request) -> str:
    if request.method != "GET":
        return ""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]

"""The company in whose name the dashboard is shown: its name, its logo and its colour.

A company's colour is seldom readable as text on every ground. It is darkened where pages are light,
and lightened where they are dark, until it is.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from contracts.colours import READABLE, contrast, mixed, readable
from contracts.errors import Invalid
from contracts.tracking.logos import Logo, read_logo

PRODUCT = "Doorstep"
LONGEST_NAME = 40
_WHITE, _BLACK = "#ffffff", "#000000"
_LIGHT_GROUNDS, _DARK_GROUNDS = ("#ffffff", "#f7f8f8"), ("#181d1b", "#101413", "#202725")
_DARK_INK = "#0b1412"
_HELP = re.compile(r"https://[^\s\"'<>]+|mailto:[^\s\"'<>?@]+@[^\s\"'<>?@]+")
_DATA = re.compile(r"data:image/(?:png|jpeg|webp);base64,([A-Za-z0-9+/=]+)")


@dataclass(frozen=True)
class Shades:
    """A colour for one look: as text and for buttons, what is written on it, and a soft ground."""

    brand: str
    ink: str
    soft: str


@dataclass(frozen=True)
class Brand:
    """`logo` is served by us, `logo_address` is where another server has it: one of them, or
    neither. `colour` as the company has it; None: ours."""

    name: str = PRODUCT
    logo: Logo | None = None
    logo_address: str | None = None
    colour: str | None = None
    help_address: str | None = None

    @property
    def logo_origin(self) -> str | None:
        """Where the pages load the logo from, where that is another server."""
        if self.logo_address is None:
            return None
        parts = urlsplit(self.logo_address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def light(self) -> Shades | None:
        """Its colour where pages are light."""
        return _shades(self.colour, _LIGHT_GROUNDS, _BLACK, 0.1) if self.colour else None

    @property
    def dark(self) -> Shades | None:
        """Its colour where pages are dark."""
        return _shades(self.colour, _DARK_GROUNDS, _WHITE, 0.18) if self.colour else None


def _shades(colour: str, grounds: tuple[str, ...], towards: str, share: float) -> Shades:
    """Its soft ground is a little of the colour itself, and has to let it be read as well."""
    soft = mixed(colour, grounds[0], share)
    brand = readable(colour, (*grounds, soft), towards)
    ink = _WHITE if contrast(_WHITE, brand) >= READABLE else _DARK_INK
    return Shades(brand, ink, soft)


def is_help_address(text: str) -> bool:
    """Whether a page may link to it."""
    return _HELP.fullmatch(text) is not None


def logo_address(address: str) -> str:
    """The address of a logo that another server has, as a policy may name it. Invalid otherwise."""
    parts = urlsplit(address)
    if not parts.hostname or "@" in parts.netloc or re.search(r"[\s;,'\"]", address):
        raise Invalid("use https://host/path of a picture", field="logo")
    return address


def logo_in(data: str) -> Logo:
    """The logo in a `data:` address. Invalid where it is none that can be shown."""
    match = _DATA.fullmatch(data)
    if match is None:
        raise Invalid("use data:image/png;base64,… (or jpeg, webp)", field="logo")
    try:
        return read_logo(base64.b64decode(match[1], validate=True))
    except binascii.Error:
        raise Invalid("its base64 is not whole", field="logo") from None

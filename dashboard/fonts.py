"""The fonts that pages are set in: Inter for Latin, Noto Sans for the scripts of India.

`make fonts` fetches them, with their hashes checked, into `static/fonts`. Where they are not, pages
are set in what the machine has. Each names the characters that it is for, and none twice, so that a
browser loads it for a page that shows some of them, and for no other.
"""

from dataclasses import dataclass
from pathlib import Path

FAMILY = "Doorstep Sans"
FOLDER = Path(__file__).parent / "static" / "fonts"


@dataclass(frozen=True)
class Font:
    """One file, the characters that it is for, and the weights that are in it; those that are not
    are made by the browser. One weight of a script of India is half as many bytes as all."""

    name: str
    characters: str
    weights: str = "400"


FONTS = (
    Font(
        "inter.woff2",
        "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, "
        "U+0329, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
        weights="100 900",
    ),
    Font("devanagari.woff2", "U+0900-097F, U+1CD0-1CF9, U+A830-A839, U+A8E0-A8FF"),
    Font("tamil.woff2", "U+0B82-0BFA"),
    Font("kannada.woff2", "U+0C80-0CF3"),
)


def fonts_here(folder: Path = FOLDER) -> tuple[Font, ...]:
    """Those that were fetched."""
    return tuple(font for font in FONTS if (folder / font.name).is_file())


def font_face(font: Font, address: str) -> str:
    """The rule that has a browser load it."""
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {font.weights}; '
        f'font-display: swap; src: url("{address}") format("woff2"); '
        f"unicode-range: {font.characters}; }}"
    )

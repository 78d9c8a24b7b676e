"""The fonts: each for its own characters, loaded where it was fetched and left out where not."""

import re
from pathlib import Path

from dashboard.fonts import FAMILY, FONTS, Font, font_face, fonts_here
from tests.dashboard.colours import STYLE


def test_no_character_is_in_two_fonts() -> None:
    """A browser would load the later one for it, too: a page in Hindi all three of India's."""
    seen: set[int] = set()
    for font in FONTS:
        mine = _characters(font.characters)
        assert not seen & mine, font.name
        seen |= mine


def test_each_script_has_one() -> None:
    for text in ("Order ORD-1: 50 %", "ऑर्डर", "ஆர்டர்", "ಆದೇಶ"):
        [font] = [one for one in FONTS if {ord(letter) for letter in text} <= _all_of(one)]
        assert font


def test_only_what_was_fetched_is_loaded(tmp_path: Path) -> None:
    assert fonts_here(tmp_path) == ()
    (tmp_path / "tamil.woff2").write_bytes(b"a font")
    [here] = fonts_here(tmp_path)
    assert here.name == "tamil.woff2"
    face = font_face(here, "/dashboard/assets/tamil.woff2?v=1")
    assert f'font-family: "{FAMILY}"' in face
    assert "font-display: swap" in face


def test_without_them_pages_are_set_in_what_the_machine_has() -> None:
    [families] = re.findall(rf'font: [^;]*("{FAMILY}"[^;]*);', STYLE)
    assert families.count(",") >= 3
    assert families.endswith("sans-serif")


def _all_of(font: Font) -> set[int]:
    return _characters(font.characters)


def _characters(ranges: str) -> set[int]:
    found: set[int] = set()
    for one in ranges.split(", "):
        first, _, last = one.removeprefix("U+").partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found

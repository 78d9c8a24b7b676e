"""The stylesheet: whole, and with every class that the pages use."""

import re
from pathlib import Path

import dashboard

_FOLDER = Path(dashboard.__file__).parent
_STYLE = re.sub(
    r"/\*.*?\*/", "", (_FOLDER / "static" / "doorstep.css").read_text(), flags=re.DOTALL
)
_TONES = {"good", "bad", "waiting", "quiet"}
"""They come from `sentences.py`."""


def test_every_brace_is_closed() -> None:
    depth = 0
    for brace in re.findall(r"[{}]", _STYLE):
        depth += 1 if brace == "{" else -1
        assert 0 <= depth <= 2
    assert depth == 0


def test_every_class_is_one_that_a_page_has() -> None:
    styled = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "", _STYLE)))
    pages = " ".join(file.read_text() for file in _FOLDER.rglob("*.html"))
    used = set(re.findall(r"[\w-]+", pages))
    assert styled - used - _TONES == set()


def test_colours_have_roles_and_each_is_there_for_light_and_dark() -> None:
    light, dark = (
        set(re.findall(r"(--[\w-]+):", block))
        for block in re.findall(r":root \{(.*?)\}", _STYLE, re.DOTALL)
    )
    assert light - dark == {"--step", "--round"}
    assert not re.search(r"#[0-9a-f]{3,8}\b", re.sub(r":root \{.*?\}", "", _STYLE, flags=re.DOTALL))

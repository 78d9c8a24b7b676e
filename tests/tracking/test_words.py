"""The words of the page: the same messages in every language, and none outside of them."""

import re
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

import tracking
from contracts.instructions.words import InstructionAction, Slot
from contracts.payload.events import EventType
from contracts.payload.groups import KNOWN_REASON_CODES, Delivery, Failure, Return, Rider
from contracts.sms.languages import Language
from tracking.languages import NAMES, words_in

_FOLDER = Path(tracking.__file__).parent
_ID = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{ \$(\w+)")
_MARK_UP = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"')
"""One that a template adds to a tag by a macro."""
_LETTERS = {
    Language.HINDI: "\u0900-\u097f",
    Language.TAMIL: "\u0b80-\u0bff",
    Language.KANNADA: "\u0c80-\u0cff",
}


def written(language: Language) -> dict[str, str]:
    """Each message of a language as it is written."""
    text = "\n".join(one.read_text() for one in (_FOLDER / "words" / language).glob("*.ftl"))
    parts = _ID.split(text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def choices(model: type, field: str) -> list[str]:
    """The words that a closed field may have."""
    kind = model.model_fields[field].annotation  # type: ignore[attr-defined]
    flat = [one for arg in get_args(kind) for one in (get_args(arg) or [arg])]
    return [one for one in flat if isinstance(one, str)]


WANTED = [
    *(f"{kind}-{one}" for kind, one in product(("state", "step"), EventType)),
    *(f"reason-{one}" for one in KNOWN_REASON_CODES if one != "other"),
    *(f"reason-kind-{one}" for one in choices(Failure, "reason_category")),
    *(f"next-{one}" for one in choices(Failure, "next_action")),
    *(f"return-{one}" for one in choices(Return, "return_type")),
    *(f"recipient-{one}" for one in choices(Delivery, "recipient_type")),
    *(f"vehicle-{one}" for one in choices(Rider, "vehicle_type")),
    *(f"action-{one}" for one in InstructionAction),
    *(f"slot-{one}" for one in (*Slot, "any")),
    *(f"said-{one}" for one in ("open", "accepted", "rejected")),
    *(f"fault-{one}" for one in ("when", "address", "phone", "pincode", "too-long", "text")),
    *("line1", "line2"),
]


def test_every_language_has_a_name_for_itself() -> None:
    assert list(NAMES) == list(Language)


@pytest.mark.parametrize("language", Language)
class TestEachLanguage:
    def test_it_has_every_message_and_no_other(self, language: Language) -> None:
        assert list(written(language)) == list(written(Language.ENGLISH))

    def test_a_message_names_the_same(self, language: Language) -> None:
        for name, english in written(Language.ENGLISH).items():
            there = set(_PLACEHOLDER.findall(written(language)[name]))
            assert there == set(_PLACEHOLDER.findall(english)), name

    def test_it_is_written_in_its_own_letters(self, language: Language) -> None:
        own = _LETTERS.get(language, "A-Za-z")
        for name, message in written(language).items():
            assert re.search(f"[{own}]", message), name

    def test_every_word_of_the_contract_has_its_message(self, language: Language) -> None:
        assert [one for one in WANTED if not words_in(language).has(one)] == []


def test_no_message_is_left_over() -> None:
    sources = [*_FOLDER.rglob("*.py"), *_FOLDER.rglob("*.html")]
    said = "\n".join(one.read_text() for one in sources)
    quoted = set(re.findall(r"""["']([a-z][a-z-]*)["'{]""", said))
    beginnings = tuple(one for one in quoted if one.endswith("-"))
    about_times = "expected late next-attempt delivered return-expected ask-until said-accepted"
    near = tuple(f"{one}-" for one in (*about_times.split(), "day", "near"))
    names = written(Language.ENGLISH)
    rest = [one for one in names if one not in quoted and one not in WANTED]
    assert [one for one in rest if not one.startswith((*beginnings, *near))] == []


@pytest.mark.parametrize("file", sorted(_FOLDER.rglob("*.html")), ids=lambda file: file.name)
def test_a_template_says_nothing_by_itself(file: Path) -> None:
    bare = _ATTRIBUTE.sub(" ", _MARK_UP.sub(" ", file.read_text()))
    assert re.findall(r"[A-Za-z]{3,}", bare) == []

"""The words: every message that is asked for is there, every one that is there is asked for, and
nothing is said outside of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dashboard
from contracts.access.audit import AuditAction
from contracts.access.users import Role
from contracts.delivery.advice import Advice
from contracts.delivery.states import (
    Channel,
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    EventState,
    HoldReason,
    SkipReason,
    Trigger,
)
from contracts.endpoints.health import HealthState
from contracts.payload.events import EventType
from dashboard.translations import MissingWords, words_in

_FOLDER = Path(dashboard.__file__).parent
_SOURCES = [*_FOLDER.rglob("*.py"), *_FOLDER.rglob("*.html")]
_ID = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)
_QUOTED = re.compile(r"""["']([a-z][a-z0-9_-]*-?)(?:["'{])""")
_MARK_UP = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r'[\w:-]+="[^"]*"')
"""One that a template adds to a tag by a block or a macro."""

_OF_CHANGES = ("scope-",)
"""The values of a field in the log of changes, by the table there."""

_STATES = {
    "type": EventType,
    "channel": Channel,
    "event": EventState,
    "state": DeliveryState,
    "why-held": HoldReason,
    "why-skipped": SkipReason,
    "why-dead": DeadLetterReason,
    "resolved": DeadLetterResolution,
    "trigger": Trigger,
    "advice": Advice,
    "skipped": SkipReason,
    "health": HealthState,
    "role": Role,
}


def messages() -> set[str]:
    """Every message of the English words."""
    files = (_FOLDER / "words" / "en").glob("*.ftl")
    return {name for file in files for name in _ID.findall(file.read_text())}


def said_in_code() -> Iterator[str]:
    """Everything in quotes that may be a message, or the beginning of one."""
    for file in _SOURCES:
        for found in _QUOTED.findall(file.read_text()):
            yield found.replace("_", "-")


@pytest.mark.parametrize("prefix", _STATES)
def test_every_word_of_the_design_has_its_message(prefix: str) -> None:
    missing = [one for one in _STATES[prefix] if not words_in().has(f"{prefix}-{one}")]
    assert missing == []


def test_every_action_of_the_audit_log_has_its_sentence() -> None:
    names = [action.replace(".", "-") for action in AuditAction]
    assert [name for name in names if not words_in().has(f"audit-{name}")] == []


def test_no_message_is_left_over() -> None:
    said = set(said_in_code())
    said |= {f"{one}-title" for one in said if one.startswith("failure-")}
    beginnings = (*(one for one in said if one.endswith("-")), *_OF_CHANGES)
    rest = {one for one in messages() if one not in said and not one.startswith(beginnings)}
    ours = {one for one in rest if not one.startswith("done-")}
    done = {one for one in rest - ours if one.removeprefix("done-") not in said}
    assert ours | done == set()


def test_what_is_missing_is_a_mistake_that_is_seen() -> None:
    with pytest.raises(MissingWords, match="no message nothing-of-the-kind"):
        words_in()("nothing-of-the-kind")
    with pytest.raises(MissingWords, match="invitation-for"):
        words_in()("invitation-for", name="Priya")


@pytest.mark.parametrize("file", sorted(_FOLDER.rglob("*.html")), ids=lambda file: file.name)
def test_a_template_says_nothing_by_itself(file: Path) -> None:
    bare = _ATTRIBUTE.sub(" ", _MARK_UP.sub(" ", file.read_text()))
    words = [word for word in re.findall(r"[A-Za-z]{3,}", bare) if word != "Doorstep"]
    assert words == []

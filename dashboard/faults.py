"""What is wrong with what was sent, and why something cannot be done, in the words of the page.

Nothing of what the API or pydantic says about it is shown: that is English, and for developers.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from contracts.errors import DoorstepError, LimitReached
from contracts.payload.faults import words_of
from contracts.refusals import Refusal
from dashboard.times import span_shown
from dashboard.translations import ENGLISH, Words

_UNNAMED = "fault-value-error"


def first_fault(t: Words, error: ValidationError) -> tuple[str, str]:
    """The first field that the contract does not take, and what is wrong with it."""
    [line, *_] = error.errors(include_url=False, include_input=False)
    return str(line["loc"][0]), fault_said(t, line)


def fault_said(t: Words, line: Mapping[str, Any]) -> str:
    """What is wrong, by one of pydantic's error lines; a ValueError of ours may name its cause.
    Without one, its own sentence, which is English, is told on pages that are English, too."""
    known = line.get("ctx", {})
    name = f"fault-{getattr(known.get('error'), 'cause', None) or line['type']}".replace("_", "-")
    values = {name: one for name, one in known.items() if isinstance(one, int | float | str)}
    if t.has(name) and name != _UNNAMED:
        return t(name, **values)
    ours = line["type"] == "value_error" and t.language == ENGLISH
    return words_of(line) if ours else t(_UNNAMED)


def refusal_said(t: Words, error: Exception) -> str:
    """Why something was refused, and what helps; that it was, where there is no more to say."""
    cause = error.cause if isinstance(error, DoorstepError) else None
    if cause == Refusal.SAID:
        return str(error)
    name = f"refused-{cause}"
    if cause is None or not t.has(name):
        return t("failure-refused")
    wait = span_shown(t, error.wait_s) if isinstance(error, LimitReached) else ""
    return t(name, wait=wait)

"""The linter's rules on braces, brackets, variables and the spaces around optional parts."""

from collections.abc import Iterator
from itertools import chain, combinations

from contracts.payload.events import EventType
from contracts.sms.rendering import names_in, optional_parts, rendered, without_optional_parts
from contracts.sms.variables import sample_values, variables_for

_OPENS = {"}": "{", "]": "["}
_CLOSES = {"{": "}", "[": "]"}
_MOST_QUOTED = 40


def syntax_faults(text: str, event_type: EventType) -> list[str]:
    """What keeps a template from being read at all: the first wrong brace or bracket, else the
    variables that are not known for the type and the brackets without a variable."""
    structure = list(_structure(text))
    return structure or [*_unknown(text, event_type), *_brackets_without_variable(text)]


def missing_faults(text: str, event_type: EventType) -> Iterator[str]:
    """The variables that may be missing and stand outside brackets."""
    always = names_in(without_optional_parts(text))
    for variable in variables_for(event_type):
        if variable.may_be_missing and variable.name in always:
            shown = f"{{{variable.name}}}"
            yield (
                f"{shown} may be missing: put it in brackets with the words that go with it, "
                f"such as [ ... {shown}]"
            )


def space_faults(text: str, event_type: EventType) -> Iterator[str]:
    """Two spaces in a row, or one at an end, in the template or once optional parts are left out.

    Says the first that it finds, with the fewest values missing.
    """
    if "  " in text:
        yield "there are two spaces in a row: keep one"
        return
    if text != text.strip():
        return  # said already, and it would only be said again
    usual = sample_values(event_type, shop="Shop", longest=30)
    for missing in _absences(text, event_type):
        read = rendered(text, usual | dict.fromkeys(missing, ""))
        fault = _bad_spaces(read)
        if fault:
            without = " and ".join(f"{{{name}}}" for name in missing)
            yield f"{f'without {without}' if missing else 'with all values'} {fault}"
            return


def _structure(text: str) -> Iterator[str]:
    opened: list[tuple[str, int]] = []
    for at, character in enumerate(text, start=1):
        fault = _wrong_here(character, at, opened)
        if fault:
            yield fault
            return
    if opened:
        sign, at = opened[-1]
        yield f"the {sign} at character {at} is not closed: add {_CLOSES[sign]}"


def _wrong_here(character: str, at: int, opened: list[tuple[str, int]]) -> str | None:
    """What is wrong with a character after what is open; keeps count of what is open."""
    if character in _CLOSES:
        if opened and (opened[-1][0] == "{" or character == "["):
            return _nested(character, at, *opened[-1])
        opened.append((character, at))
    elif character in _OPENS:
        closed = opened.pop()[0] if opened else None
        if closed != _OPENS[character]:
            return f"the {character} at character {at} closes nothing: remove it"
    return None


def _nested(inner: str, at: int, outer: str, opened_at: int) -> str:
    if outer == "{":
        return f"the {{ at character {opened_at} is not closed: write a variable as {{name}}"
    return f"the {inner} at character {at} opens inside brackets: close those first with ]"


def _unknown(text: str, event_type: EventType) -> Iterator[str]:
    known = [variable.name for variable in variables_for(event_type)]
    for name in names_in(text):
        if name not in known:
            use = ", ".join(f"{{{one}}}" for one in known)
            yield f"{{{name[:_MOST_QUOTED]}}} is no variable for {event_type}: use {use}"


def _brackets_without_variable(text: str) -> Iterator[str]:
    for part in optional_parts(text):
        if not names_in(part):
            yield (
                f"[{part[:_MOST_QUOTED]}] has no variable, so that it is never left out: "
                "remove the brackets"
            )


def _absences(text: str, event_type: EventType) -> Iterator[tuple[str, ...]]:
    """Each set of values that may be missing together, the smallest first."""
    inside = {name for part in optional_parts(text) for name in names_in(part)}
    maybe = [v.name for v in variables_for(event_type) if v.may_be_missing and v.name in inside]
    sizes = range(len(maybe) + 1)
    for missing in chain.from_iterable(combinations(maybe, size) for size in sizes):
        end_without_code = "otp" in missing and "otp_until" in set(maybe) - set(missing)
        if not end_without_code:
            yield missing


def _bad_spaces(read: str) -> str | None:
    if not read.strip():
        return "nothing is left of the text: write some of it outside brackets"
    if "  " in read:
        return "the text has two spaces in a row: keep one, inside the brackets"
    if read != read.strip():
        return "the text begins or ends with white space: put it inside the brackets"
    return None

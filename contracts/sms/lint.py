"""What is wrong with a template, before a customer sees it. Every message says what to do.

The rules on links and numbers are Twilio's guidelines for India and TRAI's TCCCPR 2018; the others
are about what costs parts or reads badly.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category, name

from contracts.payload.events import EventType
from contracts.sms.cleaning import JOINERS
from contracts.sms.links import has_plain_link, shorteners_in, without_links
from contracts.sms.lint_gsm import gsm_advice
from contracts.sms.lint_syntax import missing_faults, space_faults, syntax_faults
from contracts.sms.parts import Encoding, parts_of
from contracts.sms.rendering import names_in, rendered
from contracts.sms.variables import longest_values, sample_values, with_fewer_links

MOST_CHARACTERS = 1600
"""Twilio takes no longer text (error 21617)."""

_PHONE = re.compile(r"(?<!\d)\+?\d(?:[\s().-]{0,2}\d){9,}")


class Severity(StrEnum):
    """An error keeps a template from being used; a warning is advice."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class LintFinding:
    """One thing about a template, and what to do about it: a sentence without its full stop."""

    severity: Severity
    message: str


def lint(text: str, event_type: EventType, *, most_parts: int, longest: int) -> list[LintFinding]:
    """Everything there is to say about a template for a type of event, the errors first.

    `most_parts` is how many parts a text may take, `longest` how many characters a value that is a
    text may have. While braces, brackets or variables are wrong, nothing is said of how it reads.
    """
    errors = list(_useless(text))
    warnings: list[str] = []
    if not errors:
        broken = syntax_faults(text, event_type)
        errors = [*_characters(text), *_links(text), *broken]
        warnings = [*_numbers(text), *_no_code(text, event_type)]
        if not broken:
            errors += list(missing_faults(text, event_type)) or space_faults(text, event_type)
            errors += _parts(text, event_type, most_parts, longest)
            advice = gsm_advice(text, sample_values(event_type, shop="Chai Point", longest=longest))
            warnings += [advice] if advice else []
    return [
        *(LintFinding(Severity.ERROR, message) for message in errors),
        *(LintFinding(Severity.WARNING, message) for message in warnings),
    ]


def _useless(text: str) -> Iterator[str]:
    """What makes every other word about a text idle."""
    if not text.strip():
        yield "the text is empty: write what the customer is to read"
    elif len(text) > MOST_CHARACTERS:
        yield f"the text has {len(text)} characters: shorten it, Twilio takes {MOST_CHARACTERS}"


def _characters(text: str) -> Iterator[str]:
    if text != text.strip():
        yield "the text begins or ends with white space: remove it"
    for character in dict.fromkeys(text):
        unseen = category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        if unseen and character not in f"{JOINERS}\n":
            known_as = name(character, "a control character")
            yield f"nobody sees {known_as} (U+{ord(character):04X}) in the text: remove it"


def _links(text: str) -> Iterator[str]:
    for host in dict.fromkeys(shorteners_in(text)):
        yield f"{host} shortens links, and shortened links are forbidden in India: write them whole"
    if has_plain_link(text):
        yield "a link begins with http://: write https://"


def _numbers(text: str) -> Iterator[str]:
    if _PHONE.search(without_links(text)):
        yield (
            "there seems to be a phone number: carriers filter texts with a private one, above all "
            "a rider's own, so give the tracking link in its place"
        )


def _no_code(text: str, event_type: EventType) -> Iterator[str]:
    if event_type is EventType.OUT_FOR_DELIVERY and "otp" not in names_in(text):
        yield "the customer needs the code at the door: add it, such as [ Delivery OTP: {otp}.]"


def _parts(text: str, event_type: EventType, most_parts: int, longest: int) -> Iterator[str]:
    longest_ways = with_fewer_links(longest_values(event_type, longest=longest), text)
    ways = [parts_of(rendered(text, one)) for one in longest_ways]
    parts = max(ways, key=lambda way: (way.count, way.characters))
    if parts.count <= most_parts:
        return
    single, each = (160, 153) if parts.encoding is Encoding.GSM_7 else (70, 67)
    room = single if most_parts == 1 else each * most_parts
    over = max(parts.characters - room, 1)
    yield (
        f"with the longest values it takes {parts.count} parts, and the most is {most_parts}: "
        f"shorten it by {over} character{'' if over == 1 else 's'} ({parts.encoding})"
    )

"""What there is to say about a template of SMS, in the words of the page: the linter's sentence is
the API's, and English."""

import re
from collections.abc import Mapping

from dashboard.translations import Words

_KINDS: Mapping[str, str] = {
    "empty": "the text is empty",
    "long": r"the text has (?P<count>\d+) characters: shorten it, Twilio takes (?P<most>\d+)",
    "edges": "the text begins or ends with white space: remove it",
    "unseen": r"nobody sees (?P<character>.+) in the text",
    "shortener": r"(?P<host>\S+) shortens links",
    "plain-link": "a link begins with http://",
    "phone": "there seems to be a phone number",
    "no-code": "the customer needs the code at the door",
    "parts": r"with the longest values it takes (?P<count>\d+) parts, and the most is (?P<most>\d+)"
    r": shorten it by (?P<over>\d+)",
    "costly": r".+outside GSM-7.* takes (?P<now>\d+) parts? now and (?P<then>\d+) part",
    "may-be-missing": r"(?P<variable>{\w+}) may be missing",
    "two-spaces": "there are two spaces in a row",
    "spaces-left": r"(with all values|without .+?) the text (has two spaces|begins or ends)",
    "nothing-left": r"(with all values|without .+?) nothing is left",
    "not-closed": r"the (?P<sign>.) at character (?P<at>\d+) is not closed",
    "closes-nothing": r"the (?P<sign>.) at character (?P<at>\d+) closes nothing",
    "nested": r"the (?P<sign>.) at character (?P<at>\d+) opens inside brackets",
    "unknown": r"(?P<variable>{.+?}) is no variable for \w+: use (?P<known>.+)",
    "no-variable": r"(?P<part>\[.*\]) has no variable",
    "shop-name": r"texts write the shop's name as (?P<name>\[.*?\])",
    "blocked": "it will be blocked in India",
}
"""Each kind of finding by how its sentence begins; what is named in it is named by the message."""


def finding_said(t: Words, finding: str) -> str:
    """A finding in a sentence of the page; one of no known kind says that there is one."""
    for kind, pattern in _KINDS.items():
        if (match := re.match(pattern, finding)) is not None:
            return t(f"lint-{kind}", **match.groupdict())
    return t("lint-other")


def is_known(finding: str) -> bool:
    """Whether it is of a kind that has its own sentence."""
    return any(re.match(pattern, finding) for pattern in _KINDS.values())

"""The one check that every text of a sender passes: it can be kept, read, and shown as it is.

JSON allows strings that no database keeps (NUL), that cannot be written again (half of a surrogate
pair, which pydantic refuses by itself), and that show something else than they say (bidirectional
overrides; Unicode Technical Report 36, section 2.6).
"""

import json
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from contracts.refusals import UnusableValue

LONGEST_TEXT = 500
MOST_ORDER_ID_BYTES = 255
"""Temporal's visibility on PostgreSQL keeps a Keyword in VARCHAR(255), and its server bounds a
search attribute by the bytes of its JSON: a letter outside ASCII is six, an emoji twelve."""

_LINE_BREAKS = frozenset("\t\n\r")
_LINE_ENDS = _LINE_BREAKS | {"\u2028", "\u2029"}
_OVERRIDES = frozenset("\u202d\u202e")
_SEEN_AS_NOTHING = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a symbol by their category, which no font draws."""


def readable(text: str) -> str:
    """The same text. ValueError where nobody could read it, or it would read as something else."""
    if text.isascii() and text.isprintable() and not text.isspace():  # nearly every text
        return text
    if any(_is_control(one) for one in text):
        raise UnusableValue("leave out control characters", cause="unseen")
    if not _OVERRIDES.isdisjoint(text):
        raise UnusableValue(
            "leave out the characters that turn the direction of writing", cause="unseen"
        )
    if text and all(map(_is_invisible, text)):
        raise UnusableValue("send a text in which something can be seen", cause="unseen")
    return text


def on_one_line(text: str) -> str:
    """The same text. ValueError where it breaks lines or has tabs."""
    if not _LINE_ENDS.isdisjoint(text):
        raise UnusableValue("leave out tabs and line breaks", cause="unseen")
    return text


def searchable(order_id: str) -> str:
    """The same id. ValueError where Temporal could not keep it as a search attribute."""
    if len(json.dumps(order_id)) > MOST_ORDER_ID_BYTES:
        raise ValueError(
            f"send at most {MOST_ORDER_ID_BYTES} bytes of escaped JSON: a letter outside ASCII "
            "counts 6, an emoji 12"
        )
    return order_id


def digits_together(text: str) -> str:
    """Digits as people write and paste them, `483 920` or in another script, as those of ASCII
    without what stands between them. Everything else stays, for others to judge."""
    composed = unicodedata.normalize("NFKC", text)
    kept = [one for one in composed if not _is_between_digits(one)]
    return "".join(str(unicodedata.decimal(one, one)) for one in kept)


def _is_between_digits(one: str) -> bool:
    return unicodedata.category(one) in ("Zs", "Pd", "Cf") or one in _LINE_BREAKS


def _is_control(one: str) -> bool:
    return unicodedata.category(one) == "Cc" and one not in _LINE_BREAKS


def _is_invisible(one: str) -> bool:
    return unicodedata.category(one) in ("Cc", "Cf", "Zs", "Zl", "Zp") or one in _SEEN_AS_NOTHING


Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT, pattern=r"^[^\x00]*$"
    ),
    AfterValidator(readable),
]
"""A short human text or identifier: never empty. Kept letter for letter, not normalised: whoever
sent an identifier looks for it by the same letters."""

OrderId = Annotated[Text, AfterValidator(on_one_line), AfterValidator(searchable)]
"""The sender's own id of an order; also a search attribute of Temporal."""

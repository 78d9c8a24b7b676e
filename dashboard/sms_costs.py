"""What texts cost, in words: how many SMS one is charged as, and what makes it more."""

from collections.abc import Collection
from dataclasses import dataclass
from unicodedata import category, name

from contracts.payload.events import EventType
from contracts.sms.languages import Language
from contracts.sms.parts import Encoding, Parts, outside_gsm, parts_of
from dashboard.translations import Words
from store.sms.costs import Costs

_IN_ONE: dict[Encoding, int] = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}
_SCRIPTS = {"DEVANAGARI": "hi", "TAMIL": "ta", "KANNADA": "kn"}
"""The beginnings of the names of letters, and whose letters people call them."""

USUAL_ORDER = (EventType.ORDER_CONFIRMED, EventType.OUT_FOR_DELIVERY, EventType.DELIVERED)
"""What is texted about an order that is delivered at the first attempt."""


@dataclass(frozen=True)
class Cost:
    """What one text is charged as. `why` is there where letters or signs make it dearer."""

    line: str
    why: str | None
    parts: int


def cost_said(t: Words, text: str) -> Cost:
    """The cost of a text as a customer gets it."""
    counted = parts_of(text)
    holds = _IN_ONE[counted.encoding]
    known = {"count": counted.count, "characters": counted.characters, "holds": holds}
    line = t("texts-cost-one" if counted.count == 1 else "texts-cost-more", **known)
    return Cost(line, _why(t, outside_gsm(text)), counted.count)


def span_said(t: Words, parts: Collection[Parts]) -> str:
    """What each of several texts is charged as: `1 SMS`, or `1 to 3 SMS`."""
    counts = [one.count for one in parts]
    least, most = min(counts), max(counts)
    if least == most:
        return t("texts-each", most=most)
    return t("texts-each-span", least=least, most=most)


def language_choices(t: Words, costs: Costs) -> list[tuple[str, str]]:
    """The languages to choose from, each with what a message costs in it."""
    return [
        (
            language.value,
            t("texts-language-cost", language=t(f"language-{language}"), cost=span_said(t, kinds)),
        )
        for language, kinds in ((one, costs[one].values()) for one in Language)
    ]


def _why(t: Words, culprits: list[str]) -> str | None:
    """The first character that costs: a letter where there is one, else a sign."""
    if not culprits:
        return None
    letter = next((one for one in culprits if category(one)[0] == "L"), None)
    script = _SCRIPTS.get(name(letter, "").partition(" ")[0]) if letter else None
    known = {"holds": _IN_ONE[Encoding.UCS_2], "usual": _IN_ONE[Encoding.GSM_7]}
    if script is not None:
        return t("texts-why-script", language=t(f"language-{script}"), **known)
    kind = "letter" if letter else "sign"
    return t(f"texts-why-{kind}", character=letter or culprits[0], **known)

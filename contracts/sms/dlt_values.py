"""What each typed variable of a registered text takes, and where in a text it may end.

The types are those of TRAI's Direction of 18 November 2025; `{#var#}` is the untyped one of before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contracts.sms.links import link_marks
from contracts.sms.ordinary import is_ordinary

LONGEST_LINK = 120
"""Characters of a link as a value; its fixed beginning is registered on its own."""

Takes = Callable[[str], bool]


@dataclass(frozen=True)
class Phase:
    """A stretch of a value: what its characters are, and whether there may be many of them."""

    takes: Takes
    repeats: bool = True


@dataclass(frozen=True)
class Tag:
    """A type of variable: its stretches, one after the other, each of one character at least."""

    meaning: str
    phases: tuple[Phase, ...]
    is_link: bool = False
    bars_links: bool = False

    def longest(self, longest: int) -> int:
        """How many characters a value of this type may have, where others may have `longest`."""
        return max(longest, LONGEST_LINK) if self.is_link else longest


def _is(character: str) -> Takes:
    return lambda one: one == character


def _digit(character: str) -> bool:
    return character in "0123456789"


def _in_address(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "._%+-")


_LINK = (*(Phase(_is(c), repeats=False) for c in "https://"), Phase(lambda c: not c.isspace()))

TAGS: Mapping[str, Tag] = {
    "numeric": Tag("digits only", (Phase(_digit),)),
    "alphanumeric": Tag(
        "letters, digits, spaces and ordinary punctuation without a link",
        (Phase(is_ordinary),),
        bars_links=True,
    ),
    "url": Tag("a link with https:// and without spaces", _LINK, is_link=True),
    "urlott": Tag("a link with https:// and without spaces", _LINK, is_link=True),
    "cbn": Tag("a phone number", (Phase(lambda c: c in "+0123456789", False), Phase(_digit))),
    "email": Tag(
        "an email address", (Phase(_in_address), Phase(_is("@"), False), Phase(_in_address))
    ),
    "var": Tag("anything", (Phase(lambda _: True),)),
}
"""By the name between `{#` and `#}`."""


class Reader:
    """Reads a text against characters and tags, along all the ways it can be read at once.

    A set of positions is an int, its bit n standing for "n characters are read". So the work is one
    step for each character that is registered or that a value may have, whatever the text says.
    """

    def __init__(self, text: str) -> None:
        """Note where in the text each character stands, and where links begin."""
        self._length = len(text)
        self._where: dict[str, int] = {}
        for at, character in enumerate(text):
            self._where[character] = self._where.get(character, 0) | 1 << at
        self._masks: dict[Takes, int] = {}
        self._links = sum({1 << at for span in link_marks(text) for at in range(*span)})

    def at_end(self, reached: int) -> bool:
        """Whether the whole text may have been read."""
        return bool(reached >> self._length)

    def past_character(self, reached: int, character: str) -> int:
        """The positions after this character."""
        return (reached & self._where.get(character, 0)) << 1

    def past_value(self, reached: int, tag: Tag, longest: int) -> int:
        """The positions after a value of this type with at most `longest` characters."""
        masks = [self._mask(phase.takes, tag) for phase in tag.phases]
        inside, ends = [0] * len(masks), 0
        for _ in range(longest):
            inside = self._step(inside, reached, tag.phases, masks)
            ends, reached = ends | inside[-1], 0
            if not any(inside):
                break
        return ends

    def _step(
        self, inside: list[int], entering: int, phases: tuple[Phase, ...], masks: list[int]
    ) -> list[int]:
        """Read one character more; `inside` are the positions in each phase."""
        before = [entering, *inside]
        return [
            ((before[n] | (inside[n] if phase.repeats else 0)) & masks[n]) << 1
            for n, phase in enumerate(phases)
        ]

    def _mask(self, takes: Takes, tag: Tag) -> int:
        if takes not in self._masks:
            taken = (where for character, where in self._where.items() if takes(character))
            self._masks[takes] = sum(taken)
        return self._masks[takes] & ~self._links if tag.bars_links else self._masks[takes]

"""Every word that the dashboard says, out of one folder for each language (Project Fluent).

`words/en/*.ftl` are all that a translator needs: `words/hi` beside it, and Hindi is there. Plurals
and placeholders are Fluent's (projectfluent.org).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

_FOLDER = Path(__file__).parent / "words"
ENGLISH = "en"


class MissingWords(LookupError):
    """A message that no file has, or that was not given all that it names: a mistake of ours."""


class Words:
    """The messages of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        # without marks around placeholders: everything shown is escaped and isolated by the page
        self._bundle = FluentBundle([language], use_isolating=False)
        for file in sorted((_FOLDER / language).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))

    def __call__(self, message_id: str, /, **values: Any) -> str:
        """The message with its values filled in. `_` in a word of the contract is taken for `-`."""
        key = message_id.replace("_", "-")
        pattern = self._bundle.get_message(key).value if self._bundle.has_message(key) else None
        if pattern is None:
            raise MissingWords(f"no message {key} in words/{self.language}")
        said, errors = self._bundle.format_pattern(pattern, _plain(values))
        if errors:
            raise MissingWords(f"message {key}: {errors[0]}")
        return str(said)

    def has(self, message_id: str) -> bool:
        """Whether there is such a message."""
        return bool(self._bundle.has_message(message_id.replace("_", "-")))


@cache
def words_in(language: str = ENGLISH) -> Words:
    """The words of a language, read once."""
    return Words(language)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Words of the contract as plain text: Fluent takes no other kind of string."""
    return {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in values.items()
    }

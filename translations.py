"""Words out of a folder for each language (Project Fluent), for the pages that people read.

`<folder>/en/*.ftl` are all that a translator needs: `hi` beside it, and Hindi is there. Plurals and
placeholders are Fluent's (projectfluent.org).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fluent_compiler.bundle import FluentBundle


class MissingWords(LookupError):
    """A message that no file has, or that was not given all that it names: a mistake of ours."""


class Words:
    """The messages of one language."""

    def __init__(self, folder: Path, language: str) -> None:
        self.language = language
        files = sorted((folder / language).glob("*.ftl"))
        # without marks around placeholders: everything shown is escaped and isolated by the page
        self._bundle = FluentBundle.from_files(language, map(str, files), use_isolating=False)
        for _, error in self._bundle.check_messages():
            raise MissingWords(f"words/{language}: {error}")

    def __call__(self, message_id: str, /, **values: Any) -> str:
        """The message with its values filled in. `_` in a word of the contract is taken for `-`."""
        key = message_id.replace("_", "-")
        if not self._bundle.has_message(key):
            raise MissingWords(f"no message {key} in words/{self.language}")
        said, errors = self._bundle.format(key, _plain(values))
        if errors:
            raise MissingWords(f"message {key}: {errors[0]}")
        return str(said)

    def has(self, message_id: str) -> bool:
        """Whether there is such a message."""
        return bool(self._bundle.has_message(message_id.replace("_", "-")))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Words of the contract as plain text: Fluent takes no other kind of string."""
    return {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in values.items()
    }

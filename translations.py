"""Words out of a folder for each language (Project Fluent), for the pages that people read.

`<folder>/en/*.ftl` are all that a translator needs: `hi` beside it, and Hindi is there. Plurals and
placeholders are Fluent's (projectfluent.org).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from fluent_compiler.bundle import FluentBundle


class MissingWords(LookupError):
    """A message that no file has, or that was not given all that it names: a mistake of ours."""


class Words:
    """The messages of one language. `lent` are files of another one that belong to it as they are;
    `stand_in` says what a language that is not whole yet does not have."""

    def __init__(
        self,
        folder: Path,
        language: str,
        *,
        lent: Sequence[Path] = (),
        stand_in: Optional["Words"] = None,
    ) -> None:
        self.language = language
        self._stand_in = stand_in
        files = sorted((folder / language).glob("*.ftl"))
        # without marks around placeholders: everything shown is escaped and isolated by the page
        self._bundle = FluentBundle.from_files(
            language, [str(file) for file in (*files, *lent)], use_isolating=False
        )
        for _, error in self._bundle.check_messages():
            raise MissingWords(f"words/{language}: {error}")

    def __call__(self, message_id: str, /, **values: Any) -> str:
        """The message with its values filled in. `_` in a word of the contract is taken for `-`."""
        key = message_id.replace("_", "-")
        if not self._bundle.has_message(key):
            if self._stand_in is not None:
                return self._stand_in(key, **values)
            raise MissingWords(f"no message {key} in words/{self.language}")
        said, errors = self._bundle.format(key, _plain(values))
        if errors:
            raise MissingWords(f"message {key}: {errors[0]}")
        return str(said)

    def has(self, message_id: str) -> bool:
        """Whether there is such a message."""
        if self._bundle.has_message(message_id.replace("_", "-")):
            return True
        return self._stand_in is not None and self._stand_in.has(message_id)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Words of the contract as plain text: Fluent takes no other kind of string."""
    return {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in values.items()
    }

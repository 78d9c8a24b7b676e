"""Words out of a folder for each language (Project Fluent), for the pages that people read.

`<folder>/en/*.ftl` are all that a translator needs: `hi` beside it, and Hindi is there. Plurals and
placeholders are Fluent's (projectfluent.org).

Each file is compiled by itself, because compiling takes more than twice as long for twice as many
messages: a message refers to others of its own file.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from fluent_compiler.bundle import FluentBundle

_ID = re.compile(r"^([A-Za-z][\w-]*) *=", re.MULTILINE)


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
        self._bundles: dict[str, FluentBundle] = {}
        for file in (*sorted((folder / language).glob("*.ftl")), *lent):
            self._read(file)

    def __call__(self, message_id: str, /, **values: Any) -> str:
        """The message with its values filled in. `_` in a word of the contract is taken for `-`."""
        key = message_id.replace("_", "-")
        bundle = self._bundles.get(key)
        if bundle is None:
            if self._stand_in is not None:
                return self._stand_in(key, **values)
            raise MissingWords(f"no message {key} in words/{self.language}")
        said, errors = bundle.format(key, _plain(values))
        if errors:
            raise MissingWords(f"message {key}: {errors[0]}")
        return str(said)

    def has(self, message_id: str) -> bool:
        """Whether there is such a message."""
        if message_id.replace("_", "-") in self._bundles:
            return True
        return self._stand_in is not None and self._stand_in.has(message_id)

    def _read(self, file: Path) -> None:
        # without marks around placeholders: everything shown is escaped and isolated by the page
        bundle = FluentBundle.from_files(self.language, [str(file)], use_isolating=False)
        for _, error in bundle.check_messages():
            raise MissingWords(f"words/{self.language}: {error}")
        for name in _ID.findall(file.read_text("utf-8")):
            if self._bundles.setdefault(name, bundle) is not bundle:
                raise MissingWords(f"words/{self.language}: {name} is in two files")


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Words of the contract as plain text: Fluent takes no other kind of string."""
    return {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in values.items()
    }

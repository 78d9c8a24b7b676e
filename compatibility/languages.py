"""What a language of the dashboard does not have yet, beside English.

`python -m compatibility.languages` lists it, as a translator needs it: the file, the message and
how it reads in English. 1 where a language lacks something and does not say so (`PARTIAL`).
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from dashboard.translations import ENGLISH, is_partial, languages

FOLDER = Path(__file__).parents[1] / "dashboard" / "words"
_ID = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)
_COMMENT = re.compile(r"^#.*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\$(\w+)")
_OF_OPS = "ops"


def main() -> int:
    """Print what every language lacks, has too much, or says of other things than English does."""
    failed = False
    for language in languages():
        lines = [*missing(language), *left_over(language), *differing(language)]
        for line in lines:
            sys.stdout.write(f"{language}: {line}\n")
        failed |= bool(lines) and not is_partial(language)
    return 1 if failed else 0


def missing(language: str) -> Iterator[str]:
    """Messages of English that a language lacks; those of operations are English only."""
    known = written(language)
    for file, messages in _english().items():
        for name, message in messages.items():
            if not file.startswith(_OF_OPS) and name not in known:
                yield f"{file}: {name} ={message}"


def left_over(language: str) -> Iterator[str]:
    """Messages that English does not have any more."""
    english = written(ENGLISH)
    yield from (f"{name} is left over" for name in written(language) if name not in english)


def differing(language: str) -> Iterator[str]:
    """Messages that do not name the same as in English."""
    english = written(ENGLISH)
    for name, message in written(language).items():
        if name in english and placeholders(message) != placeholders(english[name]):
            yield f"{name} has other placeholders than in English"


def placeholders(message: str) -> set[str]:
    """What a message names."""
    return set(_PLACEHOLDER.findall(message))


def written(language: str) -> Mapping[str, str]:
    """Each message of a language as it is written."""
    files = sorted((FOLDER / language).glob("*.ftl"))
    return {name: said for file in files for name, said in _messages(file).items()}


def _english() -> Mapping[str, Mapping[str, str]]:
    files = sorted((FOLDER / ENGLISH).glob("*.ftl"))
    return {file.name: _messages(file) for file in files}


def _messages(file: Path) -> Mapping[str, str]:
    parts = _ID.split(_COMMENT.sub("", file.read_text()))[1:]
    return {name: said.rstrip() for name, said in zip(parts[::2], parts[1::2], strict=True)}


if __name__ == "__main__":
    sys.exit(main())

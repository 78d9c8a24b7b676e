"""What is wrong with what was sent, in words for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Unreadable:
    """Stands in a JSON document for a value that cannot be taken, and is valid nowhere; so the
    fault is told of its own field, and of no other."""

    reason: str


def words_of(line: Mapping[str, Any]) -> str:
    """The message of one of pydantic's error lines, without the word that it puts before ours."""
    given = line.get("input")
    if isinstance(given, Unreadable):
        return given.reason
    return str(line["msg"]).removeprefix("Value error, ")

"""What pydantic finds wrong, in words for people."""

from collections.abc import Mapping
from typing import Any


def words_of(line: Mapping[str, Any]) -> str:
    """The message of one of pydantic's error lines, without the word that it puts before ours."""
    return str(line["msg"]).removeprefix("Value error, ")

"""Pieces of Markdown."""

import re
from collections.abc import Iterable, Sequence
from typing import Any


def code(values: Iterable[Any]) -> list[str]:
    """Each value as it is written in a program."""
    return [f"`{value}`" for value in values]


def either(choices: Sequence[str]) -> str:
    """Choices such as `a, b or c`."""
    *before, last = choices
    return f"{', '.join(before)} or {last}" if before else last


def link(heading: str) -> str:
    """A link to a heading of the same page."""
    anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    return f"[{heading}](#{anchor})"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; nothing at all without rows."""
    lines = [[" ".join(cell.replace("|", r"\|").split()) for cell in row] for row in rows]
    whole = [head, ["---"] * len(head), *lines] if lines else []
    return "".join(f"| {' | '.join(line)} |\n" for line in whole)

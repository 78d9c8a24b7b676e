"""What commands print: aligned columns for people, JSON for programs."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import typer

Columns = Mapping[str, str]
"""Each heading, and the field that stands under it; `a.b` is field `b` of the field `a`."""

_NOTHING = "-"
_FRACTION = re.compile(r"(?<=T\d\d:\d\d:\d\d)\.\d+Z$")
"""Of a second, which people do not read."""


def print_items(items: Sequence[Mapping[str, Any]], columns: Columns, *, as_json: bool) -> None:
    """A list: everything that the API said as a JSON list, or these columns of it."""
    if as_json:
        print_json(items)
    elif items:
        typer.echo("\n".join(table(items, columns)))
    else:
        typer.echo("none", err=True)


def print_one(said: Any, lines: Sequence[str], *, as_json: bool) -> None:
    """One thing: all that the API said as JSON, or these lines about it."""
    if as_json:
        print_json(said)
    else:
        typer.echo("\n".join(lines).rstrip())


def print_json(said: Any) -> None:
    """One JSON document, to be read by a program."""
    typer.echo(json.dumps(said, indent=2, ensure_ascii=False))


def table(items: Sequence[Mapping[str, Any]], columns: Columns) -> list[str]:
    """A heading and a line for each item; nothing where there are none. Nothing is cut: ids are
    there to be copied."""
    if not items:
        return []
    rows = [list(columns), *([cell(item, name) for name in columns.values()] for item in items)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(columns))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def facts(item: Mapping[str, Any], columns: Columns) -> list[str]:
    """One thing, a line for each fact that is known of it."""
    known = {label: cell(item, name) for label, name in columns.items()}
    width = max(map(len, known), default=0)
    return [f"{label:<{width}}  {text}" for label, text in known.items() if text != _NOTHING]


def cell(item: Mapping[str, Any], name: str) -> str:
    """A field in words."""
    value: Any = item
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return _in_words(value)


def _in_words(value: Any) -> str:
    if value in (None, "", []):
        return _NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return _FRACTION.sub("Z", str(value))

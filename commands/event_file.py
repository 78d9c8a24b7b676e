"""Events out of a file: one JSON object, a JSON list, or JSON lines."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commands.errors import CommandFailed


def read_events(path: str) -> list[Any]:
    """The events of a file, or of standard input for `-`. CommandFailed when it is no JSON."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise CommandFailed(f"{path}: not UTF-8 text") from None
    events = parse_events(text, path)
    if not events:
        raise CommandFailed(f"{path}: there is no event in it")
    return events


def parse_events(text: str, name: str) -> list[Any]:
    """Read one JSON document, or one on each line."""
    try:
        document = json.loads(text)
    except ValueError as error:
        lines = _documents(text.splitlines())
        if lines is not None:
            return lines
        raise CommandFailed(f"{name}: neither JSON nor JSON lines ({error})") from None
    return document if isinstance(document, list) else [document]


def _documents(lines: Sequence[str]) -> list[Any] | None:
    try:
        return [json.loads(line) for line in lines if line.strip()]
    except ValueError:
        return None

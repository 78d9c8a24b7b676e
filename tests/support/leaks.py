"""Finds values that should not be there, in whatever form a file may hold them."""

import base64
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_ALIGNMENTS = 3
"""Base64 turns three bytes into four characters: a value may begin at any of the three."""


@dataclass(frozen=True)
class Leak:
    """A value, the form it was found in, and the file it was found in."""

    value: str
    form: str
    where: str


@dataclass(frozen=True)
class Searched:
    """What a search has looked at (paths below its folder), and what it has found."""

    files: frozenset[str]
    leaks: tuple[Leak, ...]


def search_folder(folder: Path, values: Collection[str], leave_out: Collection[str]) -> Searched:
    """Search every file below a folder for values; `leave_out` names files at its top.

    A file that goes away meanwhile, as a journal does, has not been looked at.
    """
    files, leaks = set[str](), list[Leak]()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        if name in leave_out:
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        files.add(name)
        leaks += search(content, values, name)
    return Searched(frozenset(files), tuple(leaks))


def search(content: bytes, values: Collection[str], where: str) -> list[Leak]:
    """Every value and form that the content holds; hex is looked for in either case."""
    lower = content.lower()
    return [
        Leak(value, form, where)
        for value in values
        for form, written in forms(value)
        if written in (lower if form == "hex" else content)
    ]


def forms(value: str) -> Iterator[tuple[str, bytes]]:
    """A value as it may be written: in UTF-8, escaped in JSON, in hex, in base64."""
    plain = value.encode()
    yield "raw", plain
    yield "json", json.dumps(value)[1:-1].encode()
    yield "hex", plain.hex().encode()
    for before in range(_ALIGNMENTS):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield f"base64+{before}", _inside_base64(encode(bytes(before) + plain), before, plain)


def _inside_base64(encoded: bytes, before: int, plain: bytes) -> bytes:
    """The characters that depend on the value alone, not on what stands before and after it."""
    first = (before * 8 + 5) // 6
    last = (before + len(plain)) * 8 // 6
    return encoded[first:last]

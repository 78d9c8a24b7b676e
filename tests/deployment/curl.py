"""Does what a curl command of the documentation does, and finds these commands."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.pictures import a_png

FILES = {"logo.png": a_png()}
"""What a command may send as it is."""

_EXAMPLE = re.compile(r"```bash\n(.*?)```\n\n`(\d{3})`(?::\n\n```json\n(.*?)```)?", re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A curl command, the status it is to give, and an answer of the same shape, if any."""

    command: str
    status: int
    answer: Any


def examples_in(text: str) -> Iterator[Example]:
    """The commands of a document, each with what it is said to give."""
    for command, status, answer in _EXAMPLE.findall(text):
        yield Example(command, int(status), json.loads(answer) if answer else None)


async def send(
    api: httpx.AsyncClient, command: str, variables: Mapping[str, str]
) -> httpx.Response:
    """Do what a curl command does, with these variables of the shell."""
    filled = re.sub(r"\$([A-Z]+)", lambda match: variables[match[1]], command)
    words = shlex.split(filled.replace("\\\n", " "))
    assert words.pop(0) == "curl"
    method, url, headers, body = "GET", "", {}, None
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0).encode()
        elif word == "--data-binary":
            body = FILES[words.pop(0).removeprefix("@")]
        else:
            assert not word.startswith("-"), word
            url = word
    return await api.request(method, url, headers=headers, content=body)

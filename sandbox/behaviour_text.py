"""The textual syntax of behaviours, for the command line and `PUT /_sandbox/behaviour`.

A script is a list of steps, one a request, the last one for ever: `503x3,200`.

| step | does |
|---|---|
| `200`, `503`, `410` | answers with that status |
| `503:retry-after=30` | the same with a Retry-After header |
| `hang` · `hang:5s` | never answers · answers 200 after five seconds |
| `reset` · `reset-early` | TCP reset after · before reading the request's body |
| `close` | closes without an answer |
| `drip` · `drip:50ms` | answers byte by byte, a second · 50 ms apart |
| `huge` | answers 200 with a megabyte |
| `garbage` | answers with bytes that are not HTTP |
| `redirect:https://…` | answers 307 |

Any step but `redirect` may be repeated: `503x3`. Two behaviours stand alone:
`down:20s`, `down:5` or `down:20s:hang`: an outage of 20 seconds or 5 requests, then 200;
`mix:seed=7` or `mix:seed=7,200=90,500=5,hang=5`: random steps by weight.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from sandbox.behaviour import Behaviour, DownFor, Mix
from sandbox.steps import (
    Answer,
    CloseWithoutAnswer,
    Garbage,
    Hang,
    HugeBody,
    Redirect,
    Reset,
    ResetBeforeReading,
    SlowDrip,
    Step,
)

T = TypeVar("T")

_STATUS = re.compile(r"^([2-5]\d\d)(?::retry-after=(.+))?$")
_REPEATED = re.compile(r"^(?!redirect:)(.+?)x(\d+)$")
_SECONDS = re.compile(r"^(\d+(?:\.\d+)?)(ms|s)$")


def parse_behaviour(text: str) -> Behaviour:
    """Read a behaviour; ValueError says what is wrong with it."""
    text = text.strip()
    if text.startswith("down:"):
        return _outage(text.removeprefix("down:"))
    if text.startswith("mix:"):
        return _mix(text.removeprefix("mix:"))
    return [step for part in text.split(",") for step in repeated(part.strip(), parse_step)]


def parse_step(text: str) -> Step:
    """Read one step, such as `503`, `hang:5s` or `reset`."""
    if status := _STATUS.match(text):
        headers = {"retry-after": status.group(2)} if status.group(2) else {}
        return Answer(int(status.group(1)), headers=headers)
    name, _, rest = text.partition(":")
    match name, rest:
        case "hang", "":
            return Hang()
        case "hang", time:
            return Hang(for_s=parse_seconds(time))
        case "drip", "":
            return SlowDrip()
        case "drip", time:
            return SlowDrip(pause_s=parse_seconds(time))
        case "redirect", location if location:
            return Redirect(location)
    return _plain_step(text)


def parse_seconds(text: str) -> float:
    """Read `20s` or `50ms`."""
    if not (match := _SECONDS.match(text)):
        raise ValueError(f"{text!r} is not a time such as 20s or 50ms")
    return float(match.group(1)) / (1000 if match.group(2) == "ms" else 1)


def repeated(text: str, parse: Callable[[str], T]) -> list[T]:
    """Read a step that may be followed by x and a number: `503x3` is three of them."""
    if match := _REPEATED.match(text):
        return [parse(match.group(1))] * int(match.group(2))
    return [parse(text)]


def _plain_step(text: str) -> Step:
    plain: dict[str, Step] = {
        "reset": Reset(),
        "reset-early": ResetBeforeReading(),
        "close": CloseWithoutAnswer(),
        "huge": HugeBody(),
        "garbage": Garbage(),
    }
    if text not in plain:
        known = "200, 503:retry-after=30, hang, hang:5s, drip, redirect:URL, " + ", ".join(plain)
        raise ValueError(f"{text!r} is not a step; steps are such as {known}")
    return plain[text]


def _outage(text: str) -> DownFor:
    length, _, step = text.partition(":")
    down = parse_step(step) if step else Answer(503)
    if length.isdigit():
        return DownFor(requests=int(length), step=down)
    return DownFor(seconds=parse_seconds(length), step=down)


def _mix(text: str) -> Mix:
    pairs = [part.strip().rpartition("=") for part in text.split(",")]
    seeds = [value for name, _, value in pairs if name == "seed"]
    if len(seeds) != 1 or not seeds[0].isdigit():
        raise ValueError("a mix needs a seed: mix:seed=7")
    try:
        weights = tuple((parse_step(n), float(value)) for n, _, value in pairs if n != "seed")
    except ValueError as error:
        raise ValueError(f"a mix is written as mix:seed=7,200=90,500=10: {error}") from None
    return Mix(int(seeds[0]), weights) if weights else Mix(int(seeds[0]))

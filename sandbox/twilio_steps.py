"""What the sandbox Twilio may do with one message, and the numbers that make it do so.

The textual syntax, one step a request and the last one for ever (`429x2,accept`):

| step | does |
|---|---|
| `accept` | takes the message; it is delivered |
| `accept:sent` | takes it; `sent` is the last that is heard of it |
| `accept:undelivered=30003`, `accept:failed=30007` | takes it; it ends with that code |
| `21610`, `20429`, … | refuses it with that code and the status it comes with |
| `401`, `429`, `500`, `503` | refuses it with that status and its general code |
| `500-taken`, `503-taken` | answers so although the message was taken |
| `503-plain` | answers without JSON |
| `delay:2s`, `delay:2s:503` | waits, then accepts it or does the other step |
| `hang`, `hang-untaken` | takes it or not, and never answers |
| `reset`, `reset-untaken` | takes it or not, and resets the connection |

A `To` number decides by itself when it is Twilio's own magic number, or Indian and ends with a
code: +9199900 and five digits. So +919990021610 is refused with 21610, +919990020503 with 503,
+919990030003 is taken and never delivered (30003), +919990099901 hangs after it was taken,
99902 is reset after, 99903 hangs before, 99904 is reset before it was taken.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sandbox.behaviour_text import parse_seconds, repeated
from sandbox.twilio_errors import CODE_OF_STATUS, status_of

Outcome = Literal["delivered", "sent", "undelivered", "failed"]

_MAGIC = re.compile(r"^\+9199900(\d{5})$")
_REFUSAL = re.compile(r"^(\d{3}|\d{5})(-taken|-plain)?$")
_ACCEPTED = re.compile(r"^accept(?::(delivered|sent|undelivered|failed)(?:=(\d+))?)?$")


class Step:
    """Base of all steps."""


@dataclass(frozen=True)
class Accept(Step):
    """Take the message; `outcome` is what becomes of it."""

    outcome: Outcome = "delivered"
    error_code: int | None = None


@dataclass(frozen=True)
class Refuse(Step):
    """Answer an error. `taken`: the message is sent all the same; `plain`: the body is no JSON."""

    code: int
    taken: bool = False
    plain: bool = False

    @property
    def status(self) -> int:
        """The HTTP status that comes with the code."""
        return status_of(self.code)


@dataclass(frozen=True)
class Hang(Step):
    """Never answer, until `TwilioSandbox.release()` or the client leaves."""

    taken: bool = True


@dataclass(frozen=True)
class Reset(Step):
    """Reset the connection instead of an answer."""

    taken: bool = True


@dataclass(frozen=True)
class Delay(Step):
    """Wait, then do something else."""

    seconds: float
    then: Step = field(default_factory=Accept)


MAGIC_NUMBERS: dict[str, Step] = {
    "+15005550001": Refuse(21211),
    "+15005550002": Refuse(21612),
    "+15005550003": Refuse(21408),
    "+15005550004": Refuse(21610),
    "+15005550009": Refuse(21614),
    "+919990099901": Hang(taken=True),
    "+919990099902": Reset(taken=True),
    "+919990099903": Hang(taken=False),
    "+919990099904": Reset(taken=False),
}
"""Twilio's own magic `To` numbers, and the Indian ones that break the connection."""


def magic_step(to: str) -> Step | None:
    """What a `To` number decides by itself, or None for an ordinary one."""
    if to in MAGIC_NUMBERS:
        return MAGIC_NUMBERS[to]
    match = _MAGIC.match(to)
    return _by_code(int(match.group(1))) if match else None


def parse_script(text: str) -> list[Step]:
    """Read a script such as `429x2,accept`; ValueError says what is wrong with it."""
    return [step for part in text.split(",") for step in repeated(part.strip(), parse_step)]


def parse_step(text: str) -> Step:
    """Read one step."""
    plain = {
        "hang": Hang(),
        "hang-untaken": Hang(taken=False),
        "reset": Reset(),
        "reset-untaken": Reset(taken=False),
    }
    if text in plain:
        return plain[text]
    if match := _ACCEPTED.match(text):
        return _accept(match)
    if match := _REFUSAL.match(text):
        return _refusal(match)
    name, _, rest = text.partition(":")
    if name == "delay":
        seconds, _, then = rest.partition(":")
        return Delay(parse_seconds(seconds), parse_step(then) if then else Accept())
    raise ValueError(
        f"{text!r} is not a step; steps are such as accept, accept:undelivered=30003, "
        "21610, 429, 500-taken, 503-plain, delay:2s, " + ", ".join(plain)
    )


class Script:
    """One step a request; the last one is repeated for ever."""

    def __init__(self, steps: Step | Sequence[Step]) -> None:
        self._steps = [steps] if isinstance(steps, Step) else list(steps)
        if not self._steps:
            raise ValueError("a script needs at least one step")
        self._taken = 0

    def next_step(self) -> Step:
        """The step for the next request."""
        step = self._steps[min(self._taken, len(self._steps) - 1)]
        self._taken += 1
        return step


def _by_code(code: int) -> Step:
    return Accept("undelivered", code) if 30000 <= code < 31000 else Refuse(code)


def _accept(match: re.Match[str]) -> Accept:
    outcomes: dict[str, Outcome] = {
        "sent": "sent",
        "undelivered": "undelivered",
        "failed": "failed",
    }
    outcome = outcomes.get(match.group(1) or "", "delivered")
    return Accept(outcome, int(match.group(2)) if match.group(2) else None)


def _refusal(match: re.Match[str]) -> Step:
    number, manner = int(match.group(1)), match.group(2)
    if number < 1000 and number not in CODE_OF_STATUS:
        known = ", ".join(map(str, sorted(CODE_OF_STATUS)))
        raise ValueError(f"{number} is not a status this Twilio answers with; it knows {known}")
    code = CODE_OF_STATUS.get(number, number)
    if manner is None:
        return _by_code(code)
    return Refuse(code, taken=manner == "-taken", plain=manner == "-plain")

"""What a sandbox merchant may do with one request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

HANGING = "hanging"
CLIENT_LEFT = "client left"
RESET_BEFORE_READING = "reset before reading"


class Step:
    """Base of all steps. `words` is what the merchant then answered, where it is no status."""

    words: ClassVar[str] = ""


@dataclass(frozen=True)
class Answer(Step):
    """Answer with a status, such as 503 with `{"retry-after": "30"}`."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hang(Step):
    """Read the request and keep quiet until `Merchant.release()`, or for `for_s` seconds.

    `then` is the answer once `for_s` has passed; a client that gives up earlier gets nothing.
    """

    words: ClassVar[str] = HANGING

    for_s: float | None = None
    then: Answer = field(default_factory=Answer)


@dataclass(frozen=True)
class Reset(Step):
    """Read the request, then tear the connection down with a TCP RST."""

    words: ClassVar[str] = "reset"


@dataclass(frozen=True)
class ResetBeforeReading(Step):
    """Send a TCP RST as soon as the request's head is there, without reading its body."""

    words: ClassVar[str] = RESET_BEFORE_READING


@dataclass(frozen=True)
class CloseWithoutAnswer(Step):
    """Read the request, then close the connection in good order without a word."""

    words: ClassVar[str] = "closed without an answer"


@dataclass(frozen=True)
class SlowDrip(Step):
    """Answer the head at once and the body byte by byte, `pause_s` apart."""

    pause_s: float = 1.0
    status: int = 200
    body: bytes = b"one byte at a time"


@dataclass(frozen=True)
class HugeBody(Step):
    """Answer with a body of `size` bytes, far more than a sender should read."""

    size: int = 1024 * 1024
    status: int = 200


@dataclass(frozen=True)
class Garbage(Step):
    """Answer with bytes that are not HTTP, then close."""

    words: ClassVar[str] = "garbage"

    data: bytes = b"\x00\x01 this is not HTTP at all \xff\xfe\r\n\r\n"


@dataclass(frozen=True)
class Redirect(Step):
    """Answer with a redirect to somewhere else."""

    location: str
    status: int = 307


def in_words(step: Step) -> int | str:
    """What a merchant answered with this step: the status, or words where there is none."""
    if isinstance(step, Answer | SlowDrip | HugeBody | Redirect):
        return step.status
    return step.words

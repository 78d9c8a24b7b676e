"""What the sandbox's mail server may do with one connection.

The textual syntax, one step a connection and the last one for ever (`greeting:421x2,accept`):

| step | does |
|---|---|
| `accept` | takes the e-mail |
| `greeting:421`, `sender:451`, `recipient:550`, `data:451`, `body:554` | answers so there |
| `recipient:hang`, `body:hang` | never answers; of the body, it is not taken |
| `data:drop`, `body:drop` | drops the connection there; of the body, it is not taken |
| `body:hang-taken`, `body:drop-taken` | takes the e-mail, and does the same |
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from sandbox.behaviour_text import repeated

_STEP = re.compile(
    r"(?P<at>greeting|sender|recipient|data|body):(?:(?P<code>[245]\d\d)|(?P<does>hang|drop)"
    r"(?P<taken>-taken)?)"
)


class At(StrEnum):
    """Where in the exchange."""

    GREETING = "greeting"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    BODY = "body"


class Does(StrEnum):
    """What a mail server does that does not answer."""

    HANG = "hang"
    DROP = "drop"


@dataclass(frozen=True)
class MailStep:
    """`answer` is the whole line; `taken`: the e-mail is kept, whatever follows."""

    at: At | None = None
    answer: str | None = None
    does: Does | None = None
    taken: bool = False


ACCEPT = MailStep()


def parse_mail_script(text: str) -> list[MailStep]:
    """Read a script such as `greeting:421x2,accept`; ValueError says what is wrong with it."""
    return [step for part in text.split(",") for step in repeated(part.strip(), parse_mail_step)]


def parse_mail_step(text: str) -> MailStep:
    """Read one step."""
    if text == "accept":
        return ACCEPT
    match = _STEP.fullmatch(text)
    if match is None or (match["taken"] and match["at"] != At.BODY):
        raise ValueError(
            f"{text!r} is not a step; steps are such as accept, greeting:421, recipient:550, "
            "data:drop, body:hang, body:drop-taken"
        )
    answer = f"{match['code']} the sandbox says so" if match["code"] else None
    does = Does(match["does"]) if match["does"] else None
    return MailStep(At(match["at"]), answer, does, taken=match["taken"] is not None)

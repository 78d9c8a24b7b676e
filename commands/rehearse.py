"""`doorstep rehearse`: posts a test order's events to a receiver on this machine, signed, and looks
whether it answers as a receiver should.

There is no tunnel, no database and no server in it: the bytes are those of a test order, and the
sender is the worker's own.
"""

import ipaddress
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from activities.webhook_sender import WebhookSender
from commands.errors import CommandFailed
from contracts.clock import Clock
from contracts.delivery.verdicts import Answer, NoAnswer, Verdict, verdict_of
from contracts.endpoints.network_guard import NetworkGuard
from contracts.endpoints.url import checked_url
from contracts.ids import IdKind, new_id
from contracts.payload.payload import build_payload, to_bytes
from contracts.payload.scenarios import Scenario, scenario_events
from contracts.payload.signature import new_secret, secret_key
from resolver import NameLookUps
from store.deliveries.attempts import ReadyAttempt

THIS_MACHINE = NetworkGuard([ipaddress.ip_network(one) for one in ("127.0.0.0/8", "::1/128")])
_TOO_OLD = timedelta(minutes=6)
_PROMPT_MS = 1000
_PARTNER = "rehearsal"
_UNREACHED: Mapping[str, str] = {
    NoAnswer.CONNECTION: "nothing takes connections there; start your receiver",
    NoAnswer.DNS: "its name has no address",
    NoAnswer.RESOLVER: "the name server does not answer",
    NoAnswer.FORBIDDEN_ADDRESS: "it is neither this machine's nor public and https",
    NoAnswer.TLS: "its certificate is not trusted",
}


@dataclass(frozen=True)
class Rehearsal:
    """What is played, and where it goes."""

    url: str
    secret: str
    scenario: Scenario

    @classmethod
    def of(cls, url: str, secret: str, scenario: str) -> "Rehearsal":
        """One that can be played. CommandFailed says what is wrong."""
        if scenario not in list(Scenario):
            raise CommandFailed(f"there is no scenario {scenario!r}: say {', '.join(Scenario)}")
        try:
            secret_key(secret)
            return cls(checked_url(url), secret, Scenario(scenario))
        except ValueError as error:
            raise CommandFailed(str(error)) from None


@dataclass(frozen=True)
class Request:
    """One request, and what is to come of it."""

    says: str
    event_id: str
    body: bytes
    secret: str
    age: timedelta = timedelta()
    refused: bool = False


@dataclass(frozen=True)
class Shown:
    """What came of a request; `fault` says what the receiver should do differently."""

    says: str
    answer: Answer
    fault: str | None


async def rehearse(rehearsal: Rehearsal, clock: Clock) -> AsyncIterator[Shown]:
    """Play it, one request after the other. CommandFailed where nothing answers."""
    async with aclosing(NameLookUps()) as look_ups:
        sender = WebhookSender.guarded(THIS_MACHINE, look_ups)
        async with aclosing(sender):
            for request in requests_of(rehearsal, clock()):
                answer = await sender.post(_attempt(rehearsal.url, request), clock() - request.age)
                if (why := _UNREACHED.get(answer.code)) is not None:
                    raise CommandFailed(f"{rehearsal.url} cannot be reached: {why}")
                yield Shown(request.says, answer, fault_of(request, answer))


def requests_of(rehearsal: Rehearsal, now: datetime) -> Sequence[Request]:
    """The events in their order; then the last again, and what has to be refused."""
    made = scenario_events(
        rehearsal.scenario,
        partner_id=_PARTNER,
        now=now,
        make_id=partial(new_id, IdKind.TEST_EVENT),
    )
    events = [
        Request(
            event.type,
            event.event_id,
            to_bytes(build_payload(event, sequence=sequence, emitted_at=now)),
            rehearsal.secret,
        )
        for sequence, event in enumerate(made, start=1)
    ]
    event_id, body, secret = events[-1].event_id, events[-1].body, rehearsal.secret
    return [
        *events,
        Request("the same again", event_id, body, secret),
        Request("signed with another secret", event_id, body, new_secret(), refused=True),
        Request("six minutes old", event_id, body, secret, age=_TOO_OLD, refused=True),
    ]


def fault_of(request: Request, answer: Answer) -> str | None:
    """What a receiver should do differently, or None."""
    if answer.status is None:
        return f"there was no answer ({answer.code}): Doorstep would try again"
    if request.refused:
        is_refusal = 400 <= answer.status < 500
        return None if is_refusal else "it has to be refused with 400: anybody could have sent it"
    match verdict_of(answer):
        case Verdict.DELIVERED if answer.duration_ms > _PROMPT_MS:
            return "it took over a second: answer first, work afterwards"
        case Verdict.DELIVERED:
            return None
        case Verdict.GONE:
            return "410 switches the endpoint off: answer 2xx"
        case _ if answer.status < 500:
            return "answer 2xx: is it the same secret, and the body as it came?"
        case _:
            return "Doorstep would try again: answer 2xx"


def _attempt(url: str, request: Request) -> ReadyAttempt:
    return ReadyAttempt("", 1, request.event_id, "", url, [request.secret], request.body)

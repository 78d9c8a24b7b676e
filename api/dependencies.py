"""What routes are given: each of them what it works with, and no more."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from api.auth.known_keys import KeyRing
from api.auth.oidc_sign_in import OidcSignIn
from api.auth.sign_in import SignIn
from api.endpoint_check import EndpointCheck
from api.event_intake import EventIntake
from api.metrics import ApiMetrics
from api.rate_limits import RateLimits
from contracts.brand import Brand
from contracts.clock import Clock
from contracts.sms.rules import TextRules
from contracts.tracing import Tracing
from dispatch.engine_state import EngineWatch
from dispatch.gateway import Gateway
from dispatch.recoveries import Recoveries
from store.db.database import Database
from store.events.intake import Intake

T = TypeVar("T")

SignatureCheck = Callable[[str, Sequence[tuple[str, str]], str, str | None], bool]
"""A URL as Twilio called it, the fields, the signature, and which algorithm it names."""


@dataclass(frozen=True)
class Parts:
    """Everything the API works with, made once in its composition root."""

    database: Database
    intake: Intake
    gateway: Gateway
    recoveries: Recoveries
    clock: Clock
    keys: KeyRing
    endpoint_check: EndpointCheck
    limits: RateLimits
    metrics: ApiMetrics
    text_rules: TextRules
    sign_in: SignIn
    oidc: OidcSignIn | None
    """Sign-in by the company's identity provider; None without one."""
    temporal_ui: str | None
    """Where the Temporal UI shows our namespace, for links on pages of ops."""
    engine: EngineWatch
    runbook_url: str | None
    """Where ops read the runbook; None where nobody has said so."""
    tracing: Tracing
    brand: Brand
    embed_origin: str | None
    """Whose pages may show the dashboard in a frame; None: nobody's."""
    sends_mail: bool
    """Whether people are told by e-mail: then links go to whom they are for, and to nobody else."""
    twilio_signature: SignatureCheck | None
    """Whether a status callback is Twilio's; None without a Twilio account: then none is."""


async def get_parts(request: Request) -> Parts:
    """The parts of the running app."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(get_parts)]


def _of(take: Callable[[Parts], T]) -> Callable[[Request], Awaitable[T]]:
    """A dependency that gives one part, or what is made of it."""

    async def part(request: Request) -> T:
        return take(request.app.state.parts)

    return part


Now = Annotated[datetime, Depends(_of(lambda parts: parts.clock()))]
"""The moment at which the request is dealt with."""

Taking = Annotated[
    EventIntake,
    Depends(_of(lambda parts: EventIntake(parts.intake, parts.metrics, parts.tracing))),
]
Store = Annotated[Database, Depends(_of(lambda parts: parts.database))]
EventWorkflows = Annotated[Gateway, Depends(_of(lambda parts: parts.gateway))]
RecoveryStarter = Annotated[Recoveries, Depends(_of(lambda parts: parts.recoveries))]
SmsRules = Annotated[TextRules, Depends(_of(lambda parts: parts.text_rules))]
UrlCheck = Annotated[EndpointCheck, Depends(_of(lambda parts: parts.endpoint_check))]
KeysKnown = Annotated[KeyRing, Depends(_of(lambda parts: parts.keys))]
TwilioCheck = Annotated[SignatureCheck | None, Depends(_of(lambda parts: parts.twilio_signature))]

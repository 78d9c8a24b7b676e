"""What routes are given: the app's parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.auth.known_keys import KeyRing
from api.auth.sign_in import SignIn
from api.endpoint_check import EndpointCheck
from api.metrics import ApiMetrics
from api.rate_limits import RateLimits
from contracts.clock import Clock
from contracts.sms.rules import TextRules
from contracts.tracing import Tracing
from dispatch.gateway import Gateway
from dispatch.recoveries import Recoveries
from store.db.database import Database
from store.events.intake import Intake

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
    temporal_ui: str | None
    """Where the Temporal UI shows our namespace, for links on pages of ops."""
    tracing: Tracing
    twilio_signature: SignatureCheck | None
    """Whether a status callback is Twilio's; None without a Twilio account: then none is."""


async def get_parts(request: Request) -> Parts:
    """The parts of the running app."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(get_parts)]

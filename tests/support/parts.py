"""The API's parts as tests use them."""

import ipaddress

from argon2 import PasswordHasher

from api.auth.known_keys import KeyRing
from api.auth.sign_in import SignIn
from api.dependencies import Parts
from api.endpoint_check import EndpointCheck
from api.metrics import ApiMetrics
from api.rate_limits import RateLimits
from contracts.brand import Brand
from contracts.clock import Clock, utc_now
from contracts.endpoints.network_guard import NetworkGuard
from contracts.sms.rules import TextRules
from contracts.tracing import NO_TRACING, Tracing
from dispatch.engine_state import EngineWatch
from dispatch.gateway import Gateway
from dispatch.recoveries import Recoveries
from sandbox.twilio import DEFAULT_AUTH_TOKEN
from store.db.database import Database
from store.events.intake import Intake
from tests.support.names import resolve_in_tests
from twilio_signature import TwilioSignature

OPERATOR_KEY = "operator-key-for-tests"
SENDER = "+15005550006"
RULES = TextRules(default_sender=SENDER)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Passwords that nobody guesses at: a hash carries its own parameters."""

LOOPBACK = NetworkGuard([ipaddress.ip_network("127.0.0.0/8")])


def make_parts(
    database: Database,
    gateway: Gateway,
    clock: Clock = utc_now,
    endpoint_check: EndpointCheck | None = None,
    text_rules: TextRules = RULES,
    tracing: Tracing = NO_TRACING,
) -> Parts:
    """The parts, with OPERATOR_KEY as the key from the settings; loopback is opened."""
    return Parts(
        database=database,
        intake=Intake(database, clock),
        gateway=gateway,
        recoveries=Recoveries(gateway._client, gateway._task_queue),
        clock=clock,
        keys=KeyRing(database, OPERATOR_KEY, clock),
        endpoint_check=endpoint_check or EndpointCheck(LOOPBACK, resolve_in_tests),
        limits=RateLimits(clock, oms_per_minute=60_000, ops_per_minute=6_000),
        metrics=ApiMetrics(),
        text_rules=text_rules,
        sign_in=SignIn(database, CHEAP),
        oidc=None,
        tracing=tracing,
        brand=Brand(),
        embed_origin=None,
        temporal_ui="http://temporal.test/namespaces/default",
        engine=EngineWatch(gateway._client, clock, gateway._task_queue),
        runbook_url="https://docs.test/runbook",
        sends_mail=False,
        twilio_signature=TwilioSignature(DEFAULT_AUTH_TOKEN).genuine,
    )

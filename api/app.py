"""The API's composition root: makes the app, and its parts out of the settings."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from api import problems
from api.auth.key_check import KeyCheck
from api.auth.known_keys import KeyRing
from api.auth.oidc_sign_in import OidcSignIn
from api.auth.sign_in import SignIn
from api.dependencies import Parts, SignatureCheck
from api.endpoint_check import EndpointCheck
from api.metrics import ApiMetrics, RequestMeter
from api.middleware.body_limit import BodyLimit
from api.middleware.request_checks import RequestChecks
from api.middleware.request_trace import RequestTrace
from api.openapi import about
from api.openapi.document import DocumentedApp, operation_id
from api.own_telemetry import NO_TELEMETRY
from api.problems import Problem
from api.rate_limits import RateLimits
from api.routes import (
    attempts,
    audit,
    baselines,
    dead_letters,
    deliveries,
    docs,
    endpoint_health,
    endpoint_tests,
    endpoints,
    events,
    health,
    instructions,
    keys,
    logos,
    notification_webhooks,
    notifications,
    opt_out_page,
    outcomes,
    outcomes_by_partner,
    partners,
    portal_links,
    recoveries,
    schemas,
    sms_messages,
    sms_opt_outs,
    sms_preview,
    sms_senders,
    sms_status,
    sms_suspensions,
    sms_templates,
    tracking_links,
)
from contracts.access.identity_provider import OpsSignIn
from contracts.clock import utc_now
from contracts.endpoints.network_guard import NetworkGuard
from contracts.errors import ConfigurationError
from contracts.tracking.links import PAGE_PATH
from dashboard.app import create_dashboard
from dispatch.connection import connect
from dispatch.engine_state import EngineWatch
from dispatch.gateway import Gateway
from dispatch.recoveries import Recoveries
from provider_http import ProviderHttp
from resolver import NameLookUps
from settings import Settings, load_settings, temporal_options, temporal_ui, traces_wanted
from store.db.database import Database
from store.encryption.key_file import keyring_of
from store.events.intake import Intake
from telemetry.switch import TELEMETRY_OFF, Telemetry, started_telemetry
from tracking.app import create_tracking
from twilio_signature import TwilioSignature

_ROUTES = (
    events,
    deliveries,
    attempts,
    dead_letters,
    instructions,
    partners,
    portal_links,
    logos,
    tracking_links,
    endpoints,
    endpoint_tests,
    endpoint_health,
    recoveries,
    outcomes,
    baselines,
    outcomes_by_partner,
    sms_templates,
    sms_preview,
    sms_messages,
    sms_opt_outs,
    sms_senders,
    sms_suspensions,
    sms_status,
    notifications,
    notification_webhooks,
    keys,
    audit,
    schemas,
    health,
    docs,
    opt_out_page,
)
"""In the order in which the document shows them."""

OpenParts = Callable[[], AbstractAsyncContextManager[Parts]]


def create_app(open_parts: OpenParts) -> FastAPI:
    """The app over parts that are opened when it starts and closed when it ends."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_parts() as parts:
            app.state.parts = parts
            yield

    app = DocumentedApp(
        title="Doorstep",
        version=version("doorstep"),
        description="Carries order-tracking events to merchants and their customers.",
        contact=about.CONTACT,
        license_info=about.LICENSE,
        servers=about.SERVERS,
        openapi_tags=about.tags(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        telemetry=NO_TELEMETRY,
        responses={
            "4XX": {"model": Problem, "description": "what is wrong, as a problem document"}
        },
    )
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestTrace)
    app.add_middleware(KeyCheck)
    app.add_middleware(RequestMeter)
    app.add_middleware(RequestChecks)
    problems.install(app)
    for routes in _ROUTES:
        app.include_router(routes.router)
    dashboard = create_dashboard()
    dashboard.state = app.state
    app.add_api_route("/dashboard", _to_the_dashboard, include_in_schema=False)
    app.mount("/dashboard", dashboard)
    tracking = create_tracking(NO_TELEMETRY)
    tracking.state = app.state
    app.mount(PAGE_PATH, tracking)
    return app


async def _to_the_dashboard() -> RedirectResponse:
    """Relative, so that it leads nowhere else, whatever host was named."""
    return RedirectResponse("dashboard/", status_code=307)


@asynccontextmanager
async def open_parts(
    settings: Settings, telemetry: Telemetry = TELEMETRY_OFF
) -> AsyncIterator[Parts]:
    """The parts as the settings say. Temporal may be away: it is reached when it is needed."""
    if settings.operator_key is None:
        raise ConfigurationError("DOORSTEP_OPERATOR_KEY: set the operator's API key")
    client = await connect(
        temporal_options(settings), lazy=True, interceptors=telemetry.interceptors
    )
    database = Database(settings.store_url, keyring_of(*settings.key_source))
    look_ups = NameLookUps()
    ask = _provider_http(settings, look_ups)
    keys = KeyRing(database, settings.operator_key.get_secret_value(), utc_now)
    try:
        await database.require_keys()
        yield Parts(
            database=database,
            intake=Intake(database, utc_now),
            gateway=Gateway(client, settings.retry_schedule, tracing=telemetry.tracing),
            recoveries=Recoveries(client),
            clock=utc_now,
            keys=keys,
            endpoint_check=EndpointCheck(NetworkGuard(settings.allowed_networks), look_ups),
            limits=RateLimits(
                utc_now,
                oms_per_minute=settings.oms_rate_limit,
                ops_per_minute=settings.ops_rate_limit,
            ),
            metrics=ApiMetrics(),
            text_rules=settings.text_rules,
            sign_in=SignIn(
                database,
                second_factor=settings.second_factor,
                ops_by_password=settings.ops_sign_in is not OpsSignIn.OIDC,
            ),
            oidc=_oidc(settings, ask, database),
            temporal_ui=temporal_ui(settings),
            engine=EngineWatch(client, utc_now),
            runbook_url=settings.runbook_url,
            tracing=telemetry.tracing,
            brand=settings.brand,
            embed_origin=settings.embed_origin,
            sends_mail=settings.mail_server is not None,
            twilio_signature=_signature_check(settings),
        )
    finally:
        await keys.settle()
        if ask is not None:
            await ask.aclose()
        await look_ups.aclose()
        database.close()


def _provider_http(settings: Settings, look_ups: NameLookUps) -> ProviderHttp | None:
    """The way to the identity provider; None without one."""
    if settings.identity_provider is None:
        return None
    return ProviderHttp.trusting(settings.ca_file, look_ups)


def _oidc(settings: Settings, ask: ProviderHttp | None, database: Database) -> OidcSignIn | None:
    provider = settings.identity_provider
    if provider is None or ask is None:
        return None
    return OidcSignIn(provider, ask, database, utc_now)


def _signature_check(settings: Settings) -> SignatureCheck | None:
    """The check of Twilio's callbacks; without an account nothing is Twilio's."""
    token, shared = settings.twilio_auth_token, settings.twilio_webhook_secret
    if token is None:
        return None
    secret = shared.get_secret_value() if shared else None
    return TwilioSignature(token.get_secret_value(), secret).genuine


def from_environment() -> FastAPI:
    """The app for an ASGI server, configured by the environment."""
    settings = load_settings()
    return create_app(lambda: _traced_parts(settings))


@asynccontextmanager
async def _traced_parts(settings: Settings) -> AsyncIterator[Parts]:
    with started_telemetry(wanted=traces_wanted(), service="doorstep-api") as telemetry:
        async with open_parts(settings, telemetry) as parts:
            yield parts

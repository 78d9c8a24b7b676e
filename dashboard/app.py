"""The dashboard's own app, which the API's serves under `/dashboard`."""

from fastapi import FastAPI

from api.own_telemetry import NO_TELEMETRY
from dashboard import error_pages
from dashboard.pages import ReadFirst
from dashboard.routes import (
    appearance,
    assets,
    audit,
    dead_letters,
    deliveries,
    endpoint_attempts,
    endpoint_health,
    endpoint_secret,
    endpoint_settings,
    endpoints,
    events,
    failed_deliveries,
    keys,
    language,
    list_files,
    one_event,
    ops,
    ops_actions,
    ops_dead_letters,
    ops_held,
    ops_new_partner,
    ops_outcomes,
    ops_platform,
    ops_senders,
    ops_sms,
    opt_outs,
    order_list,
    orders,
    outcome_report,
    outcomes,
    overview,
    own_phone,
    password_resets,
    people,
    recoveries,
    search,
    session,
    set_up,
    settings,
    sms,
    sms_cards,
    sms_settings,
    sms_templates,
    tracking,
)

_ROUTES = (
    assets,
    session,
    password_resets,
    language,
    appearance,
    overview,
    set_up,
    outcomes,
    outcome_report,
    events,
    one_event,
    order_list,
    orders,
    failed_deliveries,
    search,
    dead_letters,
    endpoints,
    endpoint_health,
    endpoint_attempts,
    recoveries,
    opt_outs,
    own_phone,
    sms,
    sms_cards,
    sms_settings,
    sms_templates,
    keys,
    list_files,
    people,
    settings,
    tracking,
    audit,
    ops,
    ops_actions,
    ops_dead_letters,
    ops_held,
    ops_new_partner,
    ops_outcomes,
    ops_platform,
    ops_senders,
    ops_sms,
    deliveries,
    endpoint_settings,
    endpoint_secret,
)


def create_dashboard() -> FastAPI:
    """The app; whoever mounts it gives it its parts."""
    app = FastAPI(
        title="Doorstep dashboard",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    app.add_middleware(ReadFirst)
    error_pages.install(app)
    for routes in _ROUTES:
        app.include_router(routes.router)
    return app

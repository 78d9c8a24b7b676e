"""The dashboard's own app, which the API's serves under `/dashboard`."""

from fastapi import FastAPI

from api.dashboard import failures
from api.dashboard.routes import (
    assets,
    audit,
    dead_letters,
    deliveries,
    endpoint_settings,
    endpoints,
    events,
    keys,
    one_event,
    ops,
    ops_texts,
    opt_outs,
    orders,
    overview,
    own_phone,
    people,
    recoveries,
    session,
    settings,
    texts,
    wordings,
)
from api.own_telemetry import NO_TELEMETRY

_ROUTES = (
    assets,
    session,
    overview,
    events,
    one_event,
    orders,
    dead_letters,
    endpoints,
    recoveries,
    opt_outs,
    own_phone,
    wordings,
    texts,
    keys,
    people,
    settings,
    audit,
    ops,
    ops_texts,
    deliveries,
    endpoint_settings,
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
    failures.install(app)
    for routes in _ROUTES:
        app.include_router(routes.router)
    return app

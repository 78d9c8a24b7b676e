"""The tracking page's own app, which the API's serves under `/t`."""

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from tracking import error_pages
from tracking.routes import answer, assets, code, page


def create_tracking(telemetry: TelemetryConfig) -> FastAPI:
    """The app; whoever mounts it gives it its parts, and says what FastAPI may record: a path has
    the token in it."""
    app = FastAPI(
        title="Doorstep tracking page",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=telemetry,
    )
    error_pages.install(app)
    for routes in (assets, page, answer, code):
        app.include_router(routes.router)
    return app

"""The dashboard's own app, which the API's serves under `/dashboard`."""

from fastapi import FastAPI

from api.dashboard import failures
from api.dashboard.routes import assets, people, session

_ROUTES = (assets, session, people)


def create_dashboard() -> FastAPI:
    """The app; whoever mounts it gives it its parts."""
    app = FastAPI(title="Doorstep dashboard", openapi_url=None, docs_url=None, redoc_url=None)
    failures.install(app)
    for routes in _ROUTES:
        app.include_router(routes.router)
    return app

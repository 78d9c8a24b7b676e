"""The API's metrics over HTTP: an app of its own, for a port that no proxy publishes."""

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.metrics import ApiMetrics
from contracts.clock import Clock
from store.db.database import Database


def create_metrics_app(metrics: ApiMetrics, database: Database, clock: Clock) -> Starlette:
    """An app that answers `GET /metrics` in Prometheus's text format, and nothing else."""

    async def shown(_request: Request) -> Response:
        content = await metrics.shown(database, clock)
        return Response(content, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return Starlette(routes=[Route("/metrics", shown)])

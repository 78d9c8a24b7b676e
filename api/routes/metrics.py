"""`/metrics`: what Prometheus reads of the API."""

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from api.dependencies import PartsDep
from api.json_route import JsonRoute

router = APIRouter(route_class=JsonRoute, tags=["platform"])


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(parts: PartsDep) -> Response:
    """Metrics in Prometheus's text format: requests, events taken, and what waits.

    What waits is read from the database, at most once in ten seconds.
    """
    shown = await parts.metrics.shown(parts.database, parts.clock)
    return Response(shown, media_type=CONTENT_TYPE_PLAIN_0_0_4)

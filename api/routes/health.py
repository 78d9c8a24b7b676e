"""`/healthz` and `/readyz`: whether this process lives, and whether what it needs answers."""

import logging
from collections.abc import Awaitable

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.dependencies import EventWorkflows, Store
from api.json_route import JsonRoute
from api.problems import for_outside
from contracts.errors import DoorstepError

_log = logging.getLogger(__name__)
router = APIRouter(route_class=JsonRoute, tags=["platform"])


class Alive(BaseModel):
    """This process answers."""

    status: str = "ok"


class Readiness(BaseModel):
    """What each part says: `ok`, or what is wrong with it.

    Events are taken while the database is ok; Temporal may be away for a while.
    """

    ready: bool
    database: str
    temporal: str


@router.get("/healthz")
async def healthz() -> Alive:
    """Alive: the process answers."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Readiness}})
async def readyz(database: Store, gateway: EventWorkflows, response: Response) -> Readiness:
    """Ready: the database and Temporal answer. 503 names the one that does not."""
    stored, temporal = await _state_of(database.ping()), await _state_of(gateway.ping())
    ready = stored == temporal == "ok"
    response.status_code = 200 if ready else 503
    return Readiness(ready=ready, database=stored, temporal=temporal)


async def _state_of(ping: Awaitable[None]) -> str:
    try:
        await ping
    except DoorstepError as error:
        _log.warning("not ready: %s", error)
        return for_outside(error)
    return "ok"

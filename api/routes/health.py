"""`/healthz` and `/readyz`: whether this process lives, and whether what it needs answers."""

from collections.abc import Awaitable
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import EventWorkflows, Store
from api.json_route import JsonRoute
from api.problems import for_outside, log_failure
from contracts.errors import DoorstepError

router = APIRouter(route_class=JsonRoute, tags=["platform"])


class Alive(BaseModel):
    """This process answers."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    status: str = "ok"


class Readiness(BaseModel):
    """What each part says: `ok`, or what is wrong with it."""

    ready: bool = Field(examples=[True])
    database: str = Field(examples=["ok"])
    temporal: str = Field(examples=["ok"])


_NOT_READY: dict[str, Any] = {
    "model": Readiness,
    "description": "The database does not answer",
    "content": {
        "application/json": {
            "example": {
                "ready": False,
                "database": "the database does not answer",
                "temporal": "ok",
            }
        }
    },
}


@router.get("/healthz", summary="Is it alive?")
async def healthz() -> Alive:
    """Whether the process answers, whatever else is away."""
    return Alive()


@router.get("/readyz", responses={503: _NOT_READY}, summary="Is it ready?")
async def readyz(database: Store, gateway: EventWorkflows, response: Response) -> Readiness:
    """Ready: the database answers, else 503. Without Temporal events are taken all the same, and
    wait; `temporal` says what is wrong with it."""
    stored, temporal = await _state_of(database.ping()), await _state_of(gateway.ping())
    ready = stored == "ok"
    response.status_code = 200 if ready else 503
    return Readiness(ready=ready, database=stored, temporal=temporal)


async def _state_of(ping: Awaitable[None]) -> str:
    try:
        await ping
    except DoorstepError as error:
        log_failure(503, error)
        return for_outside(error)
    return "ok"
